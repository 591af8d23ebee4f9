"""Backup resources as the calls that make them, and what AWS holds them to beside its model.

Written from AWS's documentation (AWS Backup Developer Guide: vault lock, lifecycle, continuous backups, selections), not from the engine.
"""

from __future__ import annotations

import json
import re
from typing import Any

Calls = list[tuple[str, str, dict[str, Any]]]
COLD_DAYS, CONTINUOUS_DAYS, LONGEST = 90, 35, 36_500


def vault_calls(p: dict[str, Any], tags: Any) -> Calls:
    name = {"BackupVaultName": "stowplan-x"}
    key = {"EncryptionKeyArn": p["EncryptionKeyArn"]} if p.get("EncryptionKeyArn") else {}
    found: Calls = [
        ("backup", "CreateBackupVault", {**name, **key, "BackupVaultTags": p["Tags"]}),
        ("backup", "PutBackupVaultAccessPolicy", {**name, "Policy": json.dumps(p["Policy"])}),
    ]
    lock = p["LockConfiguration"]
    if lock:
        assert 1 <= lock["MinRetentionDays"] <= lock["MaxRetentionDays"] <= LONGEST
        assert lock.get("ChangeableForDays", 3) >= 3
        found.append(("backup", "PutBackupVaultLockConfiguration", {**name, **lock}))
    return found


def plan_calls(p: dict[str, Any], tags: Any) -> Calls:
    return [("backup", "CreateBackupPlan", {"BackupPlan": {"BackupPlanName": "x", "Rules": p["Rules"]}, "BackupPlanTags": p["Tags"]})]


def selection_calls(p: dict[str, Any], tags: Any) -> Calls:
    chosen = {"SelectionName": "x", **{name: value for name, value in p.items() if name != "BackupPlanId"}}
    return [("backup", "CreateBackupSelection", {"BackupPlanId": p["BackupPlanId"], "BackupSelection": chosen})]


def restore_plan_calls(p: dict[str, Any], tags: Any) -> Calls:
    plan = {name: value for name, value in p.items() if name != "Tags"}
    assert len(p["ScheduleExpression"].split()) == 6
    assert 1 <= p["StartWindowHours"] <= 168
    assert 1 <= p["RecoveryPointSelection"]["SelectionWindowDays"] <= 365
    assert set(p["RecoveryPointSelection"]["RecoveryPointTypes"]) <= {"SNAPSHOT", "CONTINUOUS"}
    return [("backup", "CreateRestoreTestingPlan", {"RestoreTestingPlan": {"RestoreTestingPlanName": "x", **plan}, "Tags": p["Tags"]})]


