"""Snapshot schedules: which copies are taken when, in UTC, and how long each is kept, within the limits of Data Lifecycle Manager.

A policy has one to four schedules, all with the same kind of retention (aws-facts e); ages are used throughout, so that a snapshot that
failed does not keep an older one alive, and the copies in another Region, which know ages only, follow the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from recommendations.facts import WorkloadFacts, kept_days

MOST = 4
# How far the copies that keep the RPO reach back where no daily ones were asked for.
FALLBACK_DAYS = 7
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS: Mapping[str, str] = {"daily": "DAYS", "weekly": "WEEKS", "monthly": "MONTHS", "yearly": "YEARS"}
# The winter of a fixed year tells a zone's offset, so that no clock and no daylight saving enters a design.
FIXED = datetime(2026, 1, 15)
# Local start: well within the night window (22:00 to 06:00) in winter and in summer.
START_HOUR = 1


@dataclass(frozen=True)
class Start:
    """When a day's copy starts, in UTC, and the weekday (UTC) of the weekly one."""

    hour: int
    minute: int
    weekday: str

    @property
    def time(self) -> str:
        return f"{self.hour:02d}:{self.minute:02d}"


@dataclass(frozen=True)
class Schedule:
    """One schedule. `every_hours` is given for intervals up to a day, `cron` for longer ones; copies live `count` `unit` (`days` days).

    Of these the last `archive_months` are spent in the archive tier.
    """

    kind: str
    every_hours: int | None
    cron: str | None
    count: int
    unit: str
    days: int
    archive_months: int = 0

    @property
    def a_day(self) -> int:
        """Snapshots a day of an interval schedule."""
        return 24 // self.every_hours if self.every_hours else 0


@dataclass(frozen=True)
class Asked:
    """When a day's copy starts, as the customer's clock shows it, and the weekday of the weekly one (`sun`)."""

    hour: int
    minute: int
    weekday: str
    zone: str


def asked_start(workload: WorkloadFacts, zone: str) -> Asked:
    """The start in the zone of the workload's window; `zone` is the customer's."""
    if workload.window == "custom" and workload.custom_window:
        hour, minute = (int(part) for part in str(workload.custom_window["from"]).split(":"))
        days = workload.custom_window["days"]
        return Asked(hour, minute, "sun" if "sun" in days else str(days[-1]), str(workload.custom_window["zone"]))
    return Asked(START_HOUR, 0, "sun", zone)


def start_of(workload: WorkloadFacts, zone: str) -> Start:
    """The start in UTC for a workload's window; `zone` is the customer's."""
    asked = asked_start(workload, zone)
    offset = ZoneInfo(asked.zone).utcoffset(FIXED)
    shifted = asked.hour * 60 + asked.minute - (int(offset.total_seconds()) // 60 if offset else 0)
    days_off, minutes = divmod(shifted, 24 * 60)
    weekday = WEEKDAYS[(WEEKDAYS.index(asked.weekday) + days_off) % 7].upper()
    return Start(minutes // 60, minutes % 60, weekday)


def schedules_of(workload: WorkloadFacts, every_hours: int, start: Start, most: int = MOST) -> tuple[Schedule, ...]:
    """The schedules of a workload whose table says a snapshot every `every_hours` hours, at most `most`."""
    found = [_base(workload, every_hours, start)]
    for kind in ("daily", "weekly", "monthly", "yearly"):
        count = workload.copies[kind]
        if count and not any(one.kind == kind for one in found):
            found.append(_of_kind(kind, count, start))
    while len(found) > most:
        found = _merged(found)
    return tuple(found)


def joined(plans: Iterable[Sequence[Schedule]], most: int = MOST) -> tuple[Schedule, ...]:
    """The schedules of one policy for several workloads: each kind that one of them has, the densest, kept as long as any of them asks."""
    best: dict[str, Schedule] = {}
    for one in (schedule for plan in plans for schedule in plan):
        other = best.get(one.kind, one)
        dense, longer = min(one, other, key=_gap), max(other, one, key=lambda schedule: schedule.days)
        best[one.kind] = replace(dense, count=longer.count, unit=longer.unit, days=longer.days)
    found = [best[kind] for kind in ("hourly", *UNITS) if kind in best]
    while len(found) > most:
        found = _merged(found)
    return tuple(found)


def _gap(schedule: Schedule) -> int:
    """Hours between two copies of an interval schedule; schedules of one kind that have a `cron` are equally dense."""
    return schedule.every_hours or 0


def _base(workload: WorkloadFacts, every_hours: int, start: Start) -> Schedule:
    """The schedule that keeps the RPO."""
    daily = workload.copies["daily"]
    if every_hours > 24:
        return _of_kind("weekly", workload.copies["weekly"] or 4, start)
    if every_hours == 24:
        return Schedule("daily", 24, None, daily or FALLBACK_DAYS, "DAYS", daily or FALLBACK_DAYS)
    hourly = workload.copies["hourly"]
    if not hourly and every_hours >= 8 and daily:
        # Two or three a day cost hardly more than one: the same blocks change. They stand for the daily copies.
        return Schedule("daily", every_hours, None, daily, "DAYS", daily)
    # Where no daily copies take over, a denser schedule reaches back no less than a daily one would.
    days = max(kept_days("hourly", hourly), 2 if daily else FALLBACK_DAYS)
    return Schedule("hourly", every_hours, None, days, "DAYS", days)


def _of_kind(kind: str, count: int, start: Start) -> Schedule:
    if kind == "daily":
        return Schedule("daily", 24, None, count, "DAYS", count)
    when = {"weekly": f"* {start.weekday}", "monthly": f"* {start.weekday}#1", "yearly": f"1 {start.weekday}#1"}[kind]
    month, day = when.split(" ")
    cron = f"cron({start.minute} {start.hour} ? {month} {day} *)"
    return Schedule(kind, None, cron, count, UNITS[kind], kept_days(kind, count))


def _merged(schedules: list[Schedule]) -> list[Schedule]:
    """One schedule fewer: the pair of neighbours whose denser one, kept as long as the sparser, adds fewest snapshots."""
    per_day = {"hourly": 0.0, "daily": 1.0, "weekly": 1 / 7, "monthly": 12 / 365, "yearly": 1 / 365}

    def added(index: int) -> float:
        dense, sparse = schedules[index], schedules[index + 1]
        rate = dense.a_day or per_day[dense.kind]
        return rate * max(sparse.days - dense.days, 0) - per_day[sparse.kind] * sparse.days

    best = min(range(len(schedules) - 1), key=added)
    dense, sparse = schedules[best], schedules[best + 1]
    longer = sparse if sparse.days > dense.days else dense
    kept = replace(dense, count=longer.count, unit=longer.unit, days=longer.days)
    return [*schedules[:best], kept, *schedules[best + 2 :]]


def words(schedule: Schedule) -> str:
    """`every 8 hours, kept 35 days`."""
    often = {1: "every hour", 24: "every day"}.get(schedule.every_hours or 0, f"every {schedule.every_hours} hours")
    if schedule.cron:
        often = {"weekly": "every week", "monthly": "every month", "yearly": "every year"}[schedule.kind]
    unit = schedule.unit.lower()
    kept = f"{often}, kept {schedule.count} {unit if schedule.count != 1 else unit[:-1]}"
    return f"{kept}, archived after a month" if schedule.archive_months else kept
