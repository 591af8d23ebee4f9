"""Pillars, conflicts and compliance of a design in words, as documents show them. A design made before they existed has none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import display

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
            display.words(one["pillar"]),
            one["before"],
            one["after"],
            "" if one["stated"] is None else f"{one['stated']} of 4, {LEVELS[one['stated']]}",
            tuple(PracticeView(row["label"], row["source"], THERE[row["before"]], THERE[row["after"]]) for row in one["practices"]),
        )
        for one in document.get("pillars") or ()
    )


def conflicts_of(document: Plain, names: Mapping[str, str]) -> tuple[ConflictView, ...]:
    """The demands that stand against each other."""
    return tuple(
        ConflictView(
            one["title"],
            one["sentence"],
            one["design"],
            listed(one["workloads"], one["workload_count"], names),
            tuple(
                OptionView(o["label"], o["consequence"], f"{display.money_text(o['monthly'])} a month" if o["monthly"] else display.NOTHING)
                for o in one["options"]
            ),
        )
        for one in document.get("conflicts") or ()
    )


def listed(keys: list[str], count: int, names: Mapping[str, str], most: int = 8) -> str:
    """Names of workloads or keys of resources, the rest counted."""
    shown = ", ".join(names.get(key, key) for key in keys[:most])
    return f"{shown} and {count - most} more" if count > most else shown


def regimes_of(document: Plain, names: Mapping[str, str]) -> tuple[RegimeView, ...]:
    """The selected rules with their controls."""
    return tuple(
        RegimeView(
            one["regime"], one["title"], one["note"], counted(one), sources(one), tuple(control_view(row, names) for row in one["controls"])
        )
        for one in (document.get("compliance") or {}).get("regimes", ())
    )


def counted(regime: Plain) -> str:
    """`3 supported, 1 not supported, 2 for the customer`."""
    counts = Counter(one["status"] for one in regime["controls"])
    return ", ".join(f"{counts[status]} {word.lower()}" for status, word in STATUS.items() if counts[status])


def sources(regime: Plain) -> str:
    """Where the controls come from, each source once."""
    return "; ".join(dict.fromkeys(one["source"] for one in regime["controls"]))


def control_view(control: Plain, names: Mapping[str, str]) -> ControlView:
    return ControlView(
        control["title"],
        control["demand"],
        control["status"],
        STATUS[control["status"]],
        tuple(evidence_text(one, names) for one in control["evidence"]),
        control["owed"],
    )


def evidence_text(one: Plain, names: Mapping[str, str]) -> str:
    """`Copies in another Region: some; lacking: Master archive.`"""
    value = one["value"]
    told = {True: "yes", False: "no", None: "none"}.get(value, str(value)) if value is None or isinstance(value, bool) else str(value)
    lacks = not one["holds"] and one["lacking_count"]
    return f"{one['label']}: {told}" + (f"; lacking: {listed(one['lacking'], one['lacking_count'], names, 4)}" if lacks else "") + "."
