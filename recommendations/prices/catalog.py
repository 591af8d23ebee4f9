"""Where each item of the price book stands in AWS's price list: service, usage type, operation, unit and how many units a price is for.

Usage types as the billing guides of S3, EBS, AWS Backup, KMS, CloudTrail and CloudWatch name them, without their Region's prefix. What
has no line of its own there (free, or priced as another item) is not listed; a refresh keeps it as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

GB_MONTH = frozenset({"GB-Mo"})
GB = frozenset({"GB"})
REQUESTS = frozenset({"Requests", "Request"})
OBJECTS = frozenset({"Objects", "Object"})


@dataclass(frozen=True)
class Lookup:
    """One line of the price list. `times`: units that the book's price is for; `tiers`: the book keeps the volume tiers."""

    service: str
    usage: str
    units: frozenset[str]
    times: Decimal = Decimal(1)
    operation: str | None = None
    tiers: bool = False


THOUSAND = Decimal(1000)


def _s3(usage: str, units: frozenset[str], times: Decimal = Decimal(1), operation: str | None = None) -> Lookup:
    return Lookup("AmazonS3", usage, units, times, operation)


def _requests(usage: str, operation: str | None = None) -> Lookup:
    return _s3(usage, REQUESTS, THOUSAND, operation)


def _class(name: str, code: str) -> dict[str, Lookup]:
    """The lines of a class that is read at once."""
    return {
        f"s3/{name}/storage": _s3(f"TimedStorage-{code}-ByteHrs", GB_MONTH),
        f"s3/{name}/put_1k": _requests(f"Requests-{code}-Tier1"),
        f"s3/{name}/get_1k": _requests(f"Requests-{code}-Tier2"),
        f"s3/{name}/transition_in_1k": _requests("Requests-Tier4", f"S3-{code}Transition"),
        f"s3/{name}/retrieval_gb": _s3(f"Retrieval-{code}", GB),
    }


def _tiering() -> dict[str, Lookup]:
    tiers = {
        "storage_frequent": "FA",
        "storage_infrequent": "IA",
        "storage_archive_instant": "AIA",
        "storage_archive_optional": "AA",
        "storage_deep_archive_optional": "DAA",
    }
    base = "s3/INTELLIGENT_TIERING"
    return {
        **{f"{base}/{item}": _s3(f"TimedStorage-INT-{code}-ByteHrs", GB_MONTH) for item, code in tiers.items()},
        f"{base}/monitoring_1k_objects_month": _s3("Monitoring-Automation-INT", OBJECTS, THOUSAND),
        f"{base}/transition_in_1k": _requests("Requests-Tier4", "S3-INTTransition"),
    }


def _archives() -> dict[str, Lookup]:
    deep, restore = "AmazonS3GlacierDeepArchive", "DeepArchiveRestoreObject"
    return {
        "s3/GLACIER/storage": _s3("TimedStorage-GlacierByteHrs", GB_MONTH),
        "s3/GLACIER/put_1k": _requests("Requests-GLACIER-Tier1", "PutObject"),
        "s3/GLACIER/transition_in_1k": _requests("Requests-Tier3", "S3-GlacierTransition"),
        "s3/GLACIER/retrieval_gb/Standard": _s3("Standard-Retrieval-Bytes", GB, operation="RestoreObject"),
        "s3/GLACIER/retrieval_gb/Expedited": _s3("Expedited-Retrieval-Bytes", GB, operation="RestoreObject"),
        "s3/GLACIER/retrieval_request_1k/Standard": _requests("Requests-Tier3", "RestoreObject"),
        "s3/DEEP_ARCHIVE/storage": Lookup(deep, "TimedStorage-GDA-ByteHrs", GB_MONTH),
        "s3/DEEP_ARCHIVE/put_1k": Lookup(deep, "Requests-GDA-Tier1", REQUESTS, THOUSAND, "PutObject"),
        "s3/DEEP_ARCHIVE/transition_in_1k": _requests("Requests-Tier3", "S3-GDATransition"),
        "s3/DEEP_ARCHIVE/retrieval_gb/Standard": Lookup(deep, "Standard-Retrieval-Bytes", GB, operation=restore),
        "s3/DEEP_ARCHIVE/retrieval_gb/Bulk": Lookup(deep, "Bulk-Retrieval-Bytes", GB, operation=restore),
        "s3/DEEP_ARCHIVE/retrieval_request_1k/Standard": Lookup(deep, "Requests-GDA-Tier3", REQUESTS, THOUSAND, restore),
        "s3/DEEP_ARCHIVE/retrieval_request_1k/Bulk": Lookup(deep, "Requests-GDA-Tier5", REQUESTS, THOUSAND, restore),
    }


