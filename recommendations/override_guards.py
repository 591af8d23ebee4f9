"""Overrides that are refused: against AWS's own rules, against what the answers or a regime demand, or losing data for good.

Each guard sees the workload by the rules (`before`) and with its overrides (`after`), and gives the reason with what would be right;
None lets the override pass. What passes and still weakens an objective becomes a finding (`recommendations.override_findings`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assessment.answer_tree import AnswerTree
from assessment.engagement import Problem
from recommendations.fact_fields import customer_facts, workload_facts
from recommendations.facts import CustomerFacts
from recommendations.inputs import ACCESS_RECORDS
from recommendations.overrides import DAYS, FOR_EVER, Override, OverrideErrors, by_workload, values_of
from recommendations.parts import Part, part_of
from recommendations.prices import PriceBook
from recommendations.tables import RulePack

LOCKS = ("none", "governance", "compliance")
KEYS = ("sse-s3", "aws-managed-key", "customer-key")
# Regimes that want records which nobody can change or delete (aws-facts section l).
WORM = frozenset({"sec-17a-4", "finra", "cftc"})


@dataclass(frozen=True)
class Seen:
    """What a guard looks at."""

    override: Override
    before: Part
    after: Part
    customer: CustomerFacts

    def value(self, table: str, output: str) -> str:
        """What the rules say."""
        return self.before.decisions.value(table, output)

    def now(self, table: str, output: str) -> str:
        """What holds with all overrides."""
        return self.after.decisions.value(table, output)

    @property
    def remade(self) -> bool:
        return self.before.facts.reproduce == "within-rto"


Guard = Callable[[Seen], str | None]


def versioning(s: Seen) -> str | None:
    if s.override.value == "enabled":
        return None
    if s.now("object_lock", "mode") != "none":
        return "Object Lock needs versioning (AWS); take the lock away first, or leave versioning on."
    if s.now("replication", "replication") != "none":
        return "Replication needs versioning on both buckets (AWS); take the replication away first, or leave versioning on."
    if s.value("versioning", "versioning") == "enabled" and not s.remade:
        return "Nothing else brings deleted or overwritten data back, and it is not made again in time; shorten wl_versions_keep instead."
    return None


def object_lock(s: Seen) -> str | None:
    return _lock(s, s.value("object_lock", "mode").lower(), s.override.value.lower(), "Object Lock")


def vault_lock(s: Seen) -> str | None:
    return _lock(s, s.value("vault_lock", "lock"), s.override.value, "Vault Lock")


def _lock(s: Seen, by_rule: str, wanted: str, name: str) -> str | None:
    if wanted == "compliance" and s.before.facts.erasure:
        return f"{name} in compliance mode rules out the erasure that people may ask for (cmp_retention_tbl); governance is right here."
    if LOCKS.index(wanted) >= LOCKS.index(by_rule):
        return None
    if by_rule == "compliance":
        return f"The rule on immutable copies is strict (cmp_immutable), so {name} may not be weaker; change that answer if it is wrong."
    if WORM.intersection(s.customer.regimes):
        return f"A regime asks for records that nobody can delete (cmp_regimes), so {name} may not be taken away."
    return None


def encryption(s: Seen) -> str | None:
    if s.override.value not in KEYS:
        return f"A key outside AWS has to be connected first and is not set here; {', '.join(KEYS)} are right."
    by_rule = s.value("encryption", "mode")
    if by_rule not in KEYS:
        return "A key outside AWS was asked for (sec_enc); change that answer instead."
    if s.override.value == "aws-managed-key" and by_rule == "customer-key" and s.customer.encryption != "customer-managed":
        return "An AWS managed key cannot serve copies elsewhere, because nobody can change its policy (AWS); customer-key is right."
    if KEYS.index(s.override.value) < KEYS.index(by_rule):
        return f"The answers ask for {by_rule} at the least (sec_enc); change that answer if it is wrong."
    return None


def replication(s: Seen) -> str | None:
    value, path = s.override.value, s.before.decisions.path
    if value != "none" and s.customer.dr is None:
        return "There is no second Region that the residency rule allows; name one in aws_dr."
    if value == "crr-rtc" and not s.before.decisions.in_bucket:
        return "Replication Time Control is for objects in S3 (AWS); snapshots and recovery points are copied with crr."
    if value != "none" and path in ("dlm", "aws-backup", "backup-gateway") and s.now("encryption", "mode") == "aws-managed-key":
        return "A snapshot under an AWS managed key cannot be shared (AWS); encrypt with customer-key too."
    if value == "none" and s.value("replication", "replication") != "none":
        if s.before.facts.xregion == "needed":
            return "A copy in another Region was asked for on this workload (wl_xregion); change that answer if it is wrong."
        if s.before.facts.reproduce == "not-possible":
            return "The loss of the Region would take the only copies; if that is accepted, answer wl_xregion with not-needed and why."
    return None


def logging(s: Seen) -> str | None:
    demanded = ACCESS_RECORDS.intersection(s.customer.regimes) and s.customer.pii not in ((), ("none",))
    if s.override.value != "logged" and s.value("logging", "objects") == "logged" and demanded:
        return "A regime asks who read the data (cmp_regimes, cmp_pii), so its reads stay logged."
    return None


def snapshots(s: Seen) -> str | None:
    if s.override.value == "none" and s.value("dlm", "every_hours") != "none" and not s.remade:
        return "Without snapshots nothing brings the volumes back, and they cannot be made again in time; take a longer interval instead."
    return None


def backup_plan(s: Seen) -> str | None:
    continuous = s.before.facts.kind == "database" and s.before.facts.db_host in ("rds", "aurora")
    if s.override.value == "continuous" and not continuous:
        return "AWS Backup keeps continuous backups of RDS, Aurora and S3, not of this (AWS); hourly is the densest."
    if s.override.value == "none" and s.value("backup_plan", "plan") != "none" and not s.remade:
        return "Without a plan nothing brings the data back, and it cannot be made again in time; take a longer interval instead."
    return None


def dr_strategy(s: Seen) -> str | None:
    if s.override.value == "rebuild" and not s.remade:
        return "The data cannot be made again within its recovery time (wl_reproduce), so it is no strategy; backup-restore is the least."
    return None


def expire(s: Seen) -> str | None:
    facts, most = s.before.facts, s.before.facts.class_max_days
    days = None if s.override.value == FOR_EVER else int(s.override.value)
    if days is not None and (facts.expire_days is None or days < facts.expire_days):
        kept = "for ever" if facts.expire_days is None else f"{facts.expire_days} days"
        return f"Data is kept {kept}, as answered or as its class demands (wl_expire, cmp_retention_tbl); it may only be kept longer."
    if most is not None and (days is None or days > most):
        return f"The class of records may not be kept longer than {most} days (cmp_retention_tbl); that is the most."
    return None


GUARDS: Mapping[str, Guard] = {
    "versioning": versioning,
    "object_lock": object_lock,
    "vault_lock": vault_lock,
    "encryption": encryption,
    "replication": replication,
    "logging": logging,
    "dlm": snapshots,
    "backup_plan": backup_plan,
    "dr_strategy": dr_strategy,
    "expire": expire,
    # A class fewer never breaks a rule: S3 Standard is always left. Drills are dates of people.
    "storage_class": lambda s: None,
    "drills": lambda s: None,
}


def checked(tree: AnswerTree, overrides: Sequence[Override], pack: RulePack, book: PriceBook) -> None:
    """Raises OverrideErrors with every override that does not fit the design or is refused."""
    problems = [
        Problem(index + 1, f"overrides[{index}].{field}", message) for index, field, message in _problems(tree, overrides, pack, book)
    ]
    if problems:
        raise OverrideErrors(problems)


def _problems(tree: AnswerTree, overrides: Sequence[Override], pack: RulePack, book: PriceBook) -> Iterator[tuple[int, str, str]]:
    scopes = {scope.key: scope for scope in tree.workloads}
    plain = customer_facts(tree.customer, tree.engagement.customer, tree.questionnaire.regions)
    seen: set[tuple[str, str]] = set()
    fitting: list[tuple[int, Override, Part]] = []
    parts: dict[str, Part] = {}
    for index, one in enumerate(overrides):
        if one.workload not in scopes:
            yield index, "workload", f"There is no workload {one.workload!r}; there are {', '.join(scopes)}."
            continue
        if one.workload not in parts:
            parts[one.workload] = part_of(workload_facts(scopes[one.workload], plain), plain, pack, book)
        message = misfit(one, parts[one.workload], pack)
        # Classes may be ruled out one by one.
        place = (one.workload, f"{one.setting}/{one.value}" if one.setting == "storage_class" else one.setting)
        if message or place in seen:
            yield (
                index,
                "value" if message else "setting",
                message or f"{one.setting} is overridden twice here; once is right.",
            )
            continue
        seen.add(place)
        fitting.append((index, one, parts[one.workload]))
    customer = replace(plain, overrides=by_workload(one for _, one, _ in fitting))
    for index, one, before in fitting:
        after = part_of(workload_facts(scopes[one.workload], customer), customer, pack, book)
        if message := GUARDS[one.setting](Seen(one, before, after, plain)):
            yield index, "value", f"{one.setting} of {one.workload} stays: {message}"


def misfit(override: Override, part: Part, pack: RulePack) -> str | None:
    """Why an override has nothing to override here, or no such value."""
    if override.setting == "expire":
        if part.decisions.path not in ("s3", "s3-landing"):
            return "Only data that itself lives in a bucket is deleted by age; copies follow wl_retain."
        right = override.value == FOR_EVER or DAYS.fullmatch(override.value)
        return None if right else f"{override.value!r} is no number of days; write 1 to 99999, or {FOR_EVER}."
    if override.setting not in part.decisions.hits:
        return f"{override.workload} has no setting {override.setting}; it has {', '.join(part.decisions.hits)}."
    values = values_of(override.setting, pack)
    return None if override.value in values else f"{override.value!r} is no value of {override.setting}; right are {', '.join(values)}."
