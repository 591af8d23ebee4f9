"""AWS::Backup::RestoreTestingPlan: when AWS restores recovery points of which vaults, to prove that it can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import RESTORE_PLAN
from provisioning.resources.backup_named import WAITS_FOR, NamedBackup
from provisioning.resources.base import Call, Place, Properties, read

# What AWS fills in where a plan does not say it (API reference of CreateRestoreTestingPlan).
DEFAULTS = {"ScheduleExpressionTimezone": "Etc/UTC", "StartWindowHours": 24}
SELECTION_DEFAULTS: Mapping[str, Any] = {"SelectionWindowDays": 30}
SETS = ("IncludeVaults", "ExcludeVaults", "RecoveryPointTypes")


class BackupRestorePlan(NamedBackup):
    kind = RESTORE_PLAN
    words = "restore testing plan"
    members = ("ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowHours", "RecoveryPointSelection")
    reads = frozenset({"backup:ListRestoreTestingPlans", "backup:GetRestoreTestingPlan", "backup:ListTags"})
    writes = frozenset({"backup:CreateRestoreTestingPlan", "backup:UpdateRestoreTestingPlan", "backup:TagResource"})
    quota = 100

    def found(self, place: Place) -> tuple[str, Properties] | None:
        backup, name = place.client("backup"), place.own_name
        absent = ("ResourceNotFoundException",)
        answer = read(lambda: backup.get_restore_testing_plan(RestoreTestingPlanName=name), "backup:GetRestoreTestingPlan", absent=absent)
        if answer is None:
            return None
        plan = answer["RestoreTestingPlan"]
        return str(plan["RestoreTestingPlanArn"]), {member: plan.get(member) for member in self.members}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        found = super().canonical({**DEFAULTS, **{name: value for name, value in properties.items() if value is not None}})
        chosen = {name: value for name, value in (found.get("RecoveryPointSelection") or {}).items() if value}
        for name in SETS:
            if name in chosen:
                chosen[name] = sorted(chosen[name], key=str)
        return {**found, "RecoveryPointSelection": {**SELECTION_DEFAULTS, **chosen}} if chosen else found

    def made(self, place: Place, after: Mapping[str, Any]) -> Call:
        parameters = {
            "RestoreTestingPlan": {"RestoreTestingPlanName": place.own_name, **_filled(after, self.members)},
            "Tags": after["Tags"],
        }
        words, action = f"Create restore testing plan {place.own_name} in {place.region}", "backup:CreateRestoreTestingPlan"
        return Call("backup", "create_restore_testing_plan", parameters, words, action, creates=True, waits_for=WAITS_FOR)

    def changed(self, place: Place, after: Mapping[str, Any]) -> Call:
        parameters = {"RestoreTestingPlanName": place.own_name, "RestoreTestingPlan": _filled(after, self.members)}
        words, action = "Change when and what the plan restores", "backup:UpdateRestoreTestingPlan"
        return Call("backup", "update_restore_testing_plan", parameters, words, action, waits_for=WAITS_FOR)

    def listed(self, backup: Any) -> Iterable[tuple[str, str]]:
        return [(row["RestoreTestingPlanName"], row["RestoreTestingPlanArn"]) for row in plans_of(backup)]

    def count(self, place: Place) -> int:
        return len(plans_of(place.client("backup")))


def plans_of(backup: Any) -> list[dict[str, Any]]:
    """All restore testing plans of an account and Region."""
    pages = backup.get_paginator("list_restore_testing_plans").paginate()
    return read(lambda: [row for page in pages for row in page["RestoreTestingPlans"]], "backup:ListRestoreTestingPlans") or []


def _filled(settings: Mapping[str, Any], members: tuple[str, ...]) -> dict[str, Any]:
    return {name: settings[name] for name in members if settings.get(name) is not None}