def _others() -> dict[str, Lookup]:
    jobs, backup = frozenset({"Jobs", "Job"}), "AWSBackup"
    events, million = frozenset({"Events", "Event"}), Decimal(10**6)
    return {
        "s3_replication/batch_job": _s3("BatchOperations-Jobs", jobs),
        "s3_replication/batch_million_objects": _s3("BatchOperations-Objects", OBJECTS, million),
        "ebs/gp3_gb_month": Lookup("AmazonEC2", "EBS:VolumeUsage.gp3", GB_MONTH),
        "ebs/snapshot_standard_gb_month": Lookup("AmazonEC2", "EBS:SnapshotUsage", GB_MONTH),
        "ebs/snapshot_archive_gb_month": Lookup("AmazonEC2", "EBS:SnapshotArchiveStorage", GB_MONTH),
        "ebs/snapshot_archive_retrieval_gb": Lookup("AmazonEC2", "EBS:SnapshotArchiveRetrieval", GB),
        "ebs/fsr_dsu_hour": Lookup("AmazonEC2", "EBS:FastSnapshotRestore", frozenset({"DSU-Hrs", "DSU-Hours", "Hrs"})),
        "aws_backup/s3_warm_gb_month": Lookup(backup, "WarmStorage-ByteHrs-S3", GB_MONTH),
        "aws_backup/efs_warm_gb_month": Lookup(backup, "WarmStorage-ByteHrs-EFS", GB_MONTH),
        "aws_backup/efs_cold_gb_month": Lookup(backup, "ColdStorage-ByteHrs-EFS", GB_MONTH),
        "kms/key_month": Lookup("awskms", "KMS-Keys", frozenset({"Keys", "Key"})),
        "kms/requests_10k": Lookup("awskms", "KMS-Requests", REQUESTS, Decimal(10_000)),
        "cloudtrail/data_events_100k": Lookup("AWSCloudTrail", "DataEventsRecorded", events, Decimal(100_000)),
        "cloudwatch/standard_alarm_month": Lookup("AmazonCloudWatch", "CW:AlarmMonitorUsage", frozenset({"Alarms", "Alarm"})),
        "cloudwatch/custom_metric_month": Lookup("AmazonCloudWatch", "CW:MetricMonitorUsage", frozenset({"Metrics", "Metric"})),
        "cloudwatch/logs_ingest_gb": Lookup("AmazonCloudWatch", "DataProcessing-Bytes", GB),
    }


CATALOG: Mapping[str, Lookup] = {
    "s3/STANDARD/storage": Lookup("AmazonS3", "TimedStorage-ByteHrs", GB_MONTH, tiers=True),
    "s3/STANDARD/put_1k": _requests("Requests-Tier1"),
    "s3/STANDARD/get_1k": _requests("Requests-Tier2"),
    **_tiering(),
    **_class("STANDARD_IA", "SIA"),
    **_class("ONEZONE_IA", "ZIA"),
    **_class("GLACIER_IR", "GIR"),
    **_archives(),
    **_others(),
}


def spellings(usage: str, region: str, prefix: str) -> Iterator[str]:
    """How a usage type may be written for a Region: with its prefix (none in us-east-1, or USE1), or with its full code."""
    yield f"{prefix}{usage}"
    if not prefix:
        yield f"USE1-{usage}"
    yield f"{region}-{usage}"


def transfer_usage(source_prefix: str, target_prefix: str) -> str:
    """The usage type of data that one Region sends to another: `USE1-EUC1-AWS-Out-Bytes`."""
    names = (prefix.rstrip("-") or "USE1" for prefix in (source_prefix, target_prefix))
    return f"{'-'.join(names)}-AWS-Out-Bytes"
