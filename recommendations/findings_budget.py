"""The design against the budget, and the answers whose change would save most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from assessment.answer_tree import AnswerTree, Scope
from recommendations.costs import cents
from recommendations.findings_model import COST, Finding, FindingParts, finding

# Answers that are a choice (not a fact of the data): question -> (cheaper value, how it is told). A value of None halves the counts.
CUSTOMER_CHOICES: Mapping[str, tuple[Any, str]] = {
    "sec_log": ("management", "management events only in the log"),
    "cmp_immutable": ("none", "no locked copies"),
}
WORKLOAD_CHOICES: Mapping[str, tuple[Any, str]] = {
    "wl_xregion": ("not-needed", "no copy in another Region"),
    "wl_versions": (0, "no old versions"),
    "wl_latency": ("up-to-48h", "old data opens within 48 hours"),
    "wl_retain": (None, "half as many copies"),
    "wl_freq": ("daily", "a backup a day"),
}
SHOWN = 3


def over_budget(tree: AnswerTree, parts: FindingParts) -> Iterator[Finding]:
    """A finding when the design costs more than bud_month; nothing where a price is unknown (findings_design tells that)."""
    budget = tree.customer.value("bud_month")
    if budget is None or parts.monthly is None or parts.monthly <= budget:
        return
    best = savings(tree, parts, parts.monthly)[:SHOWN]
    over = cents(parts.monthly - budget)
    told = "; ".join(f"{label} (USD {cents(saved):,})" for saved, label, _ in best)
    sentence = f"The design costs USD {cents(parts.monthly):,} a month, USD {over:,} above the budget"
    sentence += f"; these answers save most: {told}." if best else "."
    severity = "critical" if tree.customer.value("bud_hard") else "high"
    fix = "Change one of these answers, or raise the budget." if best else "Raise the budget, or keep less."
    dearest = max(parts.workloads, key=lambda part: part.monthly or 0, default=None)
    if dearest and dearest.monthly:
        fix += f" The dearest workload is {dearest.facts.name} (USD {cents(dearest.monthly):,})."
    answers = dict.fromkeys(["bud_month", "bud_hard", *(question for _, _, question in best)])
    yield finding("over-budget", severity, COST, None, sentence, fix, answers, None)


def savings(tree: AnswerTree, parts: FindingParts, monthly: Decimal) -> list[tuple[Decimal, str, str]]:
    """(USD a month, what would change, question) of every choice that saves something, largest first."""
    if parts.monthly_with is None:
        return []
    found = []
    for question, value, index, label in alternatives(tree):
        cost = parts.monthly_with(question, value, index)
        if cost is not None and monthly - cost >= Decimal("0.01"):
            found.append((monthly - cost, label, question))
    return sorted(found, key=lambda one: (-one[0], one[1]))


def alternatives(tree: AnswerTree) -> Iterator[tuple[str, Any, int | None, str]]:
    """(question, cheaper value, index of the workload or None, how it is told) for each choice that is asked and not made already."""
    for question, (value, label) in CUSTOMER_CHOICES.items():
        if differs(tree.customer, question, value):
            yield question, value, None, label
    for index, scope in enumerate(tree.workloads):
        for question, (value, label) in WORKLOAD_CHOICES.items():
            cheaper = halved(scope) if value is None else value
            if cheaper is not None and differs(scope, question, cheaper):
                yield question, cheaper, index, f"{label} for {scope.name}"


def differs(scope: Scope, question: str, value: Any) -> bool:
    return scope.visible(question) and scope.value(question) not in (None, value)


def halved(scope: Scope) -> dict[str, int] | None:
    """The counts of copies, each halved and rounded up."""
    counts = scope.value("wl_retain") or {}
    return {kind: -(-count // 2) for kind, count in counts.items()} or None
