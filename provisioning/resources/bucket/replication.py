"""Replication. S3 replaces the whole configuration, so foreign rules are read and written back; ours begin with `stowplan-`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioning.resources import compare
from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import JUST_MADE, Bucket, s3_call

OURS = "stowplan-"
RULES = 1000
# While versioning or a role was just set, S3 answers these for a moment.
WAITS_FOR = JUST_MADE | {"InvalidRequest", "InvalidArgument"}


class Replication:
    properties: tuple[str, ...] = ("Replication",)
    reads = frozenset({"s3:GetReplicationConfiguration"})
    writes = frozenset({"s3:PutReplicationConfiguration", "iam:PassRole"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(
            lambda: bucket.s3.get_bucket_replication(**bucket.names),
            "s3:GetReplicationConfiguration",
            absent=("ReplicationConfigurationNotFoundError",),
        )
        if not found:
            return {"Replication": None}
        value = found["ReplicationConfiguration"]
        return {"Replication": {"Role": value["Role"], "Rules": value.get("Rules", [])}}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        designed, there = want.get("Replication"), have.get("Replication")
        if not designed:
            return {"Replication": there}
        kept = foreign(designed["Rules"], (there or {}).get("Rules", ()))
        taken = {rule["Priority"] for rule in kept if "Priority" in rule}
        return {"Replication": {"Role": designed["Role"], "Rules": [*kept, *_with_free_priorities(designed["Rules"], taken)]}}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        value = found.get("Replication")
        if not value:
            return {"Replication": None}
        return {"Replication": {"Role": value["Role"], "Rules": compare.by_id([canonical_rule(rule) for rule in value["Rules"]])}}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        value = after["Replication"]
        kept = sum(not str(rule.get("ID", "")).startswith(OURS) for rule in value["Rules"])
        words = "Replicate new objects to the second bucket" + (f", keeping {kept} rules of others" if kept else "")
        action = "s3:PutReplicationConfiguration"
        return [s3_call(bucket, "put_bucket_replication", words, action, WAITS_FOR, ReplicationConfiguration=value)]


def foreign(designed: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Rules of others: not ours by ID, and not in the design."""
    ids = {rule.get("ID") for rule in designed}
    return [rule for rule in there if not str(rule.get("ID", "")).startswith(OURS) and rule.get("ID") not in ids]


def old_form(rules: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a rule has the first form (a prefix instead of a filter), which S3 refuses beside the second."""
    return any("Filter" not in rule for rule in rules)


def canonical_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule in one spelling: an empty filter as the empty prefix, no empty members."""
    found = {name: value for name, value in rule.items() if value not in (None, [], {})}
    if "Prefix" not in rule:
        found["Filter"] = rule.get("Filter") or {"Prefix": ""}
    return found


def _with_free_priorities(rules: Sequence[Mapping[str, Any]], taken: set[int]) -> list[dict[str, Any]]:
    """Our rules with the design's priorities, moved up where a foreign rule has that number: S3 wants each once."""
    found = []
    for rule in rules:
        priority = rule.get("Priority", 1)
        while priority in taken:
            priority += 1
        taken.add(priority)
        found.append({**rule, "Priority": priority})
    return found
