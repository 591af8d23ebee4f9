"""What S3 refuses in a lifecycle configuration that fits its schema.

Source: S3 user guide, "Transitioning objects using Amazon S3 Lifecycle" (general considerations) and "Lifecycle configuration elements".
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

Rule = Mapping[str, Any]
Refusal = tuple[str, str]  # error code, message

MAX_RULES = 1000
MAX_ID = 255
MAX_KEPT_VERSIONS = 100
COLD_ENOUGH = 30  # days in the bucket before an infrequent-access class
BELOW: dict[str, frozenset[str]] = {
    "STANDARD_IA": frozenset({"INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}),
    "INTELLIGENT_TIERING": frozenset({"ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"}),
    "ONEZONE_IA": frozenset({"GLACIER", "DEEP_ARCHIVE"}),
    "GLACIER_IR": frozenset({"GLACIER", "DEEP_ARCHIVE"}),
    "GLACIER": frozenset({"DEEP_ARCHIVE"}),
    "DEEP_ARCHIVE": frozenset(),
}
GAP_AFTER = {"STANDARD_IA": {"ONEZONE_IA", "GLACIER", "DEEP_ARCHIVE"}, "ONEZONE_IA": {"GLACIER", "DEEP_ARCHIVE"}}


def refusals(configuration: Mapping[str, Any]) -> Iterator[Refusal]:
    """The reasons to refuse a `BucketLifecycleConfiguration` (boto3's shape), the first of which AWS would answer with."""
    rules: Sequence[Rule] = configuration.get("Rules", ())
    if not 1 <= len(rules) <= MAX_RULES:
        yield "MalformedXML", f"A lifecycle configuration has 1 to {MAX_RULES} rules, this one has {len(rules)}."
    ids = [rule["ID"] for rule in rules if rule.get("ID")]
    if len(ids) != len(set(ids)):
        yield "InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule"
    for rule in rules:
        yield from _rule(rule)


def _rule(rule: Rule) -> Iterator[Refusal]:
    actions = {"Transitions", "Expiration", "NoncurrentVersionTransitions", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"}
    if not actions & rule.keys():
        yield "InvalidRequest", "At least one action needs to be specified in a rule"
    if "Status" not in rule:
        yield "MalformedXML", "A rule needs a Status."
    if len(rule.get("ID", "")) > MAX_ID:
        yield "InvalidArgument", f"ID length should not exceed allowed limit of {MAX_ID}"
    yield from _filter(rule)
    yield from _transitions(rule)
    yield from _expiration(rule)
    yield from _noncurrent(rule)
    abort = rule.get("AbortIncompleteMultipartUpload")
    if abort is not None and abort.get("DaysAfterInitiation", 0) < 1:
        yield "InvalidArgument", "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer"


def _filter(rule: Rule) -> Iterator[Refusal]:
    if ("Filter" in rule) == ("Prefix" in rule):
        yield "MalformedXML", "A rule needs exactly one of Filter and Prefix."
    chosen = rule.get("Filter", {})
    if len(chosen) > 1:
        yield "MalformedXML", "Filter holds one of Prefix, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan and And."
    joined = chosen.get("And", {})
    parts = {name: value for name, value in (joined or chosen).items() if name != "And"}
    if "And" in chosen and len(joined) + max(0, len(joined.get("Tags", ())) - 1) < 2:
        yield "MalformedXML", "And needs at least two conditions."
    keys = [tag["Key"] for tag in joined.get("Tags", ())]
    if len(keys) != len(set(keys)):
        yield "InvalidRequest", "Duplicate Tag Keys are not allowed."
    more, less = parts.get("ObjectSizeGreaterThan"), parts.get("ObjectSizeLessThan")
    if more is not None and less is not None and less <= more:
        yield "InvalidRequest", "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."
    tagged = "Tag" in parts or "Tags" in parts
    if "AbortIncompleteMultipartUpload" in rule and (tagged or more is not None or less is not None):
        yield "InvalidRequest", "AbortIncompleteMultipartUpload cannot be specified with Tags or object sizes."
    if tagged and "ExpiredObjectDeleteMarker" in rule.get("Expiration", {}):
        yield "InvalidRequest", "ExpiredObjectDeleteMarker cannot be specified with Tags."


def _transitions(rule: Rule) -> Iterator[Refusal]:
    steps = rule.get("Transitions", ())
    for step in steps:
        if "StorageClass" not in step or ("Days" in step) == ("Date" in step):
            yield "MalformedXML", "A transition needs a StorageClass and exactly one of Days and Date."
            return
        if step.get("Days", 0) < 0:
            yield "InvalidArgument", "'Days' in Transition action must be nonnegative"
        yield from _midnight(step)
    if len({"Date" in step for step in steps}) > 1:
        yield "InvalidRequest", "Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule"
        return
    yield from _waterfall([(step["StorageClass"], _age(step)) for step in steps], "Date" if steps and "Date" in steps[0] else "Days")


def _waterfall(steps: list[tuple[str, int]], name: str) -> Iterator[Refusal]:
    """`steps` are (class, age in days): only downwards, not too early, with the gap that infrequent-access classes need."""
    if len({kind for kind, _ in steps}) < len(steps):
        yield "InvalidRequest", "'StorageClass' must be different for 'Transition' actions in same 'Rule'"
    for kind, age in steps:
        if name != "Date" and kind in ("STANDARD_IA", "ONEZONE_IA") and age < COLD_ENOUGH:
            yield (
                "InvalidArgument",
                f"'{name}' in Transition action must be greater than or equal to {COLD_ENOUGH} for storageClass '{kind}'",
            )
    ordered = sorted(steps, key=lambda step: step[1])
    for (before, early), (after, late) in pairwise(ordered):
        if after not in BELOW[before]:
            yield "InvalidArgument", f"an object in '{before}' cannot move to '{after}'; check '{name}' of the Transition actions"
        elif late == early:
            yield "InvalidArgument", f"'{name}' of the '{before}' and '{after}' Transition actions must differ"
        elif after in GAP_AFTER.get(before, ()) and late - early < COLD_ENOUGH:
            yield "InvalidArgument", f"'{name}' in the '{after}' Transition action must be {COLD_ENOUGH} days more than for '{before}'"


def _expiration(rule: Rule) -> Iterator[Refusal]:
    expiration = rule.get("Expiration")
    if expiration is None:
        return
    if len(expiration) != 1:
        yield "MalformedXML", "Expiration needs exactly one of Days, Date and ExpiredObjectDeleteMarker."
        return
    if expiration.get("Days", 1) < 1:
        yield "InvalidArgument", "'Days' for Expiration action must be a positive integer"
    yield from _midnight(expiration)
    steps = rule.get("Transitions", ())
    if "ExpiredObjectDeleteMarker" in expiration or not steps:
        return
    name = "Date" if "Date" in expiration else "Days"
    if any(name not in step for step in steps):
        yield "InvalidRequest", "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule"
    elif _age(expiration) <= max(_age(step) for step in steps):
        yield "InvalidArgument", f"'{name}' in the Expiration action must be greater than '{name}' in the Transition action"


def _noncurrent(rule: Rule) -> Iterator[Refusal]:
    steps = rule.get("NoncurrentVersionTransitions", ())
    expiration = rule.get("NoncurrentVersionExpiration")
    for action in (*steps, *([expiration] if expiration is not None else [])):
        kept = action.get("NewerNoncurrentVersions")
        if "NoncurrentDays" not in action:
            yield "MalformedXML", "A noncurrent version action needs NoncurrentDays."
            return
        if kept is not None and not 1 <= kept <= MAX_KEPT_VERSIONS:
            yield "InvalidArgument", f"'NewerNoncurrentVersions' must be 1 to {MAX_KEPT_VERSIONS}"
        if kept is not None and "Filter" not in rule:
            yield "InvalidRequest", "'NewerNoncurrentVersions' can only be used in a rule with a Filter"
    if any("StorageClass" not in step for step in steps):
        yield "MalformedXML", "A noncurrent version transition needs a StorageClass."
        return
    yield from _waterfall([(step["StorageClass"], step["NoncurrentDays"]) for step in steps], "NoncurrentDays")
    if expiration is not None and expiration["NoncurrentDays"] < 1:
        yield "InvalidArgument", "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer"
    if expiration is not None and steps and expiration["NoncurrentDays"] <= max(step["NoncurrentDays"] for step in steps):
        yield (
            "InvalidArgument",
            "'NoncurrentDays' in the NoncurrentVersionExpiration action must be greater than in the NoncurrentVersionTransition action",
        )


def _midnight(action: Rule) -> Iterator[Refusal]:
    date = action.get("Date")
    if date is not None and date.astimezone(UTC).timetz().replace(tzinfo=None) != datetime.min.time():
        yield "InvalidArgument", "'Date' must be at midnight GMT"


def _age(action: Rule) -> int:
    """Days, or the day number of a date: what orders two actions."""
    return int(action["Days"]) if "Days" in action else (action["Date"] - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(days=1)
