"""What S3 itself writes about buckets: access logs, lists of all objects, reports of one-off jobs; and the bucket that takes them.

One such bucket for each account and Region. It is not the trails' bucket: S3 delivers access logs only within one account and Region, to a
bucket without a default lock and without a KMS key (S3 user guide, "Enabling Amazon S3 server access logging").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from recommendations.decisions import Decisions
from recommendations.facts import CustomerFacts
from recommendations.places import Place
from recommendations.resources.buckets import bucket, encryption
from recommendations.resources.common import Resource, short, sub
from recommendations.resources.trail import log_rules

FREQUENCY = {"daily": "Daily", "weekly": "Weekly"}
FIELDS = (
    *("Size", "LastModifiedDate", "StorageClass", "IsMultipartUploaded", "ReplicationStatus", "EncryptionStatus"),
    *("ObjectLockRetainUntilDate", "ObjectLockMode", "ObjectLockLegalHoldStatus", "IntelligentTieringAccessTier", "BucketKeyStatus"),
)
ARCHIVE = {"AccessTier": "ARCHIVE_ACCESS", "Days": 90}
TIERS = {"archive": [ARCHIVE], "archive-and-deep": [ARCHIVE, {"AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 180}]}
# Service that delivers -> Sid of its statement.
DELIVERED = {"logging.s3.amazonaws.com": "StowplanAccessLogs", "s3.amazonaws.com": "StowplanInventories"}


def report_key(place: Place, primary: str) -> str:
    """Resource key of the bucket that takes reports at a place."""
    return short(f"{'reports' if place.region == primary else 'drreports'}--{place.name}")


def report_bucket(customer: CustomerFacts, place: Place, workloads: Sequence[str]) -> Resource:
    """Takes what S3 delivers about buckets of the same account; kept as long as the trails' logs."""
    key = report_key(place, customer.primary)
    statements = [
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "s3:PutObject",
            "Resource": sub(f"${{{key}.arn}}/*"),
            "Condition": {"StringEquals": {"aws:SourceAccount": sub("${account}")}, "ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}},
        }
        for service, sid in DELIVERED.items()
    ]
    properties = {
        "Versioning": "Enabled",
        "Encryption": encryption("sse-s3", None),
        "PolicyStatements": statements,
        "LifecycleRules": log_rules(customer.log_days),
    }
    return bucket(key, customer, properties, **place.where(*workloads))


def access_logs(bucket_key: str, reports: str) -> dict[str, Any]:
    """Server access logging of a bucket into the bucket `reports`."""
    return {"TargetBucket": sub(f"${{{reports}.name}}"), "TargetPrefix": f"requests/{bucket_key}/"}


def inventory(bucket_key: str, reports: str, report: str, versioned: bool) -> list[dict[str, Any]]:
    """The list of all objects by a value of the `inventory` table. Every version, where there are versions."""
    target = {"AccountId": sub("${account}"), "Bucket": sub(f"${{{reports}.arn}}"), "Format": "Parquet", "Prefix": "inventory"}
    return [
        {
            "Id": "stowplan-protection",
            "IsEnabled": True,
            "IncludedObjectVersions": "All" if versioned else "Current",
            "Schedule": {"Frequency": FREQUENCY[report]},
            "OptionalFields": list(FIELDS),
            "Destination": {"S3BucketDestination": target},
        }
    ]


def settings_of(bucket_key: str, reports: str, decisions: Decisions) -> dict[str, Any]:
    """Members of a workload's own bucket that tell of its objects, and its archive tiers; empty where none is decided."""
    found: dict[str, Any] = {}
    if decisions.value("logging", "objects") == "access-log":
        found["Logging"] = access_logs(bucket_key, reports)
    report = decisions.value("inventory", "report")
    if report != "none":
        found["Inventory"] = inventory(bucket_key, reports, report, decisions.versioned)
    tiers = decisions.archive_tiers
    if tiers != "none":
        found["IntelligentTiering"] = [{"Id": "stowplan-archive", "Status": "Enabled", "Tierings": TIERS[tiers]}]
    return found
