"""One resource type each: from a resource's properties, references already replaced, to Terraform's resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from provisioning.exporters import terraform_backup as backup
from provisioning.exporters.shapes import Shape, each, renamed
from provisioning.exporters.terraform_bucket import PUBLIC_ACCESS, Part, block, bucket, tag_map
from provisioning.exporters.terraform_monitoring import alarm, rule, subscription, topic
from provisioning.exporters.terraform_values import document

Settings = Mapping[str, Any]
Tags = Mapping[str, str]
Translate = Callable[[str, str, Settings, Tags], Iterator[Part]]

KEY: Shape = {
    "Description": "description",
    "MultiRegion": "multi_region",
    "EnableKeyRotation": "enable_key_rotation",
    "RotationPeriodInDays": "rotation_period_in_days",
    "Policy": ("policy", document),
}
RETAIN: Shape = {"Count": "count", "Interval": "interval", "IntervalUnit": "interval_unit"}
COPY: Shape = {
    "Target": "target",
    "Encrypted": "encrypted",
    "CmkArn": "cmk_arn",
    "CopyTags": "copy_tags",
    "RetainRule": ("retain_rule", block(RETAIN, "RetainRule")),
}
CREATE: Shape = {
    "Interval": "interval",
    "IntervalUnit": "interval_unit",
    "Times": "times",
    "CronExpression": "cron_expression",
    "Location": "location",
}
TIER: Shape = {"RetentionArchiveTier": ("retention_archive_tier", block(RETAIN, "RetentionArchiveTier"))}
FAST: Shape = {**RETAIN, "AvailabilityZones": "availability_zones"}
SCHEDULE: Shape = {
    "Name": "name",
    "CopyTags": "copy_tags",
    "TagsToAdd": ("tags_to_add", tag_map),
    "CreateRule": ("create_rule", block(CREATE, "CreateRule")),
    "RetainRule": ("retain_rule", block(RETAIN, "RetainRule")),
    "CrossRegionCopyRules": ("cross_region_copy_rule", each(COPY, "CrossRegionCopyRules")),
    "FastRestoreRule": ("fast_restore_rule", block(FAST, "FastRestoreRule")),
    "ArchiveRule": ("archive_rule", block({"RetainRule": ("archive_retain_rule", block(TIER, "RetainRule"))}, "ArchiveRule")),
}
PARAMETERS: Shape = {"ExcludeBootVolume": "exclude_boot_volume", "NoReboot": "no_reboot"}
DETAILS: Shape = {
    "PolicyType": "policy_type",
    "ResourceTypes": "resource_types",
    "ResourceLocations": "resource_locations",
    "TargetTags": ("target_tags", tag_map),
    "Schedules": ("schedule", each(SCHEDULE, "Schedules")),
    "Parameters": ("parameters", block(PARAMETERS, "Parameters")),
}
POLICY: Shape = {
    "ExecutionRoleArn": "execution_role_arn",
    "Description": "description",
    "State": "state",
    "PolicyDetails": ("policy_details", block(DETAILS, "PolicyDetails")),
}
FIELD: Shape = {
    "Field": "field",
    "Equals": "equals",
    "NotEquals": "not_equals",
    "StartsWith": "starts_with",
    "NotStartsWith": "not_starts_with",
    "EndsWith": "ends_with",
    "NotEndsWith": "not_ends_with",
}
SELECTOR: Shape = {"Name": "name", "FieldSelectors": ("field_selector", each(FIELD, "FieldSelectors"))}
TRAIL: Shape = {
    "S3BucketName": "s3_bucket_name",
    "IsMultiRegionTrail": "is_multi_region_trail",
    "EnableLogFileValidation": "enable_log_file_validation",
    "IncludeGlobalServiceEvents": "include_global_service_events",
    "KmsKeyId": "kms_key_id",
    "IsLogging": "enable_logging",
    "AdvancedEventSelectors": ("advanced_event_selector", each(SELECTOR, "AdvancedEventSelectors")),
}


def _key(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    yield "aws_kms_key", {**renamed(_rest(settings), KEY, "AWS::KMS::Key"), "tags": dict(tags), "lifecycle": {"prevent_destroy": True}}


def _alias(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    yield "aws_kms_alias", {"name": name, **renamed(settings, {"TargetKeyId": "target_key_id"}, "AWS::KMS::Alias")}


def _role(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    shape: Shape = {"Description": "description", "AssumeRolePolicyDocument": ("assume_role_policy", document)}
    own = {key: value for key, value in _rest(settings).items() if key not in ("Policies", "ManagedPolicyArns")}
    yield "aws_iam_role", {"name": name, **renamed(own, shape, "AWS::IAM::Role"), "tags": dict(tags)}
    role = "${aws_iam_role." + local + ".name}"
    for policy in sorted(settings.get("Policies", ())):
        yield "aws_iam_role_policy", {"name": policy, "role": role, "policy": document(settings["Policies"][policy])}
    for arn in settings.get("ManagedPolicyArns", ()):
        yield "aws_iam_role_policy_attachment", {"role": role, "policy_arn": arn}


def _policy(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    yield "aws_dlm_lifecycle_policy", {**renamed(_rest(settings), POLICY, "AWS::DLM::LifecyclePolicy"), "tags": dict(tags)}


def _trail(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    filled = {key: value for key, value in _rest(settings).items() if value is not None}
    yield "aws_cloudtrail", {"name": name, **renamed(filled, TRAIL, "AWS::CloudTrail::Trail"), "tags": dict(tags)}


def _account_access(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    yield "aws_s3_account_public_access_block", renamed(settings, PUBLIC_ACCESS, "AWS::S3::AccountPublicAccessBlock")


def _ebs_encryption(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    own = {key: value for key, value in settings.items() if key != "KmsKeyId"}
    yield "aws_ebs_encryption_by_default", renamed(own, {"Enabled": "enabled"}, "AWS::EC2::EbsEncryption")
    if settings.get("KmsKeyId"):
        yield "aws_ebs_default_kms_key", {"key_arn": settings["KmsKeyId"]}


def _rest(settings: Settings) -> dict[str, Any]:
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
    "AWS::S3::AccountPublicAccessBlock": _account_access,
    "AWS::EC2::EbsEncryption": _ebs_encryption,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::Subscription": subscription,
    "AWS::Events::Rule": rule,
    "AWS::CloudWatch::Alarm": alarm,
}
