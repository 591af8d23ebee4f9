"""Discovery in a real browser: by keyboard alone, by two people at once, without scripts, and without accessibility faults."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, PHONE, faults, log_in, open_page
from tests.support.processes import ROOT
from tests.support.stack import Stack

CUSTOMER_SECTIONS = ("engagement", "recovery", "present", "compliance", "security", "landing-zone", "cost", "operations", "maturity")
WORKLOAD_SECTIONS = ("identity", "targets", "size", "life", "protection", "restore")


def new_assessment(page: Page, stack: Stack, customer: str, workload: str = "Order database") -> str:
    """An assessment of the test's own with one workload; returns its address, which ends in a slash."""
    page.goto(f"{stack.url}/assessments/new/")
    page.get_by_label("Customer").fill(customer)
    page.get_by_label("AWS Region of the primary copy").select_option("eu-central-1")
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url(re.compile(r"/assessments/\d+/$"))
    home = page.url
    page.goto(f"{home}workloads/")
    page.get_by_label("Add a workload").fill(workload)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(re.compile(r"/identity/$"))
    return home


def status(page: Page, question: str, text: str | re.Pattern[str]) -> None:
    expect(page.locator(f"#status-{question}")).to_contain_text(text)


def tab_to(page: Page, selector: str, most: int = 200) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")


