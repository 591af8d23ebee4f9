"""A bucket in Terraform's words: the bucket and one resource for each of its configurations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.exporters import ExportProblem
from provisioning.exporters.shapes import Shape, each, renamed
from provisioning.exporters.terraform_values import document

Properties = dict[str, Any]
Part = tuple[str, Properties]

TRANSITION: Shape = {"Days": "days", "Date": "date", "StorageClass": "storage_class"}
NONCURRENT: Shape = {
    "NoncurrentDays": "noncurrent_days",
    "StorageClass": "storage_class",
    "NewerNoncurrentVersions": "newer_noncurrent_versions",
}
EXPIRATION: Shape = {"Days": "days", "Date": "date", "ExpiredObjectDeleteMarker": "expired_object_delete_marker"}
ABORT: Shape = {"DaysAfterInitiation": "days_after_initiation"}
STATUS: Shape = {"Status": "status"}


def block(shape: Shape, where: str) -> Any:
    return lambda value: renamed(value, shape, where)


def tag_map(tags: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def chosen(value: Mapping[str, Any]) -> Properties:
    """A filter of a lifecycle or replication rule."""
    sizes = {"ObjectSizeGreaterThan": "object_size_greater_than", "ObjectSizeLessThan": "object_size_less_than"}
    joined: Shape = {"Prefix": "prefix", "Tags": ("tags", tag_map), **sizes}
    tag: Shape = {"Key": "key", "Value": "value"}
    return renamed(value, {"Prefix": "prefix", "Tag": ("tag", block(tag, "Tag")), "And": ("and", block(joined, "And")), **sizes}, "Filter")


LIFECYCLE_RULE: Shape = {
    "ID": "id",
    "Status": "status",
    "Filter": ("filter", chosen),
    "Transitions": ("transition", each(TRANSITION, "Transitions")),
    "Expiration": ("expiration", block(EXPIRATION, "Expiration")),
    "NoncurrentVersionTransitions": ("noncurrent_version_transition", each(NONCURRENT, "NoncurrentVersionTransitions")),
    "NoncurrentVersionExpiration": ("noncurrent_version_expiration", block(NONCURRENT, "NoncurrentVersionExpiration")),
    "AbortIncompleteMultipartUpload": ("abort_incomplete_multipart_upload", block(ABORT, "AbortIncompleteMultipartUpload")),
}
MINUTES: Shape = {"Minutes": "minutes"}
DESTINATION: Shape = {
    "Bucket": "bucket",
    "Account": "account",
    "StorageClass": "storage_class",
    "AccessControlTranslation": ("access_control_translation", block({"Owner": "owner"}, "AccessControlTranslation")),
    "EncryptionConfiguration": ("encryption_configuration", block({"ReplicaKmsKeyID": "replica_kms_key_id"}, "EncryptionConfiguration")),
    "Metrics": ("metrics", block({**STATUS, "EventThreshold": ("event_threshold", block(MINUTES, "EventThreshold"))}, "Metrics")),
    "ReplicationTime": ("replication_time", block({**STATUS, "Time": ("time", block(MINUTES, "Time"))}, "ReplicationTime")),
}
CRITERIA: Shape = {
    "SseKmsEncryptedObjects": ("sse_kms_encrypted_objects", block(STATUS, "SseKmsEncryptedObjects")),
    "ReplicaModifications": ("replica_modifications", block(STATUS, "ReplicaModifications")),
}
REPLICATION_RULE: Shape = {
    "ID": "id",
    "Priority": "priority",
    "Status": "status",
    "Filter": ("filter", chosen),
    "DeleteMarkerReplication": ("delete_marker_replication", block(STATUS, "DeleteMarkerReplication")),
    "SourceSelectionCriteria": ("source_selection_criteria", block(CRITERIA, "SourceSelectionCriteria")),
    "Destination": ("destination", block(DESTINATION, "Destination")),
}
PUBLIC_ACCESS: Shape = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}
RETENTION: Shape = {"Mode": "mode", "Days": "days", "Years": "years"}
SETTINGS = frozenset(
    {
        *("Versioning", "Encryption", "PublicAccessBlock", "ObjectOwnership", "PolicyStatements", "LifecycleRules"),
        *("TransitionDefaultMinimumObjectSize", "ObjectLock", "Replication", "Tags"),
        *("Logging", "Inventory", "IntelligentTiering", "Notifications"),
    }
)


REPORT_BUCKET: Shape = {"AccountId": "account_id", "Bucket": "bucket_arn", "Format": "format", "Prefix": "prefix"}
INVENTORY: Shape = {
    "Id": "name",
    "IsEnabled": "enabled",
    "IncludedObjectVersions": "included_object_versions",
    "OptionalFields": "optional_fields",
    "Schedule": ("schedule", block({"Frequency": "frequency"}, "Schedule")),
    "Filter": ("filter", block({"Prefix": "prefix"}, "Filter")),
    "Destination": (
        "destination",
        block({"S3BucketDestination": ("bucket", block(REPORT_BUCKET, "S3BucketDestination"))}, "Destination"),
    ),
}
TIERING: Shape = {
    "Id": "name",
    "Status": "status",
    "Filter": ("filter", block({"Prefix": "prefix"}, "Filter")),
    "Tierings": ("tiering", each({"AccessTier": "access_tier", "Days": "days"}, "Tierings")),
}


def bucket(name: str, local: str, settings: Mapping[str, Any], tags: Mapping[str, str]) -> Iterator[Part]:
    """(Terraform type, arguments) of the bucket and its configurations. Raises ExportProblem for a setting without translation."""
    unknown = settings.keys() - SETTINGS
    if unknown:
        raise ExportProblem(f"{name}: there is no translation of {', '.join(sorted(unknown))}")
    own: Properties = {"bucket": name, "tags": dict(tags), "lifecycle": {"prevent_destroy": True}}
    if settings.get("ObjectLock"):
        own["object_lock_enabled"] = True
    yield "aws_s3_bucket", own
    of_bucket = {"bucket": "${aws_s3_bucket." + local + ".id}"}
    versioned = {"depends_on": [f"aws_s3_bucket_versioning.{local}"]} if settings.get("Versioning") else {}
    for kind, arguments in _configurations(settings):
        more = versioned if kind in NEED_VERSIONS else {}
        yield kind, {**of_bucket, **arguments, **more}


NEED_VERSIONS = frozenset({"aws_s3_bucket_object_lock_configuration", "aws_s3_bucket_replication_configuration"})


def _configurations(settings: Mapping[str, Any]) -> Iterator[Part]:
    if settings.get("Versioning"):
        yield "aws_s3_bucket_versioning", {"versioning_configuration": {"status": settings["Versioning"]}}
    if settings.get("Encryption"):
        shape = {"SSEAlgorithm": "sse_algorithm", "KMSMasterKeyID": "kms_master_key_id"}
        default = {name: value for name, value in settings["Encryption"].items() if name != "BucketKeyEnabled"}
        rule = {"apply_server_side_encryption_by_default": renamed(default, shape, "Encryption")}
        rule["bucket_key_enabled"] = settings["Encryption"].get("BucketKeyEnabled", False)
        yield "aws_s3_bucket_server_side_encryption_configuration", {"rule": [rule]}
    if settings.get("PublicAccessBlock"):
        yield "aws_s3_bucket_public_access_block", renamed(settings["PublicAccessBlock"], PUBLIC_ACCESS, "PublicAccessBlock")
    if settings.get("ObjectOwnership"):
        yield "aws_s3_bucket_ownership_controls", {"rule": {"object_ownership": settings["ObjectOwnership"]}}
    if settings.get("PolicyStatements"):
        yield "aws_s3_bucket_policy", {"policy": document({"Version": "2012-10-17", "Statement": settings["PolicyStatements"]})}
    if settings.get("LifecycleRules"):
        found: Properties = {"rule": [renamed(rule, LIFECYCLE_RULE, "LifecycleRules") for rule in settings["LifecycleRules"]]}
        if settings.get("TransitionDefaultMinimumObjectSize"):
            found["transition_default_minimum_object_size"] = settings["TransitionDefaultMinimumObjectSize"]
        yield "aws_s3_bucket_lifecycle_configuration", found
    if settings.get("ObjectLock"):
        retention = renamed(settings["ObjectLock"], RETENTION, "ObjectLock")
        yield "aws_s3_bucket_object_lock_configuration", {"rule": {"default_retention": retention}}
    if settings.get("Replication"):
        rules = [renamed(rule, REPLICATION_RULE, "Replication.Rules") for rule in settings["Replication"]["Rules"]]
        yield "aws_s3_bucket_replication_configuration", {"role": settings["Replication"]["Role"], "rule": rules}
    yield from _reports(settings)


def _reports(settings: Mapping[str, Any]) -> Iterator[Part]:
    """What tells of the bucket's objects, and the archive tiers of Intelligent-Tiering."""
    if settings.get("Logging"):
        yield (
            "aws_s3_bucket_logging",
            renamed(settings["Logging"], {"TargetBucket": "target_bucket", "TargetPrefix": "target_prefix"}, "Logging"),
        )
    for one in settings.get("Inventory") or ():
        yield "aws_s3_bucket_inventory", renamed(one, INVENTORY, "Inventory")
    for one in settings.get("IntelligentTiering") or ():
        yield "aws_s3_bucket_intelligent_tiering_configuration", renamed(one, TIERING, "IntelligentTiering")
    if settings.get("Notifications"):
        yield "aws_s3_bucket_notification", renamed(settings["Notifications"], {"EventBridge": "eventbridge"}, "Notifications")
