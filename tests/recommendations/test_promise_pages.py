"""The front, the what-if and the options in a real browser: opened in place, answered while typing, without accessibility faults."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from assessment.models import Answer
from tests.support.browser import DESKTOP, PHONE, faults, open_page
from tests.support.designs import make_assessment, make_version

PICTURES = Path(settings.DATA_DIR)
KEY = "pacs-imaging-archive"


def faultless(page: Page, name: str) -> None:
    """Nothing grave for axe, and no page wider than its window."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    assert faults(page, ("serious", "critical", "moderate")) == [], name


def test_a_workload_is_tried_in_place_and_taken_over(live_server: Any, browser: Browser, client: Client, in_scope: Any, alice: Any) -> None:
    version = make_version(make_assessment(in_scope, alice), alice)
    client.force_login(alice)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}
    for width, viewport in (("wide", DESKTOP), ("narrow", PHONE)):
        with open_page(browser, PICTURES, viewport) as page:
            page.context.add_cookies([cookie])
            for name, args in (("options", [version.pk]), ("promise", [version.pk, KEY])):
                page.goto(live_server.url + reverse(f"recommendations:{name}", args=args))
                page.wait_for_load_state("networkidle")
                faultless(page, f"{name} {width}")
                page.screenshot(path=str(PICTURES / f"{name}-{width}.png"), full_page=True)
    with open_page(browser, PICTURES) as page:
        page.context.add_cookies([cookie])
        page.goto(f"{live_server.url}{reverse('recommendations:version', args=[version.pk])}")
        page.locator(f"#w-{KEY} > summary").click()
        page.locator(f"#what-if-{KEY} input[name=wl_region_rpo]").fill("1h")
        expect(page.locator(f"#result-what-if-{KEY}")).to_contain_text("Replication Time Control")
        faultless(page, "in place")
        page.locator(f"#w-{KEY}").get_by_role("button", name="Take over as answers").click()
        expect(page.get_by_text("1 answer taken over")).to_be_visible()
    assert Answer.objects.get(question="wl_region_rpo", workload__name="PACS imaging archive").value == "1h"
