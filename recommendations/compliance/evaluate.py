"""Which controls of the selected regimes a design supports, and what the customer still owes. Support, never a legal promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from assessment.unary import holds
from recommendations.compliance.facts import FACTS, Document, Seen, seen_of
from recommendations.compliance.packs_file import Control, Packs, load_packs

SHOWN = 20  # keys listed in one piece of evidence; more are counted
NO_PACK = {
    "local-law": "Local law differs by place; the customer's counsel names the demands.",
    "contract-only": "The demands stand in the customer's contracts.",
}


def compliance_of(
    document: Document, regimes: Iterable[str], packs: Packs | None = None, seen: dict[str, Seen] | None = None
) -> dict[str, Any]:
    """design.json's `compliance`: {version, hash, regimes: [{regime, title, note, controls}]}, regimes in the order they were named.

    `seen` holds facts that were looked at already and takes new ones.
    """
    packs = packs or load_packs()
    seen = {} if seen is None else seen
    found = [_regime(name, document, packs, seen) for name in regimes if name != "none"]
    return {"version": packs.version, "hash": packs.digest, "regimes": found}


def _regime(name: str, document: Document, packs: Packs, seen: dict[str, Seen]) -> dict[str, Any]:
    pack = packs.packs.get(name)
    if pack is None:
        return {"regime": name, "title": name.replace("-", " ").capitalize(), "note": NO_PACK.get(name, ""), "controls": []}
    controls = [_judged(control, document, seen) for control in pack.controls]
    return {"regime": name, "title": pack.title, "note": "", "controls": controls}


def _judged(control: Control, document: Document, seen: dict[str, Seen]) -> dict[str, Any]:
    evidence = [_evidence(name, control, document, seen) for name in control.tests]
    status = "customer" if not evidence else "met" if all(one["holds"] for one in evidence) else "not-met"
    return {
        "control": control.id,
        "title": control.title,
        "demand": control.demand,
        "status": status,
        "evidence": evidence,
        "owed": control.owed,
        "source": control.source,
    }


def _evidence(name: str, control: Control, document: Document, seen: dict[str, Seen]) -> Mapping[str, Any]:
    fact = FACTS[name]
    value = seen_of(name, document, seen)
    return {
        "fact": name,
        "label": fact.label,
        "setting": fact.setting,
        "value": value.value,
        "test": control.written[name],
        "holds": holds(control.tests[name], value.value),
        "having": list(value.holds[:SHOWN]),
        "having_count": len(value.holds),
        "lacking": list(value.lacking[:SHOWN]),
        "lacking_count": len(value.lacking),
    }
