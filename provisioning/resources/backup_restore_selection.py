"""AWS::Backup::RestoreTestingSelection: which resources of one type a restore testing plan restores, by which role, for how long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.names import RESTORE_SELECTION
from provisioning.resources.backup_named import OURS, WAITS_FOR
from provisioning.resources.backup_restore_plan import plans_of
from provisioning.resources.base import ABSENT, Call, Observed, Place, Properties, ResourceType, read

FIXED = ("RestoreTestingPlanName", "ProtectedResourceType")
CHOICE = ("ProtectedResourceArns", "ProtectedResourceConditions")
MEMBERS = (*FIXED, "IamRoleArn", *CHOICE, "ValidationWindowHours", "RestoreMetadataOverrides")


class BackupRestoreSelection(ResourceType):
    kind = RESTORE_SELECTION
    reads = frozenset({"backup:ListRestoreTestingPlans", "backup:ListRestoreTestingSelections", "backup:GetRestoreTestingSelection"})
    writes = frozenset({"backup:CreateRestoreTestingSelection", "backup:UpdateRestoreTestingSelection", "iam:PassRole"})

    def observe(self, place: Place) -> Observed:
        name, backup = place.own_name, place.client("backup")
        plans = [row["RestoreTestingPlanName"] for row in _selections(place) if row["RestoreTestingSelectionName"] == name]
        if not plans:
            return ABSENT
        if len(plans) > 1:
            return Observed(True, name, blocked=f"{len(plans)} restore testing selections are named {name}")
        asked = {"RestoreTestingPlanName": plans[0], "RestoreTestingSelectionName": name}
        answer = read(lambda: backup.get_restore_testing_selection(**asked), "backup:GetRestoreTestingSelection") or {}
        chosen = answer["RestoreTestingSelection"]
        return Observed(True, name, {**{member: chosen.get(member) for member in MEMBERS}, "RestoreTestingPlanName": plans[0]})

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        return {name: want.get(name) for name in MEMBERS}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        found = {name: value for name, value in properties.items() if value not in (None, [], {}, 0)}
        if "ProtectedResourceArns" in found:
            found["ProtectedResourceArns"] = sorted(found["ProtectedResourceArns"])
        chosen = {
            name: sorted(rows, key=lambda row: (row["Key"], row["Value"]))
            for name, rows in (found.pop("ProtectedResourceConditions", None) or {}).items()
            if rows
        }
        return {**found, "ProtectedResourceConditions": chosen} if chosen else found

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if observed.exists and self.canonical(after) == self.canonical(observed.properties):
            return []
        plan = {"RestoreTestingPlanName": after["RestoreTestingPlanName"]}
        own = {name: value for name, value in after.items() if value is not None and name != "RestoreTestingPlanName"}
        if observed.exists:
            own.pop("ProtectedResourceType")
            parameters = {**plan, "RestoreTestingSelectionName": place.own_name, "RestoreTestingSelection": own}
            words, action = f"Change what restore testing restores: {place.own_name}", "backup:UpdateRestoreTestingSelection"
            return [Call("backup", "update_restore_testing_selection", parameters, words, action, waits_for=WAITS_FOR)]
        chosen = {"RestoreTestingSelectionName": place.own_name, **own}
        words, action = f"Say what restore testing restores: {place.own_name}", "backup:CreateRestoreTestingSelection"
        parameters = {**plan, "RestoreTestingSelection": chosen}
        return [Call("backup", "create_restore_testing_selection", parameters, words, action, creates=True, waits_for=WAITS_FOR)]

    def gates(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[str]:
        found = []
        if not any(after[name] for name in CHOICE):
            found.append("an empty selection would restore every resource of its type")
        changed = [name for name in FIXED if observed.exists and after[name] != observed.properties.get(name)]
        if changed:
            found.append(
                f"{' and '.join(changed)} of restore testing selection {place.own_name} cannot be changed; delete it by hand first"
            )
        return found


def _selections(place: Place) -> list[dict[str, Any]]:
    """The selections of all restore testing plans of ours in the place's account and Region."""
    backup = place.client("backup")

    def every() -> list[dict[str, Any]]:
        ours = [row["RestoreTestingPlanName"] for row in plans_of(backup) if row["RestoreTestingPlanName"].startswith(OURS)]
        return [row for plan in ours for row in _listed(backup, plan)]

    return place.survey.once(("restore-testing-selections", place.account, place.region), every)


def _listed(backup: Any, plan: str) -> list[dict[str, Any]]:
    pages = backup.get_paginator("list_restore_testing_selections").paginate(RestoreTestingPlanName=plan)
    action = "backup:ListRestoreTestingSelections"
    return read(lambda: [row for page in pages for row in page["RestoreTestingSelections"]], action) or []
