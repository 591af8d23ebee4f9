"""Why a setting is what it is, in a real browser: by keyboard, in place and on its page, and what an override changes of it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.test_discovery import tab_to
from tests.support.browser import DESKTOP, PHONE, faults, log_in, open_page
from tests.support.journey import SLOW, generate, open_assessment
from tests.support.stack import Stack

POINTER = "workloads/patient-portal/settings/dlm/"


def test_a_setting_is_traced_in_place_by_keyboard(stack: Stack, page: Page) -> None:
    log_in(page, stack, "consultant")
    open_assessment(page, stack)
    generate(page)
    page.goto(f"{page.url.split('#')[0]}#w-patient-portal")
    setting = page.locator("#w-patient-portal .setting", has=page.locator("dt", has_text="EBS snapshots"))
    why = setting.locator("summary").first
    why.focus()
    page.keyboard.press("Enter")
    tab_to(page, f"a[href$='{POINTER}']")
    page.keyboard.press("Enter")
    expect(setting.locator(".trace-rows > .fired").first).to_be_visible()
    expect(setting.locator(".trace-flips > li").first).to_be_visible(timeout=SLOW)
    tab_to(page, "#w-patient-portal .trace-flips a[href*='#q-wl_']")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "#q-wl_" in url)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_trace_and_override_pages_are_accessible_and_fit(stack: Stack, browser: Browser, tmp_path, viewport: dict[str, int]) -> None:
    with open_page(browser, tmp_path, viewport) as page:
        log_in(page, stack, "consultant")
        open_assessment(page, stack)
        generate(page)
        design = page.url.split("#")[0]
        page.locator("#w-patient-portal > summary").click()
        page.locator(f"a[href$='{POINTER}']").evaluate("link => { window.traced = link.href; }")
        page.goto(page.evaluate("window.traced"))
        expect(page.locator(".trace-flips > li").first).to_be_visible(timeout=SLOW)
        check(page)
        page.goto(design)
        page.get_by_role("link", name="Add or take away overrides").click()
        page.get_by_label("Workload").select_option(label="Patient portal")
        page.get_by_label("Setting", exact=True).select_option("dlm:none")
        page.get_by_label("Reason").fill("It costs too much.")
        page.get_by_label("Owner").fill("Ann Ray")
        page.get_by_label("Holds until").fill("2099-06-30")
        check(page)


def check(page: Page) -> None:
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
