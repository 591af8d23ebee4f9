"""The `findings` of design.json: what does not fit, what hurts today, what the design does not meet; each with what closes it."""

from __future__ import annotations

from collections.abc import Iterator

from assessment.answer_tree import AnswerTree
from assessment.checks import run_checks
from recommendations.findings_budget import over_budget
from recommendations.findings_conflicts import conflict_findings, refer
from recommendations.findings_design import design_findings
from recommendations.findings_gaps import customer_gaps
from recommendations.findings_model import PERFORMANCE, RELIABILITY, SECURITY, Finding, FindingParts, WorkloadPart, finding, ordered
from recommendations.findings_quotas import quotas
from recommendations.findings_shared import shared_policies, shared_tags
from recommendations.findings_workloads import workload_gaps

__all__ = ["FindingParts", "WorkloadPart", "findings_of"]

SCHEDULES = ("dlm", "backup_plan", "database_path", "protection")
# Checks that need the answers alone: pillar, and tables whose setting is touched. `dependency-chain` is computed from the design.
BEFORE: dict[str, tuple[str, tuple[str, ...]]] = {
    "frequency-longer-than-rpo": (RELIABILITY, SCHEDULES),
    "rto-without-reserve": (RELIABILITY, ("dr_strategy",)),
    "latency-slower-than-rto": (PERFORMANCE, ("storage_class",)),
    "retention-against-class": (SECURITY, ("storage_class", "dlm", "backup_plan")),
    "strict-lock-with-erasure": (SECURITY, ("object_lock", "vault_lock")),
    "dr-region-outside-residency": (SECURITY, ("replication",)),
    "daily-change-exceeds-window": (PERFORMANCE, ("protection",)),
    "event-without-copy": (RELIABILITY, ("replication", "iam")),
    "error-budget": (RELIABILITY, ("dr_strategy",)),
}


def findings_of(tree: AnswerTree, parts: FindingParts) -> list[Finding]:
    """All findings, ordered by severity, then workload (the customer's first), then check. Nothing depends on today's date."""
    found = [
        *before(tree, parts),
        *design_findings(tree, parts),
        *over_budget(tree, parts),
        *quotas(parts),
        *shared_tags(parts),
        *shared_policies(parts),
        *customer_gaps(tree, parts),
        *workload_gaps(tree, parts),
        *conflict_findings(parts),
    ]
    refer(found, parts.conflicts)
    return ordered(found, (part.key for part in parts.workloads))


def before(tree: AnswerTree, parts: FindingParts) -> Iterator[Finding]:
    """The questionnaire's checks of the answers, with pillar and setting."""
    for one in run_checks(tree):
        if one.check in BEFORE:
            pillar, tables = BEFORE[one.check]
            setting = parts.setting(tables, one.workload)
            yield finding(one.check, one.severity, pillar, one.workload, one.sentence, one.fix, one.answers, setting)
