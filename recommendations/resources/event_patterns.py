"""Patterns of EventBridge rules (aws-facts section i). A pattern takes 2,048 characters at most."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOST_CHARACTERS = 2048
# Names of ours begin with it, whatever the account.
OURS = "stowplan-"


@dataclass(frozen=True)
class Watch:
    """One rule: what it is called, what it says of itself (512 characters at most), what it matches."""

    id: str
    description: str
    pattern: Mapping[str, Any]


def calls(service: str, source: str, names: Sequence[str], **more: Any) -> dict[str, Any]:
    """API calls as CloudTrail reports them to EventBridge; needs a trail of the account, which every account here has."""
    detail = {"eventSource": [service], "eventName": list(names), **more}
    return {"source": [source], "detail-type": ["AWS API Call via CloudTrail"], "detail": detail}


POLICIES = Watch(
    "dlm",
    "A snapshot policy went into error.",
    {"source": ["aws.dlm"], "detail-type": ["DLM Policy State Change"], "detail": {"state": ["ERROR"]}},
)
SNAPSHOTS = Watch(
    "snapshots",
    "An EBS snapshot, or a copy of one, failed.",
    {
        "source": ["aws.ec2"],
        "detail-type": ["EBS Snapshot Notification", "EBS Multi-Volume Snapshots Completion Status"],
        "detail": {"event": ["createSnapshot", "createSnapshots", "copySnapshot"], "result": ["failed"]},
    },
)
ENDED_BADLY = ["FAILED", "ABORTED", "EXPIRED", "PARTIAL"]
BACKUP_JOBS = Watch(
    "backup",
    "A backup, copy or restore job of AWS Backup failed, was aborted, expired or is partial.",
    {
        "source": ["aws.backup"],
        "detail-type": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
        # Some of these events say `state`, others `status`.
        "detail": {"$or": [{"state": ENDED_BADLY}, {"status": ENDED_BADLY}]},
    },
)
KEYS = Watch(
    "keys",
    "Somebody disabled a key or scheduled it for deletion: what it encrypts cannot be read without it.",
    calls("kms.amazonaws.com", "aws.kms", ["DisableKey", "ScheduleKeyDeletion"]),
)
TRAILS = Watch(
    "trails",
    "Somebody stopped, deleted or changed a trail.",
    calls("cloudtrail.amazonaws.com", "aws.cloudtrail", ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"]),
)
BUCKET_CALLS = (
    *("PutBucketPolicy", "DeleteBucketPolicy", "PutBucketLifecycle", "DeleteBucketLifecycle", "PutBucketVersioning"),
    *("PutBucketReplication", "DeleteBucketReplication", "DeleteBucket"),
)


def buckets_of(adopted: Sequence[str]) -> Watch:
    """Changes to the settings that protect our buckets: those with our names and the adopted ones.

    Where the names of the adopted ones do not fit into a pattern, the rule reports the calls for every bucket of the account.
    """
    said = (
        "Somebody changed the policy, lifecycle, versions or replication of a bucket, or deleted it. Stowplan's own changes are told too."
    )
    names: list[Any] = [{"prefix": OURS}, *sorted(set(adopted))]
    pattern = calls("s3.amazonaws.com", "aws.s3", BUCKET_CALLS, requestParameters={"bucketName": names})
    if len(json.dumps(pattern, ensure_ascii=False)) > MOST_CHARACTERS:
        pattern = calls("s3.amazonaws.com", "aws.s3", BUCKET_CALLS)
        said += " All buckets of the account: it has too many with names of their own for one rule."
    return Watch("buckets", said, pattern)
