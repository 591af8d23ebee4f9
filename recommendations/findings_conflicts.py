"""Findings of demands that stand against each other, and the reference from findings that were there already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recommendations.conflicts import Conflict
from recommendations.findings_model import Finding, FindingParts, finding

FIX = "Choose one of the options that stand with the conflict, and keep the decision with the approval."


def conflict_findings(parts: FindingParts) -> Iterator[Finding]:
    """One finding for each kind of conflict that no other check tells."""
    kinds: dict[str, list[Conflict]] = {}
    for one in parts.conflicts:
        if one.check == one.id:
            kinds.setdefault(one.id, []).append(one)
    for check, found in kinds.items():
        text = found[0].text
        subjects = ", ".join(one.fill["subject"] for one in found if "subject" in one.fill)
        sentence = found[0].sentence if len(found) == 1 else f"{text.title}, in {len(found)} cases{f': {subjects}' if subjects else ''}."
        yield finding(check, text.severity, text.pillar, None, sentence, FIX, text.answers, None)


def refer(findings: Iterable[Finding], conflicts: Iterable[Conflict]) -> None:
    """Names the conflict in each finding that tells of one."""
    kinds = {one.check: one.id for one in conflicts}
    for one in findings:
        if one["check"] in kinds:
            one["conflict"] = kinds[one["check"]]
