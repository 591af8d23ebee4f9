"""AWS::CloudWatch::Alarm on a metric or a query. PutMetricAlarm replaces the alarm of that name, so actions of others are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import ALARM, arn_of
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
    tag_list,
    tag_map,
)

OURS = "stowplan-"
ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
SETS = ("Dimensions", *ACTIONS)
MEMBERS = (
    *("AlarmDescription", "ActionsEnabled", *ACTIONS, "Namespace", "MetricName", "Statistic", "ExtendedStatistic", "Dimensions"),
    *("Period", "Unit", "EvaluationPeriods", "DatapointsToAlarm", "Threshold", "ComparisonOperator", "TreatMissingData"),
    *("EvaluateLowSampleCountPercentile", "Metrics", "ThresholdMetricId"),
)
# What AWS fills in.
DEFAULTS = {"ActionsEnabled": True, "TreatMissingData": "missing"}


class CloudWatchAlarm(ResourceType):
    kind = ALARM
    reads = frozenset({"cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"})
    writes = frozenset({"cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"})
    quota = 5000

    def observe(self, place: Place) -> Observed:
        row = self._listed(place).get(place.own_name)
        if row is None:
            return ABSENT
        properties: Properties = {name: row[name] for name in MEMBERS if row.get(name) not in (None, [], "")}
        properties["Tags"] = _tags(place.client("cloudwatch"), row["AlarmArn"])
        return Observed(True, place.own_name, properties, belongs_to_another(place, properties["Tags"]))

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        found: Properties = {name: want[name] for name in MEMBERS if want.get(name) is not None}
        for name in ACTIONS:
            foreign = [arn for arn in have.get(name, ()) if not arn.rpartition(":")[2].startswith(OURS)]
            if foreign or name in found:
                found[name] = [*foreign, *(arn for arn in found.get(name, ()) if arn not in foreign)]
        return {**found, "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {})}

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        filled = {name: value for name, value in properties.items() if value not in (None, [], "")}
        if not filled:
            return {"Tags": {}}
        found = {**DEFAULTS, "DatapointsToAlarm": filled.get("EvaluationPeriods"), **filled}
        found |= {name: compare.by_id(found[name]) for name in SETS if name in found}
        if "Threshold" in found:
            found["Threshold"] = float(found["Threshold"])
        if "Metrics" in found:
            found["Metrics"] = compare.by_id([_query(one) for one in found["Metrics"]])
        return {**found, "Tags": found.get("Tags") or {}}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        alarm = {"AlarmName": place.own_name, **{name: value for name, value in after.items() if name != "Tags"}}
        action = "cloudwatch:PutMetricAlarm"
        if not observed.exists:
            parameters = {**alarm, "Tags": tag_list(after["Tags"])}
            words = f"Create alarm {place.own_name} in {place.region}"
            return [Call("cloudwatch", "put_metric_alarm", parameters, words, action, creates=True)]
        want, have = self.canonical(after), self.canonical(observed.properties)
        calls = []
        if want["Tags"] != have["Tags"]:
            arn = arn_of(ALARM, place.own_name, account=place.account, region=place.region)
            tags = changed_tags(after["Tags"], have["Tags"])
            parameters = {"ResourceARN": arn, "Tags": tag_list(tags)}
            calls.append(Call("cloudwatch", "tag_resource", parameters, "Tag the alarm", "cloudwatch:TagResource"))
        if {**want, "Tags": {}} != {**have, "Tags": {}}:
            calls.append(Call("cloudwatch", "put_metric_alarm", alarm, "Set the alarm as designed", action))
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        tags = foreign_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})
        return [Hazard("foreign", f"Tag {tag} of alarm {place.own_name} changes.") for tag in tags]

    def count(self, place: Place) -> int:
        return len(self._listed(place))

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        cloudwatch = clients.client("cloudwatch", account, region)
        for name, row in _alarms(cloudwatch).items():
            if name.startswith(OURS):
                tags = _tags(cloudwatch, row["AlarmArn"])
                if tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags:
                    yield tags[RESOURCE_TAG], name

    def _listed(self, place: Place) -> dict[str, dict[str, Any]]:
        cloudwatch = place.client("cloudwatch")
        return place.survey.once(("alarms", place.account, place.region), lambda: _alarms(cloudwatch))


def _alarms(cloudwatch: Any) -> dict[str, dict[str, Any]]:
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    rows = read(lambda: [row for page in pages for row in page["MetricAlarms"]], "cloudwatch:DescribeAlarms") or []
    return {row["AlarmName"]: row for row in rows}


def _tags(cloudwatch: Any, arn: str) -> dict[str, str]:
    found = read(lambda: cloudwatch.list_tags_for_resource(ResourceARN=arn), "cloudwatch:ListTagsForResource") or {}
    return tag_map(found.get("Tags"))


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    """One metric or expression of an alarm; `ReturnData` is true where it is not said."""
    return {"ReturnData": True, **{name: value for name, value in query.items() if value not in (None, [], "")}}
