"""Facts that the controls ask for, each computed here and nowhere else, from a design's plain data (design.json without its digest).

A share is `none`, `some` or `all` of the workloads that the fact concerns; where it concerns nothing it is `none`, so that an absent
setting never counts as met. Days are whole numbers, None where there is nothing to measure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
SHARE = ("none", "some", "all")
COLD = ("GLACIER", "DEEP_ARCHIVE")
LONG = 1096  # days; records of three years or more (SEC 17a-4)
FOREVER = 36525
CADENCE = {"monthly": 31, "quarterly": 92, "half-yearly": 184, "yearly": 366}
# Of AWS's Regions those in the European Economic Area.
EEA = frozenset({"eu-central-1", "eu-west-1", "eu-west-3", "eu-south-1", "eu-south-2", "eu-north-1", "eusc-de-east-1"})


@dataclass(frozen=True)
class Seen:
    """A fact's value and what it rests on: names of settings, keys of workloads or resources that have it, and of those that lack it."""

    value: Any
    holds: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One named fact. `type` is a cell type of the decision tables, `setting` the setting of the design behind it."""

    label: str
    type: str
    setting: str
    see: Callable[[Document], Seen]
    options: tuple[str, ...] = ()


def share(pairs: Iterable[tuple[str, bool]]) -> Seen:
    """The share of those with True."""
    found = list(pairs)
    yes, no = tuple(key for key, has in found if has), tuple(key for key, has in found if not has)
    return Seen("none" if not yes else "some" if no else "all", yes, no)


def seen_of(name: str, document: Document, seen: dict[str, Seen]) -> Seen:
    """One fact, looked at once: `seen` keeps what was found."""
    if name not in seen:
        seen[name] = FACTS[name].see(document)
    return seen[name]


def setting_of(owner: Mapping[str, Any], name: str) -> Any:
    """The value of a setting, None where it is absent."""
    return next((one["value"] for one in owner["settings"] if one["name"] == name), None)


def kept(document: Document) -> list[Mapping[str, Any]]:
    """The workloads that are copied, not made again from their source."""
    return [one for one in document["workloads"] if setting_of(one, "dr_strategy") != "rebuild"]


def workloads_with(name: str, *refused: Any) -> Callable[[Document], Seen]:
    """The share of the workloads whose setting is there and none of `refused`."""
    return lambda d: share((w["key"], setting_of(w, name) not in (None, *refused)) for w in kept(d))


def lock_modes(workload: Mapping[str, Any]) -> set[str]:
    """`COMPLIANCE` or `GOVERNANCE` of its objects and of its vault; empty where nothing is locked."""
    lock = setting_of(workload, "object_lock")
    modes = {lock["Mode"] if isinstance(lock, Mapping) else lock, str(setting_of(workload, "vault_lock") or "none").upper()}
    return modes & {"GOVERNANCE", "COMPLIANCE"}


def locked(document: Document) -> Seen:
    return share((w["key"], bool(lock_modes(w))) for w in kept(document))


def strictly_locked(document: Document) -> Seen:
    """A governance lock can be lifted, so it is not what a rule against erasing asks for (aws-facts section d)."""
    return share((w["key"], "COMPLIANCE" in lock_modes(w)) for w in kept(document))


def customer_keys(document: Document) -> Seen:
    return share((w["key"], setting_of(w, "encryption") in ("customer-key", "external-key")) for w in kept(document))


def object_log(document: Document) -> Seen:
    """Of the workloads in buckets: those with object-level events."""
    buckets = [w for w in kept(document) if setting_of(w, "logging") is not None]
    return share((w["key"], setting_of(w, "logging") == "logged") for w in buckets)


def buckets_with(test: Callable[[Mapping[str, Any]], bool]) -> Callable[[Document], Seen]:
    return lambda d: share((r["key"], test(r["properties"])) for r in d["resources"] if r["type"] == "AWS::S3::Bucket")


def tls_only(properties: Mapping[str, Any]) -> bool:
    return any(one.get("Sid") == "StowplanTlsOnly" and one["Effect"] == "Deny" for one in properties.get("PolicyStatements") or ())


def closed(properties: Mapping[str, Any]) -> bool:
    block = properties.get("PublicAccessBlock") or {}
    return len(block) == 4 and all(block.values())


def trails(document: Document) -> Seen:
    found = [r for r in document["resources"] if r["type"] == "AWS::CloudTrail::Trail"]
    wanted = ("IsMultiRegionTrail", "EnableLogFileValidation", "IsLogging")
    return share((r["key"], all(r["properties"].get(name) for name in wanted)) for r in found)


def log_bucket(document: Document) -> Mapping[str, Any] | None:
    return next((r for r in document["resources"] if r["key"] == "logs" and r["type"] == "AWS::S3::Bucket"), None)


def log_days(document: Document) -> Seen:
    trail = setting_of(document, "trail")
    bucket = log_bucket(document)
    return Seen(trail["days"], (bucket["key"],)) if trail and bucket else Seen(None)


def log_ready_days(document: Document) -> Seen:
    """Days for which logs open in milliseconds: until they expire or go to a cold class."""
    bucket = log_bucket(document)
    if bucket is None:
        return Seen(None)
    rules = bucket["properties"].get("LifecycleRules") or ()
    ends = [one["Days"] for rule in rules for one in rule.get("Transitions", ()) if one["StorageClass"] in COLD]
    ends += [rule["Expiration"]["Days"] for rule in rules if "Days" in rule.get("Expiration", {})]
    return Seen(min(ends, default=FOREVER), (bucket["key"],))


def log_lock(document: Document) -> Seen:
    bucket = log_bucket(document)
    return share([(bucket["key"], bool(bucket["properties"].get("ObjectLock")))] if bucket else [])


def drill_days(document: Document) -> Seen:
    """The longest time between two drills of a workload; None while one has none."""
    found = {w["key"]: setting_of(w, "drills") for w in kept(document)}
    lacking = tuple(key for key, drill in found.items() if not drill)
    days = [CADENCE[drill["cadence"]] for drill in found.values() if drill]
    return Seen(max(days) if days and not lacking else None, tuple(key for key, drill in found.items() if drill), lacking)


def missed(document: Document) -> Seen:
    """How many workloads miss a recovery objective; None where no objective was computed."""
    found = {w["key"]: [e["rpo_met"] and e["rto_met"] for e in w["recovery"]] for w in document["workloads"]}
    if not any(found.values()):
        return Seen(None)
    late = tuple(key for key, met in found.items() if not all(met))
    return Seen(len(late), tuple(key for key in found if key not in late), late)


def separation(document: Document) -> Seen:
    """Of the workloads: those with a copy in an account that their administrators do not enter; excepted ones have none."""
    if setting_of(document, "iam") != "account":
        return Seen("none", (), ("iam",))
    answers = {one["key"]: row["answers"] for one, row in zip(document["workloads"], document["answers"]["workloads"], strict=True)}
    return share((w["key"], elsewhere(w, answers[w["key"]])) for w in kept(document))


def elsewhere(workload: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether a copy outlives the loss of the account, as far as that was computed; else whether the workload is not excepted."""
    entry = next((one for one in workload["recovery"] if one["disruption"] == "account-loss"), None)
    if entry is not None:
        return entry["rpo"] is not None
    excepted = answers.get("wl_xacct")
    return (excepted.get("value") if isinstance(excepted, Mapping) else excepted) != "not-needed"


