"""Limits of DLM that its service model does not carry.

Source: EC2 user guide, "Amazon Data Lifecycle Manager" (quotas, considerations) and the DLM API reference.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.simulator.dlm import cron

HOURS = (1, 2, 3, 4, 6, 8, 12, 24)
YEARS_MOST = 100
DAYS = {"DAYS": 1, "WEEKS": 7, "MONTHS": 30, "YEARS": 365}
SNAPSHOTS, IMAGES, EVENTS = "EBS_SNAPSHOT_MANAGEMENT", "IMAGE_MANAGEMENT", "EVENT_BASED_POLICY"
Details = Mapping[str, Any]


def problems(details: Details) -> Iterator[str]:
    """What is wrong with the `PolicyDetails` of a custom (STANDARD) policy that already fits the service model."""
    kind = details.get("PolicyType", SNAPSHOTS)
    if kind == EVENTS:
        yield from _members(details, "PolicyDetails", need=("EventSource", "Actions"), refuse=("Schedules", "TargetTags", "ResourceTypes"))
        return
    yield from _members(details, "PolicyDetails", need=("ResourceTypes", "TargetTags", "Schedules"), refuse=("EventSource", "Actions"))
    volumes = details.get("ResourceTypes") == ["VOLUME"]
    if kind == IMAGES and volumes:
        yield "ResourceTypes must be INSTANCE for IMAGE_MANAGEMENT"
    if volumes and details.get("Parameters"):
        yield "Parameters are for INSTANCE policies"
    schedules = details.get("Schedules", ())
    for index, schedule in enumerate(schedules):
        yield from _schedule(schedule, f"Schedules[{index}]", kind, volumes)
    if len({_retention_type(schedule.get("RetainRule", {})) for schedule in schedules}) > 1:
        yield "all schedules of a policy must use the same retention type (count or age)"


def default_problems(request: Details) -> Iterator[str]:
    """What is wrong with a default (SIMPLIFIED) policy; its settings stand beside `PolicyDetails` or in it."""
    settings = {**request, **(request.get("PolicyDetails") or {})}
    if not 1 <= settings.get("CreateInterval", 1) <= 7:
        yield "CreateInterval must be 1 to 7 days"
    if not 2 <= settings.get("RetainInterval", 7) <= 14:
        yield "RetainInterval must be 2 to 14 days"
    for name in ("Schedules", "TargetTags"):
        if name in settings:
            yield f"{name} is not part of a default policy"


def _schedule(schedule: Details, path: str, kind: str, volumes: bool) -> Iterator[str]:
    yield from _members(schedule, path, need=("CreateRule", "RetainRule"))
    archived = "ArchiveRule" in schedule
    create, retain = schedule.get("CreateRule", {}), schedule.get("RetainRule", {})
    yield from _create_rule(create, f"{path}.CreateRule", volumes)
    yield from _retention(retain, f"{path}.RetainRule", zero=archived)
    for index, rule in enumerate(schedule.get("CrossRegionCopyRules", ())):
        yield from _copy_rule(rule, f"{path}.CrossRegionCopyRules[{index}]", kind)
    if archived:
        yield from _archive(schedule, path, kind, volumes)
    if "FastRestoreRule" in schedule:
        rule = schedule["FastRestoreRule"]
        yield from _retention(rule, f"{path}.FastRestoreRule")
        yield from _one_of(rule, f"{path}.FastRestoreRule", "AvailabilityZones", "AvailabilityZoneIds")
    for rule in schedule.get("ShareRules", ()):
        if ("UnshareInterval" in rule) != ("UnshareIntervalUnit" in rule):
            yield f"{path}.ShareRules needs UnshareInterval and UnshareIntervalUnit together"
    if "DeprecateRule" in schedule and kind != IMAGES:
        yield f"{path}.DeprecateRule is for IMAGE_MANAGEMENT"


def _create_rule(rule: Details, path: str, volumes: bool) -> Iterator[str]:
    yield from _one_of(rule, path, "Interval", "CronExpression")
    if "CronExpression" in rule:
        wrong = cron.problem(rule["CronExpression"])
        if wrong:
            yield f"{path}.CronExpression {wrong}"
        yield from _members(rule, path, refuse=("IntervalUnit", "Times"))
    elif "Interval" in rule:
        yield from _members(rule, path, need=("IntervalUnit",))
        if rule["Interval"] not in HOURS:
            yield f"{path}.Interval is {rule['Interval']}, expected one of {', '.join(map(str, HOURS))}"
    if rule.get("Scripts") and volumes:
        yield f"{path}.Scripts are for INSTANCE policies"


def _retention(rule: Details, path: str, zero: bool = False) -> Iterator[str]:
    """A rule that keeps by count or by age; zero only where the snapshot moves on to the archive."""
    yield from _one_of(rule, path, "Count", "Interval")
    yield from _age(rule, path)
    for name in ("Count", "Interval"):
        if rule.get(name) == 0 and not zero:
            yield f"{path}.{name} must be at least 1 without an ArchiveRule"


def _age(rule: Details, path: str) -> Iterator[str]:
    if ("Interval" in rule) != ("IntervalUnit" in rule):
        yield f"{path} needs Interval and IntervalUnit together"
    elif "Interval" in rule and _days(rule) > YEARS_MOST * DAYS["YEARS"]:
        yield f"{path} must not be longer than {YEARS_MOST} years"


def _copy_rule(rule: Details, path: str, kind: str) -> Iterator[str]:
    if kind == IMAGES:
        yield from _members(rule, path, need=("TargetRegion",), refuse=("Target",))
    else:
        yield from _one_of(rule, path, "Target", "TargetRegion")
    yield from _members(rule, path, need=("RetainRule",))
    if "RetainRule" in rule:
        yield from _members(rule["RetainRule"], f"{path}.RetainRule", need=("Interval", "IntervalUnit"))
        yield from _age(rule["RetainRule"], f"{path}.RetainRule")
    if "CmkArn" in rule and not rule["Encrypted"]:
        yield f"{path}.CmkArn needs Encrypted"


def _archive(schedule: Details, path: str, kind: str, volumes: bool) -> Iterator[str]:
    if kind != SNAPSHOTS or not volumes:
        yield f"{path}.ArchiveRule is for snapshot policies of VOLUME"
    expression = schedule.get("CreateRule", {}).get("CronExpression", "")
    if not cron.at_least_28_days(expression):
        yield f"{path}.ArchiveRule needs a cron schedule of at least 28 days"
    tier = schedule["ArchiveRule"]["RetainRule"]["RetentionArchiveTier"]
    yield from _retention(tier, f"{path}.ArchiveRule.RetainRule.RetentionArchiveTier")
    if _retention_type(tier) != _retention_type(schedule.get("RetainRule", {})):
        yield f"{path}.ArchiveRule must use the retention type of RetainRule"
    if _retention_type(tier) == "age" and "IntervalUnit" in tier and _days(tier) < 90:
        yield f"{path}.ArchiveRule must keep snapshots at least 90 days in the archive tier"


def _members(value: Details, path: str, need: tuple[str, ...] = (), refuse: tuple[str, ...] = ()) -> Iterator[str]:
    for name in need:
        if name not in value:
            yield f"{path}.{name} is required"
    for name in refuse:
        if name in value:
            yield f"{path}.{name} is not allowed here"


def _one_of(value: Details, path: str, first: str, second: str) -> Iterator[str]:
    if (first in value) == (second in value):
        yield f"{path} needs exactly one of {first} and {second}"


def _retention_type(rule: Details) -> str:
    return "count" if "Count" in rule else "age"


def _days(rule: Details) -> int:
    return int(rule["Interval"]) * DAYS[rule["IntervalUnit"]]
