"""Each resource as the calls that make it, checked by botocore against AWS's own service models."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from typing import Any

import botocore.session
from botocore.validate import ParamValidator

from tests.recommendations import backup_payloads as backups
from tests.recommendations import monitoring_payloads as monitoring
from tests.recommendations import report_payloads as reports

ACCOUNT = "123456789012"
ARNS = {
    "AWS::S3::Bucket": "arn:aws:s3:::stowplan-x",
    "AWS::KMS::Key": f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1",
    "AWS::IAM::Role": f"arn:aws:iam::{ACCOUNT}:role/stowplan-x",
    "AWS::CloudTrail::Trail": f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/stowplan-x",
    "AWS::SNS::Topic": f"arn:aws:sns:us-east-1:{ACCOUNT}:stowplan-x",
    "AWS::Backup::BackupVault": f"arn:aws:backup:us-east-1:{ACCOUNT}:backup-vault:stowplan-x",
}
VARIABLE = re.compile(r"\$\{([^}]+)\}")


@cache
def shape(service: str, operation: str) -> Any:
    return botocore.session.get_session().get_service_model(service).operation_model(operation).input_shape


def substituted(value: Any, kinds: dict[str, str]) -> Any:
    """The value with references replaced by something of their form; a reference to nothing is an AssertionError."""
    if isinstance(value, dict) and set(value) == {"$sub"}:
        return VARIABLE.sub(lambda found: variable(found[1], kinds), value["$sub"])
    if isinstance(value, dict):
        return {key: substituted(item, kinds) for key, item in value.items()}
    if isinstance(value, list):
        return [substituted(item, kinds) for item in value]
    assert not isinstance(value, str) or "${" not in value, f"{value!r} looks like a reference and is none"
    return value


def variable(name: str, kinds: dict[str, str]) -> str:
    if name == "region":
        return "us-east-1"
    if name == "account" or name.startswith("account."):
        return ACCOUNT
    key, _, attribute = name.rpartition(".")
    assert key in kinds, f"{name} refers to no resource"
    return ARNS.get(kinds[key], "arn:x") if attribute == "arn" else "stowplan-x"


def calls(resource: dict[str, Any], kinds: dict[str, str]) -> list[tuple[str, str, dict[str, Any]]]:
    """(service, operation, parameters) of everything that the resource says."""
    p = substituted(resource["properties"], kinds)
    tags = [{"Key": key, "Value": value} for key, value in p.get("Tags", {}).items()]
    return {
        "AWS::S3::Bucket": bucket_calls,
        "AWS::KMS::Key": lambda p, tags: [
            ("kms", "CreateKey", {"Description": p["Description"], "MultiRegion": p["MultiRegion"], "Policy": json.dumps(p["Policy"])}),
            *rotation(p),
        ],
        "AWS::KMS::Alias": lambda p, tags: [("kms", "CreateAlias", {"AliasName": "alias/stowplan-x", "TargetKeyId": p["TargetKeyId"]})],
        "AWS::IAM::Role": role_calls,
        "AWS::DLM::LifecyclePolicy": lambda p, tags: [("dlm", "CreateLifecyclePolicy", {**p, "Tags": p["Tags"]})],
        "AWS::CloudTrail::Trail": trail_calls,
        "AWS::Backup::BackupVault": backups.vault_calls,
        "AWS::Backup::BackupPlan": backups.plan_calls,
        "AWS::Backup::BackupSelection": backups.selection_calls,
        "AWS::Backup::RestoreTestingPlan": backups.restore_plan_calls,
        "AWS::Backup::RestoreTestingSelection": backups.restore_selection_calls,
        "AWS::Backup::ReportPlan": backups.report_calls,
        "AWS::Backup::Framework": backups.framework_calls,
        **monitoring.CALLS,
        **reports.CALLS,
    }[resource["type"]](p, tags)


def rotation(p: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    if not p["EnableKeyRotation"]:
        return []
    assert 90 <= p["RotationPeriodInDays"] <= 2560
    return [("kms", "EnableKeyRotation", {"KeyId": "1", "RotationPeriodInDays": p["RotationPeriodInDays"]})]


def role_calls(p: dict[str, Any], tags: list[dict[str, str]]) -> list[tuple[str, str, dict[str, Any]]]:
    trust = json.dumps(p["AssumeRolePolicyDocument"])
    made = {"RoleName": "stowplan-x", "Description": p["Description"], "AssumeRolePolicyDocument": trust, "Tags": tags}
    policies = [
        ("iam", "PutRolePolicy", {"RoleName": "stowplan-x", "PolicyName": name, "PolicyDocument": json.dumps(document)})
        for name, document in p["Policies"].items()
    ]
    assert sum(len(call[2]["PolicyDocument"]) for call in policies) <= 10_240, "IAM takes 10,240 characters of inline policies in a role"
    return [("iam", "CreateRole", made), *policies]


def trail_calls(p: dict[str, Any], tags: list[dict[str, str]]) -> list[tuple[str, str, dict[str, Any]]]:
    own = {key: p[key] for key in ("S3BucketName", "IsMultiRegionTrail", "EnableLogFileValidation", "IncludeGlobalServiceEvents")}
    if "KmsKeyId" in p:
        own["KmsKeyId"] = p["KmsKeyId"]
    selectors = {"TrailName": "stowplan-x", "AdvancedEventSelectors": p["AdvancedEventSelectors"]}
    return [("cloudtrail", "CreateTrail", {"Name": "stowplan-x", **own, "TagsList": tags}), ("cloudtrail", "PutEventSelectors", selectors)]


def bucket_calls(p: dict[str, Any], tags: list[dict[str, str]]) -> list[tuple[str, str, dict[str, Any]]]:
    name = {"Bucket": "stowplan-x"}
    sse = {key: p["Encryption"][key] for key in ("SSEAlgorithm", "KMSMasterKeyID") if key in p["Encryption"]}
    default = {"ApplyServerSideEncryptionByDefault": sse, "BucketKeyEnabled": p["Encryption"]["BucketKeyEnabled"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": p["PolicyStatements"]})
    assert len(policy) <= 20 * 1024, "S3 takes 20 KB of bucket policy"
    found: list[tuple[str, str, dict[str, Any]]] = [
        ("s3", "PutBucketEncryption", {**name, "ServerSideEncryptionConfiguration": {"Rules": [default]}}),
        ("s3", "PutPublicAccessBlock", {**name, "PublicAccessBlockConfiguration": p["PublicAccessBlock"]}),
        ("s3", "PutBucketOwnershipControls", {**name, "OwnershipControls": {"Rules": [{"ObjectOwnership": p["ObjectOwnership"]}]}}),
        ("s3", "PutBucketPolicy", {**name, "Policy": policy}),
        ("s3", "PutBucketTagging", {**name, "Tagging": {"TagSet": tags}}),
        (
            "s3",
            "PutBucketLifecycleConfiguration",
            {
                **name,
                "LifecycleConfiguration": {"Rules": p["LifecycleRules"]},
                "TransitionDefaultMinimumObjectSize": p["TransitionDefaultMinimumObjectSize"],
            },
        ),
    ]
    if "Versioning" in p:
        found.append(("s3", "PutBucketVersioning", {**name, "VersioningConfiguration": {"Status": p["Versioning"]}}))
    if p["ObjectLock"]:
        rule = {"DefaultRetention": p["ObjectLock"]}
        found.append(
            ("s3", "PutObjectLockConfiguration", {**name, "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": rule}})
        )
    if p["Replication"]:
        found.append(("s3", "PutBucketReplication", {**name, "ReplicationConfiguration": p["Replication"]}))
    return [*found, *reports.report_calls(p)]


def complaints(resources: list[dict[str, Any]]) -> list[str]:
    """What botocore says against the resources, and patterns that it does not check itself."""
    kinds = {one["key"]: one["type"] for one in resources}
    assert len(kinds) == len(resources), "a resource key stands twice"
    found = []
    for one in resources:
        for service, operation, parameters in calls(one, kinds):
            found += [f"{one['key']}: {operation}: {text}" for text in verdict(service, operation, json.dumps(parameters))]
    return found


@lru_cache(maxsize=100_000)
def verdict(service: str, operation: str, text: str) -> tuple[str, ...]:
    """What is wrong with one call, its parameters given as JSON; the same call is looked at once."""
    parameters = json.loads(text)
    report = ParamValidator().validate(parameters, shape(service, operation))
    own = (report.generate_report(),) if report.has_errors() else ()
    return (*own, *against(parameters, shape(service, operation), ""))


def against(value: Any, model: Any, path: str) -> list[str]:
    """Patterns, enumerations and maximum lengths of the model, which ParamValidator leaves out."""
    found: list[str] = []
    if model.type_name == "structure":
        for key, item in value.items():
            if key in model.members:
                found += against(item, model.members[key], f"{path}.{key}")
    elif model.type_name == "list":
        if model.metadata.get("max") is not None and len(value) > model.metadata["max"]:
            found.append(f"{path} has {len(value)} entries")
        for item in value:
            found += against(item, model.member, f"{path}[]")
    elif model.type_name == "map":
        for key, item in value.items():
            found += against(key, model.key, f"{path} key") + against(item, model.value, f"{path}.{key}")
    elif model.type_name == "string":
        found += of_string(value, model, path)
    elif model.type_name in ("integer", "long") and model.metadata.get("max") is not None and value > model.metadata["max"]:
        found.append(f"{path} is {value}")
    return found


def of_string(value: str, model: Any, path: str) -> list[str]:
    found = []
    if model.enum and value not in model.enum:
        found.append(f"{path}: {value!r} is none of {model.enum}")
    pattern = model.metadata.get("pattern")
    # AWS writes some patterns with Java's Unicode classes, which Python does not know; they allow any letter and sign.
    if pattern and "\\p" not in pattern and "\\u" not in pattern and not re.fullmatch(pattern, value):
        found.append(f"{path}: {value!r} does not match {pattern}")
    if model.metadata.get("max") is not None and len(value) > model.metadata["max"]:
        found.append(f"{path}: {len(value)} characters")
    return found