def regions_in_eea(document: Document) -> Seen:
    regions = tuple(sorted({r["region"] for r in document["resources"]}))
    out = tuple(one for one in regions if one not in EEA)
    return Seen(bool(regions) and not out, tuple(one for one in regions if one in EEA), out)


def expires(document: Document) -> Seen:
    """Of the workloads in buckets: those where everything goes in the end."""
    tracks = {w["key"]: w["lifecycle"]["tracks"] for w in kept(document) if w["lifecycle"]}
    return share((key, all(one["expire_day"] is not None for one in found)) for key, found in tracks.items())


def tiered(document: Document) -> Seen:
    """Of the workloads with data or copies in buckets: those whose lifecycle was searched for the cheapest classes."""
    return share((w["key"], bool(w["lifecycle"]["tracks"])) for w in kept(document) if w["lifecycle"])


def remains_go(document: Document) -> Seen:
    """Of the workloads in buckets: those where unfinished uploads and old versions go by themselves."""
    found = {w["key"]: w["lifecycle"] for w in kept(document) if w["lifecycle"]}
    return share(
        (key, bool(one["abort_multipart_days"]) and (one["noncurrent"] or {}).get("expire_days", 1) is not None)
        for key, one in found.items()
    )


def locked_long(document: Document) -> list[tuple[str, int, int]]:
    """(workload, days of its object lock, day of its first cold class) of every workload with a lock of days."""
    found = []
    for w in document["workloads"]:
        lock = setting_of(w, "object_lock")
        if isinstance(lock, Mapping) and w["lifecycle"]:
            cold = [s["from_day"] for one in w["lifecycle"]["tracks"] for s in one["steps"] if s["storage_class"] in COLD]
            found.append((w["key"], int(lock["Days"]), min(cold, default=FOREVER)))
    return found


