"""One resource type each: from a resource's properties, references already replaced, to CloudFormation's properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from provisioning.exporters import cloudformation_backup as backup
from provisioning.exporters.cloudformation_bucket import Properties, bucket
from provisioning.exporters.cloudformation_monitoring import alarm, rule, subscription, topic
from provisioning.exporters.shapes import Shape, renamed, same

Tags = list[dict[str, Any]]
Translate = Callable[[str, Mapping[str, Any], Tags], Properties]

KEY: Shape = {"Policy": "KeyPolicy", **same("Description", "MultiRegion", "EnableKeyRotation", "RotationPeriodInDays")}
TRAIL: Shape = {
    "KmsKeyId": "KMSKeyId",
    **same(
        "S3BucketName", "IsMultiRegionTrail", "EnableLogFileValidation", "IncludeGlobalServiceEvents", "IsLogging", "AdvancedEventSelectors"
    ),
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


def _rest(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name != "Tags"}


TYPES: Mapping[str, Translate] = {
    "AWS::KMS::Key": _key,
    "AWS::KMS::Alias": _alias,
    "AWS::IAM::Role": _role,
    "AWS::S3::Bucket": bucket,
    "AWS::DLM::LifecyclePolicy": _policy,
    "AWS::CloudTrail::Trail": _trail,
    "AWS::Backup::BackupVault": backup.backup_vault,
    "AWS::Backup::BackupPlan": backup.backup_plan,
    "AWS::Backup::BackupSelection": backup.backup_selection,
    "AWS::Backup::RestoreTestingPlan": backup.restore_plan,
    "AWS::Backup::RestoreTestingSelection": backup.restore_selection,
    "AWS::Backup::ReportPlan": backup.report_plan,
    "AWS::Backup::Framework": backup.framework,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::Subscription": subscription,
    "AWS::Events::Rule": rule,
    "AWS::CloudWatch::Alarm": alarm,
}
# What holds data or opens it stays when a stack is deleted or a change would replace it.
RETAINED = frozenset({"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Backup::BackupVault"})
