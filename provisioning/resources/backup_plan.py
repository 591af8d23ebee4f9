"""AWS::Backup::BackupPlan: found by its derived name; AWS gives the id. An update replaces all rules, so rules of others are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import BACKUP_PLAN, arn_of, title_of
from provisioning.resources import compare
from provisioning.resources.backup_vault import tags_of
from provisioning.resources.base import (
    ABSENT,
    ASSESSMENT_TAG,
    RESOURCE_TAG,
    Call,
    ClientSource,
    Hazard,
    Observed,
    Place,
    Properties,
    ResourceType,
    belongs_to_another,
    changed_tags,
    foreign_tags,
    merged_tags,
    read,
)

WAITS_FOR = frozenset({"InvalidParameterValueException", "ResourceNotFoundException"})
OURS = "stowplan-"
# What AWS fills in where a rule does not say it (botocore's model of BackupRuleInput).
DEFAULTS = {
    "ScheduleExpression": "cron(0 5 ? * * *)",
    "ScheduleExpressionTimezone": "Etc/UTC",
    "StartWindowMinutes": 480,
    "CompletionWindowMinutes": 10080,
}


class BackupPlan(ResourceType):
    kind = BACKUP_PLAN
    reads = frozenset({"backup:ListBackupPlans", "backup:GetBackupPlan", "backup:ListTags"})
    writes = frozenset({"backup:CreateBackupPlan", "backup:UpdateBackupPlan", "backup:TagResource"})
    quota = 300

    def observe(self, place: Place) -> Observed:
        name = title(place)
        mine = [row["BackupPlanId"] for row in plans_of(place) if row["BackupPlanName"] == name]
        if not mine:
            return ABSENT
        if len(mine) > 1:
            return Observed(True, mine[0], blocked=f"{len(mine)} backup plans are named {name}: {', '.join(sorted(mine))}")
        backup = place.client("backup")
        found = read(lambda: backup.get_backup_plan(BackupPlanId=mine[0]), "backup:GetBackupPlan") or {}
        plan = found["BackupPlan"]
        properties: Properties = {
            "Rules": [{key: value for key, value in rule.items() if key != "RuleId"} for rule in plan["Rules"]],
            "AdvancedBackupSettings": plan.get("AdvancedBackupSettings") or [],
            "Tags": tags_of(backup, found["BackupPlanArn"]),
        }
        return Observed(True, mine[0], properties, belongs_to_another(place, properties["Tags"]))

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        foreign = [rule for rule in have.get("Rules", ()) if not rule["RuleName"].startswith(OURS)]
        return {
            "Rules": [*foreign, *want["Rules"]],
            "AdvancedBackupSettings": want.get("AdvancedBackupSettings") or have.get("AdvancedBackupSettings") or [],
            "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {}),
        }

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        settings = compare.by_id(properties.get("AdvancedBackupSettings") or [])
        return {
            **properties,
            "Rules": compare.by_id([_rule(one) for one in properties.get("Rules") or ()]),
            "AdvancedBackupSettings": settings,
        }

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        plan = {"BackupPlanName": title(place), "Rules": after["Rules"]}
        if after["AdvancedBackupSettings"]:
            plan["AdvancedBackupSettings"] = after["AdvancedBackupSettings"]
        if not observed.exists:
            parameters = {"BackupPlan": plan, "BackupPlanTags": after["Tags"]}
            words, action = f"Create backup plan {title(place)} in {place.region}", "backup:CreateBackupPlan"
            return [Call("backup", "create_backup_plan", parameters, words, action, creates=True, waits_for=WAITS_FOR)]
        want, have = self.canonical(after), self.canonical(observed.properties)
        calls = []
        if want["Tags"] != have["Tags"]:
            arn = arn_of(BACKUP_PLAN, str(observed.identity), account=place.account, region=place.region)
            tags = changed_tags(after["Tags"], have["Tags"])
            calls.append(Call("backup", "tag_resource", {"ResourceArn": arn, "Tags": tags}, "Tag the backup plan", "backup:TagResource"))
        if any(want[name] != have[name] for name in ("Rules", "AdvancedBackupSettings")):
            parameters = {"BackupPlanId": observed.identity, "BackupPlan": plan}
            words, action = (
                "Replace the rules of the backup plan; recovery points that are there keep their time",
                "backup:UpdateBackupPlan",
            )
            calls.append(Call("backup", "update_backup_plan", parameters, words, action, waits_for=WAITS_FOR))
        return calls

    def created_id(self, response: Mapping[str, Any]) -> str | None:
        return str(response["BackupPlanId"])

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        tags = foreign_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})
        return [Hazard("foreign", f"Tag {tag} of backup plan {title(place)} changes.") for tag in tags]

    def count(self, place: Place) -> int:
        return len(plans_of(place))

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        backup = clients.client("backup", account, region)
        for row in _plans(backup):
            if row["BackupPlanName"].startswith(OURS):
                tags = tags_of(backup, row["BackupPlanArn"])
                if tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags:
                    yield tags[RESOURCE_TAG], row["BackupPlanId"]


def title(place: Place) -> str:
    """The name that a plan or selection carries beside its id."""
    return title_of(place.account, place.region, place.slug, place.key)


def plans_of(place: Place) -> list[dict[str, Any]]:
    """All backup plans of the place's account and Region."""
    backup = place.client("backup")
    return place.survey.once(("backup-plans", place.account, place.region), lambda: _plans(backup))


def _plans(backup: Any) -> list[dict[str, Any]]:
    pages = backup.get_paginator("list_backup_plans").paginate()
    return read(lambda: [row for page in pages for row in page["BackupPlansList"]], "backup:ListBackupPlans") or []


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule in one spelling: defaults filled in, what is empty or off left out, copies sorted."""
    found = {**DEFAULTS, **{name: value for name, value in rule.items() if value not in (None, False, [], {})}}
    if "CopyActions" in found:
        found["CopyActions"] = compare.by_id(rule["CopyActions"])
    return found
