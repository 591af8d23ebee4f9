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
TOLD: Shape = {"SNSTopicArn": "sns_topic_arn", "BackupVaultEvents": "backup_vault_events"}
# Settings of a vault that are resources of their own in Terraform.
APART = ("Tags", "Policy", "LockConfiguration", "Notifications")
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


CHOSEN: Shape = {
    "Algorithm": "algorithm",
    "IncludeVaults": "include_vaults",
    "ExcludeVaults": "exclude_vaults",
    "RecoveryPointTypes": "recovery_point_types",
    "SelectionWindowDays": "selection_window_days",
}
RESTORE_PLAN: Shape = {
    "ScheduleExpression": "schedule_expression",
    "ScheduleExpressionTimezone": "schedule_expression_timezone",
    "StartWindowHours": "start_window_hours",
    "RecoveryPointSelection": ("recovery_point_selection", block(CHOSEN, "RecoveryPointSelection")),
}
KEY_VALUE: Shape = {"Key": "key", "Value": "value"}
PROTECTED: Shape = {
    "StringEquals": ("string_equals", each(KEY_VALUE, "StringEquals")),
    "StringNotEquals": ("string_not_equals", each(KEY_VALUE, "StringNotEquals")),
}
RESTORE_SELECTION: Shape = {
    "RestoreTestingPlanName": "restore_testing_plan_name",
    "ProtectedResourceType": "protected_resource_type",
    "IamRoleArn": "iam_role_arn",
    "ProtectedResourceArns": "protected_resource_arns",
    "ProtectedResourceConditions": ("protected_resource_conditions", block(PROTECTED, "ProtectedResourceConditions")),
    "ValidationWindowHours": "validation_window_hours",
    "RestoreMetadataOverrides": "restore_metadata_overrides",
}
CHANNEL: Shape = {"S3BucketName": "s3_bucket_name", "S3KeyPrefix": "s3_key_prefix", "Formats": "formats"}
REPORT: Shape = {
    "ReportTemplate": "report_template",
    "FrameworkArns": "framework_arns",
    "NumberOfFrameworks": "number_of_frameworks",
    "Accounts": "accounts",
    "OrganizationUnits": "organization_units",
    "Regions": "regions",
}
REPORT_PLAN: Shape = {
    "ReportPlanDescription": "description",
    "ReportDeliveryChannel": ("report_delivery_channel", block(CHANNEL, "ReportDeliveryChannel")),
    "ReportSetting": ("report_setting", block(REPORT, "ReportSetting")),
}
PARAMETER: Shape = {"ParameterName": "name", "ParameterValue": "value"}
SCOPE: Shape = {
    "ComplianceResourceIds": "compliance_resource_ids",
    "ComplianceResourceTypes": "compliance_resource_types",
    "Tags": "tags",
}
CONTROL: Shape = {
    "ControlName": "name",
    "ControlInputParameters": ("input_parameter", each(PARAMETER, "ControlInputParameters")),
    "ControlScope": ("scope", block(SCOPE, "ControlScope")),
}
FRAMEWORK: Shape = {"FrameworkDescription": "description", "FrameworkControls": ("control", each(CONTROL, "FrameworkControls"))}


def backup_vault(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """The vault, its access policy and its lock."""
    own = {key: value for key, value in settings.items() if key not in APART and value is not None}
    key = renamed(own, {"EncryptionKeyArn": "kms_key_arn"}, "AWS::Backup::BackupVault")
    yield "aws_backup_vault", {"name": name, **key, "tags": dict(tags), "lifecycle": {"prevent_destroy": True}}
    vault = {"backup_vault_name": "${aws_backup_vault." + local + ".name}"}
    if settings.get("Policy"):
        yield "aws_backup_vault_policy", {**vault, "policy": document(settings["Policy"])}
    if settings.get("Notifications"):
        yield "aws_backup_vault_notifications", {**vault, **renamed(settings["Notifications"], TOLD, "Notifications")}
    if settings.get("LockConfiguration"):
        yield "aws_backup_vault_lock_configuration", {**vault, **renamed(settings["LockConfiguration"], LOCK, "LockConfiguration")}


def backup_plan(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """The plan with its rules."""
    own = {key: value for key, value in settings.items() if key != "Tags"}
    yield "aws_backup_plan", {"name": name, **renamed(own, PLAN, "AWS::Backup::BackupPlan"), "tags": dict(tags)}


def backup_selection(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """What a plan backs up."""
    yield "aws_backup_selection", {"name": name, **renamed(settings, SELECTION, "AWS::Backup::BackupSelection")}


def restore_plan(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """When restores are tested."""
    found = renamed(_rest(settings), RESTORE_PLAN, "AWS::Backup::RestoreTestingPlan")
    yield "aws_backup_restore_testing_plan", {"name": name, **found, "tags": dict(tags)}


def restore_selection(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """What is restored then."""
    yield "aws_backup_restore_testing_selection", {"name": name, **renamed(settings, RESTORE_SELECTION, "RestoreTestingSelection")}


def report_plan(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """A daily report."""
    yield "aws_backup_report_plan", {"name": name, **renamed(_rest(settings), REPORT_PLAN, "AWS::Backup::ReportPlan"), "tags": dict(tags)}


def framework(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """Controls of Audit Manager."""
    yield "aws_backup_framework", {"name": name, **renamed(_rest(settings), FRAMEWORK, "AWS::Backup::Framework"), "tags": dict(tags)}


def _rest(settings: Settings) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name != "Tags" and value is not None}
