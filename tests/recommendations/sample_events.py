"""Events in the shape that AWS documents, one or more for each rule, and a matcher of patterns written from EventBridge's documentation.

Sources: AWS Backup Developer Guide "Monitoring AWS Backup events using Amazon EventBridge"; Amazon EBS User Guide "Amazon EventBridge
events for Amazon EBS" and "Monitor Data Lifecycle Manager policies using EventBridge"; CloudTrail's record contents.
"""

from collections.abc import Mapping
from typing import Any

ACCOUNT, REGION = "123456789012", "us-east-1"


def event(source: str, kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    head = {"version": "0", "id": "01234567-0123-0123-0123-0123456789ab", "time": "2026-05-25T13:12:22Z", "resources": []}
    return {**head, "detail-type": kind, "source": source, "account": ACCOUNT, "region": REGION, "detail": dict(detail)}


def call(service: str, name: str, **parameters: Any) -> dict[str, Any]:
    """An API call, as CloudTrail reports it."""
    detail = {
        "eventVersion": "1.11",
        "userIdentity": {"type": "AssumedRole", "accountId": ACCOUNT},
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "requestParameters": parameters,
        "readOnly": False,
    }
    return event(f"aws.{service}", "AWS API Call via CloudTrail", detail)


def snapshot(name: str, result: str) -> dict[str, Any]:
    detail = {
        "event": name,
        "result": result,
        "cause": "Source snapshot ID is not valid",
        "snapshot_id": "arn:aws:ec2::us-east-1:snapshot/snap-1",
    }
    return event("aws.ec2", "EBS Snapshot Notification", detail)


POLICY = f"arn:aws:dlm:{REGION}:{ACCOUNT}:policy/policy-0123456789abcdef"
DLM_ERROR = event(
    "aws.dlm",
    "DLM Policy State Change",
    {"state": "ERROR", "cause": "Role provided does not have sufficient permissions", "policy_id": POLICY},
)
MULTI = event(
    "aws.ec2",
    "EBS Multi-Volume Snapshots Completion Status",
    {"event": "createSnapshots", "result": "failed", "cause": "Snapshot snap-1 is in status error", "snapshots": []},
)
BACKUP = event("aws.backup", "Backup Job State Change", {"backupJobId": "1", "resourceType": "EBS", "state": "FAILED", "percentDone": 0})
COPY = event("aws.backup", "Copy Job State Change", {"copyJobId": "47C8EF56", "resourceType": "EC2", "state": "FAILED"})
RESTORE = event("aws.backup", "Restore Job State Change", {"restoreJobId": "1B234A56", "resourceType": "EC2", "status": "FAILED"})


def with_detail(found: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    return {**found, "detail": {**found["detail"], **changes}}


def matches(pattern: Mapping[str, Any], found: Any) -> bool:
    """Every field of the pattern has one of its values; `$or` needs one of its alternatives; only prefixes are known besides."""
    for name, wanted in pattern.items():
        if name == "$or":
            if not any(matches(one, found) for one in wanted):
                return False
        elif not isinstance(found, Mapping) or name not in found:
            return False
        elif isinstance(wanted, Mapping):
            if not matches(wanted, found[name]):
                return False
        elif not any(_is(one, found[name]) for one in wanted):
            return False
    return True


def _is(wanted: Any, value: Any) -> bool:
    if isinstance(wanted, Mapping):
        [(operator, text)] = wanted.items()
        assert operator == "prefix", operator
        return isinstance(value, str) and value.startswith(text)
    return bool(wanted == value)
