"""Vaults, plans and selections of AWS Backup in Terraform's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.exporters.shapes import Shape, each, renamed
from provisioning.exporters.terraform_bucket import Part, block
from provisioning.exporters.terraform_values import document

Settings = Mapping[str, Any]
Tags = Mapping[str, str]

LOCK: Shape = {
    "MinRetentionDays": "min_retention_days",
    "MaxRetentionDays": "max_retention_days",
    "ChangeableForDays": "changeable_for_days",
}
LIFECYCLE: Shape = {
    "MoveToColdStorageAfterDays": "cold_storage_after",
    "DeleteAfterDays": "delete_after",
    "OptInToArchiveForSupportedResources": "opt_in_to_archive_for_supported_resources",
}
COPY: Shape = {"DestinationBackupVaultArn": "destination_vault_arn", "Lifecycle": ("lifecycle", block(LIFECYCLE, "Lifecycle"))}
RULE: Shape = {
    "RuleName": "rule_name",
    "TargetBackupVaultName": "target_vault_name",
    "ScheduleExpression": "schedule",
    "ScheduleExpressionTimezone": "schedule_expression_timezone",
    "StartWindowMinutes": "start_window",
    "CompletionWindowMinutes": "completion_window",
    "Lifecycle": ("lifecycle", block(LIFECYCLE, "Lifecycle")),
    "CopyActions": ("copy_action", each(COPY, "CopyActions")),
    "EnableContinuousBackup": "enable_continuous_backup",
    "RecoveryPointTags": "recovery_point_tags",
}
ADVANCED: Shape = {"ResourceType": "resource_type", "BackupOptions": "backup_options"}
PLAN: Shape = {"Rules": ("rule", each(RULE, "Rules")), "AdvancedBackupSettings": ("advanced_backup_setting", each(ADVANCED, "Advanced"))}
TAG: Shape = {"ConditionType": "type", "ConditionKey": "key", "ConditionValue": "value"}
CONDITION: Shape = {"ConditionKey": "key", "ConditionValue": "value"}
CONDITIONS: Shape = {
    "StringEquals": ("string_equals", each(CONDITION, "StringEquals")),
    "StringNotEquals": ("string_not_equals", each(CONDITION, "StringNotEquals")),
    "StringLike": ("string_like", each(CONDITION, "StringLike")),
    "StringNotLike": ("string_not_like", each(CONDITION, "StringNotLike")),
}
SELECTION: Shape = {
    "BackupPlanId": "plan_id",
    "IamRoleArn": "iam_role_arn",
    "ListOfTags": ("selection_tag", each(TAG, "ListOfTags")),
    "Resources": "resources",
    "NotResources": "not_resources",
    "Conditions": ("condition", block(CONDITIONS, "Conditions")),
}


def backup_vault(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """The vault, its access policy and its lock."""
    own = {key: value for key, value in settings.items() if key not in ("Tags", "Policy", "LockConfiguration") and value is not None}
    key = renamed(own, {"EncryptionKeyArn": "kms_key_arn"}, "AWS::Backup::BackupVault")
    yield "aws_backup_vault", {"name": name, **key, "tags": dict(tags), "lifecycle": {"prevent_destroy": True}}
    vault = {"backup_vault_name": "${aws_backup_vault." + local + ".name}"}
    if settings.get("Policy"):
        yield "aws_backup_vault_policy", {**vault, "policy": document(settings["Policy"])}
    if settings.get("LockConfiguration"):
        yield "aws_backup_vault_lock_configuration", {**vault, **renamed(settings["LockConfiguration"], LOCK, "LockConfiguration")}


def backup_plan(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """The plan with its rules."""
    own = {key: value for key, value in settings.items() if key != "Tags"}
    yield "aws_backup_plan", {"name": name, **renamed(own, PLAN, "AWS::Backup::BackupPlan"), "tags": dict(tags)}


def backup_selection(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """What a plan backs up."""
    yield "aws_backup_selection", {"name": name, **renamed(settings, SELECTION, "AWS::Backup::BackupSelection")}
