"""Workloads that share a tag share one policy, which keeps each kind of copy as long as any of them asks; here is whom that hurts."""

from __future__ import annotations

from collections.abc import Iterator

from recommendations.backups import in_vault
from recommendations.facts import kept_days
from recommendations.findings_model import SECURITY, Finding, FindingParts, WorkloadPart, finding
from recommendations.places import home


def shared_tags(parts: FindingParts) -> Iterator[Finding]:
    """A workload whose copies outlive its record class because another one with its tag keeps them longer."""
    groups: dict[object, list[WorkloadPart]] = {}
    for part in parts.workloads:
        vault = in_vault(part.decisions)
        if vault or part.decisions.value("dlm", "every_hours") != "none":
            groups.setdefault((vault, home(part.facts, parts.customer), part.facts.tag), []).append(part)
    for members in groups.values():
        longest = max(members, key=_days)
        for part in members:
            most = part.facts.class_max_days
            if part is not longest and most is not None and max(most, _days(part)) < _days(longest):
                yield _finding(part, longest, most)


def _finding(part: WorkloadPart, longest: WorkloadPart, most: int) -> Finding:
    sentence = (
        f"Its tag {'='.join(part.facts.tag)} is also that of {longest.facts.name}, so its copies live {_days(longest)} days;"
        f" its record class ends after {most}."
    )
    table = "backup_plan" if in_vault(part.decisions) else "dlm"
    answers = ("wl_tags", "wl_retain", "wl_class")
    return finding("tag-shared-with-longer", "high", SECURITY, part.key, sentence, "Give it a tag of its own.", answers, table)


def _days(part: WorkloadPart) -> int:
    """How far back its longest-lived copies reach."""
    return max((kept_days(kind, count) for kind, count in part.facts.copies.items()), default=0)