def restore_selection_calls(p: dict[str, Any], tags: Any) -> Calls:
    assert p["ProtectedResourceType"] in {"Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "FSx", "Neptune", "RDS", "S3"}
    assert 0 <= p["ValidationWindowHours"] <= 168
    chosen = {"RestoreTestingSelectionName": "x", **{name: value for name, value in p.items() if name != "RestoreTestingPlanName"}}
    return [("backup", "CreateRestoreTestingSelection", {"RestoreTestingPlanName": "x", "RestoreTestingSelection": chosen})]


def report_calls(p: dict[str, Any], tags: Any) -> Calls:
    return [("backup", "CreateReportPlan", {"ReportPlanName": "x", **_untagged(p), "ReportPlanTags": p["Tags"]})]


def framework_calls(p: dict[str, Any], tags: Any) -> Calls:
    names = [one["ControlName"] for one in p["FrameworkControls"]]
    assert len(set(names)) == len(names), "a control stands twice"
    return [("backup", "CreateFramework", {"FrameworkName": "x", **_untagged(p), "FrameworkTags": p["Tags"]})]


def _untagged(p: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in p.items() if name != "Tags"}


def problems(resources: list[dict[str, Any]]) -> list[str]:
    """One sentence for each rule of AWS Backup that the resources break together."""
    by_key = {one["key"]: one for one in resources}
    found = []
    for one in resources:
        if one["type"] == "AWS::Backup::BackupPlan":
            found += [f"{one['key']}: {text}" for text in of_plan(one, by_key)]
    return found + of_selections(resources, by_key)


def of_plan(plan: dict[str, Any], by_key: dict[str, Any]) -> list[str]:
    found = []
    rules = plan["properties"]["Rules"]
    if len({rule["RuleName"] for rule in rules}) < len(rules):
        found.append("two rules have one name")
    for rule in rules:
        near = by_key[referred(rule["TargetBackupVaultName"])]
        if place(near) != place(plan):
            found.append("the vault of a rule stands elsewhere than its plan")
        found += kept(rule["Lifecycle"], near)
        if rule["StartWindowMinutes"] < 60 or rule["CompletionWindowMinutes"] < rule["StartWindowMinutes"] + 60:
            found.append(f"windows {rule['StartWindowMinutes']} and {rule['CompletionWindowMinutes']}")
        if len(rule["ScheduleExpression"].removeprefix("cron(").removesuffix(")").split()) != 6:
            found.append(rule["ScheduleExpression"])
        if rule.get("EnableContinuousBackup") and not 1 <= rule["Lifecycle"]["DeleteAfterDays"] <= CONTINUOUS_DAYS:
            found.append("continuous for more than 35 days")
        for copy in rule.get("CopyActions", ()):
            far = by_key[referred(copy["DestinationBackupVaultArn"])]
            found += [*kept(copy["Lifecycle"], far), *received(far, near)]
    return found


def kept(lifecycle: dict[str, Any], vault: dict[str, Any]) -> list[str]:
    """Retention against the vault's lock, and cold storage against its minimum."""
    days, cold, lock = lifecycle["DeleteAfterDays"], lifecycle.get("MoveToColdStorageAfterDays"), vault["properties"]["LockConfiguration"]
    found = [] if 1 <= days <= LONGEST else [f"kept {days} days"]
    if cold is not None and days < cold + COLD_DAYS:
        found.append(f"cold after {cold} days, deleted after {days}")
    if lock and not lock["MinRetentionDays"] <= days <= lock["MaxRetentionDays"]:
        found.append(f"{days} days in a vault locked for {lock}")
    return found


def received(vault: dict[str, Any], source: dict[str, Any]) -> list[str]:
    """A copy goes to another Region or account, whose vault takes it from exactly that account."""
    if place(vault) == place(source):
        return ["a copy into the same account and Region"]
    if place(vault)[:2] == place(source)[:2]:
        return []
    text = json.dumps(vault["properties"]["Policy"])
    name = source["account_alias"] or source["account_role"]
    found = [] if "backup:CopyIntoBackupVault" in text and f"${{account.{name}}}:root" in text else ["a copy that its vault does not take"]
    return found if vault["properties"].get("EncryptionKeyArn") else [*found, "a copy to another account under AWS's own key"]


def of_selections(resources: list[dict[str, Any]], by_key: dict[str, Any]) -> list[str]:
    """A tag has one plan in an account and Region, and no selection is empty."""
    found = []
    plans: dict[Any, str] = {}
    for one in resources:
        if one["type"] != "AWS::Backup::BackupSelection":
            continue
        chosen, plan = one["properties"], referred(one["properties"]["BackupPlanId"])
        assert by_key[plan]["type"] == "AWS::Backup::BackupPlan"
        conditions = [(row["ConditionKey"], row["ConditionValue"]) for row in chosen["Conditions"]["StringEquals"]]
        if not conditions or not chosen["Resources"] or "*" in chosen["Resources"]:
            found.append(f"{one['key']}: chooses everything")
        if any(not key.startswith("aws:ResourceTag/") for key, _ in conditions):
            found.append(f"{one['key']}: a condition on something else than a tag")
        if plans.setdefault((place(one), tuple(conditions)), plan) != plan or place(by_key[plan]) != place(one):
            found.append(f"{one['key']}: a tag with two plans")
    return found


def referred(value: dict[str, str]) -> str:
    match = re.fullmatch(r"\$\{(.+)\.(?:arn|name|id)\}", value["$sub"])
    assert match, value
    return match[1]


def place(resource: dict[str, Any]) -> tuple[Any, ...]:
    return resource["account_role"], resource["account_alias"], resource["region"]
