"""Which other answer, all else as it is, would make a setting or an objective come out otherwise: the nearest such change.

Only the workload that is asked about is decided again. Answers that the engine did not read for it are left out: they cannot change it
while the others stay (`recommendations.provenance`). Worked out on demand, never stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from assessment.answer_tree import AnswerTree, Scope, text_of
from assessment.engagement import Answer, Engagement
from assessment.engagement_checks import cross_checks
from assessment.questionnaire import Question
from assessment.values import write_value
from recommendations.candidates import NUMBERS, Candidate, amount, between, bounds_of, candidates, complete, relative, rounder, valid
from recommendations.decisions import decide_customer
from recommendations.fact_fields import customer_facts, workload_facts
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.overrides import Override, by_workload
from recommendations.parts import part_of
from recommendations.prices import PriceBook
from recommendations.provenance import Source, Sources
from recommendations.recording import in_order
from recommendations.recovery import recovery_of
from recommendations.settings import Setting, workload_settings
from recommendations.settings_customer import customer_settings
from recommendations.tables import RulePack
from recommendations.what_if import in_buckets

# Halvings when the bound between two numbers is sought, and how close (a part of the value) is close enough.
HALVINGS = 40
CLOSE = Fraction(1, 500)
# Up to so many workloads the answers of the others are tried too.
MANY_WORKLOADS = 6
Outcome = Any
Look = Callable[["Outcomes", Engagement, Source], Outcome]


def outcome_of(setting: Setting | None) -> Outcome:
    """What makes a setting this one: its value and its words. The same by another rule, or at another cost, is no other setting."""
    return None if setting is None else (setting["value"], setting["display"])


class Outcomes:
    """Settings and recovery of one engagement with single answers changed."""

    def __init__(self, tree: AnswerTree, pack: RulePack, book: PriceBook, overrides: Sequence[Override] = ()) -> None:
        self.overrides = by_workload(overrides)
        self.tree, self.pack, self.book, self.engagement = tree, pack, book, tree.engagement
        self.questionnaire = tree.questionnaire
        self.places = {workload.key: index for index, workload in enumerate(self.engagement.workloads)}
        plain = customer_facts(tree.customer, self.engagement.customer, self.questionnaire.regions)
        self.sizes = {scope.key: in_buckets(workload_facts(scope, plain), pack) for scope in tree.workloads}
        self.customer = replace(plain, bucket_bytes=sum(self.sizes.values()), overrides=self.overrides)

    def changed(self, source: Source, value: Any) -> Engagement:
        """The engagement with one answer replaced; None takes the answer back to unknown."""
        key, question = source
        answer = Answer("unknown") if value is None else Answer("stated", value)
        if key is None:
            return replace(self.engagement, answers={**self.engagement.answers, question: answer})
        workloads = list(self.engagement.workloads)
        one = workloads[self.places[key]]
        workloads[self.places[key]] = replace(one, answers={**one.answers, question: answer})
        return replace(self.engagement, workloads=tuple(workloads))

    def facts(self, key: str, engagement: Engagement, source: Source) -> tuple[WorkloadFacts, CustomerFacts]:
        """Facts of a workload after the answer at `source` was changed, with as little read again as that answer asks for."""
        scope, customer = self.tree.customer, self.customer
        if source[0] is None:
            scope = Scope(self.questionnaire, engagement, None, None)
            plain = customer_facts(scope, engagement.customer, self.questionnaire.regions)
            customer = replace(plain, bucket_bytes=self.customer.bucket_bytes, overrides=self.overrides)
        elif source[1] in ("wl_kind", "wl_where", "wl_db_host", "wl_size"):
            other = workload_facts(Scope(self.questionnaire, engagement, engagement.workloads[self.places[source[0]]], scope), customer)
            total = customer.bucket_bytes - self.sizes[source[0]] + in_buckets(other, self.pack)
            customer = replace(customer, bucket_bytes=total)
        own = Scope(self.questionnaire, engagement, engagement.workloads[self.places[key]], scope)
        return workload_facts(own, customer), customer

    def settings(self, key: str | None, engagement: Engagement, source: Source) -> dict[str, Setting]:
        """Settings of a workload, or of the customer, by name."""
        if key is None:
            scope = Scope(self.questionnaire, engagement, None, None)
            customer = customer_facts(scope, engagement.customer, self.questionnaire.regions)
            return {one["name"]: one for one in customer_settings(customer, decide_customer(customer, self.pack))}
        facts, customer = self.facts(key, engagement, source)
        return {one["name"]: one for one in workload_settings(part_of(facts, customer, self.pack, self.book), customer)}

    def recovery(self, key: str, engagement: Engagement, source: Source) -> dict[str, Mapping[str, Any]]:
        """Recovery entries of a workload by disruption."""
        facts, customer = self.facts(key, engagement, source)
        decisions = part_of(facts, customer, self.pack, self.book).decisions
        return {one["disruption"]: one for one in recovery_of(facts, customer, decisions)}


def setting_look(key: str | None, name: str) -> Look:
    """Looks at a setting."""
    return lambda outcomes, engagement, source: outcome_of(outcomes.settings(key, engagement, source).get(name))


def objective_look(key: str, disruption: str, figure: str) -> Look:
    """Looks at whether an objective is met (None: the event is none to survive)."""

    def look(outcomes: Outcomes, engagement: Engagement, source: Source) -> Outcome:
        row = outcomes.recovery(key, engagement, source).get(disruption)
        return None if row is None else row[f"{figure}_met"]

    return look


def flips(outcomes: Outcomes, look: Look, sources: Sources) -> list[dict[str, Any]]:
    """For each answer that was read the nearest value that flips what `look` sees, those with a flip first, the nearest on top.

    `flip` is None where no value flips it; `every` says whether every value was tried, else they were tried up to the question's limits.
    """
    found = []
    for source in in_order(near_by(sources, outcomes), outcomes.questionnaire):
        scope, question = outcomes.tree.scope(source[0]), outcomes.questionnaire.question(source[1])
        current = scope.value(question.id)
        base = look(outcomes, outcomes.engagement, source)
        near, tried = nearest(outcomes, look, source, question, current, base)
        row: dict[str, Any] = {
            "workload": source[0],
            "question": question.id,
            "text": question.text,
            "value": text_of(question, current) or None,
            "flip": None,
            "tried": tried,
            "every": complete(question),
        }
        if near is not None:
            became = look(outcomes, outcomes.changed(source, near.value), source)
            row["flip"] = {
                "value": "unknown" if near.value is None else text_of(question, near.value),
                "answer": None if near.value is None else write_value(question, near.value),
                "becomes": shown(became),
            }
        found.append((near, row))
    return [row for _, row in sorted(found, key=lambda one: (one[0] is None, one[0].distance if one[0] else 0))]


def near_by(sources: Sources, outcomes: Outcomes) -> Sources:
    """The sources without those of other workloads where there are many: each is one of hundreds in a sum, and all weigh alike."""
    if len(outcomes.places) <= MANY_WORKLOADS:
        return sources
    own = Counter(key for key, _ in sources if key is not None).most_common(1)
    return frozenset(one for one in sources if one[0] is None or one[0] == own[0][0])


def shown(outcome: Outcome) -> str:
    """What came out, in words."""
    if outcome is None:
        return "not there any more"
    if isinstance(outcome, bool):
        return "met" if outcome else "missed"
    return str(outcome[1])


def nearest(
    outcomes: Outcomes, look: Look, source: Source, question: Question, current: Any, base: Outcome
) -> tuple[Candidate | None, int]:
    """The nearest valid value that gives another outcome, and how many values were tried."""

    def flipped(value: Any) -> bool:
        engagement = outcomes.changed(source, value)
        return not cross_checks(engagement, outcomes.questionnaire) and bool(look(outcomes, engagement, source) != base)

    tried = 0
    still: list[Any] = [current]
    scope = outcomes.tree.scope(source[0])
    others = candidates(question, current, scope, bounds_of(outcomes.pack, question.id))
    for one in others:
        tried += 1
        if not flipped(one.value):
            still.append(one.value)
            continue
        if question.type in NUMBERS and isinstance(current, type(one.value)):
            return halved(question, current, still, one, flipped), tried
        return one, tried
    if not question.required:
        tried += 1
        if flipped(None):
            return Candidate(None, others[-1].distance + 1 if others else Fraction(1)), tried
    return None, tried


def halved(question: Question, current: Any, still: list[Any], far: Candidate, flipped: Callable[[Any], bool]) -> Candidate:
    """The bound between the last value that changes nothing and the first that does, on that side of the current value."""
    up = amount(far.value) > amount(current)
    near = max(
        (one for one in still if isinstance(one, type(far.value)) and (amount(one) < amount(far.value)) == up),
        key=lambda one: amount(one) if up else -amount(one),
    )
    best = far.value
    for _ in range(HALVINGS):
        middle = between(question.type, near, best)
        if middle is None or relative(amount(near), amount(best)) < CLOSE:
            break
        if flipped(middle):
            best = middle
        else:
            near = middle
    best = next((one for one in rounder(question.type, best, up) if valid(question, one) and flipped(one)), best)
    return Candidate(best, relative(amount(current), amount(best)))