def lock_days(document: Document) -> Seen:
    """The shortest time for which a locked workload's objects are locked: a control that rests on it then holds for each of them."""
    found = locked_long(document)
    shortest = min((days for _, days, _ in found), default=None)
    return Seen(shortest, tuple(key for key, days, _ in found if days == shortest))


def record_ready_days(document: Document) -> Seen:
    """Days for which records locked for three years or more open in milliseconds; None where there are none."""
    found = [(key, ready) for key, days, ready in locked_long(document) if days >= LONG]
    shortest = min((ready for _, ready in found), default=None)
    return Seen(shortest, tuple(key for key, ready in found if ready == shortest))


def conflicts(*checks: str) -> Callable[[Document], Seen]:
    """How many workloads have one of these findings; None for a design without workloads."""

    def see(document: Document) -> Seen:
        found = tuple(dict.fromkeys(str(f["workload"]) for f in document["findings"] if f["check"] in checks))
        keys = tuple(w["key"] for w in document["workloads"] if w["key"] not in found)
        return Seen(len(found) if document["workloads"] else None, keys, found)

    return see


FACTS: Mapping[str, Fact] = {
    "protected": Fact("Workloads with a way of protection", "single", "protection", workloads_with("protection"), SHARE),
    "other_region": Fact("Copies in another Region", "single", "replication", workloads_with("replication", "none"), SHARE),
    "encrypted": Fact("Copies are encrypted", "single", "encryption", workloads_with("encryption"), SHARE),
    "customer_keys": Fact("Keys under the customer's control", "single", "encryption", customer_keys, SHARE),
    "locked": Fact("Copies locked against deletion", "single", "object_lock", locked, SHARE),
    "strictly_locked": Fact("Copies locked so that nobody can lift it", "single", "object_lock", strictly_locked, SHARE),
    "lock_days": Fact("Shortest lock, in days", "integer", "object_lock", lock_days),
    "record_ready_days": Fact("Days in which locked records open at once", "integer", "storage_class", record_ready_days),
    "tls_only": Fact("Buckets refuse plain HTTP", "single", "resources", buckets_with(tls_only), SHARE),
    "closed_buckets": Fact("Buckets block public access", "single", "resources", buckets_with(closed), SHARE),
    "object_log": Fact("Object-level events are logged", "single", "logging", object_log, SHARE),
    "trails": Fact("Multi-Region trails with validated log files", "single", "trail", trails, SHARE),
    "log_days": Fact("Days that logs are kept", "integer", "trail", log_days),
    "log_ready_days": Fact("Days in which logs open at once", "integer", "trail", log_ready_days),
    "log_lock": Fact("The log bucket is locked", "single", "trail", log_lock, SHARE),
    "drill_days": Fact("Longest time between drills, in days", "integer", "drills", drill_days),
    "strategy": Fact("Workloads with a recovery strategy", "single", "dr_strategy", workloads_with("dr_strategy"), SHARE),
    "objectives_missed": Fact("Workloads that miss a recovery objective", "integer", "recovery", missed),
    "watched": Fact("Workloads whose copies are watched", "single", "monitoring", workloads_with("monitoring"), SHARE),
    "separate_account": Fact("Copies in an account of their own", "single", "iam", separation, SHARE),
    "in_eea": Fact("Everything stands in the EEA", "boolean", "regions", regions_in_eea),
    "expires": Fact("Workloads in buckets where everything goes in the end", "single", "storage_class", expires, SHARE),
    "tiered": Fact("Workloads in buckets with a lifecycle", "single", "storage_class", tiered, SHARE),
    "remains_go": Fact("Workloads in buckets whose remains go by themselves", "single", "versioning", remains_go, SHARE),
    "retention_conflicts": Fact("Workloads kept against their class", "integer", "storage_class", conflicts("retention-against-class")),
    "erasure_conflicts": Fact("Strict locks against erasure", "integer", "object_lock", conflicts("strict-lock-with-erasure")),
}
