"""Reads AWS Backup's resources in Terraform's words back into those of a design.

Written against the documentation of Terraform's AWS provider, not against the exporter.
"""

from collections.abc import Callable, Mapping
from typing import Any

KINDS = {
    "aws_backup_vault": "AWS::Backup::BackupVault",
    "aws_backup_plan": "AWS::Backup::BackupPlan",
    "aws_backup_selection": "AWS::Backup::BackupSelection",
    "aws_backup_restore_testing_plan": "AWS::Backup::RestoreTestingPlan",
    "aws_backup_restore_testing_selection": "AWS::Backup::RestoreTestingSelection",
    "aws_backup_report_plan": "AWS::Backup::ReportPlan",
    "aws_backup_framework": "AWS::Backup::Framework",
}
WORDS = {
    "kms_key_arn": "EncryptionKeyArn",
    "rule": "Rules",
    "target_vault_name": "TargetBackupVaultName",
    "start_window": "StartWindowMinutes",
    "completion_window": "CompletionWindowMinutes",
    "cold_storage_after": "MoveToColdStorageAfterDays",
    "delete_after": "DeleteAfterDays",
    "copy_action": "CopyActions",
    "destination_vault_arn": "DestinationBackupVaultArn",
    "plan_id": "BackupPlanId",
    "selection_tag": "ListOfTags",
    "condition": "Conditions",
    "sns_topic_arn": "SNSTopicArn",
    "s3_bucket_name": "S3BucketName",
    "s3_key_prefix": "S3KeyPrefix",
    "control": "FrameworkControls",
    "input_parameter": "ControlInputParameters",
    "scope": "ControlScope",
}
# The same word means another thing in each block; `aws_…` stands for the resource itself.
CONDITION = {"type": "ConditionType", "key": "ConditionKey", "value": "ConditionValue"}
WITHIN = {
    **{("aws_backup_selection", block): CONDITION for block in ("selection_tag", "string_equals", "string_not_equals", "string_like")},
    ("aws_backup_plan", "rule"): {"schedule": "ScheduleExpression"},
    ("aws_backup_framework", "control"): {"name": "ControlName"},
    ("aws_backup_framework", "input_parameter"): {"name": "ParameterName", "value": "ParameterValue"},
    ("aws_backup_framework", "aws_backup_framework"): {"description": "FrameworkDescription"},
    ("aws_backup_report_plan", "aws_backup_report_plan"): {"description": "ReportPlanDescription"},
}
# Their keys are a customer's.
MAPS = ("recovery_point_tags", "restore_metadata_overrides", "tags")
# Parts of a vault that are resources of their own: the member, and its member in that resource where it is one.
APART = {
    "aws_backup_vault_policy": ("Policy", "policy"),
    "aws_backup_vault_lock_configuration": ("LockConfiguration", None),
    "aws_backup_vault_notifications": ("Notifications", None),
}


def properties_of_backup(found: Mapping[str, Any], kind: str, local: str, resource: Mapping[str, Any], evaluated: Any) -> dict[str, Any]:
    """A resource's properties in the design's words. `resource` has neither its tags nor what Terraform alone knows."""
    own = {name: value for name, value in resource.items() if name != "name"}
    properties: dict[str, Any] = spelled(own, kind, kind, evaluated.text)
    if kind == "aws_backup_vault":
        vault = "${aws_backup_vault." + local + ".name}"
        for part, (member, inner) in APART.items():
            for one in found.get(part, {}).values():
                if one["backup_vault_name"] == vault:
                    rest = {name: value for name, value in one.items() if name not in ("backup_vault_name", "provider")}
                    properties[member] = evaluated.policy(rest[inner]) if inner else spelled(rest, kind, part, evaluated.text)
    return properties


def spelled(value: Any, kind: str, block: str, text: Callable[[str], str]) -> Any:
    """Names of the API again, templates filled in."""
    if isinstance(value, Mapping):
        words = {**WORDS, **WITHIN.get((kind, block), {})}
        return {words.get(name) or _camel(name): _inner(item, kind, name, text) for name, item in value.items()}
    if isinstance(value, list):
        return [spelled(item, kind, block, text) for item in value]
    return text(value) if isinstance(value, str) else value


def _inner(item: Any, kind: str, name: str, text: Callable[[str], str]) -> Any:
    return {text(key): text(value) for key, value in item.items()} if name in MAPS else spelled(item, kind, name, text)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
