"""Buckets: protection that every bucket gets, lifecycle rules, replication with its role."""

from collections.abc import Mapping
from typing import Any

from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.resources.common import Resource, document, resource, short, statement, sub, trust

PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
ABORT_DAYS = 7


def tls_only(key: str) -> dict[str, Any]:
    """Deny requests without TLS; a Deny on transport does not touch service principals, which use TLS."""
    return {
        "Sid": "StowplanTlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [sub(f"${{{key}.arn}}"), sub(f"${{{key}.arn}}/*")],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def encryption(mode: str, key: str | None) -> dict[str, Any]:
    """Default encryption for a mode of the `encryption` table; `key` is the resource key of the KMS key."""
    if mode == "sse-s3":
        return {"SSEAlgorithm": "AES256", "BucketKeyEnabled": False}
    if mode == "aws-managed-key":
        return {"SSEAlgorithm": "aws:kms", "BucketKeyEnabled": True}
    return {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": sub(f"${{{key}.arn}}"), "BucketKeyEnabled": True}


def bucket(key: str, customer: CustomerFacts, properties: Mapping[str, Any], **where: Any) -> Resource:
    """A bucket with what every bucket of ours has: no public access, no ACLs, TLS only."""
    own = list(properties.get("PolicyStatements", ()))
    base = {
        "PublicAccessBlock": dict.fromkeys(PUBLIC_ACCESS, True),
        "ObjectOwnership": "BucketOwnerEnforced",
        "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
        "ObjectLock": None,
        "Replication": None,
    }
    return resource(
        key, "AWS::S3::Bucket", customer, {**base, **properties, "PolicyStatements": [tls_only(key), *own]}, **where
    )


def lifecycle_rules(groups: list[Mapping[str, Any]], versioned: bool) -> list[dict[str, Any]]:
    """boto3 lifecycle rules.

    A group is {id, prefix, transitions: [(days, class)], expire_days, noncurrent_transitions, noncurrent_days}.
    """
    rules = []
    for group in groups:
        rule: dict[str, Any] = {"ID": f"stowplan-{group['id']}", "Status": "Enabled", "Filter": {"Prefix": group["prefix"]}}
        if group.get("transitions"):
            rule["Transitions"] = [{"Days": days, "StorageClass": name} for days, name in group["transitions"]]
        if group.get("expire_days"):
            rule["Expiration"] = {"Days": group["expire_days"]}
        if versioned and group.get("noncurrent_transitions"):
            rule["NoncurrentVersionTransitions"] = [
                {"NoncurrentDays": days, "StorageClass": name} for days, name in group["noncurrent_transitions"]
            ]
        if versioned and group.get("noncurrent_days"):
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": group["noncurrent_days"]}
        if len(rule) > 3:
            rules.append(rule)
    clean: dict[str, Any] = {
        "ID": "stowplan-clean-up",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_DAYS},
    }
    if versioned and not any(g.get("expire_days") and not g["prefix"] for g in groups):
        # A rule for the same objects with an age already removes lonely delete markers.
        clean["Expiration"] = {"ExpiredObjectDeleteMarker": True}
    return [*rules, clean]


def replication_rule(destination: str, mode: str, encryption_mode: str, dr_key: str | None, storage_class: str) -> dict[str, Any]:
    """One V2 rule for the whole bucket (aws-facts section c). Delete markers stay behind: a deletion must not travel."""
    target: dict[str, Any] = {"Bucket": sub(f"${{{destination}.arn}}"), "StorageClass": storage_class}
    if mode == "crr-rtc":
        target["ReplicationTime"] = {"Status": "Enabled", "Time": {"Minutes": 15}}
        target["Metrics"] = {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}
    rule: dict[str, Any] = {
        "ID": "stowplan-dr",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": target,
    }
    if encryption_mode in ("customer-key", "external-key"):
        rule["SourceSelectionCriteria"] = {"SseKmsEncryptedObjects": {"Status": "Enabled"}}
        target["EncryptionConfiguration"] = {"ReplicaKmsKeyID": sub(f"${{{dr_key}.arn}}")}
    return rule


def replication_role(
    workload: WorkloadFacts, customer: CustomerFacts, source: str, destination: str, keys: tuple[str, str] | None, locked: bool
) -> Resource:
    """The role that S3 assumes to replicate: reads this source, writes this destination, nothing else."""
    read = ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"]
    if locked:
        read += ["s3:GetObjectRetention", "s3:GetObjectLegalHold"]
    statements = [
        statement("StowplanReadConfiguration", ["s3:GetReplicationConfiguration", "s3:ListBucket"], sub(f"${{{source}.arn}}")),
        statement("StowplanReadVersions", read, sub(f"${{{source}.arn}}/*")),
        statement(
            "StowplanWriteReplicas",
            ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
            sub(f"${{{destination}.arn}}/*"),
        ),
    ]
    if keys:
        near, far = keys
        statements += [
            kms_via_s3("StowplanDecryptSource", ["kms:Decrypt"], near, customer.primary),
            kms_via_s3("StowplanEncryptReplica", ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"], far, customer.dr or ""),
        ]
    return resource(
        short(f"role-replicate-{workload.key}"),
        "AWS::IAM::Role",
        customer,
        {
            "Description": f"Stowplan replication of {source}",
            "AssumeRolePolicyDocument": trust("s3.amazonaws.com"),
            "Policies": {"replicate": document(*statements)},
            "ManagedPolicyArns": [],
        },
        role=workload.account_role,
        alias=workload.account_alias,
        workloads=(workload.key,),
    )


def kms_via_s3(sid: str, actions: list[str], key: str, region: str) -> dict[str, Any]:
    condition = {"StringLike": {"kms:ViaService": f"s3.{region}.amazonaws.com"}}
    return statement(sid, actions, sub(f"${{{key}.arn}}"), Condition=condition)
