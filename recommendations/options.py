"""Cheap, balanced and strict for the whole engagement, side by side: three designs, judged by the promises as they were answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from assessment.answer_tree import AnswerTree, Scope
from assessment.engagement import Answer, Engagement
from assessment.quantities import parse_duration, write_duration
from assessment.questionnaire import load_questionnaire
from recommendations.design import Design
from recommendations.evaluate import evaluate
from recommendations.findings_model import PILLARS, SEVERITIES
from recommendations.option_moves import ALL, CHEAP, STRICT, Move
from recommendations.overrides import OverrideErrors, by_workload, overrides_of
from recommendations.prices import PriceBook, load_price_book
from recommendations.resources.key_count import KeyCount
from recommendations.tables import RulePack, load_rule_pack
from recommendations.what_if import decided, key_bill, total

Name = Literal["cheap", "balanced", "strict"]
TITLES: Mapping[Name, str] = {"cheap": "Cheap", "balanced": "Balanced", "strict": "Strict"}
TEXTS: Mapping[Name, str] = {
    "cheap": "Needs of everything that is not mission-critical are loosened, as far as retention, residency, locks and regimes allow.",
    "balanced": "As answered: the design.",
    "strict": "Every need is tightened to what its tier usually asks for; nothing is loosened.",
}
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """A move with the number of workloads that it changed (None: an answer of the customer)."""

    move: Move
    workloads: int | None


@dataclass(frozen=True)
class Kept:
    """A move that a regime did not allow: USD a month that it would save, and the controls (regime, control) that it would cost."""

    move: Move
    saves: Decimal | None
    controls: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Option:
    """One option: its design and the moves that made it; `kept` are moves that a regime did not allow."""

    name: Name
    design: Design
    taken: tuple[Taken, ...]
    kept: tuple[Kept, ...] = ()


def options_of(
    engagement: Engagement, rule_pack: RulePack | None = None, price_book: PriceBook | None = None, balanced: Design | None = None
) -> tuple[Option, Option, Option]:
    """The three options, cheap first. `balanced` saves one evaluation where the design is at hand."""
    maker = Maker(engagement, rule_pack or load_rule_pack(), price_book or load_price_book(), balanced)
    return maker.cheap(), Option("balanced", maker.balanced, ()), maker.option("strict", STRICT)


class Maker:
    """Makes the options of one engagement."""

    def __init__(self, engagement: Engagement, pack: RulePack, book: PriceBook, balanced: Design | None) -> None:
        self.engagement, self.pack, self.book = engagement, pack, book
        self.balanced = balanced or evaluate(engagement, pack, book)
        self.overrides = overrides_of(self.balanced.document)

    def option(self, name: Name, moves: Sequence[Move], kept: tuple[Kept, ...] = ()) -> Option:
        """The design with these moves."""
        changed, taken = moved(self.engagement, name, moves)
        return Option(name, self.evaluated(changed) if taken else self.balanced, taken, kept)

    def evaluated(self, engagement: Engagement) -> Design:
        """A design with the overrides of the balanced one; without them where the changed answers refuse one."""
        try:
            return evaluate(engagement, self.pack, self.book, self.overrides)
        except OverrideErrors:
            return evaluate(engagement, self.pack, self.book)

    def cheap(self) -> Option:
        """Only moves that save something, and none that loses a control which the balanced design meets: the dearest such goes first."""
        moves = self.saving(CHEAP)
        found = self.option("cheap", moves)
        met, kept = controls(self.balanced.document), []
        for move in moves:
            lost = met - controls(found.design.document)
            if not lost:
                break
            other = self.option("cheap", [one for one in moves if one is not move])
            regained = lost & controls(other.design.document)
            if regained:
                moves = [one for one in moves if one is not move]
                kept.append(Kept(move, difference(other.design, found.design), tuple(sorted(regained))))
                found = other
        moves = self.saving(moves) if kept else moves
        return self.option("cheap", moves, tuple(kept))

    def saving(self, moves: Sequence[Move]) -> list[Move]:
        """The moves without those that the others make no cheaper; all of them where a price is unknown."""
        left = [move for move in moves if moved(self.engagement, "cheap", [move])[1]]
        cost = self.monthly(left)
        for move in list(left):
            others = [one for one in left if one is not move]
            other = self.monthly(others)
            if cost is not None and other is not None and other <= cost:
                left, cost = others, other
        return left

    def monthly(self, moves: Sequence[Move]) -> Decimal | None:
        """USD a month with these moves, without making resources and findings."""
        changed, _ = moved(self.engagement, "cheap", moves)
        whole = decided(AnswerTree(load_questionnaire(), changed), self.pack, self.book, by_workload(self.overrides))
        keys = KeyCount(whole.customer, whole.parts).regions()
        return total([*(bill.design for bill in whole.bills), key_bill(keys, self.book)])


def difference(dearer: Design, cheaper: Design) -> Decimal | None:
    """USD a month between two designs."""
    amounts = [one.document["costs"]["monthly_design"] for one in (dearer, cheaper)]
    return None if None in amounts else Decimal(amounts[0]) - Decimal(amounts[1])


def controls(document: Document) -> set[tuple[str, str]]:
    """The controls of the selected regimes that a design meets."""
    regimes = document["compliance"]["regimes"]
    return {(one["regime"], control["control"]) for one in regimes for control in one["controls"] if control["status"] == "met"}


def moved(engagement: Engagement, name: Name, moves: Sequence[Move]) -> tuple[Engagement, tuple[Taken, ...]]:
    """The engagement with the moves made, in order, and those that changed something. A question that is not asked is left alone."""
    taken: list[Taken] = []
    for move in moves:
        tree = AnswerTree(load_questionnaire(), engagement)
        if load_questionnaire().question(move.question).scope == "customer":
            value = moved_value(tree.customer, name, move)
            if value is not None:
                engagement = replace(engagement, answers={**engagement.answers, move.question: Answer("stated", value)})
                taken.append(Taken(move, None))
            continue
        values = [moved_value(scope, name, move) for scope in tree.workloads]
        workloads = tuple(
            one if value is None else replace(one, answers={**one.answers, move.question: Answer("stated", value)})
            for one, value in zip(engagement.workloads, values, strict=True)
        )
        count = sum(value is not None for value in values)
        if count:
            engagement = replace(engagement, workloads=workloads)
            taken.append(Taken(move, count))
    return engagement, tuple(taken)


def moved_value(scope: Scope, name: Name, move: Move) -> Any:
    """The new value of an answer; None where it stays."""
    value = scope.value(move.question)
    tier = scope.value("wl_tier") if scope.key else None
    if not scope.visible(move.question) or (tier is not None and tier not in move.tiers) or shortens(scope, move):
        return None
    if move.adds:
        return (*value, *(one for one in move.adds if one not in value)) if value and not set(move.adds) <= set(value) else None
    if move.bounds:
        return bounded(value, move.bounds.get(tier or ""), name)
    return move.becomes.get(value) if isinstance(value, str) else None


def shortens(scope: Scope, move: Move) -> bool:
    """Whether denser copies would be kept for less long: weekly ones stay for four weeks where no number of copies is asked for."""
    if move.question not in ("wl_rpo", "wl_freq", "wl_region_rpo"):
        return False
    asked = scope.value("wl_retain") or {}
    weekly = scope.value("wl_freq") == "weekly" or (scope.value("wl_freq") is None and scope.value("wl_rpo") >= timedelta(days=7))
    return weekly and not asked.get("daily") and not asked.get("weekly")


def bounded(value: Any, bound: str | None, name: Name) -> timedelta | None:
    """A duration that is too short for the cheap option, or too long for the strict one, at its bound."""
    if bound is None or not isinstance(value, timedelta):
        return None
    limit = parse_duration(bound)
    beyond = value < limit if name == "cheap" else value > limit
    return limit if beyond else None


def options_document(options: Sequence[Option]) -> dict[str, Any]:
    """The options as plain data, for pages, documents and `manage.py options`. Promises are those of the balanced design."""
    balanced = next(one for one in options if one.name == "balanced").design.document
    return {
        "schema": "stowplan/options/1",
        "horizon_months": balanced["costs"]["horizon_months"],
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
