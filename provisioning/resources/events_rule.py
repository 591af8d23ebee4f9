"""AWS::Events::Rule on the default bus: found by its derived name. Targets of others stay; ours have an id that begins with stowplan-."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import RULE, arn_of
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
MEMBERS = ("Description", "State", "EventPattern", "ScheduleExpression")


class EventsRule(ResourceType):
    kind = RULE
    reads = frozenset({"events:ListRules", "events:ListTargetsByRule", "events:ListTagsForResource"})
    writes = frozenset({"events:PutRule", "events:PutTargets", "events:TagResource"})
    quota = 300

    def observe(self, place: Place) -> Observed:
        row = self._listed(place).get(place.own_name)
        if row is None:
            return ABSENT
        events = place.client("events")
        pages = events.get_paginator("list_targets_by_rule").paginate(Rule=place.own_name)
        targets = read(lambda: [one for page in pages for one in page["Targets"]], "events:ListTargetsByRule") or []
        properties: Properties = {name: row.get(name) for name in MEMBERS}
        properties["EventPattern"] = json.loads(row["EventPattern"]) if row.get("EventPattern") else None
        properties |= {"Targets": targets, "Tags": _tags(events, row["Arn"])}
        managed = f"rule {place.own_name} is managed by {row['ManagedBy']}" if row.get("ManagedBy") else None
        return Observed(True, place.own_name, properties, managed or belongs_to_another(place, properties["Tags"]))

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        foreign = [one for one in have.get("Targets", ()) if not one["Id"].startswith(OURS)]
        return {
            **{name: want.get(name) for name in MEMBERS},
            "State": want.get("State") or "ENABLED",
            "Targets": [*foreign, *want["Targets"]],
            "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {}),
        }

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        pattern = _pattern(properties.get("EventPattern"))
        return {**properties, "EventPattern": pattern, "Targets": compare.by_id(properties.get("Targets") or ())}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        want, have = self.canonical(after), self.canonical(observed.properties)
        rule = {"Name": place.own_name, **{name: after[name] for name in MEMBERS if after[name]}}
        calls = []
        if not observed.exists:
            words = f"Create rule {place.own_name} in {place.region}"
            parameters = {**rule, "Tags": tag_list(after["Tags"])}
            calls.append(Call("events", "put_rule", parameters, words, "events:PutRule", creates=True))
        elif want["Tags"] != have["Tags"]:
            arn = arn_of(RULE, place.own_name, account=place.account, region=place.region)
            tags = changed_tags(after["Tags"], have["Tags"])
            parameters = {"ResourceARN": arn, "Tags": tag_list(tags)}
            calls.append(Call("events", "tag_resource", parameters, "Tag the rule", "events:TagResource"))
        if observed.exists and any(want[name] != have.get(name) for name in MEMBERS):
            calls.append(Call("events", "put_rule", rule, "Say which events the rule reports", "events:PutRule"))
        # An upsert by id: what others have the rule tell as well goes on.
        targets = [one for one in want["Targets"] if one["Id"].startswith(OURS) and one not in have["Targets"]]
        if targets:
            parameters = {"Rule": place.own_name, "Targets": targets}
            calls.append(Call("events", "put_targets", parameters, "Say where the rule reports to", "events:PutTargets"))
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        tags = foreign_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})
        return [Hazard("foreign", f"Tag {tag} of rule {place.own_name} changes.") for tag in tags]

    def count(self, place: Place) -> int:
        return len(self._listed(place))

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        events = clients.client("events", account, region)
        for name, row in _rules(events).items():
            if name.startswith(OURS):
                tags = _tags(events, row["Arn"])
                if tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags:
                    yield tags[RESOURCE_TAG], name

    def _listed(self, place: Place) -> dict[str, dict[str, Any]]:
        events = place.client("events")
        return place.survey.once(("rules", place.account, place.region), lambda: _rules(events))


def _rules(events: Any) -> dict[str, dict[str, Any]]:
    pages = events.get_paginator("list_rules").paginate()
    rows = read(lambda: [row for page in pages for row in page["Rules"]], "events:ListRules") or []
    return {row["Name"]: row for row in rows}


def _tags(events: Any, arn: str) -> dict[str, str]:
    found = read(lambda: events.list_tags_for_resource(ResourceARN=arn), "events:ListTagsForResource") or {}
    return tag_map(found.get("Tags"))


def _pattern(value: Any) -> Any:
    """A pattern in one spelling: the values of a field are alternatives, their order means nothing."""
    if isinstance(value, Mapping):
        return {name: _pattern(item) for name, item in value.items()}
    return compare.by_id([_pattern(item) for item in value]) if isinstance(value, list) else value
