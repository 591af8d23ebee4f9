"""Findings of checkov that are right to leave in our templates, each with its reason, which stands beside the resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def skips(kind: str, settings: Mapping[str, Any], terraform: bool = False) -> list[dict[str, str]]:
    """checkov's skip list for one resource's properties; empty where every check holds. It checks more in Terraform."""
    found = [*_everywhere(kind, settings), *(_terraform(kind, settings) if terraform else ())]
    return [{"id": name, "comment": reason} for name, reason in found]


def _everywhere(kind: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if kind == "AWS::S3::Bucket":
        if not settings.get("Logging"):
            yield (
                "CKV_AWS_18",
                "Object-level events are recorded by the CloudTrail trail of the design; server access logs would record them twice.",
            )
        if settings.get("Versioning") != "Enabled":
            yield "CKV_AWS_21", "The design keeps no old versions of this data: it can be made again, or its copies are kept elsewhere."
    if kind == "AWS::Backup::BackupVault" and not settings.get("EncryptionKeyArn"):
        yield "CKV_AWS_166", "The customer has no key of its own for backups; the vault encrypts with the key of AWS Backup."
    if kind == "AWS::SNS::Topic" and not settings.get("KmsMasterKeyId"):
        yield "CKV_AWS_26", "The customer has no key of its own; CloudWatch and EventBridge cannot publish with the key of SNS."
    if kind == "AWS::CloudTrail::Trail" and not settings.get("KmsKeyId"):
        yield (
            "CKV_AWS_35",
            "The customer has no key of its own for logs; the log bucket encrypts with the key of S3, and files are validated.",
        )


def _terraform(kind: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if kind == "AWS::S3::Bucket":
        yield "CKV2_AWS_62", "Nothing in the design acts on single objects; what happens to them is in the trail."
        if not settings.get("Replication"):
            yield (
                "CKV_AWS_144",
                "The design copies this bucket by no replication: it is a copy itself, or its data does not need a second Region.",
            )
        encryption = settings.get("Encryption") or {}
        if encryption.get("SSEAlgorithm") != "aws:kms":
            yield "CKV_AWS_145", "The customer has no key of its own for this data; it is encrypted with the key of S3."
    if kind == "AWS::CloudTrail::Trail":
        yield (
            "CKV2_AWS_10",
            "Events are kept in the log bucket, and EventBridge rules report what must not go unseen; a log group would keep them twice.",
        )
        yield "CKV_AWS_252", "Delivery of log files is not announced: they are read when they are needed."
