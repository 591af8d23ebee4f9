"""What a difference from the design means, in the words of the design: what no longer happens. Plain data in, text out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provisioning import names

NAMES = {
    names.BUCKET: "bucket",
    names.KEY: "key",
    names.ALIAS: "name of a key",
    names.ROLE: "role",
    names.DLM_POLICY: "snapshot policy",
    names.TRAIL: "trail",
    names.VAULT: "backup vault",
    names.BACKUP_PLAN: "backup plan",
    names.SELECTION: "backup selection",
    names.RESTORE_PLAN: "restore testing plan",
    names.RESTORE_SELECTION: "restore testing selection",
    names.REPORT_PLAN: "report plan",
    names.FRAMEWORK: "framework",
    names.TOPIC: "alert topic",
    names.SUBSCRIPTION: "subscription",
    names.RULE: "event rule",
    names.ALARM: "alarm",
    names.BATCH: "copy job",
    names.ACCOUNT_ACCESS: "public access block of account",
    names.EBS_ENCRYPTION: "encryption of new volumes in",
}
# What is lost when something is not there: type -> words.
GONE = {
    names.BUCKET: "what is to be stored there has no place",
    names.KEY: "what it encrypted cannot be read",
    names.ROLE: "the service that assumes it can no longer do its work",
    names.DLM_POLICY: "no more snapshots are made of the volumes that it protects",
    names.TRAIL: "who does what in the account is no longer recorded",
    names.VAULT: "backups have no place to go to",
    names.BACKUP_PLAN: "what it selects is no longer backed up",
    names.SELECTION: "what it selects is no longer backed up",
    names.RESTORE_PLAN: "restores are no longer tested",
    names.RESTORE_SELECTION: "restores are no longer tested",
    names.TOPIC: "nobody is told when something fails",
    names.SUBSCRIPTION: "this address is not told when something fails",
    names.RULE: "what it reports is no longer told to anybody",
    names.ALARM: "what it watches can fail without anybody being told",
}
# (name of the setting, what is lost) where it is not as designed.
SETTINGS = {
    (names.BUCKET, "Versioning"): ("versioning", "what is overwritten or deleted cannot be brought back"),
    (names.BUCKET, "Encryption"): ("default encryption", "new objects are not encrypted as designed"),
    (names.BUCKET, "PublicAccessBlock"): ("public access block", "the bucket can be opened to everybody"),
    (names.BUCKET, "ObjectOwnership"): ("object ownership", "access lists of single objects can hold again"),
    (names.BUCKET, "PolicyStatements"): ("policy", "requests that the design refuses may be let in"),
    (names.BUCKET, "ObjectLock"): ("default retention (Object Lock)", "new versions are not locked for as long as designed"),
    (names.BUCKET, "Replication"): ("replication", "new objects are not copied to the second bucket as designed"),
    (names.BUCKET, "Logging"): ("access logging", "requests are not logged as designed"),
    (names.BUCKET, "Inventory"): ("inventory", "the lists of all objects are not made as designed"),
    (names.BUCKET, "Notifications"): ("notifications", "what happens to objects is not reported"),
    (names.BUCKET, "IntelligentTiering"): ("archive tiers", "unread objects do not sink into the archive tiers as designed"),
    (names.KEY, "EnableKeyRotation"): ("rotation", "the key material is not renewed"),
    (names.KEY, "RotationPeriodInDays"): ("rotation period", "the key material is not renewed as often as designed"),
    (names.KEY, "Policy"): ("policy", "others than designed may use the key"),
    (names.TRAIL, "IsLogging"): ("recording", "who does what in the account is not recorded"),
    (names.TRAIL, "EnableLogFileValidation"): ("log file validation", "changed log files would not be noticed"),
    (names.TRAIL, "IsMultiRegionTrail"): ("scope", "other Regions are not recorded"),
    (names.TRAIL, "AdvancedEventSelectors"): ("event selectors", "not the designed events are recorded"),
    (names.DLM_POLICY, "State"): ("state", "snapshots are not made as designed"),
    (names.DLM_POLICY, "PolicyDetails"): ("schedules", "snapshots are not made, kept or copied as designed"),
    (names.VAULT, "LockConfiguration"): ("lock", "recovery points can be deleted before their time"),
    (names.VAULT, "Policy"): ("policy", "what nobody may do in the vault is possible"),
    (names.BACKUP_PLAN, "Rules"): ("rules", "backups are not made, kept or copied as designed"),
    (names.ROLE, "Policies"): ("permissions", "the service that assumes it may do other things than designed"),
    (names.EBS_ENCRYPTION, "Enabled"): ("default", "new volumes are not encrypted"),
}
EMPTY: tuple[Any, ...] = (None, [], {}, "", False)


def gone(kind: str, name: str) -> str:
    """The sentence for a resource that is not there any more."""
    lost = GONE.get(kind)
    return f"{_the(kind, name)} is not there any more{f': {lost}' if lost else ''}."


def changed(kind: str, name: str, setting: str, designed: Any, now: Any) -> str:
    """The sentence for a setting that is not as designed; what it means where that is known."""
    word, lost = SETTINGS.get((kind, setting), (setting, ""))
    if (kind, setting) == (names.BUCKET, "LifecycleRules"):
        word, lost = "lifecycle", "; ".join(_no_longer(designed or (), now or ()))
    if setting == "Tags":
        word, lost = "tags", "who looks for it by its tags does not find it"
    how = "was removed" if now in EMPTY else "is not as designed any more"
    return f"The {word} of {_the(kind, name).removeprefix('The ')} {how}{f': {lost}' if lost else ''}."


def _the(kind: str, name: str) -> str:
    return f"The {NAMES.get(kind, kind)} {name}"


def _no_longer(designed: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the designed lifecycle rules did that those of now do not."""
    left = {str(rule.get("ID")): rule for rule in now}
    for rule in designed:
        have = left.get(str(rule.get("ID")), {})
        have = have if have.get("Status") == "Enabled" else {}
        days = (rule.get("Expiration") or {}).get("Days")
        if days and (have.get("Expiration") or {}).get("Days") != days:
            yield f"copies will not be deleted after {period(days)}"
        kept = (rule.get("NoncurrentVersionExpiration") or {}).get("NoncurrentDays")
        if kept and (have.get("NoncurrentVersionExpiration") or {}).get("NoncurrentDays") != kept:
            yield f"earlier versions will not be deleted after {period(kept)}"
        steps = {(step.get("StorageClass"), step.get("Days")) for step in rule.get("Transitions") or ()}
        for tier, after in sorted(steps - {(s.get("StorageClass"), s.get("Days")) for s in have.get("Transitions") or ()}, key=str):
            yield f"objects will not move to {tier} after {period(after or 0)}"
        if rule.get("AbortIncompleteMultipartUpload") and not have.get("AbortIncompleteMultipartUpload"):
            yield "uploads that were never finished will not be cleared away"


def period(days: int) -> str:
    """`7 years` or `45 days`: whole years, whichever of their days are leap days."""
    years = days // 365
    if years and days - years * 365 <= years // 4 + 1:
        return f"{years} year{'s' * (years != 1)}"
    return f"{days} day{'s' * (days != 1)}"
