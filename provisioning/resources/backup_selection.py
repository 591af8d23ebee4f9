"""AWS::Backup::BackupSelection: what a backup plan backs up. AWS has no call that changes one: it is deleted and made anew.

That is the one replacement that Stowplan makes; a selection holds no data, and the plan says in words that it happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.names import SELECTION
from provisioning.resources import compare
from provisioning.resources.backup_plan import OURS, WAITS_FOR, plans_of, title
from provisioning.resources.base import ABSENT, Call, Observed, Place, Properties, ResourceType, read

MEMBERS = ("IamRoleArn", "Resources", "NotResources", "ListOfTags", "Conditions")
CHOOSING = ("Resources", "ListOfTags", "Conditions")


class BackupSelection(ResourceType):
    kind = SELECTION
    reads = frozenset({"backup:ListBackupPlans", "backup:ListBackupSelections", "backup:GetBackupSelection"})
    writes = frozenset({"backup:CreateBackupSelection", "backup:DeleteBackupSelection", "iam:PassRole"})

    def observe(self, place: Place) -> Observed:
        name = title(place)
        mine = [row for row in _selections(place) if row["SelectionName"] == name]
        if not mine:
            return ABSENT
        key = mine[0]["SelectionId"]
        if len(mine) > 1:
            return Observed(True, key, blocked=f"{len(mine)} backup selections are named {name}")
        backup, plan = place.client("backup"), mine[0]["BackupPlanId"]
        found = read(lambda: backup.get_backup_selection(BackupPlanId=plan, SelectionId=key), "backup:GetBackupSelection") or {}
        chosen = found["BackupSelection"]
        return Observed(True, key, {"BackupPlanId": plan, **{member: chosen.get(member) for member in MEMBERS}})

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        return {"BackupPlanId": want["BackupPlanId"], **{name: want.get(name) for name in MEMBERS}}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        found = {name: value for name, value in properties.items() if value}
        for name in ("Resources", "NotResources", "ListOfTags"):
            if name in found:
                found[name] = compare.by_id(found[name])
        if "Conditions" in found:
            found["Conditions"] = {name: compare.by_id(keys) for name, keys in found["Conditions"].items() if keys}
        return {name: value for name, value in found.items() if value}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        if observed.exists and self.canonical(after) == self.canonical(observed.properties):
            return []
        calls = []
        if observed.exists:
            parameters = {"BackupPlanId": observed.properties["BackupPlanId"], "SelectionId": observed.identity}
            words = f"Delete backup selection {title(place)}, to make it anew at once: AWS cannot change a selection; no data is deleted"
            action = "backup:DeleteBackupSelection"
            calls.append(Call("backup", "delete_backup_selection", parameters, words, action, clears_way=True))
        chosen = {"SelectionName": title(place), **{name: after[name] for name in MEMBERS if after[name]}}
        parameters = {"BackupPlanId": after["BackupPlanId"], "BackupSelection": chosen}
        words, action = f"Say what the plan backs up: selection {title(place)}", "backup:CreateBackupSelection"
        return [*calls, Call("backup", "create_backup_selection", parameters, words, action, creates=True, waits_for=WAITS_FOR)]

    def created_id(self, response: Mapping[str, Any]) -> str | None:
        return str(response["SelectionId"])

    def gates(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[str]:
        if any(after[name] for name in CHOOSING):
            return []
        return ["an empty selection would back up every resource of the account"]


def _selections(place: Place) -> list[dict[str, Any]]:
    """The selections of all plans of ours in the place's account and Region."""
    backup = place.client("backup")

    def every() -> list[dict[str, Any]]:
        ours = [row["BackupPlanId"] for row in plans_of(place) if row["BackupPlanName"].startswith(OURS)]
        return [row for plan in ours for row in _listed(backup, plan)]

    return place.survey.once(("backup-selections", place.account, place.region), every)


def _listed(backup: Any, plan: str) -> list[dict[str, Any]]:
    pages = backup.get_paginator("list_backup_selections").paginate(BackupPlanId=plan)
    return read(lambda: [row for page in pages for row in page["BackupSelectionsList"]], "backup:ListBackupSelections") or []
