"""One workload on its way through `evaluate`: its facts, what was decided, when its snapshots are taken."""

from __future__ import annotations

from dataclasses import dataclass

from recommendations.decisions import Decisions, decide
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.prices import PriceBook
from recommendations.schedules import Schedule, Start, schedules_of, start_of
from recommendations.snapshot_tiers import archived
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
