"""`evaluate`: answers in, design out. Pure: the same engagement, rules and prices give the same digest on every machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from assessment.answer_tree import AnswerTree
from assessment.engagement import Engagement, engagement_to_document
from assessment.questionnaire import Questionnaire, load_questionnaire
from recommendations import words
from recommendations.bills import Bills
from recommendations.collection import paused
from recommendations.compliance import Seen, compliance_of
from recommendations.conflicts import conflicts_of
from recommendations.costs import Bill, Curve, money, months
from recommendations.decisions import Decisions, decide_customer
from recommendations.design import SCHEMA, Design, plain
from recommendations.drills import drills_of
from recommendations.facts import CustomerFacts
from recommendations.findings import FindingParts, WorkloadPart, findings_of
from recommendations.findings_model import ordered
from recommendations.handover import handover_of
from recommendations.lifecycle_document import lifecycle_document
from recommendations.maturity import maturity_of
from recommendations.override_findings import override_documents, override_findings
from recommendations.override_guards import checked
from recommendations.overrides import Override, by_workload
from recommendations.parts import Part
from recommendations.pool import Pool
from recommendations.prices import PriceBook, load_price_book
from recommendations.recovery import recovery_of
from recommendations.resources.build import Builder
from recommendations.resources.common import Resource
from recommendations.setting_costs import by_setting, design_labels
from recommendations.settings import workload_settings
from recommendations.settings_customer import customer_settings
from recommendations.summary import summary_of
from recommendations.tables import RulePack, load_rule_pack
from recommendations.what_if import Decided, WhatIf, decided, key_bill, total

HORIZON_MONTHS = 36


@dataclass(frozen=True)
class Case:
    """Everything that is known once the tables were asked."""

    tree: AnswerTree
    base: Decided
    decisions: Decisions
    resources: tuple[Resource, ...]
    shared: Bill

    @property
    def customer(self) -> CustomerFacts:
        return self.base.customer

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.base.parts

    @property
    def bills(self) -> tuple[Bills, ...]:
        return self.base.bills

    def monthly(self) -> Decimal | None:
        """USD a month of the whole design; None when a price is unknown."""
        return total([bill.design for bill in self.bills] + [self.shared])

    def naive(self) -> Decimal | None:
        return total([bill.naive for bill in self.bills] + [self.shared])

    def unknown(self) -> tuple[str, ...]:
        """The prices that are not known, `REGION/ITEM`."""
        return tuple(sorted({item for bill in (*(b.design for b in self.bills), self.shared) for item in bill.unknown}))


def evaluate(
    engagement: Engagement, rule_pack: RulePack | None = None, price_book: PriceBook | None = None, overrides: Sequence[Override] = ()
) -> Design:
    """The design of an engagement. Raises nothing for an engagement that the reader accepted, but OverrideErrors for refused overrides."""
    pack, book = rule_pack or load_rule_pack(), price_book or load_price_book()
    with paused():
        return design_of(consider(engagement, load_questionnaire(), pack, book, overrides), pack, book)


def design_of(case: Case, pack: RulePack, book: PriceBook) -> Design:
    """The design of what was considered with the same rules and prices."""
    questionnaire, engagement = case.tree.questionnaire, case.tree.engagement
    pool = Pool()
    resources = [pool.share(plain(one)) for one in case.resources]
    recovery = [tuple(pool.share(plain(recovery_of(part.facts, case.customer, part.decisions)))) for part in case.parts]
    parts = finding_parts(case, recovery, pack, book)
    overrides = override_documents(case.parts, case.customer, pack, book)
    findings = findings_of(case.tree, parts)
    if overrides:
        findings = ordered([*findings, *override_findings(overrides)], (part.key for part in case.parts))
    workloads = [
        pool.share(plain(workload_document(part, bill, entry, case.customer)))
        for part, bill, entry in zip(case.parts, case.bills, recovery, strict=True)
    ]
    customer = case.customer
    settings = customer_settings(customer, case.decisions)
    body = {
        "schema": SCHEMA,
        "questionnaire": {"version": str(questionnaire.version), "hash": questionnaire.digest},
        "rule_pack": {"version": pack.version, "hash": pack.digest},
        "price_book": {"version": book.version, "hash": book.digest},
        "engagement": {"customer": customer.customer, "industry": customer.industry, "slug": customer.slug},
        "regions": {"primary": customer.primary, "dr": customer.dr},
        "accounts": [{"alias": a["alias"], "account": a["account"], "role": a["role"]} for a in customer.accounts],
        "answers": engagement_to_document(engagement),
        "summary": summary_of(case.customer, case.parts, findings, case.monthly(), case.naive(), today(case)),
        "settings": settings,
        "workloads": workloads,
        "findings": findings,
        "conflicts": [one.document() for one in parts.conflicts],
        "costs": costs_document(case, book, settings, workloads),
        "resources": resources,
        "drills": drills_of(case.parts, case.resources),
        "handover": handover_of(customer, case.parts),
        "assumptions": case.tree.assumptions(),
        "open_points": case.tree.open_points(),
    }
    if overrides:
        body["overrides"] = overrides
    seen: dict[str, Seen] = {}
    compliance = compliance_of(body, customer.regimes, seen=seen)
    made = {**body, "compliance": compliance, "pillars": maturity_of(case.tree, body, seen)}
    return Design.of(made, plain_already=("resources", "workloads"))


def consider(
    engagement: Engagement, questionnaire: Questionnaire, pack: RulePack, book: PriceBook, overrides: Sequence[Override] = ()
) -> Case:
    """Facts, decisions, resources and bills of an engagement. Raises OverrideErrors."""
    tree = AnswerTree(questionnaire, engagement)
    if overrides:
        checked(tree, overrides, pack, book)
    base = decided(tree, pack, book, by_workload(overrides))
    decisions = decide_customer(base.customer, pack)
    resources = tuple(Builder(base.customer, decisions).build(base.parts))
    # What serves all workloads: the keys, Region by Region.
    keys = Counter(one["region"] for one in resources if one["type"] == "AWS::KMS::Key")
    return Case(tree, base, decisions, resources, key_bill(keys, book))


def finding_parts(case: Case, recovery: list[tuple[dict[str, Any], ...]], pack: RulePack, book: PriceBook) -> FindingParts:
    """What the findings are made from; a changed answer is costed by the same rules and prices."""
    parts = tuple(
        WorkloadPart(part.facts, part.decisions, entry, bill.design.total())
        for part, entry, bill in zip(case.parts, recovery, case.bills, strict=True)
    )
    monthly_with = WhatIf(case.tree, case.base, pack, book).monthly
    made = FindingParts(case.customer, parts, case.monthly(), case.unknown(), book, monthly_with, case.resources)
    return replace(made, conflicts=conflicts_of(case.tree, made))


def workload_document(part: Part, bills: Bills, recovery: tuple[dict[str, Any], ...], customer: CustomerFacts) -> dict[str, Any]:
    """One entry of design.json's `workloads`."""
    facts, bill = part.facts, bills.design
    return {
        "key": facts.key,
        "name": facts.name,
        "purpose": facts.purpose,
        "kind": facts.kind,
        "where": facts.where,
        "tier": facts.tier,
        "account_role": facts.account_role,
        "account_alias": facts.account_alias,
        "region": customer.primary,
        "size_bytes": facts.size,
        "objectives": {
            "rto": words.duration(facts.rto),
            "rpo": words.duration(facts.rpo),
            "region_rto": words.duration(facts.region_rto),
            "region_rpo": words.duration(facts.region_rpo),
        },
        "settings": workload_settings(part, customer),
        "lifecycle": lifecycle_document(part),
        "recovery": list(recovery),
        "costs": bill.document(),
        "monthly_cost": money(bill.total()),
        "monthly_naive": money(bills.naive.total()),
        "growth_percent": facts.growth * 100,
        "unknown_prices": sorted(bill.unknown),
    }


def today(case: Case) -> Decimal | None:
    """What the customer pays now, USD a month; None when it was not told."""
    paid = case.tree.customer.value("cur_cost")
    return paid if isinstance(paid, Decimal) else None


def costs_document(case: Case, book: PriceBook, settings: Sequence[dict[str, Any]], workloads: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Costs of the whole engagement over the horizon. Where a price is unknown the totals are null, and `unknown` names it."""
    curves = [
        Curve(bill.design.total(), bill.naive.total(), part.facts.growth * 100, part.facts.size)
        for part, bill in zip(case.parts, case.bills, strict=True)
    ]
    shared = case.shared.total()
    shared_lines = case.shared.document()
    lines = chain(shared_lines, *(one["costs"] for one in workloads))
    return {
        "currency": book.currency,
        "horizon_months": HORIZON_MONTHS,
        "months": months([*curves, Curve(shared, shared, Decimal(0))], HORIZON_MONTHS, today(case)),
        "today": money(today(case)),
        "monthly_design": money(case.monthly()),
        "monthly_naive": money(case.naive()),
        "by_setting": by_setting(lines, design_labels(settings, workloads)),
        "shared": shared_lines,
        "unknown": list(case.unknown()),
    }
