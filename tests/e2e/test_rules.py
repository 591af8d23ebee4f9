"""The rule pack in a real browser: readable on a phone, no accessibility faults, the way from a setting to the row that made it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support import journey
from tests.support.browser import DESKTOP, PHONE, faults, log_in, open_page
from tests.support.stack import Stack


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_setting_leads_to_the_row_that_made_it(stack: Stack, browser: Browser, tmp_path: Path, viewport: dict[str, int]) -> None:
    with open_page(browser, tmp_path, viewport) as page:
        log_in(page, stack, "consultant")
        journey.open_assessment(page, stack)
        page.get_by_role("link", name="Design", exact=True).click()
        page.locator("form[action$='/generate/'] button").first.click()
        page.wait_for_load_state("networkidle")
        setting = page.locator(".setting", has_text="Audit trail").first
        setting.locator("summary").first.click()
        setting.locator("a[href*='/rules/#']").click()
        page.wait_for_url(re.compile(r"/rules/#"))
        row = page.locator(page.evaluate("() => '#' + CSS.escape(location.hash.slice(1))"))
        expect(row).to_be_in_viewport()
        expect(row).to_contain_text("Fired: All workloads")
        assert faults(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
        page.screenshot(path=str(tmp_path / "rules.png"))
        page.get_by_label("Rows that fired for").select_option(label=journey.WORKLOAD)
        page.get_by_role("button", name="Show", exact=True).click()
        page.wait_for_url(re.compile(r"\?workload="))
        expect(page.get_by_text(f"Fired: {journey.WORKLOAD}").first).to_be_visible()
        page.screenshot(path=str(tmp_path / "workload.png"))
