"""Event notifications. S3 replaces the whole configuration, so those of others are read and written back; ours is EventBridge alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.resources import compare
from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import Bucket, s3_call

LISTS = ("TopicConfigurations", "QueueConfigurations", "LambdaFunctionConfigurations")
BRIDGE = "EventBridgeConfiguration"


class Notifications:
    """`{"EventBridge": true}` and, beside it, the lists of others in the words of the API."""

    properties: tuple[str, ...] = ("Notifications",)
    reads = frozenset({"s3:GetBucketNotification"})
    writes = frozenset({"s3:PutBucketNotification"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(lambda: bucket.s3.get_bucket_notification_configuration(**bucket.names), "s3:GetBucketNotification") or {}
        there: dict[str, Any] = {name: found[name] for name in LISTS if found.get(name)}
        if BRIDGE in found:
            there["EventBridge"] = True
        return {"Notifications": there or None}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        merged = {**(have.get("Notifications") or {}), **(want.get("Notifications") or {})}
        return {"Notifications": merged or None}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        value = found.get("Notifications")
        if not value:
            return {"Notifications": None}
        return {"Notifications": {name: compare.by_id(item) if name in LISTS else item for name, item in value.items()}}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        value = after["Notifications"]
        configuration = {name: value[name] for name in LISTS if name in value}
        if value.get("EventBridge"):
            configuration[BRIDGE] = {}
        kept = sum(len(items) for name, items in configuration.items() if name != BRIDGE)
        words = "Report what happens to objects to EventBridge" + (f", keeping {kept} notifications of others" if kept else "")
        operation = "put_bucket_notification_configuration"
        return [s3_call(bucket, operation, words, "s3:PutBucketNotification", NotificationConfiguration=configuration)]
