"""Maturity of each pillar, today and with the design, on a scale of 0 to 5.

A practice is there for all, some or none of what it concerns and counts as 1, 1/2 or 0; a pillar is five times the weighted mean. Careful
on both sides: an answer counts only where it was stated, so what is unknown or assumed today counts as not there, and a finding that no
setting closes keeps its practice from being there afterwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from assessment.answer_tree import AnswerTree, Scope
from assessment.unary import UnaryTest, holds
from recommendations.compliance.facts import Document, Seen, seen_of
from recommendations.maturity.practices_file import Pillar, Practice, Practices, Tests, load_practices

TOP = 5
SHOWN = 5  # keys of workloads or resources listed for one practice; more are counted
WORTH = {"none": Decimal(0), "some": Decimal("0.5"), "all": Decimal(1)}
CUSTOMER = ""  # stands for the customer among keys of workloads

Open = Mapping[str, Sequence[str]]


def maturity_of(
    tree: AnswerTree, document: Document, seen: dict[str, Seen] | None = None, practices: Practices | None = None
) -> list[dict[str, Any]]:
    """design.json's `pillars`: [{pillar, before, after, stated, practices: [{id, label, source, weight, before, after, evidence}]}].

    `document` is the design's plain data with its findings; `seen` holds facts that were looked at already and takes new ones.
    """
    practices = practices or load_practices()
    return Judge(tree, document, {} if seen is None else seen, practices).pillars()


class Judge:
    """One engagement and its design against the practices."""

    def __init__(self, tree: AnswerTree, document: Document, seen: dict[str, Seen], practices: Practices) -> None:
        self.tree, self.document, self.seen, self.practices = tree, document, seen, practices
        self.today, self.open = self.sorted_findings()

    def sorted_findings(self) -> tuple[Open, Open]:
        """Check -> keys of the workloads concerned (CUSTOMER: everything): what is wrong today, and what stays wrong with the design."""
        today: dict[str, list[str]] = defaultdict(list)
        still: dict[str, list[str]] = defaultdict(list)
        for one in self.document["findings"]:
            of_the_design = one["check"] in self.practices.of_the_design
            key = one["workload"] or CUSTOMER
            if not of_the_design:
                today[one["check"]].append(key)
            if of_the_design or one["setting"] is None:
                still[one["check"]].append(key)
        return today, still

    def pillars(self) -> list[dict[str, Any]]:
        return [self.pillar(one) for one in self.practices.pillars]

    def pillar(self, pillar: Pillar) -> dict[str, Any]:
        found = [self.practice(one) for one in pillar.practices]
        rating = (self.tree.customer.value("mat_pillars") or {}).get(pillar.area, {})
        return {
            "pillar": pillar.pillar,
            "before": score(found, "before"),
            "after": score(found, "after"),
            "stated": rating.get("level"),
            "practices": found,
        }

    def practice(self, practice: Practice) -> dict[str, Any]:
        before, _ = self.judged(practice.before, practice.findings, self.today)
        after, lacking = self.judged(practice.after, practice.findings, self.open)
        names = dict.fromkeys([*practice.before, *practice.after])
        evidence = {
            "answers": [name for name in names if name in self.tree.questionnaire.questions],
            "facts": [name for name in practice.after if name not in self.tree.questionnaire.questions],
            "findings": [name for name in practice.findings if name in self.today or name in self.open],
            "open": [name for name in practice.findings if name in self.open],
            "lacking": lacking[:SHOWN],
            "lacking_count": len(lacking),
        }
        head = {"id": practice.id, "label": practice.label, "source": practice.source, "weight": practice.weight}
        return {**head, "before": before, "after": after, "evidence": evidence}

    def judged(self, tests: Tests, checks: Iterable[str], findings: Open) -> tuple[str, list[str]]:
        """none, some or all; and the keys of what lacks it."""
        if not tests:
            return "none", []
        parts = [part for name, test in tests.items() if (part := self.part(name, test)) is not None]
        state = least(parts, [one.value for one in parts])
        denied = dict.fromkeys(key for check in checks for key in findings.get(check, ()))
        if CUSTOMER in denied:
            # What a finding denies as a whole is there in part at best, and only where workloads have it.
            state = "some" if state != "none" and any(key for one in parts for key in one.holds) else "none"
        elif denied and len(denied) >= len(self.tree.workloads):
            state = "none"
        elif denied and state == "all":
            state = "some"
        lacking = dict.fromkeys([*(key for one in parts for key in one.lacking), *(key for key in denied if key)])
        return state, list(lacking)

    def part(self, name: str, test: UnaryTest) -> Seen | None:
        """none, some or all of one test; None where it concerns nothing of this customer."""
        question = self.tree.questionnaire.questions.get(name)
        if question is None:
            return self.fact(name, test)
        if question.scope == "customer":
            fine = stated(self.tree.customer, name, test)
            return Seen("all" if fine else "none", (CUSTOMER,) if fine else ())
        asked = [scope for scope in self.tree.workloads if scope.visible(name)]
        return shared((scope.key, stated(scope, name, test)) for scope in asked) if asked else None

    def fact(self, name: str, test: UnaryTest) -> Seen | None:
        seen = seen_of(name, self.document, self.seen)
        if holds(test, seen.value):
            return Seen("all", seen.holds)
        if not seen.holds and not seen.lacking:
            return None
        return Seen("some" if seen.holds and seen.lacking else "none", seen.holds, seen.lacking)


def stated(scope: Scope, question: str, test: UnaryTest) -> bool:
    """Whether the customer stated it, and it holds."""
    return scope.state(question) == "stated" and holds(test, scope.value(question))


def shared(pairs: Iterator[tuple[str, bool]]) -> Seen:
    found = list(pairs)
    yes, no = tuple(key for key, has in found if has), tuple(key for key, has in found if not has)
    return Seen("all" if not no else "some" if yes else "none", yes, no)


def least(parts: Sequence[Seen], values: Sequence[str]) -> str:
    """All where every part is; none where none is, or where there is nothing to look at; else some."""
    if not parts or set(values) == {"none"}:
        return "none"
    return "all" if set(values) == {"all"} else "some"


def score(practices: Sequence[Mapping[str, Any]], when: str) -> str:
    """The weighted mean of the practices on the scale, with one decimal."""
    total = sum(one["weight"] for one in practices)
    reached = sum((WORTH[one[when]] * one["weight"] for one in practices), Decimal(0))
    return str((TOP * reached / total).quantize(Decimal("0.1"), ROUND_HALF_EVEN))
