"""Which demands of a customer stand against each other, in the order of `conflicts.yaml`: class by class, then the customer's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessment.answer_tree import AnswerTree
from recommendations import words
from recommendations.conflicts.texts import Conflict
from recommendations.costs import money
from recommendations.facts import days_of, kept_days, residency_allows
from recommendations.findings_model import FindingParts, WorkloadPart

PRICED_WORKLOADS = 5  # an option that changes more workloads than this is not priced
PRICED_ENGAGEMENT = 50  # one that changes an answer of the customer is priced up to so many workloads: each is decided anew
# Days for which records are kept under these rules (aws-facts section l).
REGIME_DAYS = {"sox": 2557, "sec-17a-4": 2192}
REGIME_NAMES = {"sox": "SOX", "sec-17a-4": "SEC Rule 17a-4"}
MODES = {
    "strict": "Copies are locked so that nobody can delete them.",
    "governance": "Copies are locked in governance mode: named people can lift it.",
}
Row = Mapping[str, Any]
Members = Sequence[WorkloadPart]


def conflicts_of(tree: AnswerTree, parts: FindingParts) -> tuple[Conflict, ...]:
    """All conflicts of an engagement and what was decided for it."""
    return tuple(Search(tree, parts).found())


class Search:
    """One engagement and what was decided for it."""

    def __init__(self, tree: AnswerTree, parts: FindingParts) -> None:
        self.tree, self.parts, self.customer = tree, parts, parts.customer
        self.value = tree.customer.value

    def found(self) -> Iterator[Conflict]:
        members: dict[str, list[WorkloadPart]] = {}
        for part in self.parts.workloads:
            if part.facts.record_class:
                members.setdefault(part.facts.record_class, []).append(part)
        members = {name: members[name] for name in self.customer.classes if name in members}
        of_customer = (self.region, self.maximum, self.ransomware, self.account, self.budget, self.access_log, self.outside_key)
        erasable = [name for name in members if self.customer.classes[name]["erasure"]]
        found = [one for name in erasable for one in self.erasure(name, self.customer.classes[name], members[name])]
        for one in [*found, *self.holds(members), *(one for look in of_customer for one in look())]:
            yield replace(one, prices={"design": self.parts.monthly, **one.prices})

    def holds(self, members: Mapping[str, Members]) -> Iterator[Conflict]:
        """Legal holds against deleting, and strict locks against the end of a hold; all classes of records together."""
        if self.customer.hold == "never":
            return
        classes = self.customer.classes
        due = [name for name in members if classes[name]["erasure"] or classes[name].get("max")]
        strict = {name: [part for part in rows if lock_of(part) == "strict"] for name, rows in members.items()}
        if due:
            rows = [part for name in due for part in members[name]]
            yield Conflict("hold-against-deletion", {"subject": words.listed(due)}, workloads=keys(rows))
        if locked := [name for name in members if strict[name]]:
            rows = [part for name in locked for part in strict[name]]
            yield Conflict("lock-against-release", {"subject": words.listed(locked)}, workloads=keys(rows))

    def erasure(self, name: str, row: Row, members: Members) -> Iterator[Conflict]:
        """What stands against deleting on request: the duty to keep, the lock, and the copies."""
        locked = [part for part in members if lock_of(part)]
        if row["min"]:
            fill = {"subject": name, "kept": words.days(days_of(row["min"]))}
            yield Conflict("retention-against-erasure", fill, workloads=keys(members))
        if locked:
            mode = "strict" if any(lock_of(part) == "strict" for part in locked) else "governance"
            prices = {"unlocked": self.with_workloads("wl_immut", locked, lambda part: "not-needed")}
            fill, own = {"subject": name, "mode": MODES[mode]}, self.customer.immutable != "strict"
            yield Conflict("lock-against-erasure", fill, prices, keys(locked), own)
        if copied := [part for part in members if not part.facts.expire_days and reach(part)]:
            fill = {"subject": name, "reach": words.days(max(reach(part) for part in copied))}
            prices = {"halved": self.with_workloads("wl_retain", copied, halved)}
            yield Conflict("copies-against-erasure", fill, prices, keys(copied))

    def region(self) -> Iterator[Conflict]:
        customer = self.customer
        allowed = [one for one in self.tree.questionnaire.regions if one != customer.primary and self.allowed(one)]
        if "region-loss" not in customer.disruptions or customer.dr is not None or (allowed and not customer.refused):
            return
        refused = f"; {words.listed(customer.refused)} may not be used" if customer.refused else ""
        fill, prices = {"primary": customer.primary, "refused": refused}, {}
        if allowed:
            fill["allowed"] = allowed[0]
            prices["allowed"] = self.with_customer("aws_dr", (allowed[0],))
        yield Conflict("residency-against-recovery", fill, prices, own=not customer.refused)

    def allowed(self, region: str) -> bool:
        return residency_allows(region, self.value("cmp_residency"), self.customer.primary, self.tree.questionnaire.regions)

    def maximum(self) -> Iterator[Conflict]:
        longest = [days_of(row["max"]) if row.get("max") else None for row in self.customer.classes.values()]
        for regime, days in REGIME_DAYS.items():
            if regime in self.customer.regimes and longest and all(one is not None and one < days for one in longest):
                yield Conflict("regime-against-maximum", {"regime": REGIME_NAMES[regime], "kept": words.days(days)})

    def ransomware(self) -> Iterator[Conflict]:
        if "ransomware" in self.customer.disruptions and self.customer.immutable == "none":
            prices = {mode: self.with_customer("cmp_immutable", mode) for mode in ("governance", "strict")}
            yield Conflict("no-lock-against-ransomware", {}, prices, own=False)

    def account(self) -> Iterator[Conflict]:
        if "account-loss" in self.customer.disruptions and self.customer.separate_account == "none":
            yield Conflict("one-account-against-account-loss", {}, {"second": self.with_customer("sec_separate_acct", "create")}, own=False)

    def budget(self) -> Iterator[Conflict]:
        budget, monthly = self.value("bud_month"), self.parts.monthly
        if self.value("bud_hard") and budget is not None and monthly is not None and monthly > budget:
            yield Conflict("budget-against-promise", {"cost": money(monthly) or "", "budget": money(budget) or ""}, own=False)

    def access_log(self) -> Iterator[Conflict]:
        rows = [part for part in self.parts.workloads if (hit := part.decisions.hit("logging")) and hit.row.id == "lo-management-demanded"]
        if rows:
            yield Conflict("log-wish-against-regime", workloads=keys(rows))

    def outside_key(self) -> Iterator[Conflict]:
        if self.customer.encryption == "external-key-store":
            yield Conflict("outside-key-against-recovery", {}, {"kms": self.with_customer("sec_enc", "customer-managed")})

    def with_customer(self, question: str, value: Any) -> Decimal | None:
        """USD a month with another answer of the customer, where that is cheap to work out."""
        few = len(self.parts.workloads) <= PRICED_ENGAGEMENT
        return self.parts.monthly_with(question, value, None) if self.parts.monthly_with and few else None

    def with_workloads(self, question: str, members: Members, value: Callable[[WorkloadPart], Any]) -> Decimal | None:
        """USD a month with another answer of these workloads: the differences of each added up."""
        monthly, other = self.parts.monthly, self.parts.monthly_with
        if monthly is None or other is None or len(members) > PRICED_WORKLOADS:
            return None
        costs = [other(question, value(part), self.places[part.key]) for part in members]
        found = [one - monthly for one in costs if one is not None]
        return monthly + sum(found, Decimal(0)) if len(found) == len(members) else None

    @cached_property
    def places(self) -> Mapping[str, int]:
        return {part.key: place for place, part in enumerate(self.parts.workloads)}


def keys(members: Members) -> tuple[str, ...]:
    return tuple(part.key for part in members)


def lock_of(part: WorkloadPart) -> str | None:
    """`strict` or `governance`; None where nothing is locked."""
    modes = {part.decisions.value("object_lock", "mode").lower(), part.decisions.value("vault_lock", "lock")}
    return "strict" if "compliance" in modes else "governance" if "governance" in modes else None


def reach(part: WorkloadPart) -> int:
    """Days for which the oldest copy is kept; 0 without copies."""
    return max((kept_days(kind, count) for kind, count in part.facts.copies.items() if count), default=0)


def halved(part: WorkloadPart) -> dict[str, int]:
    """The counts of copies, each halved and rounded up."""
    return {kind: -(-count // 2) for kind, count in part.facts.copies.items() if count}
