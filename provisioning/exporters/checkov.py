"""Findings of checkov that are right to leave in our templates, each with its reason. They stand in `Metadata.checkov.skip`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def skips(kind: str, settings: Mapping[str, Any]) -> list[dict[str, str]]:
    """checkov's skip list for one resource's properties; empty where every check holds."""
    return [{"id": name, "comment": reason} for name, reason in _skips(kind, settings)]


def _skips(kind: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if kind == "AWS::S3::Bucket":
        yield (
            "CKV_AWS_18",
            "Object-level events are recorded by the CloudTrail trail of the design; server access logs would record them twice.",
        )
        if settings.get("Versioning") != "Enabled":
            yield "CKV_AWS_21", "The design keeps no old versions of this data: it can be made again, or its copies are kept elsewhere."
    if kind == "AWS::CloudTrail::Trail" and not settings.get("KmsKeyId"):
        yield (
            "CKV_AWS_35",
            "The customer has no key of its own for logs; the log bucket encrypts with the key of S3, and files are validated.",
        )
