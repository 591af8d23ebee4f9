"""Headless Chromium, and what every page of Stowplan must hold: no script error, no refused resource, no server error."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, sync_playwright

from tests.support.processes import ROOT
from tests.support.stack import Stack

AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESKTOP = {"width": 1280, "height": 800}
PATIENCE = 60_000  # milliseconds, for what a page does by itself on a busy machine
PHONE = {"width": 390, "height": 844}


class MissingBrowser(Exception):
    """Chromium is not installed; the message names the package that has it."""


def chromium() -> str:
    """Path of the browser: CHROMIUM, else `chromium` in PATH."""
    found = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if not found:
        raise MissingBrowser("Chromium is not installed; the browser tests need the package chromium (or its path in CHROMIUM).")
    return found


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """A fresh Chromium with a profile of its own."""
    executable = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def open_page(browser: Browser, pictures: Path, viewport: dict[str, int] = DESKTOP) -> Iterator[Page]:
    """A page of a new visitor. Fails at the end when a script, a resource or the server failed; leaves a picture of the last state."""
    problems: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(f"console: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= 500:
            problems.append(f"{response.status}: {response.url}")

    context = browser.new_context(viewport=viewport, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("console", heard)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("response", answered)
    try:
        yield page
    finally:
        page.screenshot(path=str(pictures / "last.png"))
        context.close()
    assert not problems, problems


def log_in(page: Page, stack: Stack, role: str) -> None:
    """Be the demo's consultant, reviewer or engineer, whoever was logged in before."""
    page.context.clear_cookies()
    page.goto(f"{stack.url}/account/login/")
    page.locator("input[name=login]").fill(stack.email(role))
    page.locator("input[name=password]").fill(stack.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/account/login" not in url)


def faults(page: Page, impacts: tuple[str, ...] = ("serious", "critical")) -> list[dict[str, Any]]:
    """What axe-core finds on the page with one of these impacts: the rule, its words and the places."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    # Of rules that hold, axe would note every element: most of its time on a long page.
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        {"rule": one["id"], "help": one["help"], "where": [node["target"] for node in one["nodes"]]}
        for one in found
        if one["impact"] in impacts
    ]
