"""What the findings share: the inputs, the record of design.json, and the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from recommendations.decisions import Decisions
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.prices import PriceBook

if TYPE_CHECKING:
    from recommendations.conflicts import Conflict

SEVERITIES = ("critical", "high", "medium", "low")
OPERATIONS, SECURITY, RELIABILITY = "operational excellence", "security", "reliability"
PERFORMANCE, COST, SUSTAINABILITY = "performance efficiency", "cost optimization", "sustainability"
PILLARS = (OPERATIONS, SECURITY, RELIABILITY, PERFORMANCE, COST, SUSTAINABILITY)

# Decisions that close no gap: table -> output and the values that leave things as they are.
LEAVES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "replication": ("replication", ("none",)),
    "object_lock": ("mode", ("none",)),
    "vault_lock": ("lock", ("none",)),
    "logging": ("objects", ("none",)),
    "iam": ("separation", ("role",)),
    "dlm": ("every_hours", ("none",)),
    "backup_plan": ("plan", ("none",)),
    "encryption": ("mode", ("aws-owned", "aws-managed")),
}
CUSTOMER_TABLES = ("trail",)  # decided once, and always with a trail

Finding = dict[str, Any]


@dataclass(frozen=True)
class WorkloadPart:
    """One workload of the design: its facts, what the tables decided, its recovery entries, and USD a month (None: a price is unknown)."""

    facts: WorkloadFacts
    decisions: Decisions
    recovery: tuple[Mapping[str, Any], ...]
    monthly: Decimal | None = None

    @property
    def key(self) -> str:
        return self.facts.key


@dataclass(frozen=True)
class FindingParts:
    """What `evaluate` knows when the findings are made.

    `monthly` is USD a month of the whole design, `unknown` the prices that are not known (`REGION/ITEM`). `monthly_with` gives the monthly
    cost with one answer changed: (question, value, index of the workload or None). So the answers that save most are found; None leaves
    them out. `resources` are those of the design, for quotas, `conflicts` the demands that stand against each other.
    """

    customer: CustomerFacts
    workloads: tuple[WorkloadPart, ...]
    monthly: Decimal | None
    unknown: tuple[str, ...]
    book: PriceBook
    monthly_with: Callable[[str, Any, int | None], Decimal | None] | None = None
    resources: tuple[Mapping[str, Any], ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @cached_property
    def _by_key(self) -> dict[str, WorkloadPart]:
        return {part.key: part for part in self.workloads}

    @cached_property
    def by_name(self) -> dict[str, WorkloadPart]:
        return {part.facts.name: part for part in self.workloads}

    def part(self, key: str) -> WorkloadPart:
        return self._by_key[key]

    def setting(self, tables: Iterable[str], key: str | None = None) -> str | None:
        """The first of the tables that decided something here: for one workload, or for any."""
        parts = [self.part(key)] if key else self.workloads
        return next((name for name in tables if any(name in part.decisions.hits for part in parts)), None)

    def closing(self, tables: Iterable[str]) -> str | None:
        """The first of the tables that decided for something here, in any workload; None where each leaves things as they are."""
        return next((name for name in tables if name in CUSTOMER_TABLES or any(closes(part, name) for part in self.workloads)), None)


def closes(part: WorkloadPart, table: str) -> bool:
    """Whether a table was asked about the workload and did not leave it as it is."""
    output, nothing = LEAVES.get(table, ("", ()))
    return table in part.decisions.hits and (not output or part.decisions.value(table, output) not in nothing)


def joined(parts: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def finding(
    check: str, severity: str, pillar: str, workload: str | None, sentence: str, fix: str, answers: Iterable[str], setting: str | None
) -> Finding:
    """One entry of design.json's `findings`."""
    return {
        "check": check,
        "severity": severity,
        "pillar": pillar,
        "workload": workload,
        "sentence": sentence,
        "fix": fix,
        "answers": list(answers),
        "setting": setting,
    }


def ordered(findings: Iterable[Finding], keys: Iterable[str]) -> list[Finding]:
    """By severity, then the customer's before each workload's in their order, then check. The same check is told once for a workload."""
    place: dict[str | None, int] = {None: -1, **{key: index for index, key in enumerate(keys)}}
    first: dict[tuple[str, str | None], Finding] = {}
    for one in findings:
        first.setdefault((one["check"], one["workload"]), one)
    return sorted(first.values(), key=lambda f: (SEVERITIES.index(f["severity"]), place[f["workload"]], f["check"]))
