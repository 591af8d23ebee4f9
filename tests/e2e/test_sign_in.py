"""Every demo person gets in; nobody gets in with another password."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import log_in
from tests.support.stack import Stack


@pytest.mark.parametrize("role", ["consultant", "reviewer", "engineer"])
def test_a_demo_person_signs_in(stack: Stack, page: Page, role: str):
    log_in(page, stack, role)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.goto(f"{stack.url}/").status == 200


def test_a_wrong_password_is_refused_in_words(stack: Stack, page: Page):
    page.goto(f"{stack.url}/account/login/")
    page.locator("input[name=login]").fill(stack.email("consultant"))
    page.locator("input[name=password]").fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("not correct")).to_be_visible()
    assert "/account/login" in page.url


def test_nothing_is_seen_without_signing_in(stack: Stack, page: Page):
    page.goto(f"{stack.url}/assessments/")
    assert "/account/login" in page.url
