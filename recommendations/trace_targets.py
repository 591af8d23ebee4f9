"""Which cost lines belong to a setting, what causes a cost line, and which settings make a property of a resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

BANDS = ("0 to 30 days", "31 to 90 days", "91 to 365 days", "over 365 days")
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
    "AWS::DLM::LifecyclePolicy": (("dlm", "fast_restore", "snapshot_archive", "replication"), ()),
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


def lines_of(setting: str, document: Mapping[str, Any], key: str | None) -> list[Mapping[str, Any]]:
    """The cost lines that a setting makes: of the workload `key`, or of the whole engagement. Older designs do not say."""
    costs = [line for one in document["workloads"] if key in (None, one["key"]) for line in one["costs"]]
    if key is None:
        costs = [*document["costs"]["shared"], *costs]
    return [line for line in costs if line.get("setting") == setting]


def cost_shown(line: Mapping[str, Any], settings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """What a cost line is called, its arithmetic, and which of the settings causes it; designs of earlier versions do not say which."""
    shown = {"label": line["item"], "value": "not known", "because": "The price book has no price for it."}
    if line["price"] is not None:
        shown["value"] = f"USD {line['monthly']} a month"
        shown["because"] = f"{line['quantity']} {line['unit']} at USD {line['price']} each, {line['source']}."
    made = next((one for one in settings if one["name"] == line.get("setting")), None)
    if made is None:
        return shown
    because = f"{shown['because']} Caused by the setting {made['label']}: {made['display'].rstrip('.')}."
    return {**shown, "because": because, "setting": made["name"]}


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
