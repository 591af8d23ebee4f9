"""What an undo of a run could not take back, told from the plan alone: people read it before the run starts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from provisioning import names

# Of a bucket (aws-facts sections b, c and d): setting -> what stays.
BUCKET = {
    "Versioning": "versioning can only be suspended afterwards, never turned off; versions that are there stay",
    "ObjectLock": "Object Lock can never be turned off, and what is locked stays until its date",
    "Replication": "copies that replication has made stay in the other bucket and are paid for there",
    "LifecycleRules": "objects that a lifecycle rule has moved or expired do not come back",
    "Encryption": "objects written meanwhile keep their encryption and need its key",
}


def not_undone(changes: Iterable[Mapping[str, Any]]) -> list[str]:
    """A sentence for each thing, from entries of `resource_changes`; those that change nothing say nothing."""
    return [f"{change['address']}: {sentence}." for change in changes for sentence in _of(change)]


def _of(change: Mapping[str, Any]) -> Iterator[str]:
    words, inner = change["stowplan"], change["change"]
    if not words.get("calls"):
        return
    before, after, kind = inner["before"] or {}, inner["after"] or {}, change["type"]
    if kind == names.BUCKET:
        yield from _of_bucket(before, after, inner["before"] is None)
    elif kind == names.VAULT:
        yield from _of_vault(before, after)
    elif kind == names.KEY and inner["before"] is None:
        yield "a key is only deleted 30 days after an undo, and not at all while anything that stays may be encrypted with it"
    elif kind == names.DLM_POLICY:
        yield "snapshots that the policy has made stay, and are paid for; those that it has deleted do not come back"
    elif kind == names.BATCH:
        yield "the copies that the job makes are data and stay"
    elif kind == names.BACKUP_PLAN:
        yield "recovery points that the plan has made stay until their own date"
    elif kind == names.SUBSCRIPTION:
        yield "the mail that asks for confirmation cannot be called back"


def _of_bucket(before: Mapping[str, Any], after: Mapping[str, Any], created: bool) -> Iterator[str]:
    if created:
        yield "the bucket is deleted by an undo only while it holds no object and no version"
        if after.get("ObjectLock") is not None:
            yield BUCKET["ObjectLock"]
        return
    for name, sentence in BUCKET.items():
        if before.get(name) != after.get(name) and after.get(name):
            yield sentence


def _of_vault(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    lock = after.get("LockConfiguration") or {}
    if lock and lock != before.get("LockConfiguration"):
        days = lock.get("ChangeableForDays")
        if days:
            yield f"its lock in compliance mode is final {days} days after it is set: then nobody, AWS included, can lift it"
        else:
            yield "recovery points made while the vault is locked keep their shortest time"
    if not before:
        yield "the vault is deleted by an undo only while it holds no recovery point"
