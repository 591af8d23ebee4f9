"""Snapshot schedules within the limits of Data Lifecycle Manager, in the customer's night."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations.facts import KINDS, WorkloadFacts
from recommendations.parts import part_of
from recommendations.prices import load_price_book
from recommendations.schedules import Start, schedules_of, start_of, words
from recommendations.tables import load_rule_pack
from tests.recommendations.cases import case

NIGHT = Start(1, 0, "SUN")


def facts(**changes: object) -> WorkloadFacts:
    return replace(case("ebs-volumes").facts, **changes)


def copies(**counts: int) -> dict[str, int]:
    return {kind: counts.get(kind, 0) for kind in KINDS}


counts = st.fixed_dictionaries({kind: st.integers(0, 1000) for kind in KINDS})


@settings(deadline=None)
@given(counts, st.sampled_from([1, 2, 3, 4, 6, 8, 12, 24, 168]))
def test_four_schedules_at_most_and_nothing_is_kept_for_less_than_was_asked(kept: dict[str, int], hours: int) -> None:
    found = schedules_of(facts(copies=kept), hours, NIGHT)
    assert 1 <= len(found) <= 4
    assert all(bool(one.cron) != bool(one.every_hours) for one in found)
    assert all(one.count >= 1 for one in found)
    days = {"daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
    for kind, days_each in days.items():
        if kept[kind] and (hours <= 24 or kind != "daily"):
            reach = max((one.days for one in found if (one.every_hours or 0) <= 24 and one.days >= kept[kind] * days_each), default=None)
            assert reach is not None, kind


def test_five_kinds_become_four_by_keeping_daily_copies_for_the_weeks() -> None:
    """Thirty daily and eight weekly copies: 26 more daily ones replace the weekly schedule, the cheapest way to save one."""
    found = schedules_of(facts(copies=copies(hourly=24, daily=30, weekly=8, monthly=12, yearly=7)), 1, NIGHT)
    assert [words(one) for one in found] == [
        "every hour, kept 2 days",
        "every day, kept 8 weeks",
        "every month, kept 12 months",
        "every year, kept 7 years",
    ]


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("UTC", Start(1, 0, "SUN")),
        ("Asia/Kolkata", Start(19, 30, "SAT")),
        ("America/Los_Angeles", Start(9, 0, "SUN")),
        ("Pacific/Kiritimati", Start(11, 0, "SAT")),
    ],
)
def test_the_night_is_the_customers(zone: str, start: Start) -> None:
    assert start_of(facts(window="night"), zone) == start


def test_a_window_of_ones_own_gives_hour_zone_and_day() -> None:
    window = {"days": ("mon", "wed"), "from": "23:30", "to": "05:00", "zone": "Asia/Kolkata"}
    assert start_of(facts(window="custom", custom_window=window), "UTC") == Start(18, 0, "WED")


@pytest.mark.parametrize(("rpo", "hours"), [("24h", 12), ("25h", 24), ("12h", 8), ("4h", 3), ("2h", 1), ("1h", 1)])
def test_the_interval_leaves_room_for_a_start_that_is_an_hour_late(rpo: str, hours: int) -> None:
    made = case("ebs-volumes", wl_rpo=rpo)
    part = part_of(made.facts, made.customer, load_rule_pack(), load_price_book())
    assert part.schedules[0].every_hours == hours
