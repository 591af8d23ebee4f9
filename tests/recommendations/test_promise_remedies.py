"""The cheapest change that meets a missed objective: what the front finds and what the findings advise are the same thing."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from recommendations.findings import FindingParts, WorkloadPart
from recommendations.prices import load_price_book
from recommendations.promise import promise_of
from recommendations.recovery import recovery_of
from recommendations.remedies import fast_restore_price, fresher
from recommendations.tables import load_rule_pack
from recommendations.what_if import decided
from tests.recommendations.cases import case

PACK, BOOK = load_rule_pack(), load_price_book()


def both(kind, **answers):
    """(promise, part as the findings see it, their inputs) of one small workload."""
    base = decided(case(kind, **answers).tree, PACK, BOOK)
    part = base.parts[0]
    own = WorkloadPart(part.facts, part.decisions, tuple(recovery_of(part.facts, base.customer, part.decisions)))
    return promise_of(part, base.customer, PACK, BOOK), own, FindingParts(base.customer, (own,), None, (), BOOK)


def changes(promise, disruption, figure):
    found = next(one for one in promise.remedies if (one.disruption, one.figure) == (disruption, figure))
    return {change.what: change.after for change in found.point.changes} if found.point else None


@pytest.mark.parametrize("hours", [3, 4, 6, 9, 12])
def test_the_interval_that_keeps_the_loss_with_the_region(hours):
    promise, part, parts = both("ebs-volumes", wl_rpo="24h", wl_region_rpo=f"{hours}h", wl_change="1 %")
    told = int(re.search(r"every (\d+) h", fresher("region-loss", part, timedelta(hours=hours), parts)).group(1))
    assert changes(promise, "region-loss", "rpo") == {"Snapshots": f"every {told} h"}


def test_where_no_schedule_is_short_enough_neither_finds_one():
    promise, part, parts = both("ebs-volumes", wl_rpo="30m")
    assert "No schedule is that short" in fresher("deletion", part, timedelta(minutes=30), parts)
    assert changes(promise, "deletion", "rpo") is None


def test_copies_that_come_more_often():
    promise, part, parts = both("file-share", wl_where="on-premises", wl_freq="daily", wl_rpo="24h", wl_region_rpo="24h")
    assert "Copy it every 12 h" in fresher("region-loss", part, timedelta(hours=24), parts)
    assert changes(promise, "region-loss", "rpo") == {"Copies": "every 12 h"}


def test_fast_snapshot_restore_at_its_price():
    promise, part, parts = both("ebs-volumes", wl_rto="75m", wl_rpo="48h", wl_prov="17 TiB", wl_steps=[])
    found = next(one for one in promise.remedies if (one.disruption, one.figure) == ("deletion", "rto"))
    assert {change.what: change.after for change in found.point.changes} == {"Fast snapshot restore": "yes"}
    assert found.point.monthly - promise.design.monthly == Decimal(fast_restore_price(part, parts))
    finding = next(
        one
        for one in case("ebs-volumes", wl_rto="75m", wl_rpo="48h", wl_prov="17 TiB", wl_steps=[]).findings()
        if one["check"] == "rto-below-estimate"
    )
    assert f"fast snapshot restore (USD {found.point.monthly - promise.design.monthly} a month" in finding["fix"]


def test_what_is_met_needs_no_remedy():
    promise, part, _ = both("object-data", wl_rto="3d", wl_rpo="24h")
    assert all(entry["rpo_met"] and entry["rto_met"] for entry in part.recovery)
    assert promise.remedies == ()
