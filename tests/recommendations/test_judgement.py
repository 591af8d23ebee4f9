"""Pillars, conflicts and the compliance matrix on screen: what they say, who sees them, and without accessibility faults at both widths."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from recommendations.judgement import matrix, pillars_shown, regimes_shown
from tests.support.browser import DESKTOP, PHONE, faults, open_page
from tests.support.designs import few_workloads, make_assessment, make_version

PICTURES = Path(settings.DATA_DIR)
OPENED = "document.querySelectorAll('#main details, main details').forEach(one => one.open = true)"


@pytest.fixture
def version(in_scope: Any, alice: Any) -> Any:
    engagement = few_workloads("baltic-bank", ("Core banking ledger", "Microsoft 365", "Branch file shares"))
    return make_version(make_assessment(in_scope, alice, engagement), alice)


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("eve", 200), ("charlie", 404)])
def test_members_see_the_matrix_and_strangers_do_not(request: Any, client: Client, version: Any, who: str, status: int) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("recommendations:compliance", args=[version.pk])).status_code == status


@pytest.mark.django_db
def test_the_matrix_shows_one_rule_or_all(client: Client, version: Any, alice: Any) -> None:
    client.force_login(alice)
    address = reverse("recommendations:compliance", args=[version.pk])
    every = client.get(address).content.decode()
    one = client.get(address, {"regime": "dora"}).content.decode()
    assert 'id="gdpr-erasure"' in every
    assert 'id="dora-backup"' in every
    assert 'id="dora-backup"' in one
    assert 'id="gdpr-erasure"' not in one
    assert "not a legal opinion" in one
    assert client.get(address, {"regime": "hipaa"}).status_code == 404


@pytest.mark.django_db
def test_the_design_page_tells_pillars_conflicts_and_findings_in_words(client: Client, version: Any, alice: Any) -> None:
    client.force_login(alice)
    text = client.get(reverse("recommendations:version", args=[version.pk])).content.decode()
    assert reverse("reports:drawing", args=[version.pk, "pillars"]) in text
    for pillar in version.document["pillars"]:
        assert f"{pillar['before']} today, <strong>{pillar['after']}</strong> with the design" in text
    assert all(conflict["sentence"] in text for conflict in version.document["conflicts"] if "'" not in conflict["sentence"])
    assert "When may changes be made?" in text or "Which of these hurt today?" in text


@pytest.mark.django_db
def test_the_radar_is_served_with_its_figures_in_words(client: Client, version: Any, alice: Any) -> None:
    client.force_login(alice)
    answer = client.get(reverse("reports:drawing", args=[version.pk, "pillars"]))
    assert answer["Content-Type"] == "image/svg+xml"
    security = next(one for one in version.document["pillars"] if one["pillar"] == "security")
    assert f"Security {security['before']} today and {security['after']} with the design" in answer.content.decode()
    assert "style=" not in answer.content.decode()


def test_a_design_of_before_shows_none() -> None:
    old: dict[str, Any] = {"findings": [], "workloads": []}
    assert pillars_shown(old, {}) == []
    assert regimes_shown(old) == []


def test_a_control_that_is_not_supported_names_what_lacks_it() -> None:
    evidence = {"label": "Copies", "value": "some", "holds": False, "lacking": ["a", "b"], "lacking_count": 9}
    control = {"control": "x", "title": "X", "demand": "D", "status": "not-met", "evidence": [evidence], "owed": "O", "source": "S"}
    shown = matrix({"regime": "r", "title": "R", "note": "", "controls": [control]}, {"a": "Ledger"})
    assert shown["controls"][0]["supports"] == [{"label": "Copies", "value": "some", "holds": False, "lacking": "Ledger, b and 3 more"}]
    assert shown["sources"] == ["S"]


def test_pages_hold_at_both_widths(live_server: Any, browser: Browser, client: Client, in_scope: Any, alice: Any) -> None:
    """With one workload: axe's time grows faster than the page, and a second workload looks like the first."""
    version = make_version(make_assessment(in_scope, alice, few_workloads("baltic-bank", ("Core banking ledger",))), alice)
    assert version.document["conflicts"]
    client.force_login(alice)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}
    for width, viewport in (("wide", DESKTOP), ("narrow", PHONE)):
        with open_page(browser, PICTURES, viewport) as page:
            page.context.add_cookies([cookie])
            for name in ("compliance", "version"):
                page.goto(live_server.url + reverse(f"recommendations:{name}", args=[version.pk]))
                page.evaluate(OPENED)
                page.wait_for_load_state("networkidle")
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
                assert faults(page) == [], (name, width)
                page.screenshot(path=str(PICTURES / f"{name}-{width}.png"), full_page=True)
