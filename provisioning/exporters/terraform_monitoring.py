"""Topics, subscriptions, rules and alarms in Terraform's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.exporters import ExportProblem
from provisioning.exporters.shapes import Shape, each, renamed
from provisioning.exporters.terraform_bucket import Part
from provisioning.exporters.terraform_values import document

Settings = Mapping[str, Any]
Tags = Mapping[str, str]

SUBSCRIPTION: Shape = {"TopicArn": "topic_arn", "Protocol": "protocol", "Endpoint": "endpoint"}
RULE: Shape = {
    "Description": "description",
    "State": "state",
    "EventPattern": ("event_pattern", document),
    "ScheduleExpression": "schedule_expression",
}
TARGET: Shape = {"Id": "target_id", "Arn": "arn"}


def _dimensions(found: Any) -> dict[str, str]:
    return {one["Name"]: one["Value"] for one in found}


QUERY: Shape = {"Id": "id", "Expression": "expression", "Period": "period", "ReturnData": "return_data", "Label": "label"}
ALARM: Shape = {
    "AlarmDescription": "alarm_description",
    "ActionsEnabled": "actions_enabled",
    "AlarmActions": "alarm_actions",
    "OKActions": "ok_actions",
    "InsufficientDataActions": "insufficient_data_actions",
    "Namespace": "namespace",
    "MetricName": "metric_name",
    "Statistic": "statistic",
    "ExtendedStatistic": "extended_statistic",
    "Dimensions": ("dimensions", _dimensions),
    "Period": "period",
    "Unit": "unit",
    "EvaluationPeriods": "evaluation_periods",
    "DatapointsToAlarm": "datapoints_to_alarm",
    "Threshold": "threshold",
    "ComparisonOperator": "comparison_operator",
    "TreatMissingData": "treat_missing_data",
    "Metrics": ("metric_query", each(QUERY, "Metrics")),
}


def topic(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """The topic and its policy."""
    own = {key: value for key, value in settings.items() if key not in ("Tags", "PolicyStatements")}
    shape: Shape = {"DisplayName": "display_name", "KmsMasterKeyId": "kms_master_key_id"}
    yield "aws_sns_topic", {"name": name, **renamed(own, shape, "AWS::SNS::Topic"), "tags": dict(tags)}
    if settings.get("PolicyStatements"):
        policy = document({"Version": "2012-10-17", "Statement": settings["PolicyStatements"]})
        yield "aws_sns_topic_policy", {"arn": "${aws_sns_topic." + local + ".arn}", "policy": policy}


def subscription(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """Who receives; an e-mail address has to be confirmed by hand."""
    yield "aws_sns_topic_subscription", renamed(settings, SUBSCRIPTION, "AWS::SNS::Subscription")


def rule(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """The rule and one resource for each of its targets."""
    own = {key: value for key, value in settings.items() if key not in ("Tags", "Targets") and value is not None}
    yield "aws_cloudwatch_event_rule", {"name": name, **renamed(own, RULE, "AWS::Events::Rule"), "tags": dict(tags)}
    whose = {"rule": "${aws_cloudwatch_event_rule." + local + ".name}"}
    for target in settings.get("Targets", ()):
        yield "aws_cloudwatch_event_target", {**whose, **renamed(target, TARGET, "Targets")}


def alarm(name: str, local: str, settings: Settings, tags: Tags) -> Iterator[Part]:
    """The alarm. Raises ExportProblem for metrics of a math expression, which designs do not have."""
    if any("MetricStat" in one for one in settings.get("Metrics", ())):
        raise ExportProblem(f"{name}: Metrics: there is no translation of MetricStat; expected an Expression")
    own = {key: value for key, value in settings.items() if key != "Tags"}
    yield "aws_cloudwatch_metric_alarm", {"alarm_name": name, **renamed(own, ALARM, "AWS::CloudWatch::Alarm"), "tags": dict(tags)}
