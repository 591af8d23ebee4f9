"""One workload of a design with some answers changed: its cost, recovery, settings and findings before and after. Nothing is stored.

Only this workload is decided, once with the design's answers and once with the changed ones; everything else is read from the design.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessment.answer_tree import AnswerTree, Scope
from assessment.engagement import Answer, Engagement, engagement_from_document
from assessment.questionnaire import Questionnaire, load_questionnaire
from recommendations.bills import Bills, bills_of
from recommendations.costs import growth_factor
from recommendations.decisions import Decisions
from recommendations.design import plain
from recommendations.evaluate import workload_document
from recommendations.fact_fields import customer_facts, workload_facts
from recommendations.facts import CustomerFacts
from recommendations.findings import FindingParts, WorkloadPart, findings_of
from recommendations.override_guards import checked
from recommendations.overrides import OverrideErrors, by_workload, overrides_of
from recommendations.parts import Part, part_of
from recommendations.prices import PriceBook, load_price_book
from recommendations.promise import Promise, promise_of
from recommendations.recovery import recovery_of
from recommendations.resources.key_count import KeyCount
from recommendations.tables import RulePack, load_rule_pack
from recommendations.trace import PARTS, OtherRules
from recommendations.what_if import BUCKETS_OF_DATA

Finding = Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """One workload as decided: its part of design.json, its findings, and its share of the cost (None: a price is unknown)."""

    part: Part
    bills: Bills
    document: Mapping[str, Any]
    findings: Sequence[Finding]

    @property
    def monthly(self) -> Decimal | None:
        return self.bills.design.total()

    def marks(self) -> list[bool]:
        """For each objective, data and time of each disruption one each, whether it is met."""
        return [bool(row[name]) for row in self.document["recovery"] for name in ("rpo_met", "rto_met")]

    def months(self, horizon: int) -> Decimal | None:
        """USD over `horizon` months, growth included."""
        monthly, rate = self.monthly, self.part.facts.growth * 100
        return None if monthly is None else sum((monthly * growth_factor(rate, month) for month in range(1, horizon + 1)), Decimal(0))


@dataclass(frozen=True)
class Alternative:
    """The workload before and after. `total` and `total_months`: USD of the whole design after the change, a month and over the horizon."""

    before: State
    after: State
    total: Decimal | None
    total_months: Decimal | None
    settings: tuple[Mapping[str, str], ...]
    new_findings: tuple[Finding, ...]
    gone_findings: tuple[Finding, ...]
    # Why overrides of the workload would be refused with the changed answers; the figures keep them.
    refused: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal | None:
        """USD a month that this workload costs more."""
        old, new = self.before.monthly, self.after.monthly
        return None if old is None or new is None else new - old

    @property
    def met_before(self) -> int:
        return sum(self.before.marks())

    @property
    def met_after(self) -> int:
        return sum(self.after.marks())

    @property
    def asked(self) -> int:
        return len(self.after.marks())


class Bench:
    """One workload of a design, taken out to be tried. Raises KeyError where it is not there, OtherRules for a design of other rules."""

    def __init__(
        self,
        document: Mapping[str, Any],
        key: str,
        questionnaire: Questionnaire | None = None,
        pack: RulePack | None = None,
        book: PriceBook | None = None,
    ) -> None:
        self.document, self.key = document, key
        self.questionnaire = questionnaire or load_questionnaire()
        self.pack, self.book = pack or load_rule_pack(), book or load_price_book()
        same_rules(document, self.questionnaire, self.pack, self.book)
        self.engagement = part_of_engagement(document, key, self.questionnaire)
        self.own = next(one for one in document["workloads"] if one["key"] == key)
        self.workload = self.engagement.workloads[-1]

    @cached_property
    def customer(self) -> CustomerFacts:
        """The customer's facts; the sizes of the other workloads are those of the design."""
        scope = Scope(self.questionnaire, self.engagement, None, None)
        plain = customer_facts(scope, self.engagement.customer, self.questionnaire.regions)
        sizes = sum(one["size_bytes"] for one in self.document["workloads"] if holds_data(one))
        return replace(plain, bucket_bytes=sizes, overrides=by_workload(overrides_of(self.document)))

    def scope(self, answers: Mapping[str, Any] | None = None) -> Scope:
        """The workload's answers, some replaced."""
        engagement = self.small(answers or {})
        return Scope(self.questionnaire, engagement, engagement.workloads[-1], Scope(self.questionnaire, engagement, None, None))

    def small(self, answers: Mapping[str, Any]) -> Engagement:
        """The engagement of this workload, behind those that it waits for."""
        stated = {name: Answer("stated", value) if value is not None else Answer("unknown") for name, value in answers.items()}
        changed = replace(self.workload, answers={**self.workload.answers, **stated})
        return replace(self.engagement, workloads=(*self.engagement.workloads[:-1], changed))

    @cached_property
    def part(self) -> Part:
        """The workload as designed."""
        return self.before.part

    @cached_property
    def before(self) -> State:
        return self.state({})

    def state(self, answers: Mapping[str, Any]) -> State:
        """The workload decided with some answers replaced."""
        facts = workload_facts(self.scope(answers), self.customer)
        part = part_of(facts, self.customer, self.pack, self.book)
        bills = bills_of(facts, self.customer, part.decisions, part.schedules, self.book)
        recovery = tuple(recovery_of(facts, self.customer, part.decisions))
        tree = AnswerTree(self.questionnaire, self.small(answers))
        shown = plain(workload_document(part, bills, recovery, self.customer))
        return State(part, bills, shown, plain(self.findings(tree, part, bills, recovery)))

    def findings(self, tree: AnswerTree, part: Part, bills: Bills, recovery: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
        """What is found about this workload; those it waits for only lend their targets. Conflicts of the whole design are left out."""
        waits = [WorkloadPart(workload_facts(scope, self.customer), Decisions({}), ()) for scope in tree.workloads[:-1]]
        own = WorkloadPart(part.facts, part.decisions, tuple(recovery), bills.design.total())
        found = findings_of(tree, FindingParts(self.customer, (*waits, own), None, (), self.book))
        return tuple(one for one in found if one["workload"] == self.key)

    def promise(self) -> Promise:
        """The front of this workload."""
        return promise_of(self.part, self.customer, self.pack, self.book)

    def changed(self, answers: Mapping[str, Any]) -> Alternative:
        """The workload with these answers (typed values; None takes one back to unknown)."""
        before, after = self.before, self.state(answers)
        known = {sentence(one) for one in before.findings}
        left = {sentence(one) for one in after.findings}
        monthly, months = self.totals(before, after)
        return Alternative(
            before,
            after,
            monthly,
            months,
            tuple(setting_changes(before.document["settings"], after.document["settings"])),
            tuple(one for one in after.findings if sentence(one) not in known),
            tuple(one for one in before.findings if sentence(one) not in left),
            tuple(self.refused(answers)),
        )

    def refused(self, answers: Mapping[str, Any]) -> list[str]:
        """What stands against the overrides of this workload once some answers are replaced."""
        own = self.customer.overrides.get(self.key, ())
        try:
            checked(AnswerTree(self.questionnaire, self.small(answers)), own, self.pack, self.book)
        except OverrideErrors as error:
            return [one.message for one in error.problems]
        return []

    def totals(self, before: State, after: State) -> tuple[Decimal | None, Decimal | None]:
        """USD of the whole design after the change, in the first month and over the horizon; None where a price is unknown."""
        costs = self.document["costs"]
        horizon = costs["horizon_months"]
        old, new, whole = before.monthly, after.monthly, costs["monthly_design"]
        old_months, new_months = before.months(horizon), after.months(horizon)
        keys = self.keys(before.part, after.part)
        if None in (old, new, whole, keys, old_months, new_months) or any(month["design"] is None for month in costs["months"]):
            return None, None
        so_far = sum((Decimal(month["design"]) for month in costs["months"]), Decimal(0))
        return Decimal(whole) - old + new + keys, so_far - old_months + new_months + keys * horizon  # type: ignore[operator]

    def keys(self, before: Part, after: Part) -> Decimal | None:
        """USD a month by which the keys of the design change: only keys that no other workload uses come or go."""
        old, new = (set(KeyCount(self.customer, [part]).uses) for part in (before, after))
        made = {(one["key"], one["region"]): one["workloads"] for one in self.document["resources"] if one["type"] == "AWS::KMS::Key"}
        delta = Decimal(0)
        for key in old ^ new:
            others = [user for user in made.get(key, ()) if user != self.key]
            if not others and not (key in old and key not in made):
                price = self.book.price(key[1], "kms/key_month")
                delta += price if key in new else -price
        return delta


def part_of_engagement(document: Mapping[str, Any], key: str, questionnaire: Questionnaire) -> Engagement:
    """The engagement with one workload, the last, behind those that it waits for, directly or not. Raises KeyError.

    Only these are read: an engagement may have thousands.
    """
    keys = [one["key"] for one in document["workloads"]]
    if key not in keys:
        raise KeyError(f"There is no workload {key!r} in this design.")
    rows = document["answers"]["workloads"]
    places = {row["name"]: place for place, row in enumerate(rows)}
    own = keys.index(key)
    found: set[int] = set()
    left = [own]
    while left:
        answer = rows[left.pop()]["answers"].get("wl_deps") or ()
        names = (answer.get("value") if isinstance(answer, Mapping) else answer) or ()
        new = [places[name] for name in names if places[name] not in found]
        found.update(new)
        left += new
    order = [*sorted(found - {own}), own]
    read = engagement_from_document({**document["answers"], "workloads": [rows[place] for place in order]}, questionnaire)
    # A key may have been counted up among equal names, so it is that of the whole.
    named = tuple(replace(one, key=keys[place]) for one, place in zip(read.workloads, order, strict=True))
    return replace(read, workloads=named)


def same_rules(document: Mapping[str, Any], questionnaire: Questionnaire, pack: RulePack, book: PriceBook) -> None:
    """Raises OtherRules when the design was made with other rules, prices or questions than those at hand."""
    at_hand = {"rule_pack": pack.digest, "price_book": book.digest, "questionnaire": questionnaire.digest}
    others = [words for part, words in PARTS.items() if document[part]["hash"] != at_hand[part]]
    if others:
        raise OtherRules(f"The design was made with other {' and '.join(others)} than those at hand; make it again to try changes.")


def holds_data(workload: Mapping[str, Any]) -> bool:
    """Whether the data of a workload itself lives in a bucket."""
    return any(one["name"] == "protection" and one["value"] in BUCKETS_OF_DATA for one in workload["settings"])


def sentence(one: Finding) -> tuple[str, str]:
    return one["check"], one["sentence"]


def setting_changes(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Mapping[str, str]]:
    """The settings whose value or words differ: label, before, after ("" for none) and the reason of the new one."""
    old, new = ({one["name"]: one for one in rows} for rows in (before, after))
    rows: list[Mapping[str, str]] = []
    for name in dict.fromkeys([*new, *old]):
        was, now = old.get(name), new.get(name)
        if was and now and (was["value"], was["display"]) == (now["value"], now["display"]):
            continue
        head = now or was or {}
        rows.append(
            {
                "label": head["label"],
                "before": was["display"] if was else "",
                "after": now["display"] if now else "",
                "because": now["because"] if now else "",
            }
        )
    return rows
