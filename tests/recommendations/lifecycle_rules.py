"""What S3 demands of a bucket's lifecycle rules, written a second time from AWS's words, with nothing of the design core.

Sources: S3 User Guide, "Transitioning objects" (waterfall, 30 days), "Lifecycle configuration elements" (filters, exclusive elements),
API reference of PutBucketLifecycleConfiguration (limits).
"""

from __future__ import annotations

from typing import Any

COLDER = ["STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"]
NEVER = {("INTELLIGENT_TIERING", "STANDARD_IA"), ("ONEZONE_IA", "GLACIER_IR"), ("ONEZONE_IA", "INTELLIGENT_TIERING")}
BILLED = {"STANDARD_IA": 30, "ONEZONE_IA": 30, "GLACIER_IR": 90, "GLACIER": 90, "DEEP_ARCHIVE": 180}
GAP = {"STANDARD_IA": 30, "ONEZONE_IA": 30}


def problems(rules: list[dict[str, Any]], *, versioned: bool) -> list[str]:
    """Everything that S3 would refuse. Minimum days are billed and not demanded: only the IA classes hold back the next move."""
    found = []
    ids = [rule["ID"] for rule in rules]
    if len(set(ids)) != len(ids) or len(rules) > 1000 or any(not 0 < len(one) <= 255 for one in ids):
        found.append("ids are not unique, too long, or there are too many rules")
    for rule in rules:
        found += [f"{rule['ID']}: {text}" for text in of_rule(rule, versioned)]
    prefixes = [rule["Filter"]["Prefix"] for rule in rules if "Days" in rule.get("Expiration", {})]
    for one in prefixes:
        if any(other != one and other.startswith(one) for other in prefixes):
            found.append(f"two expirations overlap below {one!r}")
    return found


def of_rule(rule: dict[str, Any], versioned: bool) -> list[str]:
    found = []
    if rule["Status"] != "Enabled" or "Prefix" in rule or set(rule["Filter"]) != {"Prefix"}:
        found.append("status or filter")
    found += steps("Days", rule.get("Transitions", []), rule.get("Expiration", {}).get("Days"))
    gone = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")
    found += steps("NoncurrentDays", rule.get("NoncurrentVersionTransitions", []), gone)
    expiration = rule.get("Expiration", {})
    if len(expiration) > 1:
        found.append("an expiration has one element")
    if any(day is not None and day < 1 for day in (expiration.get("Days"), gone)):
        found.append("expiry under a day")
    newer = rule.get("NoncurrentVersionExpiration", {}).get("NewerNoncurrentVersions")
    if newer is not None and not 1 <= newer <= 100:
        found.append("newer versions")
    if not versioned and any(key.startswith("Noncurrent") for key in rule):
        found.append("old versions without versioning")
    if not versioned and expiration.get("ExpiredObjectDeleteMarker"):
        found.append("delete markers without versioning")
    actions = {"Transitions", "Expiration", "NoncurrentVersionTransitions", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}
    if not actions & set(rule):
        found.append("a rule without an action")
    return found


def steps(unit: str, transitions: list[dict[str, Any]], gone: int | None) -> list[str]:
    """Order, waterfall, gaps and the last step against the expiry."""
    found = []
    if unit == "NoncurrentDays" and any(one[unit] < 1 for one in transitions):
        found.append("a version is noncurrent for a day at least")
    before, since = "STANDARD", 0
    for index, one in enumerate(transitions):
        name, day = one["StorageClass"], one[unit]
        if name not in BILLED and name != "INTELLIGENT_TIERING":
            found.append(f"{name} is no target")
        if COLDER.index(name) <= COLDER.index(before) and not (before == "STANDARD_IA" and name == "INTELLIGENT_TIERING"):
            found.append(f"{before} cannot move to {name}")
        if (before, name) in NEVER:
            found.append(f"{before} cannot move to {name}")
        if name in ("STANDARD_IA", "ONEZONE_IA") and day < 30:
            found.append(f"{name} before 30 days")
        if index and day - since < GAP.get(before, 1):
            found.append(f"{before} for {day - since} days only")
        before, since = name, day
    if transitions and gone is not None and gone - since < 1:
        found.append(f"{before} for {gone - since} days before the expiry")
    return found
