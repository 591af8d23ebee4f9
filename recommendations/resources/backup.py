"""Backup plans with their vaults, selections and roles (aws-facts section f).

A tag has one plan: two plans with one tag would take every copy twice. Plans with the same rules are one, and vaults are shared by all
that have the same place, key and kind of lock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from recommendations.backups import START_MINUTES, Rule, copy_places, joined, rank, rules_of
from recommendations.design import canonical_json
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.parts import Part
from recommendations.places import Place, home
from recommendations.resources.backup_evidence import Held, evidence, wanted
from recommendations.resources.backup_vaults import LOCKS, Vault, vault_name
from recommendations.resources.common import Resource, resource, short, sub, trust
from recommendations.resources.keys import GENERAL
from recommendations.resources.restore_tests import RestoreTests, cadence_of, tested_types

MANAGED = "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor"
DATABASES = (
    "arn:aws:rds:*:*:cluster:*",
    "arn:aws:dynamodb:*:*:table/*",
    "arn:aws:redshift:*:*:cluster:*",
    "arn:aws:timestream:*:*:database/*",
)
# Quota of AWS Backup: resource assignments of one backup plan.
MOST_SELECTIONS = 100
VOLUMES = "arn:aws:ec2:*:*:volume/*"
FILES = ("arn:aws:elasticfilesystem:*:*:file-system/*", "arn:aws:fsx:*:*:file-system/*", "arn:aws:fsx:*:*:volume/*")
MACHINES = "arn:aws:backup-gateway:*:*:vm/*"

Group = tuple[Place, tuple[str, str]]


class Keys(Protocol):
    """What is asked of `build.Builder`."""

    customer: CustomerFacts

    def need_key(self, purpose: str | None, using: Place, dr: bool, *workloads: str) -> str: ...
    def share_key(self, key: str, account: Place) -> None: ...
    def use(self, place: Place, *workloads: str) -> None: ...


@dataclass(frozen=True)
class Backed:
    """The workloads of one account that share a tag, and what their plan says: everyone's rules and copies, the strictest lock."""

    place: Place
    members: tuple[Part, ...]
    first: Part
    rules: tuple[Rule, ...]
    copies: tuple[Place, ...]
    lock: str

    @property
    def names(self) -> list[str]:
        return [one.key for one in self.members]

    @property
    def purpose(self) -> str:
        return self.first.facts.record_class or GENERAL

    @property
    def keyed(self) -> bool:
        """Whether keys of the customer's are used. What is copied to another account needs one: AWS's own cannot be shared."""
        asked = any(one.decisions.value("encryption", "mode") == "customer-key" for one in self.members)
        return asked or any(one.name != self.place.name for one in self.copies)

    def vaults(self) -> Iterable[tuple[str | None, Place, bool]]:
        """(purpose, place, whether in the second Region) of each vault's key; the first is that of the vault beside the workloads."""
        purpose = self.purpose if self.keyed else None
        return [(purpose, place, place.region != self.place.region) for place in (self.place, *self.copies)]


def grouped(parts: Iterable[Part], customer: CustomerFacts) -> dict[Group, list[Part]]:
    """The workloads that AWS Backup keeps, by account and tag."""
    groups: dict[Group, list[Part]] = {}
    for part in parts:
        groups.setdefault((home(part.facts, customer), part.facts.tag), []).append(part)
    return groups


def backed(place: Place, members: Sequence[Part], customer: CustomerFacts) -> Backed:
    """What the plan of workloads with one tag says."""
    found = [(rules_of(one.facts, customer, one.decisions), one) for one in members]
    first = max(found, key=lambda one: rank(one[0]))[1]
    rules = joined(one for one, _ in found)
    copies = dict.fromkeys(place for one in members for place in copy_places(one.facts, customer, one.decisions))
    return Backed(place, tuple(members), first, rules, tuple(copies), lock_of(members))


