"""Versioning. It is turned on or left as it is, never suspended: new writes would then overwrite what is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import Bucket, designed_or_kept, s3_call


class Versioning:
    properties: tuple[str, ...] = ("Versioning", "MFADelete")
    reads = frozenset({"s3:GetBucketVersioning"})
    writes = frozenset({"s3:PutBucketVersioning"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(lambda: bucket.s3.get_bucket_versioning(**bucket.names), "s3:GetBucketVersioning") or {}
        return {"Versioning": found.get("Status"), "MFADelete": found.get("MFADelete") if found.get("MFADelete") == "Enabled" else None}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        return {"Versioning": designed_or_kept("Versioning", want, have), "MFADelete": have.get("MFADelete")}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        return {"Versioning": found.get("Versioning")}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        configuration = {"Status": after["Versioning"]}
        words = "Keep earlier versions of every object (versioning)"
        return [s3_call(bucket, "put_bucket_versioning", words, "s3:PutBucketVersioning", VersioningConfiguration=configuration)]
