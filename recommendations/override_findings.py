"""What a design says of its overrides: each with what it replaced and what it weakens, and a finding for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assessment.quantities import parse_duration
from recommendations.fact_fields import with_overrides
from recommendations.facts import CustomerFacts
from recommendations.findings_model import OPERATIONS, RELIABILITY, Finding, finding
from recommendations.overrides import RULE, label_of, plain_of, words_of
from recommendations.parts import Part, part_of
from recommendations.prices import PriceBook
from recommendations.recovery import recovery_of
from recommendations.settings import workload_settings
from recommendations.tables import RulePack


def override_documents(parts: Sequence[Part], customer: CustomerFacts, pack: RulePack, book: PriceBook) -> list[dict[str, Any]]:
    """design.json's `overrides`: fields of the override, its words, what the rules had said, and the objectives that it weakens."""
    return [row for part in parts if part.facts.overrides for row in _of_part(part, customer, pack, book)]


def _of_part(part: Part, customer: CustomerFacts, pack: RulePack, book: PriceBook) -> list[dict[str, Any]]:
    made = []
    after = recovery_of(part.facts, customer, part.decisions)
    for one in part.facts.overrides:
        others = tuple(other for other in part.facts.overrides if other != one)
        without = part_of(with_overrides(part.facts, others), customer, pack, book)
        before = recovery_of(without.facts, customer, without.decisions)
        setting = "storage_class" if one.setting == "expire" else one.setting
        ruled = next((each for each in workload_settings(without, customer) if each["table"] == setting), None)
        made.append(
            {
                **plain_of(one),
                "label": label_of(one.setting, pack),
                "display": words_of(one, pack),
                "instead_of": ruled["display"] if ruled else "",
                "rule": ruled["rule"] if ruled else RULE,
                "weakens": weakened(before, after),
            }
        )
    return made


def weakened(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[str]:
    """Objectives that come out worse, `DISRUPTION/rpo` or `/rto`."""
    rows = {row["disruption"]: row for row in before}
    return [
        f"{row['disruption']}/{figure}" for row in after for figure in ("rpo", "rto") if worse(rows[row["disruption"]][figure], row[figure])
    ]


def worse(before: str | None, after: str | None) -> bool:
    """Whether a figure got longer; None, no way back, is longest."""
    if before is None or after is None:
        return before is not None
    return parse_duration(after) > parse_duration(before)


def override_findings(documents: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """One finding for each override: high where it weakens an objective, else low."""
    return [
        finding(
            f"override-{one['setting'].replace('_', '-')}",
            "high" if one["weakens"] else "low",
            RELIABILITY if one["weakens"] else OPERATIONS,
            one["workload"],
            sentence(one),
            f"{one['owner']} confirms it again or takes it away by {one['expires']}.",
            (),
            None if one["setting"] == "expire" else one["setting"],
        )
        for one in documents
    ]


def sentence(one: Mapping[str, Any]) -> str:
    """What is overridden, and what it costs in recovery."""
    worse_off = [f"{figure.upper()} after {event}" for event, figure in (place.split("/") for place in one["weakens"])]
    weaker = f" It weakens {', '.join(worse_off)}." if worse_off else ""
    return f"Overridden by an architect: {one['label']}, {one['display']}. The rules say: {one['instead_of']}.{weaker}"
