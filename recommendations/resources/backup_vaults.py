"""Backup vaults: one for each place, key and kind of lock, whoever the workloads in it are (aws-facts section f)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recommendations.facts import CustomerFacts
from recommendations.places import Place
from recommendations.resources.common import Resource, document, resource, short, sub

# From the loosest to the strictest lock, and the word that a vault's name has for it.
LOCKS = {"none": "open", "governance": "governance", "compliance": "compliance"}
# The shortest cooling-off time that AWS allows; until it ends, a lock in compliance mode can still be taken back.
COOLING_DAYS = 3
NEVER = ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"]


@dataclass
class Vault:
    """A vault that is needed: its KMS key (a resource key; None for AWS's own), its lock, what is kept in it and who copies into it."""

    name: str
    place: Place
    key: str | None
    lock: str
    days: set[int] = field(default_factory=set)
    workloads: dict[str, None] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)

    def add(self, workloads: Iterable[str], days: Iterable[int], source: Place | None = None) -> None:
        """What another plan keeps in it; `source` is the account that it is copied from, where that is another one."""
        self.workloads |= dict.fromkeys(workloads)
        self.days |= set(days)
        if source is not None and source.name != self.place.name and source.name not in self.sources:
            self.sources.append(source.name)

    def resource(self, customer: CustomerFacts) -> Resource:
        properties: dict[str, Any] = {"Policy": policy(sorted(self.sources)), "LockConfiguration": self.locked()}
        if self.key:
            properties["EncryptionKeyArn"] = sub(f"${{{self.key}.arn}}")
        return resource(self.name, "AWS::Backup::BackupVault", customer, properties, **self.place.where(*self.workloads))

    def locked(self) -> dict[str, int] | None:
        """The lock: no job may keep anything for less or longer than the plans do."""
        if self.lock == "none":
            return None
        found = {"MinRetentionDays": min(self.days), "MaxRetentionDays": max(self.days)}
        return {**found, "ChangeableForDays": COOLING_DAYS} if self.lock == "compliance" else found


def vault_name(purpose: str | None, lock: str, place: Place, dr: bool) -> str:
    """Resource key of a vault; `purpose` is the record class of its key, None for AWS's own key.

    The word of the lock stands last, and neither classes nor aliases have two hyphens in a row, so no two vaults share a name.
    """
    kind = "-".join(part for part in ("drvault" if dr else "vault", purpose, LOCKS[lock]) if part)
    return short(f"{kind}--{place.name}")


def policy(sources: list[str]) -> dict[str, Any]:
    """Nobody deletes a recovery point or changes how long it lives; the accounts that copies come from may put them in, nobody else."""
    everyone = {"Effect": "Deny", "Principal": "*", "Action": NEVER, "Resource": "*"}
    statements: list[dict[str, Any]] = [{"Sid": "StowplanNeverDelete", **everyone}]
    if sources:
        roots = [sub(f"arn:aws:iam::${{account.{name}}}:root") for name in sources]
        copy = {"Effect": "Allow", "Principal": {"AWS": roots}, "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
        statements.append({"Sid": "StowplanCopyInto", **copy})
    return document(*statements)
