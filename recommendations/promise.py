"""The price of a promise: of all valid ways to protect one workload those that nothing beats on cost, recovery time and data lost.

Computed on demand, never stored: it follows from the answers, the rules and the prices. Exact: every combination is weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from assessment.quantities import write_duration
from recommendations.bills import bills_of
from recommendations.decisions import Decisions, conclude
from recommendations.facts import CustomerFacts
from recommendations.parts import Part
from recommendations.prices import PriceBook
from recommendations.promise_space import Change, Forced, Mechanism, broken, changes, designed, lived, mechanisms, outputs_of, stored
from recommendations.recovery import DISRUPTIONS, steps_of, total
from recommendations.recovery_copies import Copy, copy_for
from recommendations.schedules import schedules_of
from recommendations.snapshot_tiers import archived
from recommendations.tables import RulePack

NEVER = timedelta.max


@dataclass(frozen=True)
class Outcome:
    """What one disruption costs in work and time; None: nothing is left, or it never comes back."""

    disruption: str
    rpo: timedelta | None
    rto: timedelta | None
    rpo_met: bool
    rto_met: bool


@dataclass(frozen=True)
class Weighed:
    """A mechanism with its figures: `monthly` USD, None where a price is unknown."""

    mechanism: Mechanism
    monthly: Decimal | None
    outcomes: tuple[Outcome, ...]

    @cached_property
    def unmet(self) -> int:
        """Objectives that are missed; data and time of each disruption count one each."""
        return sum((not one.rpo_met) + (not one.rto_met) for one in self.outcomes)


@dataclass(frozen=True)
class Point:
    """A mechanism to choose: its figures, the worst over the disruptions that can be survived, and what differs from the design."""

    mechanism: Mechanism
    monthly: Decimal
    rto: timedelta | None
    rpo: timedelta | None
    outcomes: tuple[Outcome, ...]
    unmet: int
    changes: tuple[Change, ...]
    designed: bool


@dataclass(frozen=True)
class Remedy:
    """The cheapest way that meets one objective which the design misses (`rpo` or `rto` after a disruption) and worsens none.

    `point` is None where no way does.
    """

    disruption: str
    figure: Literal["rpo", "rto"]
    point: Point | None


@dataclass(frozen=True)
class Promise:
    """The front of one workload, cheapest first. `design` is the designed point, on the front or not (None where its price is unknown).

    `lost` names the disruptions that no mechanism survives: they are left out of the worst figures. `weighed` and `refused` count the
    combinations that were compared, and those that break a rule.
    """

    points: tuple[Point, ...]
    design: Point | None
    lost: tuple[str, ...]
    weighed: int
    refused: int
    unknown: tuple[str, ...]
    remedies: tuple[Remedy, ...] = ()

    @property
    def on_front(self) -> bool:
        """Whether nothing beats the design."""
        return any(one.designed for one in self.points)

    def cheapest(self, rto: timedelta | None = None, rpo: timedelta | None = None) -> Point | None:
        """The cheapest point that keeps these worst figures, or meets every objective when none is given."""
        if rto is None and rpo is None:
            return next((one for one in self.points if not one.unmet), None)
        return next((one for one in self.points if time(one.rto) <= time(rto) and time(one.rpo) <= time(rpo)), None)


def time(value: timedelta | None) -> timedelta:
    return NEVER if value is None else value


def promise_of(part: Part, customer: CustomerFacts, pack: RulePack, book: PriceBook) -> Promise:
    """The front of one workload. No other workload is looked at."""
    scale = Scale(part, customer, pack, book)
    found, refused = [], 0
    for one in mechanisms(part, customer):
        if broken(one, part, customer):
            refused += 1
        else:
            found.append(scale.weigh(one))
    unknown = tuple(sorted(scale.unknown))
    priced = [one for one in found if one.monthly is not None]
    lost = hopeless(found)
    points = [point_of(one, lost, scale) for one in priced]
    design = next((one for one in points if one.designed), None)
    if unknown or design is None:
        return Promise((), design, lost, len(found), refused, unknown)
    return Promise(front(points), design, lost, len(found), refused, unknown, tuple(remedies_of(design, points)))


class Scale:
    """Weighs the mechanisms of one workload; the tables are asked once for each way of storing, not for each schedule."""

    def __init__(self, part: Part, customer: CustomerFacts, pack: RulePack, book: PriceBook) -> None:
        self.part, self.customer, self.pack, self.book = part, customer, pack, book
        self.now = designed(part, customer)
        self.unknown: set[str] = set()
        self._decided: dict[Mechanism, Decisions] = {}

    def weigh(self, one: Mechanism) -> Weighed:
        """Cost and outcomes of a mechanism; an unknown price is noted."""
        facts, decisions = lived(one, self.part), self.decisions(one)
        schedules = schedules_of(facts, int(one.snapshots), self.part.start) if one.snapshots != "none" else ()
        schedules = archived(schedules, decisions.value("snapshot_archive", "archive"))
        bill = bills_of(facts, self.customer, decisions, schedules, self.book).design
        self.unknown |= bill.unknown
        return Weighed(one, bill.total(), tuple(self.outcomes(one, decisions)))

    def decisions(self, one: Mechanism) -> Decisions:
        """What the tables would say; those that only a schedule reads are filled in."""
        bare = replace(one, snapshots=self.now.snapshots, plan=self.now.plan, every=self.now.every, fast=False, other_account=False)
        if bare not in self._decided:
            facts = stored(bare, lived(one, self.part), self.part.decisions.path)
            self._decided[bare] = conclude(Forced(facts, self.customer, self.pack, outputs_of(bare, self.part)), self.book)
        found = self._decided[bare]
        forced = Forced(self.part.facts, self.customer, self.pack, outputs_of(one, self.part))
        tables = [table for table in ("dlm", "fast_restore", "snapshot_archive", "backup_plan") if table in found.hits]
        for table in tables:
            forced.ask(table)
        return replace(found, hits={**found.hits, **forced.hits}) if tables else found

    def outcomes(self, one: Mechanism, decisions: Decisions) -> Iterable[Outcome]:
        facts = lived(one, self.part)
        for disruption in (name for name in DISRUPTIONS if name in self.customer.disruptions):
            region = disruption == "region-loss"
            rpo_target, rto_target = (facts.region_rpo, facts.region_rto) if region else (facts.rpo, facts.rto)
            copy = copy_for(disruption, facts, self.customer, decisions)
            if not isinstance(copy, Copy):
                yield Outcome(disruption, None, None, False, False)
                continue
            rto = rto_target if copy.way == "rebuild" else total(steps_of(disruption, copy, facts, self.customer))
            yield Outcome(disruption, copy.rpo, rto, copy.rpo <= rpo_target, rto is not None and rto <= rto_target)


def remedies_of(design: Point, points: Sequence[Point]) -> Iterable[Remedy]:
    """For each objective that the design misses the cheapest way to meet it that makes nothing worse; of equals the least change."""
    kept = [one for one in points if no_worse(one, design)]
    for place, missed in enumerate(design.outcomes):
        for figure, met in (("rpo", missed.rpo_met), ("rto", missed.rto_met)):
            if met:
                continue
            fit = [one for one in kept if getattr(one.outcomes[place], f"{figure}_met")]
            yield Remedy(missed.disruption, figure, min(fit, key=lambda one: (one.monthly, len(one.changes)), default=None))  # type: ignore[arg-type]


def no_worse(point: Point, design: Point) -> bool:
    """Whether each objective is met, or missed by no more than the design misses it."""
    pairs = zip(point.outcomes, design.outcomes, strict=True)
    return all((a.rpo_met or time(a.rpo) <= time(b.rpo)) and (a.rto_met or time(a.rto) <= time(b.rto)) for a, b in pairs)


def hopeless(found: Sequence[Weighed]) -> tuple[str, ...]:
    """Disruptions after which no mechanism brings anything back."""
    survived = {o.disruption for one in found for o in one.outcomes if o.rpo is not None and o.rto is not None}
    return tuple(o.disruption for o in found[0].outcomes if o.disruption not in survived) if found else ()


def point_of(one: Weighed, lost: Sequence[str], scale: Scale) -> Point:
    """The figures of a mechanism as a point."""
    counted = [o for o in one.outcomes if o.disruption not in lost]
    rto = max((time(o.rto) for o in counted), default=timedelta(0))
    rpo = max((time(o.rpo) for o in counted), default=timedelta(0))
    return Point(
        one.mechanism,
        one.monthly or Decimal(0),
        None if rto == NEVER else rto,
        None if rpo == NEVER else rpo,
        one.outcomes,
        one.unmet,
        changes(one.mechanism, scale.now, scale.customer),
        one.mechanism == scale.now,
    )


def front(points: Sequence[Point]) -> tuple[Point, ...]:
    """The points that no other beats: none is at least as good in all of cost, time and loss, and better in one.

    Of equals one is kept: the design, else the one that meets more objectives, then with the fewest changes, then the first.
    """
    ranked = sorted(points, key=lambda one: (*figures_of(one), not one.designed, one.unmet, len(one.changes)))
    kept: list[Point] = []
    for one in ranked:
        if not any(time(other.rto) <= time(one.rto) and time(other.rpo) <= time(one.rpo) for other in kept):
            kept.append(one)
    return tuple(kept)


def figures_of(one: Point) -> tuple[Decimal, timedelta, timedelta]:
    return one.monthly, time(one.rto), time(one.rpo)


def promise_document(promise: Promise) -> dict[str, Any]:
    """The front as plain data (`points`, numbered from 1 by cost; `design` with its number, null where something beats it)."""
    numbers = {one.mechanism: number for number, one in enumerate(promise.points, 1)}
    best = promise.cheapest()
    return {
        "points": [point_document(one, number) for number, one in enumerate(promise.points, 1)],
        "design": point_document(promise.design, numbers.get(promise.design.mechanism)) if promise.design else None,
        "cheapest": numbers[best.mechanism] if best else None,
        "remedies": [
            {
                "disruption": one.disruption,
                "figure": one.figure,
                "more": str(one.point.monthly - promise.design.monthly) if one.point and promise.design else None,
                "changes": changes_document(one.point) if one.point else [],
            }
            for one in promise.remedies
        ],
        "lost": list(promise.lost),
        "weighed": promise.weighed,
        "refused": promise.refused,
        "unknown": list(promise.unknown),
    }


def changes_document(one: Point) -> list[dict[str, str]]:
    return [{"what": change.what, "before": change.before, "after": change.after} for change in one.changes]


def point_document(one: Point, number: int | None) -> dict[str, Any]:
    return {
        "number": number,
        "monthly": str(one.monthly),
        "rto": None if one.rto is None else write_duration(one.rto),
        "rpo": None if one.rpo is None else write_duration(one.rpo),
        "unmet": one.unmet,
        "designed": one.designed,
        "changes": changes_document(one),
        "outcomes": [
            {
                "disruption": outcome.disruption,
                "rpo": None if outcome.rpo is None else write_duration(outcome.rpo),
                "rto": None if outcome.rto is None else write_duration(outcome.rto),
                "rpo_met": outcome.rpo_met,
                "rto_met": outcome.rto_met,
            }
            for outcome in one.outcomes
        ],
    }
