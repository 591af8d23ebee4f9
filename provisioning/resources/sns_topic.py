"""AWS::SNS::Topic: found by its derived name. Statements of others in its policy stay; ours have a Sid that begins with Stowplan."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import TOPIC, arn_of
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

OURS = "Stowplan"
# SNS answers these while a new key is not known everywhere yet.
WAITS_FOR = frozenset({"KMSNotFound", "KMSNotFoundException", "InvalidParameter", "InvalidParameterException"})
# Codes of the API's XML and of botocore's model.
GONE = ("NotFound", "NotFoundException")
# Member of the design -> attribute of the topic.
ATTRIBUTES = {"DisplayName": "DisplayName", "KmsMasterKeyId": "KmsMasterKeyId", "PolicyStatements": "Policy"}
WORDS = {
    "DisplayName": "Name the sender of the messages",
    "KmsMasterKeyId": "Encrypt the messages with the designed key",
    "PolicyStatements": "Say which services may publish",
}


class SnsTopic(ResourceType):
    kind = TOPIC
    reads = frozenset({"sns:GetTopicAttributes", "sns:ListTagsForResource", "sns:ListTopics"})
    writes = frozenset({"sns:CreateTopic", "sns:SetTopicAttributes", "sns:TagResource"})

    def observe(self, place: Place) -> Observed:
        sns, arn = place.client("sns"), _arn(place)
        found = read(lambda: sns.get_topic_attributes(TopicArn=arn), "sns:GetTopicAttributes", absent=GONE)
        if found is None:
            return ABSENT
        attributes = found["Attributes"]
        properties: Properties = {
            "DisplayName": attributes.get("DisplayName") or None,
            "KmsMasterKeyId": attributes.get("KmsMasterKeyId") or None,
            "PolicyStatements": _statements(attributes.get("Policy")),
            "Tags": _tags(sns, arn),
        }
        return Observed(True, place.own_name, properties, belongs_to_another(place, properties["Tags"]))

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        have = observed.properties
        foreign = [one for one in have.get("PolicyStatements", ()) if not str(one.get("Sid", "")).startswith(OURS)]
        return {
            "DisplayName": want.get("DisplayName") or have.get("DisplayName"),
            "KmsMasterKeyId": want.get("KmsMasterKeyId") or have.get("KmsMasterKeyId"),
            "PolicyStatements": [*foreign, *want["PolicyStatements"]],
            "Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {}),
        }

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        statements = [compare.statement(one) for one in properties.get("PolicyStatements") or ()]
        return {**properties, "PolicyStatements": compare.by_id(statements)}

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        values = {attribute: _value(member, after[member]) for member, attribute in ATTRIBUTES.items() if after[member]}
        if not observed.exists:
            parameters = {"Name": place.own_name, "Attributes": values, "Tags": tag_list(after["Tags"])}
            words = f"Create topic {place.own_name} in {place.region}"
            return [Call("sns", "create_topic", parameters, words, "sns:CreateTopic", creates=True, waits_for=WAITS_FOR)]
        want, have = self.canonical(after), self.canonical(observed.properties)
        arn, calls = _arn(place), []
        if want["Tags"] != have["Tags"]:
            tags = changed_tags(after["Tags"], have["Tags"])
            parameters = {"ResourceArn": arn, "Tags": tag_list(tags)}
            calls.append(Call("sns", "tag_resource", parameters, "Tag the topic", "sns:TagResource"))
        for member, attribute in ATTRIBUTES.items():
            if want[member] != have.get(member):
                parameters = {"TopicArn": arn, "AttributeName": attribute, "AttributeValue": values[attribute]}
                action = "sns:SetTopicAttributes"
                calls.append(Call("sns", "set_topic_attributes", parameters, WORDS[member], action, waits_for=WAITS_FOR))
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        tags = foreign_tags(want.get("Tags") or {}, observed.properties.get("Tags") or {})
        return [Hazard("foreign", f"Tag {tag} of topic {place.own_name} changes.") for tag in tags]

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        sns = clients.client("sns", account, region)
        pages = sns.get_paginator("list_topics").paginate()
        for arn in read(lambda: [row["TopicArn"] for page in pages for row in page["Topics"]], "sns:ListTopics") or []:
            name = arn.rpartition(":")[2]
            if name.startswith("stowplan-"):
                tags = _tags(sns, arn)
                if tags.get(ASSESSMENT_TAG) == slug and RESOURCE_TAG in tags:
                    yield tags[RESOURCE_TAG], name


def _arn(place: Place) -> str:
    return arn_of(TOPIC, place.own_name, account=place.account, region=place.region)


def _tags(sns: Any, arn: str) -> dict[str, str]:
    found = read(lambda: sns.list_tags_for_resource(ResourceArn=arn), "sns:ListTagsForResource") or {}
    return tag_map(found.get("Tags"))


def _statements(policy: str | None) -> list[Any]:
    found = json.loads(policy).get("Statement", []) if policy else []
    return [found] if isinstance(found, Mapping) else list(found)


def _value(member: str, value: Any) -> Any:
    """An attribute as it is sent; the policy as a document, which becomes text when the call is made."""
    return {"Version": "2012-10-17", "Statement": value} if member == "PolicyStatements" else value