def lock_of(members: Sequence[Part]) -> str:
    """The strictest lock that one of them has; nothing that nobody can lift where people may ask one of them for erasure."""
    asked = [one.decisions.value("vault_lock", "lock") for one in members]
    strictest = max(asked, key=list(LOCKS).index)
    return "governance" if strictest == "compliance" and any(one.facts.erasure for one in members) else strictest


class BackupPlans:
    """Collects vaults, plans, selections and roles of all workloads that AWS Backup keeps."""

    def __init__(self, keys: Keys) -> None:
        self.builder, self.customer = keys, keys.customer
        self.vaults: dict[str, Vault] = {}
        self.plans: dict[str, Resource] = {}
        # Rules and place -> the plan that takes the next selection; plan -> its selections.
        self.open: dict[bytes, str] = {}
        self.chosen: dict[str, int] = {}
        self.selections: list[Resource] = []
        self.served: dict[Place, list[str]] = {}
        self.tests = RestoreTests(self.customer)
        self.groups: list[Backed] = []

    def build(self, parts: Iterable[Part]) -> list[Resource]:
        for (place, _tag), members in grouped(parts, self.customer).items():
            self.add(backed(place, members, self.customer))
        vaults = [self.vaults[name].resource(self.customer) for name in sorted(self.vaults)]
        places = sorted(self.served, key=Place.rank)
        roles = [made for place in places for made in roles_of(self.customer, place, self.served[place])]
        shown = [made for place in places if wanted(self.customer) for made in evidence(self.customer, self.held(place))]
        return [*vaults, *roles, *self.plans.values(), *self.selections, *self.tests.resources(), *shown]

    def reporting(self) -> list[str]:
        """Names of the accounts that write reports into the log bucket."""
        return sorted({place.name for place in self.served}) if wanted(self.customer) else []

    def held(self, place: Place) -> Held:
        """What AWS Backup holds in an account, for its report plans and framework."""
        groups = [one for one in self.groups if one.place == place]
        copies = dict.fromkeys(one for group in groups for one in group.copies)
        facts = [part.facts for group in groups for part in group.members]
        return Held(
            place,
            tuple(self.served[place]),
            min(rule.days for group in groups for rule in group.rules),
            all(group.lock != "none" for group in groups),
            tuple(sorted({one.region for one in copies if one.region != place.region})),
            tuple(sorted({one.name for one in copies if one.name != place.name})),
            any(tested_types(one) for one in facts),
            max(one.rto for one in facts),
        )

    def add(self, group: Backed) -> None:
        """The plan and selection of one tag."""
        self.served.setdefault(group.place, []).extend(group.names)
        near, *far = [self.vault(group, *one) for one in group.vaults()]
        for vault in far:
            if near.key and vault.key and vault.place.name != near.place.name:
                # Both sides of a copy between accounts read or write with the other's key.
                self.builder.share_key(near.key, vault.place)
                self.builder.share_key(vault.key, near.place)
        self.groups.append(group)
        cadence = cadence_of(one.decisions.value("drills", "cadence") for one in group.members)
        facts, continuous = [one.facts for one in group.members], any(rule.continuous for rule in group.rules)
        self.tests.add(group.place, cadence, near.name, restore_role(group.place), group.first.facts.tag, facts, continuous)
        plan = self.plan(group, near, far)
        self.selections.append(self.selection(group, plan))

    def vault(self, group: Backed, purpose: str | None, place: Place, dr: bool) -> Vault:
        key = None if purpose is None else self.builder.need_key(purpose, place, dr, *group.names)
        name = vault_name(purpose, group.lock, place, dr)
        self.vaults.setdefault(name, Vault(name, place, key, group.lock))
        self.builder.use(place, *group.names)
        copied = place != group.place
        days = [rule.days for rule in group.rules if rule.copied or not copied]
        self.vaults[name].add(group.names, days, group.place if copied else None)
        return self.vaults[name]

    def plan(self, group: Backed, near: Vault, far: Sequence[Vault]) -> str:
        """Resource key of the plan with these rules: one that is there already and takes another selection, or a new one."""
        rules = [self.rule(one, near, far) for one in group.rules]
        same = canonical_json([group.place.rank(), rules])
        if same not in self.open or self.chosen[self.open[same]] == MOST_SELECTIONS:
            key, place = short(f"plan-{group.first.key}"), group.place
            self.plans[key] = resource(key, "AWS::Backup::BackupPlan", self.customer, {"Rules": rules}, **place.where())
            self.open[same], self.chosen[key] = key, 0
        key = self.open[same]
        self.plans[key]["workloads"] += group.names
        self.chosen[key] += 1
        return key

    def rule(self, rule: Rule, near: Vault, far: Sequence[Vault]) -> dict[str, Any]:
        """One rule in the shape of the API."""
        kept = {"DeleteAfterDays": rule.days}
        found: dict[str, Any] = {
            "RuleName": f"stowplan-{rule.kind}",
            "TargetBackupVaultName": sub(f"${{{near.name}.name}}"),
            "ScheduleExpression": rule.cron,
            "ScheduleExpressionTimezone": rule.zone,
            "StartWindowMinutes": START_MINUTES,
            "CompletionWindowMinutes": rule.completion,
            "Lifecycle": kept,
            "RecoveryPointTags": {"stowplan:assessment": self.customer.slug, "stowplan:schedule": rule.kind},
        }
        if rule.continuous:
            found["EnableContinuousBackup"] = True
        if rule.copied and far:
            found["CopyActions"] = [{"DestinationBackupVaultArn": sub(f"${{{one.name}.arn}}"), "Lifecycle": kept} for one in far]
        return found

    def selection(self, group: Backed, plan: str) -> Resource:
        """What carries the tag, of the kinds of resource that the workloads are: the same tag on a volume is not taken twice."""
        name, value = group.first.facts.tag
        kinds = dict.fromkeys(kind for one in group.members for kind in selected(one.facts))
        properties = {
            "BackupPlanId": sub(f"${{{plan}.id}}"),
            "IamRoleArn": sub(f"${{{backup_role(group.place)}.arn}}"),
            "Resources": list(kinds),
            "Conditions": {"StringEquals": [{"ConditionKey": f"aws:ResourceTag/{name}", "ConditionValue": value}]},
        }
        key = short(f"select-{group.first.key}")
        return resource(key, "AWS::Backup::BackupSelection", self.customer, properties, **group.place.where(*group.names))


