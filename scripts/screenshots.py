"""`make screenshots`: the pictures of README and user guide, from a running Stowplan with the demo data, into docs/images/."""

import io
import subprocess
import tempfile
from pathlib import Path

import pikepdf
from playwright.sync_api import Page

from tests.support import journey
from tests.support.browser import DESKTOP, log_in, open_page, running_browser
from tests.support.stack import Stack, running_stack

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
CHAPTER = "Scanned charts and consents"


def shoot(page: Page, name: str, *, at: str = "") -> None:
    """What a window of 1280 x 800 shows, scrolled to the element `at` where there is one."""
    if at:
        page.locator(at).first.evaluate("element => window.scrollTo(0, element.getBoundingClientRect().top + window.scrollY - 24)")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(IMAGES / f"{name}.png"))


def page_of_chapter(document: pikepdf.Pdf, title: str) -> int:
    """Number, from 1, of the page that the bookmark of that title leads to."""
    found: list[int] = []
    with document.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            waiting += item.children
            if title in item.title:
                target = item.destination or item.action.D
                found.append(document.pages.index(pikepdf.Page(target[0])) + 1)
    return found[0]


def picture_of_pdf(content: bytes, name: str) -> None:
    """One page of the document, as wide as a screen shows it."""
    with pikepdf.open(io.BytesIO(content)) as document:
        number = str(page_of_chapter(document, CHAPTER))
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        command = ["pdftoppm", "-png", "-singlefile", "-scale-to-x", "900", "-scale-to-y", "-1", "-f", number, "-l", number]
        subprocess.run([*command, file.name, str(IMAGES / name)], check=True)


def as_consultant(page: Page, stack: Stack) -> str:
    """Questionnaire, design and PDF; returns the design's digest."""
    log_in(page, stack, "consultant")
    page.goto(f"{stack.url}/assessments/")
    shoot(page, "assessments")
    journey.open_assessment(page, stack)
    shoot(page, "discovery")
    page.get_by_role("link", name=journey.WORKLOAD).first.click()
    page.get_by_role("link", name="Access and life of the data").first.click()
    shoot(page, "questionnaire")
    design = journey.generate(page)
    shoot(page, "design")
    shoot(page, "design-workload", at="#w-scanned-charts-and-consents")
    picture_of_pdf(journey.render(page), "pdf-page")
    shoot(page, "document")
    return str(design["digest"])


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="stowplan-pictures-") as name:
        folder = Path(name)
        with running_stack(folder) as stack, running_browser() as browser, open_page(browser, folder, DESKTOP) as page:
            digest = as_consultant(page, stack)
            log_in(page, stack, "reviewer")
            journey.open_assessment(page, stack)
            journey.tab(page, "Review")
            shoot(page, "review")
            journey.approve(page, digest)
            log_in(page, stack, "engineer")
            journey.open_assessment(page, stack)
            journey.plan(page)
            shoot(page, "plan")
            journey.apply(page)
            shoot(page, "run")


if __name__ == "__main__":
    main()
