"""The options as plain data: figures side by side, and the settings that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from assessment.quantities import parse_duration, write_duration
from recommendations.findings_model import PILLARS, SEVERITIES
from recommendations.option_moves import ALL
from recommendations.options import TEXTS, TITLES, Document, Kept, Name, Option


def options_document(options: Sequence[Option]) -> dict[str, Any]:
    """The options as plain data, for pages, documents and `manage.py options`. Promises are those of the balanced design."""
    balanced = next(one for one in options if one.name == "balanced").design.document
    return {
        "schema": "stowplan/options/1",
        "horizon_months": balanced["costs"]["horizon_months"],
        "overrides": len(balanced.get("overrides", ())),
        "options": [option_document(one, balanced) for one in options],
        "settings": differing({one.name: one.design.document for one in options}),
    }


def option_document(option: Option, balanced: Document) -> dict[str, Any]:
    document = option.design.document
    rows = judged(document, balanced)
    severities = Counter(one["severity"] for one in document["findings"])
    pillars = Counter(one["pillar"] for one in document["findings"])
    return {
        "option": option.name,
        "title": TITLES[option.name],
        "text": TEXTS[option.name],
        "moves": [{"question": one.move.question, "told": one.move.told, "workloads": one.workloads} for one in option.taken],
        "kept": [kept_document(one, balanced) for one in option.kept],
        "without": without_document(option, balanced),
        "monthly": document["costs"]["monthly_design"],
        "months": months(document),
        "asked": 2 * len(rows),
        "met": sum(row["rpo_met"] + row["rto_met"] for row in rows),
        "tiers": tiers(rows),
        "findings": {name: severities[name] for name in SEVERITIES},
        "pillars": {name: pillars[name] for name in PILLARS},
        "resources": len(document["resources"]),
        "digest": option.design.digest,
    }


def without_document(option: Option, balanced: Document) -> list[dict[str, str]]:
    """The overrides that do not hold in an option, since its answers refuse them: workload and setting in words."""
    names = {one["key"]: one["name"] for one in balanced["workloads"]}
    left = {(one.workload, one.setting, one.value) for one in option.without}
    rows = [one for one in balanced.get("overrides", ()) if (one["workload"], one["setting"], one["value"]) in left]
    return [{"workload": names[one["workload"]], "label": one["label"], "display": one["display"]} for one in rows]


def kept_document(kept: Kept, balanced: Document) -> dict[str, Any]:
    """A move that was not made: what it would save, and the controls in words that it would cost."""
    titles = {
        (one["regime"], control["control"]): f"{one['title']}: {control['title']}"
        for one in balanced["compliance"]["regimes"]
        for control in one["controls"]
    }
    saves = None if kept.saves is None else str(kept.saves)
    controls = [titles[one] for one in kept.controls]
    return {"question": kept.move.question, "told": kept.move.told, "saves": saves, "controls": controls}


def months(document: Document) -> str | None:
    """USD over the whole horizon; None where a price is unknown."""
    amounts = [month["design"] for month in document["costs"]["months"]]
    return None if any(one is None for one in amounts) else str(sum((Decimal(one) for one in amounts), Decimal(0)))


def judged(document: Document, balanced: Document) -> list[dict[str, Any]]:
    """The recovery of a design after the events of the balanced one, held to its targets."""
    own = {(w["key"], row["disruption"]): row for w in document["workloads"] for row in w["recovery"]}
    return [
        {
            "tier": workload["tier"],
            "rpo": (found := own[workload["key"], row["disruption"]])["rpo"],
            "rto": found["rto"],
            "rpo_met": within(found["rpo"], row["rpo_target"]),
            "rto_met": within(found["rto"], row["rto_target"]),
        }
        for workload in balanced["workloads"]
        for row in workload["recovery"]
    ]


def within(value: str | None, target: str) -> bool:
    return value is not None and parse_duration(value) <= parse_duration(target)


def tiers(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The worst recovery time and loss of each tier; null where something is lost for good."""
    found = []
    for tier in ALL:
        own = [row for row in rows if row["tier"] == tier]
        if own:
            found.append({"tier": tier, **{figure: worst([row[figure] for row in own]) for figure in ("rto", "rpo")}})
    return found


def worst(values: Sequence[str | None]) -> str | None:
    known = [parse_duration(one) for one in values if one is not None]
    return write_duration(max(known)) if len(known) == len(values) else None


def differing(documents: Mapping[Name, Document]) -> list[dict[str, Any]]:
    """The settings that are not the same in all options: label, and what each option has how often where they differ."""
    shown = {name: displays(document) for name, document in documents.items()}
    labels = dict.fromkeys(label for one in shown.values() for label, _ in one)
    found = []
    for label in labels:
        places = dict.fromkeys(place for one in shown.values() for other, place in one if other == label)
        different = [place for place in places if len({one.get((label, place), "") for one in shown.values()}) > 1]
        if different:
            said = {name: [one.get((label, place), "not there") for place in different] for name, one in shown.items()}
            heads: dict[str, Any] = {name: counted([head(value) for value in values]) for name, values in said.items()}
            alike = all(one == heads["balanced"] for one in heads.values())
            values: dict[str, Any] = {name: counted(texts) for name, texts in said.items()} if alike else heads
            found.append({"label": label, "workloads": sum(place != "" for place in different), **values})
    return found


def displays(document: Document) -> dict[tuple[str, str], str]:
    """What each setting says, by label and workload key ("" for the customer)."""
    parts = [("", document), *((workload["key"], workload) for workload in document["workloads"])]
    return {(setting["label"], key): setting["display"] for key, part in parts for setting in part["settings"]}


def head(value: str) -> str:
    """What a setting says up to its first comma."""
    return value.split(";")[0].split(",")[0]


def counted(values: Sequence[str]) -> list[dict[str, Any]]:
    """Values with how often each occurs, the most frequent first."""
    return [{"value": value, "count": count} for value, count in sorted(Counter(values).items(), key=lambda one: (-one[1], one[0]))]
