"""Drawings are well-formed SVG of presentation attributes alone, whatever the names, and say in words what they show."""

from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.design import Design
from reports.content import content_of
from reports.drawings import metrics
from reports.drawings.architecture import architecture_drawing
from reports.drawings.costs import cost_drawing, nice_ceiling
from reports.drawings.lifecycle import lifecycle_drawing
from reports.drawings.recovery import Mark, place, recovery_drawing
from reports.drawings.setting_bar import setting_drawing
from tests.reports.sample import lifecycle

SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "title", "desc", "rect", "line", "path", "circle", "text"}


def checked(svg: str) -> ET.Element:
    """The parsed drawing, after the checks that hold for all of them."""
    root = ET.fromstring(svg)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in ALLOWED
        assert not [name for name in element.attrib if name == "style" or name.startswith("on") or "href" in name]
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    assert root.get("role") == "img"
    return root


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def test_every_drawing_of_a_design_is_clean(design: Design) -> None:
    drawings = content_of(design.document).drawings
    assert {"drawing:architecture", "drawing:costs", "drawing:recovery", "drawing:lifecycle-1", "drawing:recovery-3"} <= set(drawings)
    for svg in drawings.values():
        checked(svg)


@given(name=st.text(max_size=100))
@settings(max_examples=60, deadline=None)
def test_any_name_makes_a_well_formed_drawing(name: str) -> None:
    checked(lifecycle_drawing(name, lifecycle()).svg)
    drawn = recovery_drawing(name, [Mark(name, "RTO", timedelta(hours=1), timedelta(hours=2), True)])
    assert drawn is not None
    checked(drawn.svg)


def test_the_lifecycle_shows_classes_ages_and_the_end() -> None:
    drawn = texts(checked(lifecycle_drawing("Images", lifecycle()).svg))
    assert {"Standard", "Glacier Instant Retrieval", "Glacier Deep Archive", "day 90", "day 365", "deleted after 11 years"} <= set(drawn)
    assert "opens in up to 12 hours" in drawn


def test_a_lifecycle_without_an_end_says_kept() -> None:
    drawing = lifecycle_drawing("Images", {**lifecycle(), "expire_day": None})
    assert "kept" in texts(checked(drawing.svg))
    assert "kept without end" in drawing.description


def test_each_prefix_has_a_row() -> None:
    tracks = [{"label": f"{kind} copies", "steps": lifecycle()["steps"], "expire_day": 400} for kind in ("Daily", "Weekly")]
    assert {"Daily copies", "Weekly copies"} <= set(texts(checked(lifecycle_drawing("Dumps", {**lifecycle(), "tracks": tracks}).svg)))


def test_the_architecture_shows_accounts_resources_and_flows(design: Design) -> None:
    drawing = architecture_drawing(design.document)
    drawn = texts(checked(drawing.svg))
    assert {
        "Production account · nwc-prod",
        "Backup account · nwc-backup",
        "bucket-pacs",
        "replica-pacs",
        "Copies of snapshots-portal",
    } <= set(drawn)
    assert "Primary Region: us-east-1" in drawn
    assert "Backup account in us-west-2: 1 bucket" in drawing.description


def test_vaults_are_drawn_with_their_locks_and_where_they_are_copied_to(design: Design) -> None:
    place = {"account_role": "production", "account_alias": "nwc-prod", "workloads": [design.document["workloads"][0]["key"]]}

    def vault(key: str, region: str, lock: Any, **more: Any) -> dict[str, Any]:
        return {
            **place,
            "key": key,
            "type": "AWS::Backup::BackupVault",
            "region": region,
            "properties": {"LockConfiguration": lock},
            **more,
        }

    to = [{"DestinationBackupVaultArn": {"$sub": f"${{{key}.arn}}"}} for key in ("vault-far", "vault-beside")]
    rules = [{"TargetBackupVaultName": {"$sub": "${vault-near.name}"}, "CopyActions": to}]
    plan = {**place, "key": "plan-x", "type": "AWS::Backup::BackupPlan", "region": "us-east-1", "properties": {"Rules": rules}}
    added = [
        vault("vault-near", "us-east-1", {"MinRetentionDays": 7, "ChangeableForDays": 3}),
        vault("vault-beside", "us-east-1", {"MinRetentionDays": 7}, account_role="backup", account_alias="nwc-backup"),
        vault("vault-far", "us-west-2", None),
    ]
    before = checked(architecture_drawing({**design.document, "resources": [*design.document["resources"], *added]}).svg)
    after = checked(architecture_drawing({**design.document, "resources": [*design.document["resources"], *added, plan]}).svg)
    assert {"vault-near", "AWS Backup vault, locked for good", "AWS Backup vault, locked", "AWS Backup vault"} <= set(texts(after))
    # A line and its head for the workload's data, and for each of the two copies.
    assert len(list(after.iter(f"{SVG}path"))) - len(list(before.iter(f"{SVG}path"))) == 6


