"""What a design would cost with one answer changed. Only the workload that the answer belongs to is decided again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from assessment.answer_tree import AnswerTree, Scope
from assessment.engagement import Answer
from recommendations.bills import Bills, bills_of
from recommendations.costs import Bill
from recommendations.fact_fields import customer_facts, workload_facts
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.overrides import Override
from recommendations.parts import Part, part_of
from recommendations.prices import PriceBook
from recommendations.resources.key_count import KeyCount
from recommendations.tables import RulePack

BUCKETS_OF_DATA = ("s3", "s3-landing")


@dataclass(frozen=True)
class Decided:
    """An engagement once the tables were asked and everything but the resources was costed."""

    customer: CustomerFacts
    parts: tuple[Part, ...]
    bills: tuple[Bills, ...]


def decided(tree: AnswerTree, pack: RulePack, book: PriceBook, overrides: Mapping[str, tuple[Override, ...]] | None = None) -> Decided:
    """Facts, decisions and bills of all workloads; `overrides` by workload key."""
    questionnaire, engagement = tree.questionnaire, tree.engagement
    customer = customer_facts(tree.customer, engagement.customer, questionnaire.regions)
    if overrides:
        customer = replace(customer, overrides=overrides)
    facts = [workload_facts(scope, customer) for scope in tree.workloads]
    customer = replace(customer, bucket_bytes=sum(in_buckets(one, pack) for one in facts))
    parts = tuple(part_of(one, customer, pack, book) for one in facts)
    bills = tuple(bills_of(part.facts, customer, part.decisions, part.schedules, book) for part in parts)
    return Decided(customer, parts, bills)


def in_buckets(facts: WorkloadFacts, pack: RulePack) -> int:
    """Bytes of a workload whose data itself lives in a bucket, else zero."""
    path = pack["protection"].decide({"kind": facts.kind, "where": facts.where, "db_host": facts.db_host})["path"]
    return facts.size if path in BUCKETS_OF_DATA else 0


def key_bill(regions: Mapping[str, int], book: PriceBook) -> Bill:
    """A month of the customer managed keys, by Region."""
    bill = Bill()
    for region, count in regions.items():
        bill.add(book, region, "kms/key_month", f"Customer managed keys in {region}", Decimal(count), "key-month", "keys")
    return bill


def total(bills: Sequence[Bill]) -> Decimal | None:
    """USD a month of all bills; None when a price is unknown."""
    amounts = [bill.total() for bill in bills]
    return None if any(one is None for one in amounts) else sum((one for one in amounts if one is not None), Decimal(0))


class WhatIf:
    """The monthly cost with one answer changed, of a design whose prices are known."""

    def __init__(self, tree: AnswerTree, base: Decided, pack: RulePack, book: PriceBook) -> None:
        self.tree, self.base, self.pack, self.book = tree, base, pack, book
        self.keys = KeyCount(base.customer, base.parts)
        self.own = [bill.design.total() for bill in base.bills]
        self.sum = sum((one for one in self.own if one is not None), Decimal(0))

    def monthly(self, question: str, value: Any, index: int | None) -> Decimal | None:
        """USD a month with `value` as answer of the customer (index None) or of the workload at `index`; None when a price is unknown."""
        answer, engagement = Answer("stated", value), self.tree.engagement
        if index is None:
            changed = AnswerTree(self.tree.questionnaire, replace(engagement, answers={**engagement.answers, question: answer}))
            whole = decided(changed, self.pack, self.book, self.base.customer.overrides)
            keys = KeyCount(whole.customer, whole.parts).regions()
            return total([*(bill.design for bill in whole.bills), key_bill(keys, self.book)])
        workload = engagement.workloads[index]
        other = replace(workload, answers={**workload.answers, question: answer})
        facts = workload_facts(Scope(self.tree.questionnaire, engagement, other, self.tree.customer), self.base.customer)
        part = part_of(facts, self.base.customer, self.pack, self.book)
        own = bills_of(facts, self.base.customer, part.decisions, part.schedules, self.book).design.total()
        shared = key_bill(+Counter(self.keys.regions_with(index, part)), self.book).total()
        before = self.own[index]
        if own is None or shared is None or before is None:
            return None
        return self.sum - before + own + shared
