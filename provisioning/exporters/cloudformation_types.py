"""One resource type each: from a resource's properties, references already replaced, to CloudFormation's properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisioning.exporters.cloudformation_bucket import Properties, bucket
from provisioning.exporters.shapes import Shape, each, renamed, same

Tags = list[dict[str, Any]]
Translate = Callable[[str, Mapping[str, Any], Tags], Properties]

KEY: Shape = {"Policy": "KeyPolicy", **same("Description", "MultiRegion", "EnableKeyRotation", "RotationPeriodInDays")}
TRAIL: Shape = {
    "KmsKeyId": "KMSKeyId",
    **same(
        "S3BucketName", "IsMultiRegionTrail", "EnableLogFileValidation", "IncludeGlobalServiceEvents", "IsLogging", "AdvancedEventSelectors"
    ),
}
RULE: Shape = {
    "TargetBackupVaultName": "TargetBackupVault",
    **same("RuleName", "ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowMinutes", "CompletionWindowMinutes", "Lifecycle"),
    **same("CopyActions", "EnableContinuousBackup", "RecoveryPointTags"),
}
ROLE: Shape = {
    "Policies": ("Policies", lambda found: [{"PolicyName": name, "PolicyDocument": found[name]} for name in sorted(found)]),
    **same("Description", "AssumeRolePolicyDocument", "ManagedPolicyArns"),
}


def _key(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    return {**renamed(_rest(settings), KEY, "AWS::KMS::Key"), "Tags": tags}


def _alias(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    return {"AliasName": name, **renamed(settings, same("TargetKeyId"), "AWS::KMS::Alias")}


def _role(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    filled = {key: value for key, value in _rest(settings).items() if value not in ([], {})}
    return {"RoleName": name, **renamed(filled, ROLE, "AWS::IAM::Role"), "Tags": tags}


def _policy(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    shape = same("ExecutionRoleArn", "Description", "State", "PolicyDetails")
    return {**renamed(_rest(settings), shape, "AWS::DLM::LifecyclePolicy"), "Tags": tags}


def _trail(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    filled = {key: value for key, value in _rest(settings).items() if value is not None}
    return {"TrailName": name, **renamed(filled, TRAIL, "AWS::CloudTrail::Trail"), "Tags": tags}


def _vault(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    filled = {key: value for key, value in _rest(settings).items() if value is not None}
    shape: Shape = {"Policy": "AccessPolicy", **same("EncryptionKeyArn", "LockConfiguration")}
    return {"BackupVaultName": name, **renamed(filled, shape, "AWS::Backup::BackupVault"), "BackupVaultTags": _map(tags)}


def _backup_plan(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    shape: Shape = {"Rules": ("BackupPlanRule", each(RULE, "Rules")), **same("AdvancedBackupSettings")}
    plan = renamed(_rest(settings), shape, "AWS::Backup::BackupPlan")
    return {"BackupPlan": {"BackupPlanName": name, **plan}, "BackupPlanTags": _map(tags)}


def _selection(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    chosen = {key: value for key, value in settings.items() if key != "BackupPlanId"}
    shape = same("IamRoleArn", "ListOfTags", "Resources", "NotResources", "Conditions")
    selection = {"SelectionName": name, **renamed(chosen, shape, "AWS::Backup::BackupSelection")}
    return {"BackupPlanId": settings["BackupPlanId"], "BackupSelection": selection}


def _map(tags: Tags) -> dict[str, Any]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _rest(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name != "Tags"}


TYPES: Mapping[str, Translate] = {
    "AWS::KMS::Key": _key,
    "AWS::KMS::Alias": _alias,
    "AWS::IAM::Role": _role,
    "AWS::S3::Bucket": bucket,
    "AWS::DLM::LifecyclePolicy": _policy,
    "AWS::CloudTrail::Trail": _trail,
    "AWS::Backup::BackupVault": _vault,
    "AWS::Backup::BackupPlan": _backup_plan,
    "AWS::Backup::BackupSelection": _selection,
}
# What holds data or opens it stays when a stack is deleted or a change would replace it.
RETAINED = frozenset({"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Backup::BackupVault"})
