"""Multi-Region trails, one an account, and the log bucket that all of them write to."""

from collections.abc import Sequence
from typing import Any

from recommendations.facts import CustomerFacts
from recommendations.places import Place
from recommendations.resources.buckets import ABORT_DAYS, bucket, encryption
from recommendations.resources.common import Resource, resource, short, sub

LOG_BUCKET = "logs"
# PCI DSS 10.5.1 wants three months at hand; the class after that opens in milliseconds as well.
AT_HAND_DAYS = 90
# Above this many prefixes one selector for every bucket takes their place (CloudTrail allows 500 values in all selectors together).
MOST_BUCKETS = 200
VERSIONS_DAYS = 30


def trail_key(place: Place) -> str:
    return short(f"trail-{place.name}")


def log_bucket(customer: CustomerFacts, place: Place, trails: Sequence[Place], key: str | None, mode: str | None) -> Resource:
    """The bucket of all trails' logs, locked for as long as they are kept where the customer wants immutable copies."""
    keys = [trail_key(one) for one in trails]
    sources = {"aws:SourceArn": [sub(f"${{{one}.arn}}") for one in keys]}
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    statements = [
        {
            "Sid": "StowplanTrailChecks",
            **service,
            "Action": "s3:GetBucketAcl",
            "Resource": sub(f"${{{LOG_BUCKET}.arn}}"),
            "Condition": {"StringEquals": sources},
        },
        {
            "Sid": "StowplanTrailWrites",
            **service,
            "Action": "s3:PutObject",
            "Resource": [sub(f"${{{LOG_BUCKET}.arn}}/AWSLogs/${{account.{one.name}}}/*") for one in trails],
            "Condition": {"StringEquals": {**sources, "s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ]
    properties: dict[str, Any] = {
        "Versioning": "Enabled",
        "Encryption": encryption("customer-key" if key else "sse-s3", key),
        "PolicyStatements": statements,
        "LifecycleRules": log_rules(customer.log_days),
    }
    if mode:
        properties["ObjectLock"] = {"Mode": mode, "Days": customer.log_days}
    return bucket(LOG_BUCKET, customer, properties, **place.where())


def log_rules(days: int) -> list[dict[str, Any]]:
    """Large log files move to a class that still opens at once; everything goes when it is old enough."""
    rule: dict[str, Any] = {
        "ID": "stowplan-logs",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": days},
        "NoncurrentVersionExpiration": {"NoncurrentDays": VERSIONS_DAYS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_DAYS},
    }
    if days >= 2 * AT_HAND_DAYS:
        rule["Transitions"] = [{"Days": AT_HAND_DAYS, "StorageClass": "GLACIER_IR"}]
    return [rule]


def trail(customer: CustomerFacts, place: Place, logged: Sequence[str], key: str | None, workloads: Sequence[str]) -> Resource:
    """The trail of one account: management events of all Regions, and the objects of `logged` (resource keys of buckets in it)."""
    properties: dict[str, Any] = {
        "S3BucketName": sub(f"${{{LOG_BUCKET}.name}}"),
        "IsMultiRegionTrail": True,
        "EnableLogFileValidation": True,
        "IncludeGlobalServiceEvents": True,
        "IsLogging": True,
        "AdvancedEventSelectors": selectors(customer, logged),
    }
    if key:
        properties["KmsKeyId"] = sub(f"${{{key}.arn}}")
    return resource(trail_key(place), "AWS::CloudTrail::Trail", customer, properties, **place.where(*workloads))


def selectors(customer: CustomerFacts, logged: Sequence[str]) -> list[dict[str, Any]]:
    """Management events always; object events of the logged buckets, never of the log bucket itself (aws-facts section h)."""
    found: list[dict[str, Any]] = [{"Name": "management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    if not logged:
        return found
    fields: list[dict[str, Any]] = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]
    if customer.log_depth == "all-objects" or len(logged) > MOST_BUCKETS:
        fields.append({"Field": "resources.ARN", "NotStartsWith": [sub(f"${{{LOG_BUCKET}.arn}}/")]})
    else:
        fields.append({"Field": "resources.ARN", "StartsWith": [sub(f"${{{key}.arn}}/") for key in logged]})
    return [*found, {"Name": "objects", "FieldSelectors": fields}]
