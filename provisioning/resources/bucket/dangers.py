"""Dangers of changing a bucket that a person must accept, and reasons not to do it that nobody can accept away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provisioning.resources.base import Denied, Hazard, Observed, foreign_tags, read
from provisioning.resources.bucket import by_name, lifecycle, object_lock, policy, replication
from provisioning.resources.bucket.access import BLOCKS
from provisioning.resources.bucket.objects import existing
from provisioning.resources.bucket.part import Bucket

TAGS = 50


def hazards(bucket: Bucket, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> Iterator[Hazard]:
    """All dangers of going from what was observed to `after`."""
    yield from _object_lock(bucket.name, after, observed.properties)
    if observed.exists:
        yield from _expirations(bucket, after, observed.properties)
        yield from _transitions(bucket, after, observed.properties)
        yield from _foreign(bucket.name, want, after, observed.properties)
        yield from _access_lists(bucket, after, observed.properties)


def gates(name: str, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> Iterator[str]:
    """Reasons to block."""
    have = observed.properties
    if not all((after.get("PublicAccessBlock") or {}).get(block) for block in BLOCKS):
        yield "it would not block public access in all four ways"
    for statement in after.get("PolicyStatements") or ():
        if policy.is_public(statement):
            yield f"its policy would let everybody in (statement {statement.get('Sid') or 'without Sid'}); take that statement out first"
    if not after.get("Encryption"):
        yield "it would have no default encryption"
    if object_lock.weakened(want.get("ObjectLock"), have.get("ObjectLock")):
        had = have["ObjectLock"]
        yield f"it locks versions for {object_lock.period(had)} ({had.get('Mode')}) now; the design would protect them less"
    if want.get("LifecycleRules") and have.get("MFADelete"):
        yield "it asks for a second factor to delete (MFA delete), and S3 refuses lifecycle rules there"
    if len(after.get("LifecycleRules") or ()) > lifecycle.RULES:
        yield f"it would have {len(after['LifecycleRules']):,} lifecycle rules; S3 allows {lifecycle.RULES:,}"
    if len((after.get("Replication") or {}).get("Rules", ())) > replication.RULES:
        yield f"it would have {len(after['Replication']['Rules']):,} replication rules; S3 allows {replication.RULES:,}"
    if want.get("Replication") and replication.old_form((have.get("Replication") or {}).get("Rules", ())):
        yield "it has replication rules of the first form (a prefix without filter), which S3 refuses beside newer ones; convert them first"
    for member in ("Inventory", "IntelligentTiering"):
        if len(after.get(member) or ()) > by_name.CONFIGURATIONS:
            yield f"it would have {len(after[member]):,} configurations of {member}; S3 allows {by_name.CONFIGURATIONS:,}"
    if len(after.get("Tags") or ()) > TAGS:
        yield f"it would have {len(after['Tags'])} tags; AWS allows {TAGS}"


def _object_lock(name: str, after: Mapping[str, Any], have: Mapping[str, Any]) -> Iterator[Hazard]:
    value, had = after.get("ObjectLock"), have.get("ObjectLock")
    if value is None or value == had:
        return
    if had is None:
        yield Hazard("irreversible", f"Object Lock cannot be switched off again in bucket {name}, nor its versioning suspended.")
    if value.get("Mode") == "COMPLIANCE":
        what = object_lock.period(value)
        yield Hazard(
            "irreversible",
            f"Every version written to bucket {name} from now on is locked for {what} in compliance mode: nobody, the account's root "
            "included, can delete it or shorten that, and it is paid for until then.",
        )


def _changed_rules(after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Enabled rules that were not there in the same words before."""
    before = [lifecycle.canonical_rule(rule) for rule in have.get("LifecycleRules") or ()]
    rules = [rule for rule in after.get("LifecycleRules") or () if rule.get("Status") == "Enabled"]
    return [rule for rule in rules if lifecycle.canonical_rule(rule) not in before]


