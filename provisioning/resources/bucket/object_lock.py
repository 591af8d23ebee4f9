"""Object Lock: the default retention of new versions. It is turned on, lengthened or made stricter, never the reverse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import JUST_MADE, Bucket, designed_or_kept, s3_call

STRICTNESS = {None: 0, "GOVERNANCE": 1, "COMPLIANCE": 2}
WAITS_FOR = JUST_MADE | {"InvalidBucketState"}


class ObjectLock:
    properties: tuple[str, ...] = ("ObjectLock",)
    reads = frozenset({"s3:GetBucketObjectLockConfiguration"})
    writes = frozenset({"s3:PutBucketObjectLockConfiguration"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(
            lambda: bucket.s3.get_object_lock_configuration(**bucket.names),
            "s3:GetBucketObjectLockConfiguration",
            absent=("ObjectLockConfigurationNotFoundError",),
        )
        if not found or found["ObjectLockConfiguration"].get("ObjectLockEnabled") != "Enabled":
            return {"ObjectLock": None}
        # Enabled without a default retention is an empty map.
        return {"ObjectLock": dict(found["ObjectLockConfiguration"].get("Rule", {}).get("DefaultRetention", {}))}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        return {"ObjectLock": designed_or_kept("ObjectLock", want, have)}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        value = found.get("ObjectLock")
        return {"ObjectLock": None if value is None else {name: item for name, item in value.items() if item}}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        value = after["ObjectLock"]
        configuration: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
        if value:
            configuration["Rule"] = {"DefaultRetention": value}
        words = f"Lock every new version for {period(value)} ({value.get('Mode')})" if value else "Turn on Object Lock"
        action = "s3:PutBucketObjectLockConfiguration"
        return [s3_call(bucket, "put_object_lock_configuration", words, action, WAITS_FOR, ObjectLockConfiguration=configuration)]


def days(value: Mapping[str, Any] | None) -> int:
    """Days of a default retention; 0 for none."""
    return int((value or {}).get("Days") or 365 * (value or {}).get("Years", 0) or 0)


def period(value: Mapping[str, Any]) -> str:
    return f"{value['Years']} years" if value.get("Years") else f"{value.get('Days', 0)} days"


def weakened(want: Mapping[str, Any] | None, have: Mapping[str, Any] | None) -> bool:
    """Whether the design would protect new versions for less long, or less strictly, than they are now."""
    if not have or not want:
        return False
    return days(want) < days(have) or STRICTNESS.get(want.get("Mode"), 0) < STRICTNESS.get(have.get("Mode"), 0)
