"""What S3 refuses in a replication configuration that fits its schema. Source: S3 user guide and API reference, PutBucketReplication."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Rule = Mapping[str, Any]
Refusal = tuple[str, str]

MAX_RULES = 1000
MINUTES = 15  # the only replication time that S3 offers
BUCKET_ARN = "arn:aws:s3:::"


def refusals(configuration: Mapping[str, Any], source: Any, bucket_named: Callable[[str], Any]) -> Iterator[Refusal]:
    """The reasons to refuse a `ReplicationConfiguration`. `source` is moto's bucket; `bucket_named` gives one, of any account, or None."""
    rules: Sequence[Rule] = configuration.get("Rules", ())
    if not 1 <= len(rules) <= MAX_RULES:
        yield "MalformedXML", f"A replication configuration has 1 to {MAX_RULES} rules."
    if not configuration.get("Role", "").startswith("arn:aws:iam::"):
        yield "InvalidArgument", "Invalid Amazon Resource Name of the role."
    if not source.is_versioned:
        yield "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
    ids = [rule["ID"] for rule in rules if rule.get("ID")]
    if len(ids) != len(set(ids)):
        yield "InvalidArgument", "Rule Id must be unique"
    priorities = [rule["Priority"] for rule in rules if "Priority" in rule]
    if len(priorities) != len(set(priorities)):
        yield "InvalidRequest", "Found duplicate priority. Priority must be unique."
    for rule in rules:
        yield from _rule(rule)
        yield from _destination(rule["Destination"], source, bucket_named)


def _rule(rule: Rule) -> Iterator[Refusal]:
    if "Status" not in rule:
        yield "MalformedXML", "A rule needs a Status."
    if "Filter" in rule and "Prefix" in rule:
        yield "MalformedXML", "Filter and Prefix cannot stand in one rule."
    if "Filter" in rule:
        if "Priority" not in rule:
            yield "InvalidRequest", "Priority must be specified for this version of Cross Region Replication configuration schema."
        if "DeleteMarkerReplication" not in rule:
            yield (
                "InvalidRequest",
                "DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema.",
            )
        if len(rule["Filter"]) > 1:
            yield "MalformedXML", "Filter holds one of Prefix, Tag and And."
    tagged = "Tag" in rule.get("Filter", {}) or "Tags" in rule.get("Filter", {}).get("And", {})
    if tagged and rule.get("DeleteMarkerReplication", {}).get("Status") == "Enabled":
        yield "InvalidRequest", "Delete marker replication is not supported if any Tag filter is specified."
    if "ExistingObjectReplication" in rule:
        yield "InvalidRequest", "ExistingObjectReplication is no longer supported; use S3 Batch Replication."
    selected = rule.get("SourceSelectionCriteria", {}).get("SseKmsEncryptedObjects", {}).get("Status") == "Enabled"
    if selected != ("EncryptionConfiguration" in rule["Destination"]):
        yield "InvalidRequest", "SseKmsEncryptedObjects and EncryptionConfiguration must be specified together."


def _destination(destination: Mapping[str, Any], source: Any, bucket_named: Callable[[str], Any]) -> Iterator[Refusal]:
    arn = destination["Bucket"]
    if not arn.startswith(BUCKET_ARN):
        yield "InvalidArgument", "Invalid bucket ARN."
        return
    name = arn.removeprefix(BUCKET_ARN)
    target = bucket_named(name)
    if name == source.name:
        yield "InvalidRequest", "Destination bucket cannot be the same as the source bucket."
    elif target is None:
        yield "InvalidRequest", "Destination bucket must exist."
    elif not target.is_versioned:
        yield "InvalidRequest", "Destination bucket must have versioning enabled."
    elif source.object_lock_enabled and not target.object_lock_enabled:
        yield "InvalidRequest", "Destination bucket must have Object Lock enabled, since the source has it."
    if "AccessControlTranslation" in destination and "Account" not in destination:
        yield "InvalidRequest", "AccessControlTranslation needs Account."
    if "ReplicationTime" in destination:
        if destination["ReplicationTime"].get("Time", {}).get("Minutes") != MINUTES:
            yield "InvalidRequest", f"ReplicationTime must be {MINUTES} minutes."
        if destination.get("Metrics", {}).get("Status") != "Enabled":
            yield "InvalidRequest", "ReplicationTime needs Metrics."
    if destination.get("Metrics", {}).get("EventThreshold", {}).get("Minutes", MINUTES) != MINUTES:
        yield "InvalidRequest", f"EventThreshold must be {MINUTES} minutes."
