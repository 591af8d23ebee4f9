"""The bucket configurations that we keep in full beside moto's bucket: put, get and delete of each.

A handler takes the response object of one request (for its body, headers and serializer) and moto's bucket.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.moto_api._internal import mock_random
from moto.s3.exceptions import (
    NoSuchLifecycleConfiguration,
    ObjectLockConfigurationNotFoundError,
    ReplicationConfigurationNotFoundError,
    S3ClientError,
)
from moto.s3.models import s3_backends

from provisioning.simulator.s3 import documents, lifecycle, policy, replication

MINIMUM_SIZE_HEADER = "x-amz-transition-default-minimum-object-size"
MINIMUM_SIZES = ("all_storage_classes_128K", "varies_by_storage_class")


def kept(bucket: Any) -> dict[str, Any]:
    """What we keep of one bucket, by name of the configuration: an attribute of ours on moto's object, gone with it."""
    found: dict[str, Any] = vars(bucket).setdefault("simulated_configurations", {})
    return found


def refuse(refusals: Iterable[tuple[str, str]]) -> None:
    """Raises S3ClientError for the first of the refusals (code, message)."""
    for code, message in refusals:
        raise S3ClientError(code, message)


def put_lifecycle(response: Any, bucket: Any) -> Any:
    configuration = documents.parse(response.body, "PutBucketLifecycleConfiguration", "LifecycleConfiguration")
    size = response.headers.get(MINIMUM_SIZE_HEADER, MINIMUM_SIZES[0])
    if size not in MINIMUM_SIZES:
        raise S3ClientError("InvalidArgument", f"{MINIMUM_SIZE_HEADER} is {size!r}, expected one of {', '.join(MINIMUM_SIZES)}")
    refuse(lifecycle.refusals(configuration))
    kept(bucket)["lifecycle"] = {"Rules": _with_ids(configuration["Rules"]), "TransitionDefaultMinimumObjectSize": size}
    return 200, {MINIMUM_SIZE_HEADER: size}, ""


def get_lifecycle(response: Any, bucket: Any) -> Any:
    found = kept(bucket).get("lifecycle")
    if found is None:
        raise NoSuchLifecycleConfiguration(bucket_name=bucket.name)
    return answer(response, "GetBucketLifecycleConfiguration", found)


def delete_lifecycle(response: Any, bucket: Any) -> Any:
    kept(bucket).pop("lifecycle", None)
    return 204, {}, ""


def put_replication(response: Any, bucket: Any) -> Any:
    configuration = documents.parse(response.body, "PutBucketReplication", "ReplicationConfiguration")
    refuse(replication.refusals(configuration, bucket, bucket_of_any_account))
    kept(bucket)["replication"] = {**configuration, "Rules": _with_ids(configuration["Rules"])}
    return 200, {}, ""


def get_replication(response: Any, bucket: Any) -> Any:
    found = kept(bucket).get("replication")
    if found is None:
        raise ReplicationConfigurationNotFoundError(bucket_name=bucket.name)
    return answer(response, "GetBucketReplication", {"ReplicationConfiguration": found})


def delete_replication(response: Any, bucket: Any) -> Any:
    kept(bucket).pop("replication", None)
    return 204, {}, ""


def put_object_lock(response: Any, bucket: Any) -> Any:
    """Also on a bucket with objects, as AWS allows since 2023; the default retention then holds for new objects."""
    configuration = documents.parse(response.body, "PutObjectLockConfiguration", "ObjectLockConfiguration")
    if not bucket.is_versioned:
        raise S3ClientError("InvalidBucketState", "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
    retention = configuration.get("Rule", {}).get("DefaultRetention")
    if configuration.get("ObjectLockEnabled") != "Enabled":
        raise documents.malformed("ObjectLockEnabled must be Enabled.")
    if retention is not None and ("Mode" not in retention or ("Days" in retention) == ("Years" in retention)):
        raise documents.malformed("DefaultRetention needs Mode and exactly one of Days and Years.")
    if retention is not None and min(retention.get("Days", 1), retention.get("Years", 1)) < 1:
        raise S3ClientError("InvalidArgument", "Default retention period must be a positive integer value.")
    bucket.object_lock_enabled = True
    bucket.default_lock_mode = retention and retention["Mode"]
    bucket.default_lock_days = (retention or {}).get("Days", 0)
    bucket.default_lock_years = (retention or {}).get("Years", 0)
    kept(bucket)["object-lock"] = configuration
    return 200, {}, ""


def get_object_lock(response: Any, bucket: Any) -> Any:
    if not bucket.object_lock_enabled:
        raise ObjectLockConfigurationNotFoundError
    found = kept(bucket).get("object-lock", {"ObjectLockEnabled": "Enabled"})
    return answer(response, "GetObjectLockConfiguration", {"ObjectLockConfiguration": found})


def put_policy(response: Any, bucket: Any) -> Any:
    refuse(policy.refusals(response.body, bucket))
    response.backend.put_bucket_policy(bucket.name, response.body)
    return 204, {}, ""


def put_versioning(response: Any, bucket: Any) -> Any:
    configuration = documents.parse(response.body, "PutBucketVersioning", "VersioningConfiguration")
    if "Status" not in configuration:
        raise documents.malformed("Status is required.")
    suspended = configuration["Status"] == "Suspended"
    if suspended and bucket.object_lock_enabled:
        raise S3ClientError(
            "InvalidBucketState", "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
        )
    if suspended and "replication" in kept(bucket):
        raise S3ClientError(
            "InvalidBucketState", "A replication configuration is present on this bucket, so the versioning state cannot be changed."
        )
    response.backend.put_bucket_versioning(bucket.name, configuration["Status"])
    return 200, {}, ""


def get_encryption(response: Any, bucket: Any) -> Any:
    """Every bucket is encrypted with SSE-S3 since 2023, also one that nobody configured."""
    rule = (bucket.encryption or {}).get("Rule", {})
    default = rule.get("ApplyServerSideEncryptionByDefault", {"SSEAlgorithm": "AES256"})
    bucket_key = str(rule.get("BucketKeyEnabled", False)).lower() == "true"
    found = {"Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": bucket_key}]}
    return answer(response, "GetBucketEncryption", {"ServerSideEncryptionConfiguration": found})


def _with_ids(rules: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """S3 names a rule that has no ID."""
    return [{**rule, "ID": rule.get("ID") or mock_random.get_random_hex(32)} for rule in rules]


def bucket_of_any_account(name: str) -> Any:
    """moto's bucket of a name, whoever owns it; None where there is none."""
    owner = s3_backends.bucket_accounts.get(name)
    return owner and s3_backends[owner[1]][owner[0]].buckets.get(name)


def answer(response: Any, operation: str, result: Mapping[str, Any]) -> Any:
    """The answer to an operation in S3's XML."""
    response.data["Action"] = operation
    return response.serialized(ActionResult(copy.deepcopy(dict(result))))
