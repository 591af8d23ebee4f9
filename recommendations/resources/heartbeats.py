"""Alarms on silence: no copy was completed in the time in which one had to be. Missing data counts as breaching (aws-facts section i).

An alarm of one-hour periods looks back seven days at most, so a copy of every week has none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from recommendations.resources.common import Resource, sub
from recommendations.resources.metric_alarms import HOUR, Alarm

MOST_HOURS = 7 * 24
# A job starts within an hour of its time (aws-facts e, f), and takes some time; a copy to another Region comes after it.
SLACK, COPY_SLACK = 2, 12


def silence(namespace: str, metric: str, dimension: str, value: Any, hours: int, said: str) -> dict[str, Any]:
    """An alarm when a metric's sum is zero or absent in each of the last `hours` hours."""
    return {
        "AlarmDescription": f"{said} in the last {hours} hours. Silence counts as failure.",
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": dimension, "Value": value}],
        "Statistic": "Sum",
        "Period": HOUR,
        "EvaluationPeriods": hours,
        "DatapointsToAlarm": hours,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",
    }


def heartbeats(policies: Sequence[Resource]) -> Iterator[Alarm]:
    """For each snapshot policy (100 a Region at most): no snapshot, or no copy of one, was completed in time."""
    for one in policies:
        schedules = one["properties"]["PolicyDetails"]["Schedules"]
        every = min((rule["Interval"] for rule in (each["CreateRule"] for each in schedules) if "Interval" in rule), default=None)
        if every is None:
            continue
        whose, key, workloads = sub(f"${{{one['key']}.id}}"), one["key"], tuple(one["workloads"])
        said = f"{key}: no snapshot was completed"
        content = silence("AWS/EBS", "SnapshotsCreateCompleted", "DLMPolicyId", whose, every + SLACK, said)
        yield Alarm(f"missing-{key}", content, workloads)
        if any(each.get("CrossRegionCopyRules") for each in schedules):
            said = f"{key}: no snapshot was copied to the second Region"
            content = silence("AWS/EBS", "SnapshotsCopiedRegionCompleted", "DLMPolicyId", whose, every + COPY_SLACK, said)
            yield Alarm(f"uncopied-{key}", content, workloads)


def vault_alarms(vaults: Sequence[Resource], plans: Sequence[Resource]) -> Iterator[Alarm]:
    """For each vault that plans of its account and Region write to: failed and expired jobs, and no job completed in time."""
    hours = hours_of(plans)
    for vault in vaults:
        if vault["key"] not in hours:
            continue
        name, key = sub(f"${{{vault['key']}.name}}"), vault["key"]
        for metric, id_, said in (
            ("NumberOfBackupJobsFailed", "failed", "a backup job into the vault failed."),
            ("NumberOfBackupJobsExpired", "expired", "a backup job into the vault expired before it started."),
        ):
            yield Alarm(f"{id_}-{key}", counted(metric, name, f"{key}: {said}"), tuple(vault["workloads"]))
        window = hours[key] + SLACK
        if window <= MOST_HOURS:
            said = f"{key}: no backup job into the vault was completed"
            yield Alarm(
                f"missing-{key}",
                silence("AWS/Backup", "NumberOfBackupJobsCompleted", "BackupVaultName", name, window, said),
                tuple(vault["workloads"]),
            )


def counted(metric: str, vault: Any, said: str) -> dict[str, Any]:
    """An alarm when jobs of a vault ended badly within an hour. Such metrics come only when something happens."""
    return {
        "AlarmDescription": said,
        "Namespace": "AWS/Backup",
        "MetricName": metric,
        "Dimensions": [{"Name": "BackupVaultName", "Value": vault}],
        "Statistic": "Sum",
        "Period": HOUR,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
    }


EVERY: Mapping[str, int] = {"hourly": 24, "daily": 24, "weekly": 168, "monthly": 745, "yearly": 8_784, "continuous": 24}


def hours_of(plans: Sequence[Resource]) -> dict[str, int]:
    """Vault -> hours within which one of its rules has to complete a job: a day for all rules that run daily or more often.

    The shortest rule of several plans decides. What runs hourly is held to a day as well: several plans share a vault, so an alarm on
    the vault cannot tell which of them is silent, and the rules on events tell each failed job.
    """
    found: dict[str, int] = {}
    for plan in plans:
        for rule in plan["properties"]["Rules"]:
            vault = rule["TargetBackupVaultName"]["$sub"].removeprefix("${").removesuffix(".name}")
            every = EVERY[rule["RuleName"].removeprefix("stowplan-")]
            found[vault] = min(found.get(vault, every), every)
    return found
