"""Cheap, balanced and strict for the whole engagement, side by side: three designs, judged by the promises as they were answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from assessment.answer_tree import AnswerTree, Scope
from assessment.engagement import Answer, Engagement
from assessment.quantities import parse_duration
from assessment.questionnaire import load_questionnaire
from recommendations.design import Design
from recommendations.evaluate import evaluate
from recommendations.option_moves import CHEAP, STRICT, Move
from recommendations.override_guards import checked
from recommendations.overrides import Override, OverrideErrors, by_workload, overrides_of
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
    """One option: its design and the moves that made it; `kept` are moves that a regime did not allow, `without` the overrides of the
    balanced design that these moves refuse.
    """

    name: Name
    design: Design
    taken: tuple[Taken, ...]
    kept: tuple[Kept, ...] = ()
    without: tuple[Override, ...] = ()


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
        if not taken:
            return Option(name, self.balanced, taken, kept)
        held = self.held(changed)
        without = tuple(one for one in self.overrides if one not in held)
        return Option(name, evaluate(changed, self.pack, self.book, held), taken, kept, without)

    def held(self, engagement: Engagement) -> tuple[Override, ...]:
        """The overrides of the balanced design that changed answers do not refuse."""
        left = self.overrides
        while left:
            try:
                checked(AnswerTree(load_questionnaire(), engagement), left, self.pack, self.book)
            except OverrideErrors as error:
                refused = {one.line - 1 for one in error.problems}
                left = tuple(one for place, one in enumerate(left) if place not in refused)
            else:
                break
        return left

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
        whole = decided(AnswerTree(load_questionnaire(), changed), self.pack, self.book, by_workload(self.held(changed)))
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