def selected(workload: WorkloadFacts) -> tuple[str, ...]:
    """ARN patterns of what a workload may consist of."""
    if workload.kind == "database":
        host = {"rds": ("arn:aws:rds:*:*:db:*", "arn:aws:rds:*:*:cluster:*"), "aurora": ("arn:aws:rds:*:*:cluster:*",)}
        return host.get(workload.db_host, DATABASES)
    if workload.where != "aws":
        return (MACHINES,)
    return FILES if workload.kind == "file-share" else (VOLUMES, FILES[0])


def backup_role(place: Place) -> str:
    return short(f"role-backup-{place.name}")


def restore_role(place: Place) -> str:
    return short(f"role-restore-{place.name}")


def roles_of(customer: CustomerFacts, place: Place, workloads: Sequence[str]) -> list[Resource]:
    """Two roles for AWS Backup in an account: what takes copies cannot restore, what restores cannot take or copy."""
    made = []
    for key, verb, what in ((backup_role(place), "Backup", "takes and copies backups"), (restore_role(place), "Restores", "restores")):
        properties = {
            "Description": f"AWS Backup {what} for Stowplan",
            "AssumeRolePolicyDocument": trust("backup.amazonaws.com"),
            "Policies": {},
            "ManagedPolicyArns": [f"{MANAGED}{verb}"],
        }
        made.append(resource(key, "AWS::IAM::Role", customer, properties, **place.where(*workloads)))
    return made
