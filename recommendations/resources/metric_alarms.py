"""Alarms on what failed: queries over all buckets, and all snapshot policies, of an account and Region (aws-facts sections c, i)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from recommendations.resources.common import Resource

FIVE_MINUTES, QUARTER, HOUR = 300, 900, 3600
REPLICATION = 'SCHEMA("AWS/S3", DestinationBucket, RuleId, SourceBucket)'
SNAPSHOTS = 'SCHEMA("AWS/EBS", DLMPolicyId)'


@dataclass(frozen=True)
class Alarm:
    """One alarm: its part of a resource key, the members of PutMetricAlarm, and the workloads that it watches; none for all of them."""

    id: str
    content: dict[str, Any]
    workloads: tuple[str, ...] = ()


def query(text: str, period: int, threshold: int, operator: str, missing: str, said: str, periods: int = 1) -> dict[str, Any]:
    """An alarm on one query. `period` in seconds."""
    return {
        "AlarmDescription": said,
        "Metrics": [{"Id": "found", "Expression": f"SELECT {text}", "Period": period, "ReturnData": True}],
        "EvaluationPeriods": periods,
        "DatapointsToAlarm": periods,
        "Threshold": threshold,
        "ComparisonOperator": f"{operator}Threshold",
        "TreatMissingData": missing,
    }


def replication_alarms(buckets: Sequence[Resource]) -> Iterator[Alarm]:
    """Where buckets replicate: an object that failed for good; with Replication Time Control, one that takes longer.

    Without time control AWS promises no time, and the size of what waits decides: only failures are told then.
    """
    rules = [rule for one in buckets if one["properties"].get("Replication") for rule in one["properties"]["Replication"]["Rules"]]
    if any((rule["Destination"].get("Metrics") or {}).get("Status") == "Enabled" for rule in rules):
        said = "An object could not be replicated. S3 does not try again by itself: repair the cause and run a batch replication job."
        operator = "GreaterThanOrEqualTo"
        yield Alarm(
            "replication-failed", query(f"SUM(OperationsFailedReplication) FROM {REPLICATION}", FIVE_MINUTES, 1, operator, "ignore", said)
        )
    if any("ReplicationTime" in rule["Destination"] for rule in rules):
        said = "Replication took longer than 15 minutes for 15 minutes on end: the promise of Replication Time Control is broken."
        text = f"MAX(ReplicationLatency) FROM {REPLICATION}"
        yield Alarm("replication-late", query(text, FIVE_MINUTES, QUARTER, "GreaterThan", "ignore", said, periods=3))


def snapshot_alarms(policies: Sequence[Resource]) -> Iterator[Alarm]:
    """Where snapshot policies run: a snapshot that failed, and a policy that finds nothing to its tag."""
    if not policies:
        return
    failed = "A snapshot of a Data Lifecycle Manager policy failed."
    yield Alarm(
        "snapshots-failed", query(f"SUM(SnapshotsCreateFailed) FROM {SNAPSHOTS}", HOUR, 1, "GreaterThanOrEqualTo", "notBreaching", failed)
    )
    nothing = "A snapshot policy found nothing that carries its tag: something is not protected, and nothing else says so."
    yield Alarm("snapshots-nothing", query(f"MIN(ResourcesTargeted) FROM {SNAPSHOTS}", HOUR, 1, "LessThan", "notBreaching", nothing))
