"""Restore testing of AWS Backup: plans by account and cadence of the drills, and what each restores (aws-facts section f)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def tested_types(workload: WorkloadFacts) -> tuple[str, ...]:
    """The types that restore testing restores; none for virtual machines outside AWS, Redshift and Timestream: those drills are by hand."""
    if workload.where != "aws":
        return ()
    if workload.kind == "database":
        managed = ("DocumentDB",) if workload.engine == "mongodb" else ("DynamoDB", "DocumentDB", "Neptune")
        return {"rds": ("RDS",), "aurora": ("Aurora",)}.get(workload.db_host, managed)
    return ("EFS", "FSx") if workload.kind == "file-share" else ("EBS", "EFS")


def restore_plan_key(place: Place, cadence: str) -> str:
    return short(f"restore-{cadence}--{place.name}")


def cadence_of(cadences: Iterable[str]) -> str:
    """The densest of several."""
    return min(cadences, key=list(MONTHS).index)


class RestoreTests:
    """Collects what is tested; a plan looks into the vaults of all that it tests."""

    def __init__(self, customer: CustomerFacts) -> None:
        self.customer = customer
        self.vaults: dict[tuple[Place, str], list[str]] = {}
        self.types: dict[tuple[Place, str], set[str]] = {}
        self.workloads: dict[tuple[Place, str], list[str]] = {}
        self.selections: list[Resource] = []

    def add(
        self, place: Place, cadence: str, vault: str, role: str, tag: tuple[str, str], members: Sequence[WorkloadFacts], continuous: bool
    ) -> None:
        """The workloads of one tag; `vault` and `role` are resource keys."""
        types = list(dict.fromkeys(kind for one in members for kind in tested_types(one)))
        if not types:
            return
        plan, names = (place, cadence), [one.key for one in members]
        self.vaults.setdefault(plan, []).extend([vault] if vault not in self.vaults.get(plan, ()) else [])
        self.types.setdefault(plan, set()).update(["SNAPSHOT", *(["CONTINUOUS"] if continuous else [])])
        self.workloads.setdefault(plan, []).extend(names)
        key, value = tag
        for kind in types:
            properties = {
                "RestoreTestingPlanName": sub(f"${{{restore_plan_key(place, cadence)}.name}}"),
                "ProtectedResourceType": kind,
                "IamRoleArn": sub(f"${{{role}.arn}}"),
                "ProtectedResourceArns": ["*"],
                "ProtectedResourceConditions": {"StringEquals": [{"Key": f"aws:ResourceTag/{key}", "Value": value}]},
                "ValidationWindowHours": VALIDATION_HOURS,
            }
            name = short(f"restore-{names[0]}--{kind.lower()}")
            made = resource(name, "AWS::Backup::RestoreTestingSelection", self.customer, properties, **place.where(*names))
            self.selections.append(made)

    def resources(self) -> list[Resource]:
        """Plans by place and cadence, then what they restore."""
        plans = sorted(self.vaults, key=lambda plan: (plan[0].rank(), list(MONTHS).index(plan[1])))
        return [*(self._plan(*plan) for plan in plans), *self.selections]

    def _plan(self, place: Place, cadence: str) -> Resource:
        vaults = self.vaults[place, cadence]
        chosen: dict[str, Any] = {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "IncludeVaults": [sub(f"${{{vault}.arn}}") for vault in sorted(vaults)],
            "RecoveryPointTypes": sorted(self.types[place, cadence]),
            "SelectionWindowDays": LOOK_BACK_DAYS,
        }
        properties = {
            "ScheduleExpression": f"cron(0 {START_HOUR} ? {MONTHS[cadence]} SUN#2 *)",
            "ScheduleExpressionTimezone": self.customer.zone,
            "StartWindowHours": START_WINDOW_HOURS,
            "RecoveryPointSelection": chosen,
        }
        where = place.where(*self.workloads[place, cadence])
        return resource(restore_plan_key(place, cadence), "AWS::Backup::RestoreTestingPlan", self.customer, properties, **where)
