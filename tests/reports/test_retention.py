"""The retention calendar: what policies and plans keep, counted by hand, and drawn for screen and paper alike."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.recovery_points import DAYS, HOURS, MONTHS, WEEKS, YEARS, Series, series_by_workload, span_text
from reports.drawings.retention import LEFT, RIGHT, WIDTH, place, retention_drawing, sections
from tests.support.designs import make_assessment, make_version

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "northwind-clinics.design.json"


@pytest.fixture(scope="module")
def kept() -> dict[str, tuple[Series, ...]]:
    return series_by_workload(json.loads(GOLDEN.read_text()))


def test_a_snapshot_policy_gives_each_of_its_schedules(kept: Any) -> None:
    rows = kept["patient-portal"]
    assert [(one.kind, one.every, one.keep) for one in rows] == [
        ("hourly", 3 * HOURS, 2 * DAYS),
        ("daily", DAYS, 14 * DAYS),
        ("weekly", WEEKS, 6 * MONTHS),
        ("yearly", YEARS, rows[3].keep),
    ]
    assert [one.count() for one in rows[:3]] == [16, 14, 26]
    assert {one.copies for one in rows} == {("us-west-2",)}


def test_a_backup_plan_gives_its_rules_and_the_moments_between(kept: Any) -> None:
    rows = kept["human-resources-and-finance"]
    assert [one.label for one in rows] == ["Any moment", "Hourly", "Daily", "Monthly", "Yearly"]
    assert rows[0].note == "to the second for 35 days"
    assert rows[0].count() is None
    assert rows[1].count() == 48


def test_dumps_and_replaced_versions_come_from_the_bucket(kept: Any) -> None:
    assert [one.count() for one in kept["electronic-health-record"]][:2] == [35, 13]
    assert [one.label for one in kept["pacs-imaging-archive"]] == ["Replaced versions"]


@pytest.mark.parametrize(
    ("days", "says"), [(1 / 8, "3 hours"), (1, "1 day"), (35, "35 days"), (6 * MONTHS, "6 months"), (3653, "10 years"), (2527, "83 months")]
)
def test_spans_are_told_in_the_unit_people_use(days: float, says: str) -> None:
    assert span_text(days) == says


def test_each_point_is_one_tick_where_ticks_can_be_told_apart() -> None:
    rows = (Series("weekly", WEEKS, 28.0), Series("versions", 0.0, None))
    edges = sections(rows)
    drawing = retention_drawing("<A & B>", rows)
    assert drawing is not None
    root = ET.fromstring(drawing.svg)
    ticks = [one for one in root.iter("{http://www.w3.org/2000/svg}rect") if one.get("fill") == "#16263a"]
    assert len(ticks) == 4
    assert "Weekly: every week for 28 days, 4 at a time." in drawing.description
    assert "Replaced versions: each one without end." in drawing.description
    assert LEFT <= place(0, edges) < place(7, edges) < place(400, edges) <= WIDTH - RIGHT


def test_where_nothing_is_kept_nothing_is_drawn() -> None:
    assert retention_drawing("A", ()) is None


@pytest.mark.django_db
def test_the_page_of_the_design_shows_the_calendar(client: Client, in_scope: Any, alice: Any, charlie: Any) -> None:
    version = make_version(make_assessment(in_scope, alice), alice)
    address = reverse("reports:retention", args=[version.pk, "patient-portal"])
    client.force_login(alice)
    assert address in client.get(reverse("recommendations:version", args=[version.pk])).content.decode()
    assert client.get(address).content.startswith(b"<svg")
    assert client.get(reverse("reports:retention", args=[version.pk, "nothing-such"])).status_code == 404
    client.force_login(charlie)
    assert client.get(address).status_code == 404
