"""Pillars, conflicts and compliance of a design as its pages show them. A design made before they existed shows none."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from recommendations.compliance.facts import FACTS

Document = Mapping[str, Any]
THERE = {"all": "there", "some": "in part", "none": "not there"}
STATUS = {"met": "Supported", "not-met": "Not supported", "customer": "For the customer"}
LEVELS = ("not thought of", "ad hoc", "written", "automated", "measured and improved")
SHOWN = 6  # names in one line; more are counted
SENTENCES = 3  # findings of one practice told in words; more are counted


def pillars_shown(document: Document, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each pillar with the customer's own rating in words and its practices: where they stand, and what they rest on."""
    sentences = by_check(document, names)
    return [
        {
            **one,
            "rating": None if one["stated"] is None else f"{one['stated']} of 4, {LEVELS[one['stated']]}",
            "practices": [practice_shown(row, sentences, names) for row in one["practices"]],
        }
        for one in document.get("pillars") or ()
    ]


def by_check(document: Document, names: Mapping[str, str]) -> dict[str, list[str]]:
    """What the findings of each check say, with the workload in front."""
    found: dict[str, list[str]] = {}
    for one in document["findings"]:
        name = names.get(one["workload"] or "")
        found.setdefault(one["check"], []).append(f"{name}: {one['sentence']}" if name else one["sentence"])
    return found


def practice_shown(row: Mapping[str, Any], sentences: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> dict[str, Any]:
    evidence = row["evidence"]
    told = [sentence for check in evidence["open"] for sentence in sentences.get(check, ())]
    return {
        **row,
        "before_word": THERE[row["before"]],
        "after_word": THERE[row["after"]],
        "rests_on": [FACTS[name].label for name in evidence["facts"] if name in FACTS],
        "open": told[:SENTENCES],
        "open_more": max(0, len(told) - SENTENCES),
        "lacking": listed(evidence["lacking"], evidence["lacking_count"], names),
    }


def conflicts_shown(document: Document, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """The demands that stand against each other, with the names of the workloads concerned."""
    return [{**one, "concerned": listed(one["workloads"], one["workload_count"], names)} for one in document.get("conflicts") or ()]


def regimes_shown(document: Document) -> list[dict[str, Any]]:
    """The selected rules with their counts by status: {regime, title, note, counts: [(status, word, number)], controls}."""
    found = []
    for one in (document.get("compliance") or {}).get("regimes", ()):
        counts = Counter(control["status"] for control in one["controls"])
        found.append({**one, "counts": [(status, word, counts[status]) for status, word in STATUS.items() if counts[status]]})
    return found


def matrix(regime: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """One regime for its table: every control with its status in words and what in the design stands behind it."""
    controls = [
        {**one, "word": STATUS[one["status"]], "supports": [evidence_shown(row, names) for row in one["evidence"]]}
        for one in regime["controls"]
    ]
    sources = list(dict.fromkeys(one["source"] for one in regime["controls"]))
    return {**regime, "controls": controls, "sources": sources}


def evidence_shown(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    value = row["value"]
    if value is None or isinstance(value, bool):
        value = {True: "yes", False: "no", None: "none"}[value]
    lacks = "" if row["holds"] else listed(row["lacking"], row["lacking_count"], names)
    return {"label": row["label"], "value": value, "holds": row["holds"], "lacking": lacks}


def listed(keys: Sequence[str], count: int, names: Mapping[str, str]) -> str:
    """Names of workloads, or keys of resources, the rest counted."""
    shown = ", ".join(names.get(key, key) for key in keys[:SHOWN])
    return f"{shown} and {count - SHOWN} more" if count > SHOWN else shown
