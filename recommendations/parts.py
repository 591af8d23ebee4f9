"""One workload on its way through `evaluate`: its facts, what was decided, when its snapshots are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recommendations.decisions import Decisions, decide
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.prices import PriceBook
from recommendations.schedules import Schedule, Start, joined, schedules_of, start_of
from recommendations.snapshot_tiers import ARCHIVED, MOST_ARCHIVED, archived, archived_count
from recommendations.tables import RulePack


@dataclass(frozen=True)
class Part:
    """Facts and decisions of one workload. `schedules` is empty without EBS snapshots; `start` is when a day's copy starts."""

    facts: WorkloadFacts
    decisions: Decisions
    schedules: tuple[Schedule, ...]
    start: Start

    @property
    def key(self) -> str:
        return self.facts.key

    @property
    def has_bucket(self) -> bool:
        """Whether a bucket is made or adopted. A key outside AWS has to be connected first; until then nothing is stored."""
        return self.decisions.in_bucket and self.decisions.value("encryption", "mode") != "external-key"


def part_of(workload: WorkloadFacts, customer: CustomerFacts, pack: RulePack, book: PriceBook) -> Part:
    """Asks the tables and lays out the schedules of one workload."""
    return laid_out(workload, customer, decide(workload, customer, pack, book))


def laid_out(workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Part:
    """One workload with the times of its copies."""
    start = start_of(workload, customer.zone)
    hours = decisions.value("dlm", "every_hours")
    schedules = schedules_of(workload, int(hours), start) if hours != "none" else ()
    return Part(workload, decisions, archived(schedules, decisions.value("snapshot_archive", "archive")), start)


def shared_schedules(members: Sequence[Part]) -> tuple[Schedule, ...]:
    """The schedules of workloads that share a tag, so that none loses a copy that it asked for (`schedules.joined`).

    Archived only where every one of them can wait for an archived snapshot, and within the archive's quota.
    """
    plain = joined(archived(one.schedules, "none") for one in members)
    asked = {one.decisions.value("snapshot_archive", "archive") for one in members}
    kept = archived(plain, next(tier for tier in ARCHIVED if tier in asked))
    fits = sum(archived_count(one) for one in kept if one.archive_months) <= MOST_ARCHIVED
    return kept if fits else plain
