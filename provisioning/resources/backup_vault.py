"""AWS::Backup::BackupVault with its key, access policy and lock. The name is derived; the key of a vault is fixed when it is made."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import VAULT, arn_of
from provisioning.resources import compare
from provisioning.resources.base import (
    ABSENT,
    ASSESSMENT_TAG,
    RESOURCE_TAG,
    Call,
    ClientSource,
    Hazard,
    Observed,
    Place,
    Properties,
    ResourceType,
    belongs_to_another,
    changed_tags,
    foreign_tags,
    merged_tags,
    read,
)

# AWS Backup answers these while a new key, role or vault is not known everywhere yet.
WAITS_FOR = frozenset({"InvalidParameterValueException", "ResourceNotFoundException"})
LIMITS = ("MinRetentionDays", "MaxRetentionDays")
OURS = "stowplan-"


class BackupVault(ResourceType):
    kind = VAULT
    reads = frozenset(
        {
            *("backup:ListBackupVaults", "backup:ListTags"),
            *("backup:GetBackupVaultAccessPolicy", "backup:GetBackupVaultNotifications"),
        }
    )
    writes = frozenset(
        {
            *("backup:CreateBackupVault", "backup:TagResource", "backup:PutBackupVaultAccessPolicy"),
            *("backup:PutBackupVaultLockConfiguration", "backup:PutBackupVaultNotifications"),
        }
    )
    quota = 100

    def observe(self, place: Place) -> Observed:
        # Listed, since AWS answers AccessDenied to a question for a vault that is not there.
        row = self._listed(place).get(place.own_name)
        if row is None:
            return ABSENT
        backup = place.client("backup")
        policy = read(
            lambda: backup.get_backup_vault_access_policy(BackupVaultName=place.own_name),
            "backup:GetBackupVaultAccessPolicy",
            absent=("ResourceNotFoundException",),
        )
        properties: Properties = {
            "EncryptionKeyArn": row.get("EncryptionKeyArn"),
            "Policy": json.loads(policy["Policy"]) if policy else None,
            "LockConfiguration": _lock_of(row),
            "Notifications": _notified(backup, place.own_name),
            "Tags": tags_of(backup, row["BackupVaultArn"]),
        }
        return Observed(True, place.own_name, properties, belongs_to_another(place, properties["Tags"]))

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        policy = want.get("Policy") or have.get("Policy")
        if want.get("Policy"):
            policy = {**want["Policy"], "Statement": [*_foreign(have.get("Policy")), *want["Policy"]["Statement"]]}
        return {
            "EncryptionKeyArn": want.get("EncryptionKeyArn") or have.get("EncryptionKeyArn"),
            "Policy": policy,
            "LockConfiguration": want.get("LockConfiguration") or have.get("LockConfiguration"),
            "Notifications": want.get("Notifications") or have.get("Notifications"),
            "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {}),
        }

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        told = properties.get("Notifications")
        if told:
            told = {**told, "BackupVaultEvents": sorted(told["BackupVaultEvents"])}
        policy = compare.policy(properties.get("Policy"))
        return {**properties, "Policy": policy, "LockConfiguration": _spelt(properties), "Notifications": told}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        name = {"BackupVaultName": place.own_name}
        want, have = self.canonical(after), self.canonical(observed.properties)
        calls = [] if observed.exists else [_create(place, after)]
        if observed.exists and want["Tags"] != have["Tags"]:
            arn = arn_of(VAULT, place.own_name, account=place.account, region=place.region)
            tags = changed_tags(after["Tags"], have["Tags"])
            calls.append(Call("backup", "tag_resource", {"ResourceArn": arn, "Tags": tags}, "Tag the vault", "backup:TagResource"))
        if want["Policy"] != have["Policy"]:
            words, action = "Say what nobody may do with the vault", "backup:PutBackupVaultAccessPolicy"
            parameters = {**name, "Policy": after["Policy"]}
            calls.append(Call("backup", "put_backup_vault_access_policy", parameters, words, action, waits_for=WAITS_FOR))
        if want["Notifications"] and want["Notifications"] != have["Notifications"]:
            words, action = "Tell of failed jobs of the vault", "backup:PutBackupVaultNotifications"
            parameters = {**name, **after["Notifications"]}
            calls.append(Call("backup", "put_backup_vault_notifications", parameters, words, action, waits_for=WAITS_FOR))
        lock = want["LockConfiguration"]
        if lock and lock != have["LockConfiguration"]:
            words = f"Lock the vault in {lock['Mode']} mode"
            parameters = {**name, **after["LockConfiguration"]}
            action = "backup:PutBackupVaultLockConfiguration"
            calls.append(Call("backup", "put_backup_vault_lock_configuration", parameters, words, action, waits_for=WAITS_FOR))
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        tags = foreign_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})
        found = [Hazard("foreign", f"Tag {tag} of backup vault {place.own_name} changes.") for tag in tags]
        topic, other = (
            (observed.properties.get("Notifications") or {}).get("SNSTopicArn"),
            (after["Notifications"] or {}).get("SNSTopicArn"),
        )
        if topic and other != topic:
            found.append(Hazard("foreign", f"Backup vault {place.own_name} tells {other} instead of {topic} of its jobs."))
        lock, have = _spelt(after), _spelt(observed.properties)
        if lock and lock != have and lock["Mode"] == "compliance":
            days = (after["LockConfiguration"] or {}).get("ChangeableForDays")
            sentence = (
                f"{days} days after it is set nobody, AWS included, can lift the lock of backup vault {place.own_name}: "
                f"what is backed up there stays, and is paid for, for at least {lock.get('MinRetentionDays') or 1} days."
            )
            found.append(Hazard("irreversible", sentence))
        return found

    def gates(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[str]:
        reasons = []
        lock, have = _spelt(after), _spelt(observed.properties)
        if observed.exists and after["EncryptionKeyArn"] != observed.properties.get("EncryptionKeyArn"):
            reasons.append(f"the key of backup vault {place.own_name} is fixed: it has {observed.properties.get('EncryptionKeyArn')}")
        if lock and have and (lock.get("MinRetentionDays") or 0) < (have.get("MinRetentionDays") or 0):
            reasons.append(f"the lock of backup vault {place.own_name} would keep its recovery points for a shorter time")
        if lock and have and have["Mode"] == "compliance" and lock["Mode"] != "compliance":
            reasons.append(f"backup vault {place.own_name} is locked in compliance mode, which is not loosened")
        return reasons

    def count(self, place: Place) -> int:
        return len(self._listed(place))

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        backup = clients.client("backup", account, region)
        for name, row in _vaults(backup).items():
            if name.startswith(OURS):
                tags = tags_of(backup, row["BackupVaultArn"])
                if tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags:
                    yield tags[RESOURCE_TAG], name

    def _listed(self, place: Place) -> dict[str, dict[str, Any]]:
        backup = place.client("backup")
        return place.survey.once(("backup-vaults", place.account, place.region), lambda: _vaults(backup))


def tags_of(backup: Any, arn: str) -> dict[str, str]:
    """The tags of a vault or plan."""
    return dict((read(lambda: backup.list_tags(ResourceArn=arn), "backup:ListTags") or {}).get("Tags") or {})


def _vaults(backup: Any) -> dict[str, dict[str, Any]]:
    pages = backup.get_paginator("list_backup_vaults").paginate()
    rows = read(lambda: [row for page in pages for row in page["BackupVaultList"]], "backup:ListBackupVaults") or []
    return {row["BackupVaultName"]: row for row in rows}


def _notified(backup: Any, name: str) -> dict[str, Any] | None:
    """The topic that a vault tells of its jobs, and of which; a vault has one."""
    answer = read(
        lambda: backup.get_backup_vault_notifications(BackupVaultName=name),
        "backup:GetBackupVaultNotifications",
        absent=("ResourceNotFoundException",),
    )
    return {member: answer[member] for member in ("SNSTopicArn", "BackupVaultEvents")} if answer and answer.get("SNSTopicArn") else None


def _create(place: Place, after: Mapping[str, Any]) -> Call:
    parameters = {"BackupVaultName": place.own_name, "BackupVaultTags": after["Tags"]}
    if after["EncryptionKeyArn"]:
        parameters["EncryptionKeyArn"] = after["EncryptionKeyArn"]
    words = f"Create backup vault {place.own_name} in {place.region}"
    return Call("backup", "create_backup_vault", parameters, words, "backup:CreateBackupVault", creates=True, waits_for=WAITS_FOR)


def _lock_of(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The lock as AWS tells it: a lock in compliance mode has the date from which it is final."""
    if not row.get("Locked"):
        return None
    found = {name: row[name] for name in LIMITS if row.get(name) is not None}
    return {**found, "LockDate": row["LockDate"].isoformat()} if row.get("LockDate") else found


def _spelt(properties: Mapping[str, Any]) -> dict[str, Any] | None:
    lock = properties.get("LockConfiguration")
    if not lock:
        return None
    mode = "compliance" if lock.get("ChangeableForDays") or lock.get("LockDate") else "governance"
    return {"Mode": mode, **{name: lock[name] for name in LIMITS if lock.get(name) is not None}}


def _foreign(policy: Mapping[str, Any] | None) -> list[Any]:
    """Statements of others: those whose Sid does not begin with Stowplan."""
    return [one for one in (policy or {}).get("Statement", ()) if not str(one.get("Sid", "")).startswith("Stowplan")]
