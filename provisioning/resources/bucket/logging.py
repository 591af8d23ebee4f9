"""Server access logging: one target a bucket. One that others chose gives way to the design's, which is a hazard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import JUST_MADE, Bucket, designed_or_kept, s3_call

# The policy of the target bucket, just set, is not visible to the delivery service everywhere yet.
WAITS_FOR = JUST_MADE | {"InvalidTargetBucketForLogging"}


class AccessLogging:
    properties: tuple[str, ...] = ("Logging",)
    reads = frozenset({"s3:GetBucketLogging"})
    writes = frozenset({"s3:PutBucketLogging"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(lambda: bucket.s3.get_bucket_logging(**bucket.names), "s3:GetBucketLogging") or {}
        return {"Logging": found.get("LoggingEnabled")}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        return {"Logging": designed_or_kept("Logging", want, have)}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        value = found.get("Logging")
        return {"Logging": {name: item for name, item in value.items() if item not in (None, [], {})} if value else None}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        value = after["Logging"]
        words = f"Log requests into the bucket {value['TargetBucket']}"
        status = {"LoggingEnabled": value}
        return [s3_call(bucket, "put_bucket_logging", words, "s3:PutBucketLogging", WAITS_FOR, BucketLoggingStatus=status)]
