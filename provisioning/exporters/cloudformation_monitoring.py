"""Topics, subscriptions, rules and alarms in CloudFormation's words. A topic's policy is a resource of its own, as a bucket's is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.exporters.shapes import renamed, same
from provisioning.resources.cloudwatch_alarm import MEMBERS

Properties = dict[str, Any]
Tags = list[dict[str, Any]]


def topic(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    own = {key: value for key, value in settings.items() if key not in ("Tags", "PolicyStatements")}
    return {"TopicName": name, **renamed(own, same("DisplayName", "KmsMasterKeyId"), "AWS::SNS::Topic"), "Tags": tags}


def subscription(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    return renamed(settings, same("TopicArn", "Protocol", "Endpoint"), "AWS::SNS::Subscription")


def rule(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    shape = same("Description", "State", "EventPattern", "ScheduleExpression", "Targets", "Tags")
    return {"Name": name, **renamed({**settings, "Tags": tags}, shape, "AWS::Events::Rule")}


def alarm(name: str, settings: Mapping[str, Any], tags: Tags) -> Properties:
    return {"AlarmName": name, **renamed({**settings, "Tags": tags}, same(*MEMBERS, "Tags"), "AWS::CloudWatch::Alarm")}
