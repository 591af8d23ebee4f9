"""A bucket that tells of its objects, and the bucket that it tells them to, made by hand."""

from typing import Any

from tests.provisioning.cases import bucket, sub


def report(name: str = "stowplan-protection", frequency: str = "Weekly") -> dict[str, Any]:
    return {
        "Id": name,
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "Schedule": {"Frequency": frequency},
        "OptionalFields": ["Size", "StorageClass", "ReplicationStatus"],
        "Destination": {
            "S3BucketDestination": {
                "AccountId": sub("${account}"),
                "Bucket": sub("${bucket-requests.arn}"),
                "Format": "CSV",
                "Prefix": "inventory",
            }
        },
    }


def tiers(name: str = "stowplan-archive", days: int = 90) -> dict[str, Any]:
    return {"Id": name, "Status": "Enabled", "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": days}]}


SETTINGS: dict[str, Any] = {
    "Logging": {"TargetBucket": sub("${bucket-requests.name}"), "TargetPrefix": "requests/bucket-data/"},
    "Inventory": [report()],
    "IntelligentTiering": [tiers()],
    "Notifications": {"EventBridge": True},
}


def request_bucket(name: str = "bucket-requests") -> dict[str, Any]:
    """Lets the two delivery services in."""
    found = bucket(name)
    for sid, service in (("StowplanRequests", "logging.s3.amazonaws.com"), ("StowplanReports", "s3.amazonaws.com")):
        found["properties"]["PolicyStatements"].append(
            {
                "Sid": sid,
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "s3:PutObject",
                "Resource": sub(f"${{{name}.arn}}/*"),
                "Condition": {"StringEquals": {"aws:SourceAccount": sub("${account}")}},
            }
        )
    return found


def reporting(**more: Any) -> list[dict[str, Any]]:
    return [bucket(**{**SETTINGS, **more}), request_bucket()]