def test_two_accounts_of_one_role_are_drawn_apart(design: Design) -> None:
    resources = [dict(resource) for resource in design.document["resources"]]
    resources[1]["account_alias"] = "nwc-second"
    drawn = texts(checked(architecture_drawing({**design.document, "resources": resources}).svg))
    assert {"Production account · nwc-prod", "Production account · nwc-second"} <= set(drawn)


def test_a_design_without_second_region_and_resources_is_drawn(design: Design) -> None:
    bare = {**design.document, "resources": [], "regions": {"primary": "us-east-1", "dr": None}}
    drawn = texts(checked(architecture_drawing(bare).svg))
    assert "on premises, 80 TiB, handed over" in drawn


@pytest.mark.parametrize("key", ["design", "naive"])
def test_a_curve_with_an_unknown_month_is_left_out(design: Design, key: str) -> None:
    months = [{**month} for month in design.document["costs"]["months"]]
    months[3][key] = None
    drawing = cost_drawing({**design.document["costs"], "months": months})
    assert drawing is not None
    assert ("Design" if key == "design" else "All in S3 Standard") not in texts(checked(drawing.svg))


def test_the_bar_of_settings_tells_each_part_and_has_none_where_a_price_is_missing() -> None:
    rows = [{"label": f"Setting {index}", "monthly": f"{100 - index}.00", "share": None} for index in range(9)]
    drawing = setting_drawing(rows)
    assert drawing is not None
    root = checked(drawing.svg)
    assert {"1", "7", "Setting 0", "3 others"} <= set(texts(root))
    assert "Setting 0: USD 100, 11.6 %" in drawing.description
    assert len({element.get("fill") for element in root.iter(f"{SVG}rect")}) >= 6
    assert setting_drawing([*rows, {"label": "Unknown", "monthly": None}]) is None
    assert setting_drawing([]) is None


def test_today_grows_in_the_chart_and_stays_level_for_older_designs(design: Design) -> None:
    months = [{**month, "today": str(6000 + month["month"])} for month in design.document["costs"]["months"]]
    grown, level = cost_drawing({**design.document["costs"], "months": months}), cost_drawing(design.document["costs"])
    assert grown is not None
    assert level is not None
    assert "Today: USD 6,001 in month 1, USD 6,036 in month 36" in grown.description
    assert "Today: USD 6,100 in month 1, USD 6,100 in month 36" in level.description


def test_no_figures_make_no_chart() -> None:
    assert cost_drawing({"months": [], "today": None}) is None
    assert recovery_drawing("Nothing", []) is None


@given(st.decimals(min_value="0.01", max_value="99999999999", places=2))
def test_the_axis_ends_above_the_greatest_value(value: Any) -> None:
    assert value <= nice_ceiling(value) <= max(value * 2, 1)


def test_missed_targets_are_said_in_words_too() -> None:
    drawing = recovery_drawing(
        "R", [Mark("A", "RTO", timedelta(hours=5), timedelta(hours=4), False), Mark("B", "RPO", None, timedelta(hours=1), False)]
    )
    assert drawing is not None
    assert {"5 h, missed", "no figure"} <= set(texts(checked(drawing.svg)))
    assert drawing.description.startswith("2 of 2 targets are missed.")


def test_the_scale_rises_with_time_and_holds_within_its_ends() -> None:
    assert (
        place(timedelta(0)) < place(timedelta(hours=1)) < place(timedelta(days=1)) < place(timedelta(days=900)) == place(timedelta(days=30))
    )


@given(text=st.text(max_size=120), limit=st.integers(10, 300))
@settings(max_examples=80, deadline=None)
def test_fitted_text_fits(text: str, limit: int) -> None:
    fitted = metrics.fit(text, limit, 9)
    assert fitted == text or metrics.width(fitted, 9) <= limit
    assert len(metrics.wrap(text, limit, 9, lines=2)) <= 2
