"""Fast snapshot restore and the archive tier of snapshots: when they are designed, what they cost, and that AWS takes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from assessment.engagement import engagement_from_document
from recommendations.evaluate import evaluate
from recommendations.prices import load_price_book
from tests.recommendations.cases import CUSTOMER, WORKLOAD, case, without
from tests.recommendations.dlm_limits import wrong

# Volumes that change fast and may come back within weeks: what the archive is for.
SLOW = {
    **{"wl_multi_vol": False, "wl_rto": "20d", "wl_rpo": "48h", "wl_change": "4 %"},
    **{"wl_retain": {"daily": 14, "monthly": 12, "yearly": 3}, "wl_mtd": "90d"},
}
FAST = {"wl_rpo": "5h", "wl_rto": "90m"}


def designed(customer: dict[str, Any] | None = None, others: tuple[dict[str, Any], ...] = (), **answers: Any) -> dict[str, Any]:
    rows = [{"name": "Data", "wl_kind": "ebs-volumes", **answers}, *others]
    document = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "Acme"},
        "answers": without({**CUSTOMER, **(customer or {})}),
        "workloads": [{"name": row["name"], "answers": without({**WORKLOAD, **row}, "name")} for row in rows],
    }
    return dict(evaluate(engagement_from_document(document)).document)


def policies(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in document["resources"] if one["type"] == "AWS::DLM::LifecyclePolicy"]


def schedules(document: dict[str, Any]) -> list[dict[str, Any]]:
    return list(policies(document)[0]["properties"]["PolicyDetails"]["Schedules"])


def setting(document: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in document["workloads"][0]["settings"] if one["name"] == name)


def line(document: dict[str, Any], item: str) -> dict[str, Any]:
    return next(one for one in document["workloads"][0]["costs"] if one["item"] == item)


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        # 15 min until somebody acts, 15 to find the copy, 10 to make volumes, 20 own: 60, and 59 to load 1 TiB at 300 MiB/s
        ({"wl_rto": "119m"}, "fr-in-time"),
        ({"wl_rto": "118m"}, "fr-on"),
        ({"wl_rto": "60m"}, "fr-on"),
        ({"wl_rto": "59m"}, "fr-never"),
        ({"wl_rto": "90m", "wl_prov": "17 TiB"}, "fr-too-large"),
        # every 4 hours: 4 TiB are not ready when the next snapshot comes
        ({"wl_rto": "90m", "wl_prov": "4 TiB"}, "fr-not-ready"),
        ({"wl_rto": "90m", "wl_prov": "3 TiB"}, "fr-on"),
    ],
)
def test_fast_restore_only_where_it_keeps_the_recovery_time(answers: dict[str, str], rule: str) -> None:
    found = case("ebs-volumes", wl_rpo="5h", **answers)
    hit = found.decisions.hit("fast_restore")
    assert hit is not None
    assert hit.row.id == rule
    if rule in ("fr-in-time", "fr-on"):
        assert all(found.entry(one)["rto_met"] for one in ("deletion", "hardware", "site-loss"))
    else:
        assert not found.entry("deletion")["rto_met"]


def test_fast_restore_of_the_newest_snapshot_in_two_zones_is_in_policy_role_and_bill() -> None:
    document = designed(**FAST)
    first, *rest = schedules(document)
    assert first["FastRestoreRule"] == {"Count": 1, "AvailabilityZones": ["us-east-1a", "us-east-1b"]}
    assert not any("FastRestoreRule" in one for one in rest)
    # 730 hours in two zones at USD 0.75
    assert line(document, "Fast snapshot restore")["monthly"] == "1095.00"
    assert "us-east-1a and us-east-1b" in setting(document, "fast_restore")["display"]
    (role,) = [one for one in document["resources"] if one["key"].startswith("role-dlm")]
    actions = {action for one in role["properties"]["Policies"]["snapshots"]["Statement"] for action in one["Action"]}
    assert {"ec2:EnableFastSnapshotRestores", "ec2:DisableFastSnapshotRestores", "ec2:DescribeAvailabilityZones"} <= actions
    assert "ec2:ModifySnapshotTier" not in actions
    assert not list(wrong(policies(document)[0]))


def test_where_no_zone_may_be_lost_one_is_paid_and_copies_abroad_still_load() -> None:
    found = case("ebs-volumes", customer={"rec_disrupt": ["deletion", "region-loss"]}, **FAST)
    assert found.entry("deletion")["rto_met"]
    assert not any("Load " in step["what"] for step in found.entry("deletion")["steps"])
    assert any("Load " in step["what"] for step in found.entry("region-loss")["steps"])
    document = designed({"rec_disrupt": ["deletion", "region-loss"]}, **FAST)
    assert line(document, "Fast snapshot restore")["monthly"] == "547.50"


def test_a_sixth_snapshot_kept_ready_breaks_the_quota() -> None:
    others = tuple({"name": f"More {n}", "wl_kind": "ebs-volumes", "wl_tags": f"Backup=v{n}", **FAST} for n in range(5))
    told = [one["sentence"] for one in designed(others=others, **FAST)["findings"] if one["check"] == "quota-exceeded"]
    assert told == ["The design keeps 6 or more of at most 5 snapshots ready for fast restore, in account prod in us-east-1."]
    assert not [one for one in designed(others=others[:4], **FAST)["findings"] if one["check"] == "quota-exceeded"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, "sa-monthly"),
        ({"wl_multi_vol": True}, "sa-instances"),
        ({"wl_rto": "72h"}, "sa-wait"),
        # 0.3 x (1 - (1 - 0.01 / 0.3)^30) = 19 % in a month, 30 % in a year
        ({"wl_change": "1 %"}, "sa-yearly"),
        ({"wl_change": "0.1 %", "wl_growth": "0 %"}, "sa-dearer"),
        # Less than 90 days in the archive, and more than it takes of a volume
        ({"wl_retain": {"daily": 14, "monthly": 4}}, "sa-dearer"),
        ({"wl_retain": {"daily": 14, "monthly": 27}}, "sa-dearer"),
        ({"wl_retain": {"daily": 14, "monthly": 24, "yearly": 5}}, "sa-yearly"),
    ],
)
def test_snapshots_are_archived_only_where_it_is_possible_fits_and_costs_less(changes: dict[str, Any], rule: str) -> None:
    found = case("ebs-volumes", **{**SLOW, **changes})
    hit = found.decisions.hit("snapshot_archive")
    assert hit is not None
    assert hit.row.id == rule


def test_archived_snapshots_in_policy_role_recovery_and_bill() -> None:
    document = designed(**SLOW)
    kinds = {one["Name"]: one for one in schedules(document)}
    month = {"Interval": 1, "IntervalUnit": "MONTHS"}
    assert {name: one["RetainRule"] for name, one in kinds.items() if "ArchiveRule" in one} == {"monthly": month, "yearly": month}
    tiers = {
        name: one["ArchiveRule"]["RetainRule"]["RetentionArchiveTier"]["Interval"] for name, one in kinds.items() if "ArchiveRule" in one
    }
    assert tiers == {"monthly": 11, "yearly": 35}
    # The copy in the other Region is not archived and stays as long as was asked.
    assert kinds["monthly"]["CrossRegionCopyRules"][0]["RetainRule"] == {"Interval": 12, "IntervalUnit": "MONTHS"}
    # 11 monthly and 3 yearly full copies of 1 TiB at USD 0.0125
    assert line(document, "EBS snapshots, archive tier")["monthly"] == "179.20"
    assert Decimal(document["workloads"][0]["monthly_cost"]) > 0
    (role,) = [one for one in document["resources"] if one["key"].startswith("role-dlm")]
    assert any("ec2:ModifySnapshotTier" in one["Action"] for one in role["properties"]["Policies"]["snapshots"]["Statement"])
    assert "72 hours" in document["workloads"][0]["recovery"][0]["note"]
    assert not list(wrong(policies(document)[0]))


def test_the_archive_costs_less_than_the_same_snapshots_kept_where_they_are() -> None:
    archived, plain = designed(**SLOW), designed(**{**SLOW, "wl_rto": "72h"})
    assert Decimal(archived["workloads"][0]["monthly_cost"]) < Decimal(plain["workloads"][0]["monthly_cost"])


def test_a_quarter_is_the_price_of_the_archive_wherever_both_are_known() -> None:
    """The rule compares shares; this holds it to the price book."""
    book = load_price_book()
    for region in ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-south-1", "ap-southeast-1"):
        assert book.price(region, "ebs/snapshot_archive_gb_month") * 4 == book.price(region, "ebs/snapshot_standard_gb_month")


def test_workloads_of_one_tag_are_archived_only_where_all_can_wait() -> None:
    other = {"name": "Hurried", "wl_kind": "ebs-volumes", **SLOW, "wl_rto": "72h"}
    (policy,) = policies(designed(others=(other,), **SLOW))
    assert not any("ArchiveRule" in one for one in policy["properties"]["PolicyDetails"]["Schedules"])
    assert not list(wrong(policy))