def _expirations(bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> Iterator[Hazard]:
    for rule in _changed_rules(after, have):
        expiration, noncurrent = rule.get("Expiration", {}), rule.get("NoncurrentVersionExpiration", {})
        if expiration.get("Days") or expiration.get("Date"):
            when = f"{expiration['Days']} days after they were written" if expiration.get("Days") else f"on {expiration['Date']}"
            end = "each leaves a delete marker and stays as an old version" if have.get("Versioning") else "for ever"
            what = f"deletes objects {when} ({end})"
        elif noncurrent:
            what = f"deletes old versions {noncurrent.get('NoncurrentDays')} days after they were replaced, for ever"
        else:
            continue
        prefix = lifecycle.prefix_of(rule)
        found = existing(bucket, prefix)
        if found.count == 0:
            continue
        where = f"under {prefix!r} " if prefix else ""
        rule_id = f"Lifecycle rule {rule.get('ID')} of bucket {bucket.name}"
        yield Hazard("data-loss", f"{rule_id} {what}. It reaches {found} {where}there already.")


def _transitions(bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> Iterator[Hazard]:
    for rule in _changed_rules(after, have):
        classes = [step["StorageClass"] for step in rule.get("Transitions", ())]
        if not classes:
            continue
        prefix = lifecycle.prefix_of(rule)
        found = existing(bucket, prefix)
        if found.count == 0:
            continue
        where = f"under {prefix!r} " if prefix else ""
        yield Hazard(
            "cost",
            f"Lifecycle rule {rule.get('ID')} of bucket {bucket.name} moves {found} {where}there already to {', '.join(classes)}; "
            "each move is a request that is paid for.",
        )


def notes(name: str, want: Mapping[str, Any], have: Mapping[str, Any]) -> Iterator[str]:
    """What stays as others set it and works against the design: foreign rules that delete sooner. S3 obeys the shortest expiration."""
    designed = want.get("LifecycleRules") or ()
    for rule in lifecycle.foreign(designed, have.get("LifecycleRules") or ()):
        days = rule.get("Expiration", {}).get("Days")
        if rule.get("Status") != "Enabled" or not days:
            continue
        prefix = lifecycle.prefix_of(rule)
        kept = _kept(designed, prefix)
        if kept is None or days < kept:
            period = f"for {kept} days" if kept else "without end"
            rule_id = f"Lifecycle rule {rule.get('ID')} of bucket {name}"
            where = f"under {prefix!r} " if prefix else ""
            yield f"{rule_id} is not ours and stays: it deletes {where}after {days} days what the design keeps {period}."


def _kept(designed: Sequence[Mapping[str, Any]], prefix: str) -> int | None:
    """The longest time that the design keeps objects which a rule with `prefix` reaches; None for ever."""
    days = [
        rule["Expiration"]["Days"]
        for rule in designed
        if rule.get("Expiration", {}).get("Days") and _overlap(lifecycle.prefix_of(rule), prefix)
    ]
    return max(days, default=None)


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _foreign(name: str, want: Mapping[str, Any], after: Mapping[str, Any], have: Mapping[str, Any]) -> Iterator[Hazard]:
    for tag in foreign_tags(want.get("Tags") or {}, have.get("Tags") or {}):
        yield Hazard("foreign", f"Tag {tag} of bucket {name} changes from {have['Tags'][tag]!r} to {want['Tags'][tag]!r}.")
    had = (have.get("Encryption") or {}).get("KMSMasterKeyID")
    if had and had != (after.get("Encryption") or {}).get("KMSMasterKeyID"):
        yield Hazard("foreign", f"New objects of bucket {name} are no longer encrypted with the key {had}; objects there keep it.")
    size, old = after.get(lifecycle.SIZE), have.get(lifecycle.SIZE)
    if old and size != old and lifecycle.foreign(want.get("LifecycleRules") or (), have.get("LifecycleRules") or ()):
        what = f"The smallest object that lifecycle rules of bucket {name} move"
        yield Hazard("foreign", f"{what} changes from {old} to {size}, for foreign rules too.")
    target, before = after.get("Logging") or {}, have.get("Logging") or {}
    if before and before.get("TargetBucket") != target.get("TargetBucket"):
        where = f"{before['TargetBucket']}/{before.get('TargetPrefix', '')}"
        yield Hazard("foreign", f"Access logs of bucket {name} go to {target['TargetBucket']} from now on, not to {where}.")
    there = have.get("Replication") or {}
    designed = want.get("Replication")
    if designed and replication.foreign(designed["Rules"], there.get("Rules", ())) and there["Role"] != designed["Role"]:
        what = f"Foreign replication rules of bucket {name} run with the design's role"
        yield Hazard("foreign", f"{what} from now on, not with {there['Role']}.")


def _access_lists(bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> Iterator[Hazard]:
    """When ownership moves to the bucket's owner, whoever reads through an access control list loses access."""
    if after.get("ObjectOwnership") != "BucketOwnerEnforced" or have.get("ObjectOwnership") == "BucketOwnerEnforced":
        return
    try:
        found = read(lambda: bucket.s3.get_bucket_acl(**bucket.names), "s3:GetBucketAcl") or {}
    except Denied:
        who = "whoever reads through one (its list may not be read)"
    else:
        owner = found.get("Owner", {}).get("ID")
        others = [grant["Grantee"] for grant in found.get("Grants", ()) if grant.get("Grantee", {}).get("ID") != owner]
        if not others:
            return
        who = ", ".join(sorted({str(grantee.get("URI") or grantee.get("DisplayName") or grantee.get("ID")) for grantee in others}))
    yield Hazard("foreign", f"Access control lists of bucket {bucket.name} and its objects stop counting: {who} loses access.")