def test_a_section_is_answered_by_keyboard_alone(stack: Stack, page: Page):
    log_in(page, stack, "consultant")
    home = new_assessment(page, stack, "Keyboard Foods")
    page.goto(f"{home}sections/engagement/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    tab_to(page, "#id_eng_goal-value-0")
    page.keyboard.type("Meet")
    status(page, "eng_goal", "Saved")

    tab_to(page, "#id_eng_deadline-value")
    page.keyboard.type("06302027")
    status(page, "eng_deadline", "Saved")
    expect(page.locator("#q-eng_deadline_why")).to_be_visible()

    tab_to(page, "[name=eng_industry-state]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    status(page, "eng_industry", "Unknown")
    tab_to(page, "#id_eng_industry-ask")
    page.keyboard.type("Dana Reyes")

    tab_to(page, "#id_eng_people-value-0-role")
    page.keyboard.type("Appr")
    page.keyboard.press("Tab")
    page.keyboard.type("Samuel Grant")
    page.keyboard.press("Tab")
    page.keyboard.type("nobody")
    page.keyboard.press("Enter")
    status(page, "eng_people", "Not saved")
    expect(page.locator("#errors-eng_people")).to_contain_text("is no e-mail address")
    expect(page.locator("#id_eng_people-value-0-email")).to_have_attribute("aria-invalid", "true")
    page.keyboard.type("@example.org")
    page.keyboard.press("Enter")
    status(page, "eng_people", "Saved")
    tab_to(page, "[data-add-row]")
    page.keyboard.press("Enter")
    expect(page.locator("#id_eng_people-value-1-role")).to_be_focused()
    tab_to(page, "tr:nth-child(2) [data-remove-row]")
    page.keyboard.press("Enter")
    expect(page.locator("#q-eng_people tbody tr")).to_have_count(1)
    expect(page.get_by_role("navigation", name="Sections").locator("[aria-current]")).to_contain_text("4")

    page.reload()
    expect(page.locator("#id_eng_goal-value-0")).to_have_value("meet-audit")
    expect(page.locator("#id_eng_deadline-value")).to_have_value("2027-06-30")
    expect(page.locator("#id_eng_industry-ask")).to_have_value("Dana Reyes")
    expect(page.locator("#id_eng_people-value-0-email")).to_have_value("nobody@example.org")


def test_the_next_open_question_leads_on(stack: Stack, page: Page):
    log_in(page, stack, "consultant")
    home = new_assessment(page, stack, "Next Foods")
    page.goto(home)
    expect(page.get_by_role("heading", name="Before a design can be made")).to_be_visible()
    page.get_by_role("link", name="Next open question").click()
    expect(page.locator("#q-eng_goal")).to_be_visible()
    page.get_by_role("button", name=re.compile("Save and go on to Recovery")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery expectations")
    page.locator("#q-rec_tiers").get_by_role("button", name=re.compile("State it")).click()
    status(page, "rec_tiers", "Answered")
    expect(page.locator("#id_rec_tiers-value-important-rto")).to_have_value("4h")


def test_two_people_at_one_question(stack: Stack, browser: Browser, page: Page, tmp_path: Path):
    log_in(page, stack, "consultant")
    home = new_assessment(page, stack, "Two Foods")
    address = f"{home}sections/landing-zone/"
    page.goto(address)
    with open_page(browser, tmp_path) as other:
        log_in(other, stack, "consultant")
        other.goto(address)
        other.locator("#id_net_bw-value").fill("500 Mbit/s")
        status(other, "net_bw", "Saved")
    page.locator("#id_net_bw-value").fill("1 Gbit/s")
    expect(page.locator("#q-net_bw").get_by_role("alert")).to_contain_text("saved another answer")
    expect(page.locator("#q-net_bw").get_by_role("alert")).to_contain_text("500 Mbit/s")
    expect(page.locator("#id_net_bw-value")).to_have_value("1 Gbit/s")
    page.get_by_role("button", name="Save mine").click()
    status(page, "net_bw", "Saved")
    page.reload()
    expect(page.locator("#id_net_bw-value")).to_have_value("1 Gbit/s")


def test_without_scripts_the_save_button_does_it(stack: Stack, browser: Browser, page: Page):
    log_in(page, stack, "consultant")
    home = new_assessment(page, stack, "Plain Foods")
    context = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state(), viewport=DESKTOP)
    plain = context.new_page()
    plain.goto(f"{home}sections/landing-zone/")
    plain.locator("#id_net_bw-value").fill("200 mbps")
    plain.locator("#id_net_down-value").fill("much")
    plain.locator("#q-aws_tags").get_by_role("button", name="Add row").click()
    expect(plain.locator("#errors-net_down")).to_contain_text("like 200 Mbit/s")
    expect(plain.locator("#id_net_down-value")).to_have_value("much")
    expect(plain.locator("#id_net_bw-value")).to_have_value("200 Mbit/s")
    expect(plain.locator("#q-aws_tags tbody tr")).to_have_count(2)
    plain.locator("#id_net_down-value").fill("1 Gbit/s")
    plain.locator(".section-foot").get_by_role("button", name="Save", exact=True).click()
    expect(plain.get_by_text("Saved.")).to_be_visible()
    context.close()


def test_a_file_with_errors_and_a_file_without(stack: Stack, browser: Browser, tmp_path: Path):
    # Not the `page` fixture: the browser logs the status 422 of the page with the errors as an error of its own.
    page = browser.new_context(viewport=DESKTOP).new_page()
    text = (ROOT / "examples" / "lumen-media.yaml").read_text()
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(text.replace("net_bw:", "net_bandwith:", 1))
    log_in(page, stack, "consultant")
    page.goto(f"{stack.url}/assessments/import/")
    page.get_by_label("Engagement file").set_input_files(wrong)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", name="wrong.yaml was not imported")).to_be_visible()
    expect(page.get_by_role("cell", name="answers.net_bandwith")).to_be_visible()
    page.get_by_label("Engagement file").set_input_files(ROOT / "examples" / "lumen-media.yaml")
    page.get_by_label("Title of the assessment").fill("Imported media")
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("Imported media has been imported")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export").click()
    assert download.value.suggested_filename == "imported-media.yaml"
    page.context.close()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["1280", "390"])
def test_no_page_has_serious_faults_or_is_too_wide(stack: Stack, browser: Browser, tmp_path: Path, viewport: dict[str, int]):
    with open_page(browser, tmp_path, viewport) as page:
        page.goto(f"{stack.url}/account/login/")
        found = {"login": faults(page)}
        log_in(page, stack, "consultant")
        home = new_assessment(page, stack, f"Wide Foods {viewport['width']}")
        pages = [
            f"{stack.url}/{path}" for path in ("assessments/", "assessments/new/", "assessments/import/", "account/2fa/", "organisations/")
        ]
        pages += [home, f"{home}workloads/", f"{home}new-workload/", f"{home}workloads/order-database/remove/"]
        pages += [f"{home}sections/{name}/" for name in CUSTOMER_SECTIONS]
        pages += [f"{home}workloads/order-database/{name}/" for name in WORKLOAD_SECTIONS]
        for url in pages:
            assert page.goto(url).status == 200
            found[url] = faults(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    assert {url: wrong for url, wrong in found.items() if wrong} == {}
