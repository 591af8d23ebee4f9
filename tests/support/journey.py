"""The steps of the main job, done in a browser as people do them."""

import json
import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.support.stack import Stack

CUSTOMER = "Northwind Clinics"
WORKLOAD = "Scanned charts and consents"
SLOW = 240_000  # milliseconds, for what the worker does


def open_assessment(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/assessments/")
    page.get_by_role("link", name=CUSTOMER, exact=True).first.click()
    expect(page.get_by_role("navigation", name="Assessment")).to_be_visible()


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Assessment").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def generate(page: Page) -> dict[str, Any]:
    """Generate the design on its tab; returns design.json as the browser downloads it."""
    tab(page, "Design")
    page.get_by_role("button", name=re.compile("Make the design")).first.click()
    page.wait_for_load_state()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"design\.json", re.IGNORECASE)).first.click()
    return json.loads(download.value.path().read_text())


def change_answer(page: Page, section: str, question: str, value: str) -> None:
    """Open the workload's section from the overview, change one field, and wait until the page says that it is saved."""
    tab(page, "Discovery")
    page.get_by_role("link", name=WORKLOAD).first.click()
    page.get_by_role("link", name=re.compile(section)).first.click()
    field = page.locator(f"{question} input[type=text]").first
    field.fill(value)
    field.press("Tab")
    expect(page.locator(f"{question} [role=status]")).to_contain_text("Saved")
    page.reload()
    expect(page.locator(f"{question} input[type=text]").first).to_have_value(value)


def render(page: Page) -> bytes:
    """Have the worker render the design document and see the progress; returns the PDF as the browser downloads it."""
    tab(page, "Documents")
    page.get_by_role("button", name=re.compile("^Render ")).first.click()
    expect(page.get_by_role("progressbar", name="Rendering")).to_be_visible()
    expect(page.get_by_role("link", name="Download the PDF")).to_be_visible(timeout=SLOW)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    return download.value.path().read_bytes()


def approve(page: Page, digest: str) -> None:
    """Approve as the customer's reviewer, by name, exactly the design that was read."""
    tab(page, "Review")
    expect(page.get_by_text(digest[:8]).first).to_be_visible()
    page.get_by_label("Type your name to approve").fill("Rafael Reviewer")
    page.get_by_role("button", name=re.compile(r"Approve version \d+")).click()
    expect(page.get_by_text(re.compile("Approved by Rafael Reviewer")).first).to_be_visible()


def plan(page: Page) -> None:
    """Make a plan for the demo's target and wait until it is there."""
    tab(page, "Apply")
    page.get_by_role("button", name=re.compile("Make a plan")).first.click()
    expect(page.locator("#plan-title")).to_be_visible(timeout=SLOW)


def apply(page: Page) -> None:
    """Accept each hazard by hand, apply, and watch until every call is made."""
    for hazard in page.locator("input[type=checkbox][name=accept]").all():
        hazard.check()
    page.get_by_role("button", name=re.compile("Apply to account")).click()
    expect(page.locator("#run-title")).to_contain_text(re.compile("Waiting for a worker|Applying|Applied"))
    expect(page.locator("#run-title")).to_contain_text(re.compile("Applied|Not everything|Refused"), timeout=SLOW)
    expect(page.locator("#run-title")).to_contain_text("all went well")
    expect(page.locator(".steps li.step-done").first).to_be_visible()
