"""Pillars, conflicts and compliance of a design in words, as documents show them. A design made before they existed has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import display
from reports.sentences import told
from reports.wording import number, tr

Plain = Mapping[str, Any]
THERE = {"all": "there", "some": "in part", "none": "not there"}
STATUS = {"met": "Supported", "not-met": "Not supported", "customer": "For the customer"}
LEVELS = ("not thought of", "ad hoc", "written", "automated", "measured and improved")


@dataclass(frozen=True)
class PracticeView:
    label: str
    source: str
    before: str
    after: str


@dataclass(frozen=True)
class PillarView:
    """One pillar: figures on the scale of 0 to 5, the customer's own rating in words or nothing, and its practices."""

    name: str
    before: str
    after: str
    stated: str
    practices: tuple[PracticeView, ...]


@dataclass(frozen=True)
class OptionView:
    label: str
    consequence: str
    monthly: str


@dataclass(frozen=True)
class ConflictView:
    title: str
    sentence: str
    design: str
    workloads: str
    options: tuple[OptionView, ...]


@dataclass(frozen=True)
class ControlView:
    """One control: `supports` says what of the design it rests on, and what lacks it."""

    title: str
    demand: str
    status: str
    word: str
    supports: tuple[str, ...]
    owed: str


@dataclass(frozen=True)
class RegimeView:
    regime: str
    title: str
    note: str
    counts: str
    source: str
    controls: tuple[ControlView, ...]


def pillars_of(document: Plain) -> tuple[PillarView, ...]:
    """The pillars in the framework's order."""
    return tuple(
        PillarView(
            display.words(tr(one["pillar"])),
            number(one["before"]),
            number(one["after"]),
            "" if one["stated"] is None else f"{one['stated']} {tr('of')} 4, {tr(LEVELS[one['stated']])}",
            tuple(
                PracticeView(tr(row["label"]), told(row["source"]), tr(THERE[row["before"]]), tr(THERE[row["after"]]))
                for row in one["practices"]
            ),
        )
        for one in document.get("pillars") or ()
    )


def conflicts_of(document: Plain, names: Mapping[str, str]) -> tuple[ConflictView, ...]:
    """The demands that stand against each other."""
    return tuple(
        ConflictView(
            told(one["title"]),
            told(one["sentence"]),
            told(one["design"]),
            listed(one["workloads"], one["workload_count"], names),
            tuple(
                OptionView(
                    told(o["label"]),
                    told(o["consequence"]),
                    tr("{cost} a month").format(cost=display.money_text(o["monthly"])) if o["monthly"] else display.NOTHING,
                )
                for o in one["options"]
            ),
        )
        for one in document.get("conflicts") or ()
    )


def listed(keys: list[str], count: int, names: Mapping[str, str], most: int = 8) -> str:
    """Names of workloads or keys of resources, the rest counted."""
    shown = ", ".join(names.get(key, key) for key in keys[:most])
    return tr("{names} and {count} more").format(names=shown, count=count - most) if count > most else shown


def regimes_of(document: Plain, names: Mapping[str, str]) -> tuple[RegimeView, ...]:
    """The selected rules with their controls."""
    return tuple(
        RegimeView(
            one["regime"],
            told(one["title"]),
            told(one["note"]),
            counted(one),
            sources(one),
            tuple(control_view(row, names) for row in one["controls"]),
        )
        for one in (document.get("compliance") or {}).get("regimes", ())
    )


def counted(regime: Plain) -> str:
    """`3 supported, 1 not supported, 2 for the customer`."""
    counts = Counter(one["status"] for one in regime["controls"])
    return ", ".join(f"{counts[status]} {tr(word.lower())}" for status, word in STATUS.items() if counts[status])


def sources(regime: Plain) -> str:
    """Where the controls come from, each source once."""
    return "; ".join(dict.fromkeys(told(one["source"]) for one in regime["controls"]))


def control_view(control: Plain, names: Mapping[str, str]) -> ControlView:
    return ControlView(
        told(control["title"]),
        told(control["demand"]),
        control["status"],
        tr(STATUS[control["status"]]),
        tuple(evidence_text(one, names) for one in control["evidence"]),
        told(control["owed"]),
    )


def evidence_text(one: Plain, names: Mapping[str, str]) -> str:
    """`Copies in another Region: some; lacking: Master archive.`"""
    value = one["value"]
    plain = {True: "yes", False: "no", None: "none"}.get(value, str(value)) if value is None or isinstance(value, bool) else str(value)
    lacks = not one["holds"] and one["lacking_count"]
    lacking = f"; {tr('lacking')}: {listed(one['lacking'], one['lacking_count'], names, 4)}" if lacks else ""
    return f"{told(one['label'])}: {told(plain)}{lacking}."
