"""Which recovery points of a workload exist at which age, read from what the design builds. Ages are days as decimals.

Sources: schedules of DLM policies and rules of backup plans as AWS takes them (a month of 30.44 days), tracks of dumped databases,
and what a bucket keeps of replaced versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Plain = Mapping[str, Any]
HOURS, DAYS, WEEKS, MONTHS, YEARS = 1 / 24, 1.0, 7.0, 365.25 / 12, 365.25
UNITS = {"HOURS": HOURS, "DAYS": DAYS, "WEEKS": WEEKS, "MONTHS": MONTHS, "YEARS": YEARS}
ORDER = ("versions", "continuous", "hourly", "daily", "weekly", "monthly", "yearly")
EVERY = {"hourly": HOURS, "daily": DAYS, "weekly": WEEKS, "monthly": MONTHS, "yearly": YEARS}
HOURLY_CRON = re.compile(r"cron\(\S+ (?:\d+|\*)(?:/(\d+))? ")
DLM, PLAN = "AWS::DLM::LifecyclePolicy", "AWS::Backup::BackupPlan"


@dataclass(frozen=True)
class Series:
    """Points of one kind: one each `every` days, each kept `keep` days (None: without end). `every` 0 is any moment.

    `copies` names where a copy of each point stands as well.
    """

    kind: str
    every: float
    keep: float | None
    copies: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return {"versions": "Replaced versions", "continuous": "Any moment"}.get(self.kind, self.kind.capitalize())

    @property
    def note(self) -> str:
        """`every 3 hours for 2 days`."""
        span = "without end" if self.keep is None else f"for {span_text(self.keep)}"
        often = "each one" if self.kind == "versions" else "to the second" if not self.every else EVERY_TEXT.get(self.every, "")
        return f"{often or 'every ' + span_text(self.every)} {span}"

    def count(self, age: float | None = None) -> int | None:
        """How many exist at once, `age` days after the first, or once all are there; None where they cannot be counted."""
        spans = [span for span in (self.keep, age) if span is not None]
        return int(min(spans) / self.every + 1e-6) if self.every and spans else None


EVERY_TEXT = {HOURS: "every hour", DAYS: "every day", WEEKS: "every week", MONTHS: "every month", YEARS: "every year"}


def span_text(days: float) -> str:
    """`3 hours`, `35 days`, `12 months`, `10 years`; months and years where the days are those of whole ones."""
    if days < 2 and round(days * 24) != 24:
        return counted(round(days * 24), "hour")
    for unit, noun, least in ((YEARS, "year", 1), (MONTHS, "month", 3)):
        whole = round(days / unit)
        if whole >= least and abs(days - whole * unit) <= whole * 0.6 + 0.6:
            return counted(whole, noun)
    return counted(round(days), "day")


def counted(number: int, noun: str) -> str:
    """`1 day`, `3 days`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def series_by_workload(document: Plain) -> dict[str, tuple[Series, ...]]:
    """The series of every workload of a design by its key, densest first; in one pass over the resources."""
    found: dict[str, list[Series]] = {}
    for one in document["resources"]:
        if one["type"] in (DLM, PLAN):
            made = list(of_policy(one["properties"]) if one["type"] == DLM else of_plan(one["properties"]))
            for key in one["workloads"]:
                found.setdefault(key, []).extend(made)
    for workload in document["workloads"]:
        if workload.get("lifecycle"):
            found.setdefault(workload["key"], []).extend(of_bucket(workload))
    return {key: tuple(merged(rows)) for key, rows in found.items()}


def of_policy(properties: Plain) -> Iterable[Series]:
    """The schedules of a DLM policy."""
    for schedule in (properties.get("PolicyDetails") or {}).get("Schedules") or ():
        kind = str(schedule.get("Name", ""))
        rule, retain = schedule.get("CreateRule") or {}, schedule.get("RetainRule") or {}
        every = rule["Interval"] * UNITS[rule["IntervalUnit"]] if "Interval" in rule else EVERY.get(kind)
        if every is None or not retain:
            continue
        keep = retain["Count"] * every if "Count" in retain else retain["Interval"] * UNITS[retain["IntervalUnit"]]
        copies = tuple(str(one.get("Target", "")) for one in schedule.get("CrossRegionCopyRules") or ())
        yield Series(kind, every, keep, copies)


def of_plan(properties: Plain) -> Iterable[Series]:
    """The rules of a backup plan."""
    for rule in properties.get("Rules") or ():
        kind = str(rule.get("RuleName", "")).removeprefix("stowplan-")
        every = 0.0 if rule.get("EnableContinuousBackup") else EVERY.get(kind)
        if every is None:
            continue
        within = HOURLY_CRON.match(str(rule.get("ScheduleExpression", "")))
        if within and within[1]:
            every = int(within[1]) * HOURS
        keep = (rule.get("Lifecycle") or {}).get("DeleteAfterDays")
        vaults = ("another vault",) if len(rule.get("CopyActions") or ()) == 1 else ("two other vaults",) if rule.get("CopyActions") else ()
        yield Series(kind, every, float(keep) if keep else None, vaults)


def of_bucket(workload: Plain) -> Iterable[Series]:
    """Dumps by the prefix that keeps them; replaced versions of all other buckets."""
    lifecycle = workload["lifecycle"]
    dumps = [track for track in lifecycle.get("tracks") or () if track.get("id") in EVERY]
    for track in dumps:
        expire = track.get("expire_day")
        copies = ("the second Region",) if track.get("replica") else ()
        yield Series(str(track["id"]), EVERY[str(track["id"])], float(expire) if expire else None, copies)
    noncurrent = lifecycle.get("noncurrent") or {}
    if not dumps and noncurrent:
        days = [days for days in (noncurrent.get("expire_days"), noncurrent.get("held_days")) if days]
        copies = ("the second Region",) if lifecycle.get("replica") else ()
        yield Series("versions", 0.0, float(max(days)) if days else None, copies)


def merged(rows: Iterable[Series]) -> list[Series]:
    """Each series once, in the order of kinds."""
    return sorted(set(rows), key=lambda one: (ORDER.index(one.kind) if one.kind in ORDER else len(ORDER), one.every))


def described(rows: Sequence[Series]) -> str:
    """The series in words, as the alternative of their drawing."""
    said = []
    for one in rows:
        count, copies = one.count(), f", with a copy in {' and '.join(one.copies)}" if one.copies else ""
        said.append(f"{one.label}: {one.note}{f', {count} at a time' if count is not None else ''}{copies}.")
    return " ".join(said)
