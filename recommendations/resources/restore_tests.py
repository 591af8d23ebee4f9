"""Restore testing of AWS Backup: plans by account and cadence of the drills, and what each restores (aws-facts section f)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.places import Place
from recommendations.resources.common import Resource, resource, short, sub

# From the densest to the sparsest cadence of the `drills` table: the months in which the second Sunday's restores start.
MONTHS = {"monthly": "*", "quarterly": "1/3", "half-yearly": "1/6", "yearly": "1"}
# After the night's copies, before people come.
START_HOUR, START_WINDOW_HOURS = 5, 24
# A restored copy lives for a day, so that somebody looks at it; it is paid for as long.
VALIDATION_HOURS = 24
LOOK_BACK_DAYS = 30
# Quota of AWS Backup: selections of one restore testing plan.
MOST_SELECTIONS = 30


def tested_types(workload: WorkloadFacts) -> tuple[str, ...]:
    """The types that restore testing restores; none for virtual machines outside AWS, Redshift and Timestream: those drills are by hand."""
    if workload.where != "aws":
        return ()
    if workload.kind == "database":
        managed = ("DocumentDB",) if workload.engine == "mongodb" else ("DynamoDB", "DocumentDB", "Neptune")
        return {"rds": ("RDS",), "aurora": ("Aurora",)}.get(workload.db_host, managed)
    return ("EFS", "FSx") if workload.kind == "file-share" else ("EBS", "EFS")


def restore_plan_key(place: Place, cadence: str, number: int) -> str:
    """The plan of a place and cadence; the second and later ones, where selections are many, have a number."""
    return short(f"restore-{cadence}{f'-{number}' if number > 1 else ''}--{place.name}")


def cadence_of(cadences: Iterable[str]) -> str:
    """The densest of several."""
    return min(cadences, key=list(MONTHS).index)


@dataclass
class _Plan:
    """One restore testing plan: the vaults that it looks into, the types of recovery points, for which workloads."""

    place: Place
    cadence: str
    number: int
    vaults: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=lambda: {"SNAPSHOT"})
    workloads: list[str] = field(default_factory=list)
    selections: int = 0

    @property
    def key(self) -> str:
        return restore_plan_key(self.place, self.cadence, self.number)

    def resource(self, customer: CustomerFacts) -> Resource:
        chosen: dict[str, Any] = {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "IncludeVaults": [sub(f"${{{vault}.arn}}") for vault in sorted(self.vaults)],
            "RecoveryPointTypes": sorted(self.types),
            "SelectionWindowDays": LOOK_BACK_DAYS,
        }
        properties = {
            "ScheduleExpression": f"cron(0 {START_HOUR} ? {MONTHS[self.cadence]} SUN#2 *)",
            "ScheduleExpressionTimezone": customer.zone,
            "StartWindowHours": START_WINDOW_HOURS,
            "RecoveryPointSelection": chosen,
        }
        where = self.place.where(*self.workloads)
        return resource(self.key, "AWS::Backup::RestoreTestingPlan", customer, properties, **where)


class RestoreTests:
    """Collects what is tested; a plan looks into the vaults of all that it tests."""

    def __init__(self, customer: CustomerFacts) -> None:
        self.customer = customer
        self.plans: dict[tuple[Place, str], list[_Plan]] = {}
        self.selections: list[Resource] = []

    def add(
        self, place: Place, cadence: str, vault: str, role: str, tag: tuple[str, str], members: Sequence[WorkloadFacts], continuous: bool
    ) -> None:
        """The workloads of one tag; `vault` and `role` are resource keys."""
        types = list(dict.fromkeys(kind for one in members for kind in tested_types(one)))
        if not types:
            return
        plan, names = self._plan(place, cadence, len(types)), [one.key for one in members]
        plan.vaults.add(vault)
        plan.types |= {"CONTINUOUS"} if continuous else set()
        plan.workloads += names
        plan.selections += len(types)
        key, value = tag
        for kind in types:
            properties = {
                "RestoreTestingPlanName": sub(f"${{{plan.key}.name}}"),
                "ProtectedResourceType": kind,
                "IamRoleArn": sub(f"${{{role}.arn}}"),
                "ProtectedResourceArns": ["*"],
                "ProtectedResourceConditions": {"StringEquals": [{"Key": f"aws:ResourceTag/{key}", "Value": value}]},
                "ValidationWindowHours": VALIDATION_HOURS,
            }
            name = short(f"restored-{names[0]}--{kind.lower()}")
            made = resource(name, "AWS::Backup::RestoreTestingSelection", self.customer, properties, **place.where(*names))
            self.selections.append(made)

    def _plan(self, place: Place, cadence: str, more: int) -> _Plan:
        """The plan that takes `more` selections: the last one of its place and cadence, or a new one."""
        plans = self.plans.setdefault((place, cadence), [])
        if not plans or plans[-1].selections + more > MOST_SELECTIONS:
            plans.append(_Plan(place, cadence, len(plans) + 1))
        return plans[-1]

    def resources(self) -> list[Resource]:
        """Plans by place and cadence, then what they restore."""
        order = sorted(self.plans, key=lambda plan: (plan[0].rank(), list(MONTHS).index(plan[1])))
        return [*(plan.resource(self.customer) for name in order for plan in self.plans[name]), *self.selections]
