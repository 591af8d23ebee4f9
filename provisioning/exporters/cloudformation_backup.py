"""Vaults, plans, selections, restore testing and Audit Manager of AWS Backup in CloudFormation's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.exporters.shapes import Shape, each, renamed, same

Settings = Mapping[str, Any]
Tags = list[dict[str, Any]]
Properties = dict[str, Any]

RULE: Shape = {
    "TargetBackupVaultName": "TargetBackupVault",
    **same("RuleName", "ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowMinutes", "CompletionWindowMinutes", "Lifecycle"),
    **same("CopyActions", "EnableContinuousBackup", "RecoveryPointTags"),
}
VAULT: Shape = {"Policy": "AccessPolicy", **same("EncryptionKeyArn", "LockConfiguration", "Notifications")}
PLAN: Shape = {"Rules": ("BackupPlanRule", each(RULE, "Rules")), **same("AdvancedBackupSettings")}
RESTORE_PLAN = same("ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowHours", "RecoveryPointSelection")
RESTORE_SELECTION = same(
    *("RestoreTestingPlanName", "ProtectedResourceType", "IamRoleArn", "ProtectedResourceArns", "ProtectedResourceConditions"),
    *("ValidationWindowHours", "RestoreMetadataOverrides"),
)
REPORT_PLAN = same("ReportPlanDescription", "ReportDeliveryChannel", "ReportSetting")
CONTROL: Shape = same("ControlName", "ControlInputParameters", "ControlScope")
FRAMEWORK: Shape = {"FrameworkControls": ("FrameworkControls", each(CONTROL, "FrameworkControls")), **same("FrameworkDescription")}


def backup_vault(name: str, settings: Settings, tags: Tags) -> Properties:
    return {"BackupVaultName": name, **renamed(_filled(settings), VAULT, "AWS::Backup::BackupVault"), "BackupVaultTags": _map(tags)}


def backup_plan(name: str, settings: Settings, tags: Tags) -> Properties:
    plan = renamed(_filled(settings), PLAN, "AWS::Backup::BackupPlan")
    return {"BackupPlan": {"BackupPlanName": name, **plan}, "BackupPlanTags": _map(tags)}


def backup_selection(name: str, settings: Settings, tags: Tags) -> Properties:
    chosen = {key: value for key, value in _filled(settings).items() if key != "BackupPlanId"}
    shape = same("IamRoleArn", "ListOfTags", "Resources", "NotResources", "Conditions")
    selection = {"SelectionName": name, **renamed(chosen, shape, "AWS::Backup::BackupSelection")}
    return {"BackupPlanId": settings["BackupPlanId"], "BackupSelection": selection}


def restore_plan(name: str, settings: Settings, tags: Tags) -> Properties:
    return {"RestoreTestingPlanName": name, **renamed(_filled(settings), RESTORE_PLAN, "AWS::Backup::RestoreTestingPlan"), "Tags": tags}


def restore_selection(name: str, settings: Settings, tags: Tags) -> Properties:
    found = renamed(_filled(settings), RESTORE_SELECTION, "AWS::Backup::RestoreTestingSelection")
    return {"RestoreTestingSelectionName": name, **found}


def report_plan(name: str, settings: Settings, tags: Tags) -> Properties:
    return {"ReportPlanName": name, **renamed(_filled(settings), REPORT_PLAN, "AWS::Backup::ReportPlan"), "ReportPlanTags": tags}


def framework(name: str, settings: Settings, tags: Tags) -> Properties:
    return {"FrameworkName": name, **renamed(_filled(settings), FRAMEWORK, "AWS::Backup::Framework"), "FrameworkTags": tags}


def _filled(settings: Settings) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name != "Tags" and value is not None}


def _map(tags: Tags) -> dict[str, Any]:
    return {tag["Key"]: tag["Value"] for tag in tags}
