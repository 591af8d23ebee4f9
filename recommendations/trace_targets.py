"""Which cost lines belong to a setting, and which settings make a property of a resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BANDS = ("0 to 30 days", "31 to 90 days", "91 to 365 days", "over 365 days")
# Setting -> what the names of its cost lines hold; `storage_class` has the lines that nobody else has.
ITEMS: Mapping[str, tuple[str, ...]] = {
    "versioning": ("Old versions",),
    "replication": ("Copy in ", "Transfer to ", "Replication Time Control"),
    "logging": ("CloudTrail",),
    "dlm": ("EBS snapshots",),
    "backup_plan": ("AWS Backup",),
    "monitoring": ("CloudWatch alarms",),
}
# Property of a bucket -> the workload's settings behind it.
BUCKET = {
    "Versioning": ("versioning",),
    "Encryption": ("encryption",),
    "LifecycleRules": ("storage_class", "versioning"),
    "IntelligentTiering": ("archive_tiers", "storage_class"),
    "ObjectLock": ("object_lock",),
    "Replication": ("replication", "storage_class", "encryption"),
    "PolicyStatements": ("replication",),
    "Logging": ("logging",),
    "Inventory": ("inventory",),
}
# Type -> settings of the workload, and of the customer, behind all its properties.
OTHERS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "AWS::KMS::Key": (("encryption",), ("keys",)),
    "AWS::KMS::Alias": (("encryption",), ("keys",)),
    "AWS::DLM::LifecyclePolicy": (("dlm", "replication"), ()),
    "AWS::CloudTrail::Trail": (("logging",), ("trail",)),
    "AWS::Backup::BackupVault": (("vault_lock", "encryption"), ("iam",)),
    "AWS::Backup::BackupPlan": (("backup_plan", "replication"), ("iam",)),
    "AWS::Backup::BackupSelection": (("backup_plan",), ()),
    "AWS::S3::AccountPublicAccessBlock": ((), ("public_access",)),
    "AWS::EC2::EbsEncryption": (("dlm", "replication"), ()),
    "AWS::S3::BatchReplication": (("existing_objects", "replication"), ()),
    "AWS::SNS::Topic": ((), ("alerts",)),
    "AWS::SNS::Subscription": ((), ("alerts",)),
    "AWS::Events::Rule": ((), ("alerts",)),
    "AWS::CloudWatch::Alarm": (("monitoring",), ("alerts",)),
    "AWS::IAM::Role": (("replication", "dlm", "backup_plan"), ()),
}


def lines_of(setting: str, costs: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The cost lines of a workload that a setting makes."""
    if setting == "storage_class":
        others = [word for words in ITEMS.values() for word in words]
        return [line for line in costs if not any(word in line["item"] for word in others)]
    return [line for line in costs if any(word in line["item"] for word in ITEMS.get(setting, ()))]


def settings_of_property(resource: Mapping[str, Any], name: str) -> list[tuple[str | None, str]]:
    """(workload key, None for the customer; setting) behind a property; empty for what is the same in every design."""
    kind, workloads = resource["type"], resource["workloads"]
    if kind == "AWS::S3::Bucket":
        if not workloads:
            return [(None, "trail")]
        return _each(workloads, BUCKET.get(name, ()))
    own, shared = OTHERS.get(kind, ((), ()))
    return [*((None, setting) for setting in shared), *_each(workloads, own)]


def _each(workloads: Iterable[str], settings: Iterable[str]) -> list[tuple[str | None, str]]:
    wanted = tuple(settings)
    return [(key, setting) for key in workloads for setting in wanted]
