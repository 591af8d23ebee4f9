"""The bills of a workload in a real browser: from the table of costs to every line of what they are held against."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect

from tests.support.browser import PHONE, faults, open_page
from tests.support.designs import make_assessment, make_version

PICTURES = Path(settings.DATA_DIR)
KEY = "pacs-imaging-archive"


def test_the_plain_bill_and_that_of_today_lead_to_their_lines(
    live_server: Any, browser: Browser, client: Client, in_scope: Any, alice: Any
) -> None:
    version = make_version(make_assessment(in_scope, alice), alice)
    workload = next(one for one in version.document["workloads"] if one["key"] == KEY)
    client.force_login(alice)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}
    with open_page(browser, PICTURES, PHONE) as page:
        page.context.add_cookies([cookie])
        for which, lines in (("naive", "S3 Standard, storage"), ("today", "Part of today's bill")):
            page.goto(f"{live_server.url}{reverse('recommendations:version', args=[version.pk])}#costs")
            page.locator(f"a[href$='/workloads/{KEY}/{which}/']").click()
            expect(page.get_by_role("row", name=lines).first).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), which
            assert faults(page) == [], which
            if which == "naive":
                expect(page.locator(".trace-value")).to_have_text(f"USD {workload['monthly_naive']} a month")
