"""The structure of a design's resources, held to before anybody reads into them: a file is input, even with a digest that fits.

Only what would otherwise break a reader is checked here; whether AWS takes a value is told by AWS's own models when it is planned.
A shape is `str` (text or a `$sub`), a list of one shape, or a map of members: `NAME!` must be there, others may be absent or null.
Members that a map does not name are free.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

STATEMENT: dict[str, Any] = {"Sid": str}
DOCUMENT: dict[str, Any] = {"Statement!": [STATEMENT]}
RULE: dict[str, Any] = {
    "ID!": str,
    "Filter": {"And": {}, "Tag": {}},
    "Transitions": [{}],
    "Expiration": {},
    "NoncurrentVersionTransitions": [{}],
    "NoncurrentVersionExpiration": {},
    "AbortIncompleteMultipartUpload": {},
}
REPLICATION_RULE: dict[str, Any] = {
    "ID!": str,
    "Filter": {},
    "Destination!": {"Bucket!": str, "EncryptionConfiguration": {}},
    "DeleteMarkerReplication": {},
    "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {}},
}
INVENTORY: dict[str, Any] = {
    "Id!": str,
    "Filter": {},
    "Schedule!": {"Frequency!": str},
    "Destination!": {"S3BucketDestination!": {"Bucket!": str}},
}
SCHEDULE: dict[str, Any] = {"Name": str, "CreateRule": {}, "RetainRule": {}, "CrossRegionCopyRules": [{}]}
BACKUP_RULE: dict[str, Any] = {
    "RuleName!": str,
    "TargetBackupVaultName!": str,
    "Lifecycle": {},
    "CopyActions": [{"DestinationBackupVaultArn!": str, "Lifecycle": {}}],
    "RecoveryPointTags": {},
}
ARNS: dict[str, Any] = {"Resources": [str], "NotResources": [str]}
PROPERTIES: Mapping[str, dict[str, Any]] = {
    "AWS::S3::Bucket": {
        "Encryption": {},
        "PublicAccessBlock": {},
        "PolicyStatements": [STATEMENT],
        "LifecycleRules": [RULE],
        "ObjectLock": {},
        "Replication": {"Role!": str, "Rules!": [REPLICATION_RULE]},
        "Logging": {"TargetBucket!": str, "TargetPrefix!": str},
        "Inventory": [INVENTORY],
        "IntelligentTiering": [{"Id!": str, "Filter": {}, "Tierings!": [{}]}],
        "Notifications": {},
        "Tags": {},
    },
    "AWS::Backup::BackupVault": {
        "Policy": DOCUMENT,
        "LockConfiguration": {},
        "EncryptionKeyArn": str,
        "Notifications": {"SNSTopicArn!": str},
        "Tags": {},
    },
    "AWS::Backup::BackupPlan": {"Rules!": [BACKUP_RULE], "AdvancedBackupSettings": [{}], "Tags": {}},
    "AWS::Backup::BackupSelection": {"BackupPlanId!": str, "IamRoleArn!": str, "ListOfTags": [{}], "Conditions": {"*": [{}]}, **ARNS},
    "AWS::Backup::RestoreTestingPlan": {"ScheduleExpression!": str, "RecoveryPointSelection!": {"IncludeVaults": [str]}, "Tags": {}},
    "AWS::Backup::RestoreTestingSelection": {
        "RestoreTestingPlanName!": str,
        "ProtectedResourceType!": str,
        "IamRoleArn!": str,
        "ProtectedResourceArns": [str],
        "ProtectedResourceConditions": {"*": [{}]},
    },
    "AWS::Backup::ReportPlan": {"ReportDeliveryChannel!": {"S3BucketName!": str}, "ReportSetting!": {"ReportTemplate!": str}, "Tags": {}},
    "AWS::Backup::Framework": {
        "FrameworkControls!": [{"ControlName!": str, "ControlInputParameters": [{}], "ControlScope": {}}],
        "Tags": {},
    },
    "AWS::KMS::Key": {"Policy!": DOCUMENT, "Tags": {}},
    "AWS::KMS::Alias": {"TargetKeyId!": str},
    "AWS::IAM::Role": {"AssumeRolePolicyDocument!": DOCUMENT, "Policies": {"*": DOCUMENT}, "ManagedPolicyArns": [str], "Tags": {}},
    "AWS::DLM::LifecyclePolicy": {"ExecutionRoleArn!": str, "PolicyDetails!": {"Schedules": [SCHEDULE], "TargetTags": [{}]}, "Tags": {}},
    "AWS::CloudTrail::Trail": {"S3BucketName!": str, "AdvancedEventSelectors": [{"FieldSelectors": [{}]}], "Tags": {}},
    "AWS::S3::BatchReplication": {"Bucket!": str, "RoleArn!": str, "Report!": {"Bucket!": str, "Prefix!": str}, "Tags": {}},
    "AWS::S3::AccountPublicAccessBlock": {},
    "AWS::EC2::EbsEncryption": {"KmsKeyId": str},
    "AWS::SNS::Topic": {"PolicyStatements!": [STATEMENT], "Tags": {}},
    "AWS::SNS::Subscription": {"TopicArn!": str, "Protocol!": str, "Endpoint!": str},
    "AWS::Events::Rule": {"EventPattern": {}, "Targets!": [{"Id!": str, "Arn!": str}], "Tags": {}},
    "AWS::CloudWatch::Alarm": {"Dimensions": [{}], "AlarmActions": [str], "OKActions": [str], "Metrics": [{}], "Tags": {}},
}
RESOURCE: dict[str, Any] = {
    "key!": str,
    "type!": str,
    "account_role!": str,
    "account_alias": str,
    "region!": str,
    "workloads!": [str],
    "adopt": str,
    "properties!": {},
}


def shape_problems(resources: Any) -> Iterator[str]:
    """`resources[3].properties.LifecycleRules[0]: expected an object, not text`, one for each place that is wrong."""
    if not isinstance(resources, list):
        yield f"resources: expected a list, not {_word(resources)}"
        return
    for index, resource in enumerate(resources):
        path = f"resources[{index}]"
        wrong = list(_problems(resource, RESOURCE, path))
        yield from wrong
        if not wrong:
            yield from _problems(resource["properties"], PROPERTIES.get(resource["type"], {}), f"{path}.properties")


def _problems(value: Any, shape: Any, path: str) -> Iterator[str]:
    if shape is str:
        if not isinstance(value, str) and not (isinstance(value, Mapping) and isinstance(value.get("$sub"), str)):
            yield f"{path}: expected text, not {_word(value)}"
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{path}: expected a list, not {_word(value)}"
            return
        for index, item in enumerate(value):
            yield from _problems(item, shape[0], f"{path}[{index}]")
    elif not isinstance(value, Mapping) or "$sub" in value:
        yield f"{path}: expected an object, not {_word(value)}"
    else:
        yield from _members(value, shape, path)


def _members(value: Mapping[str, Any], shape: Mapping[str, Any], path: str) -> Iterator[str]:
    for member, inner in shape.items():
        name = member.rstrip("!")
        if member == "*":
            for own, item in value.items():
                yield from _problems(item, inner, f"{path}.{own}")
        elif value.get(name) is not None:
            yield from _problems(value[name], inner, f"{path}.{name}")
        elif member.endswith("!"):
            yield f"{path}.{name}: is missing"


def _word(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "a reference" if "$sub" in value else "an object"
    return {str: "text", list: "a list", bool: "a boolean"}.get(type(value), "a number")
