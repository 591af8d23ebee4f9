"""Lifecycle rules. S3 replaces the whole configuration, so foreign rules are read and written back; ours begin with `stowplan-`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from provisioning.resources import compare
from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import Bucket, s3_call

OURS = "stowplan-"
RULES = 1000
SIZE = "TransitionDefaultMinimumObjectSize"


class Lifecycle:
    properties: tuple[str, ...] = ("LifecycleRules", SIZE)
    reads = frozenset({"s3:GetLifecycleConfiguration"})
    writes = frozenset({"s3:PutLifecycleConfiguration"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(
            lambda: bucket.s3.get_bucket_lifecycle_configuration(**bucket.names),
            "s3:GetLifecycleConfiguration",
            absent=("NoSuchLifecycleConfiguration",),
        )
        if not found:
            return {"LifecycleRules": [], SIZE: None}
        return {"LifecycleRules": [_plain(rule) for rule in found.get("Rules", [])], SIZE: found.get(SIZE)}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        designed = list(want.get("LifecycleRules") or ())
        there = have.get("LifecycleRules") or []
        merged = [*foreign(designed, there), *designed]
        if not merged:
            # A configuration without rules cannot be written, only deleted; what an earlier design made stays and is reported.
            return {"LifecycleRules": there, SIZE: have.get(SIZE)}
        size = want.get(SIZE) if designed else None
        return {"LifecycleRules": merged, SIZE: size or have.get(SIZE)}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        rules = compare.by_id([canonical_rule(rule) for rule in found.get("LifecycleRules") or ()])
        return {"LifecycleRules": rules, SIZE: found.get(SIZE) if rules else None}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        parameters: dict[str, Any] = {"LifecycleConfiguration": {"Rules": after["LifecycleRules"]}}
        if after.get(SIZE):
            parameters[SIZE] = after[SIZE]
        ours = sum(str(rule.get("ID", "")).startswith(OURS) for rule in after["LifecycleRules"])
        kept = len(after["LifecycleRules"]) - ours
        words = f"Set {ours} lifecycle rule{'s' * (ours != 1)}" + (f", keeping {kept} of others" if kept else "")
        return [s3_call(bucket, "put_bucket_lifecycle_configuration", words, "s3:PutLifecycleConfiguration", **parameters)]


def foreign(designed: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Rules of others: not ours by ID, and not in the design."""
    ids = {rule.get("ID") for rule in designed}
    return [rule for rule in there if not str(rule.get("ID", "")).startswith(OURS) and rule.get("ID") not in ids]


def canonical_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule in one spelling: steps in order of age, an empty filter as the empty prefix, no empty members."""
    found = {name: value for name, value in rule.items() if value not in (None, [], {})}
    found["Filter"] = rule.get("Filter") or {"Prefix": ""}
    for steps in ("Transitions", "NoncurrentVersionTransitions"):
        if steps in found:
            found[steps] = sorted(found[steps], key=_age)
    noncurrent = found.get("NoncurrentVersionExpiration")
    if noncurrent:
        found["NoncurrentVersionExpiration"] = {name: value for name, value in noncurrent.items() if value}
    return found


def prefix_of(rule: Mapping[str, Any]) -> str:
    """The prefix that a rule is about; empty for every object."""
    filter_ = rule.get("Filter") or {}
    return str(filter_.get("Prefix") or (filter_.get("And") or {}).get("Prefix") or "")


def _age(step: Mapping[str, Any]) -> tuple[int, str]:
    return (step.get("Days", step.get("NoncurrentDays", 0)), str(step.get("Date", "")))


def _plain(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as plain data. The old rule-level `Prefix` becomes a filter: S3 refuses the two forms in one configuration."""
    found: dict[str, Any] = _dates(rule)
    if "Prefix" in found and "Filter" not in found:
        found["Filter"] = {"Prefix": found.pop("Prefix")}
    return found


def _dates(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Mapping):
        return {key: _dates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_dates(item) for item in value]
    return value
