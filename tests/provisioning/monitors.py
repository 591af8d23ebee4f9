"""A topic with its subscription, a rule and two alarms, made by hand."""

from typing import Any

from tests.provisioning.cases import ACCOUNT, resource, sub

PUBLISH = {
    "Sid": "StowplanEventsPublish",
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sns:Publish",
    "Resource": sub("${topic-alerts.arn}"),
}
FAILED = {"source": ["aws.backup"], "detail-type": ["Backup Job State Change"], "detail": {"state": ["FAILED", "EXPIRED"]}}


def topic(**more: Any) -> dict[str, Any]:
    properties = {"DisplayName": "Backup alerts", "KmsMasterKeyId": sub("${key-data.arn}"), "PolicyStatements": [PUBLISH]}
    return resource("topic-alerts", "AWS::SNS::Topic", {**properties, **more})


def subscription(endpoint: str = "ops@harbour.example") -> dict[str, Any]:
    found = resource(
        "subscribe-ops", "AWS::SNS::Subscription", {"TopicArn": sub("${topic-alerts.arn}"), "Protocol": "email", "Endpoint": endpoint}
    )
    # Subscriptions have no tags.
    del found["properties"]["Tags"]
    return found


def event_rule(**more: Any) -> dict[str, Any]:
    properties = {
        "Description": "Failed backup jobs",
        "State": "ENABLED",
        "EventPattern": FAILED,
        "Targets": [{"Id": "stowplan-topic", "Arn": sub("${topic-alerts.arn}")}],
    }
    return resource("rule-backup", "AWS::Events::Rule", {**properties, **more})


def alarm(dimensions: Any = None, **more: Any) -> dict[str, Any]:
    """Silence counts as failure: nothing was done in 26 hours."""
    properties = {
        "AlarmDescription": "Nothing was completed in 26 hours",
        "Namespace": "AWS/EBS",
        "MetricName": "SnapshotsCreateCompleted",
        "Dimensions": dimensions or [{"Name": "BucketName", "Value": sub("${bucket-data.name}")}],
        "Statistic": "Sum",
        "Period": 3600,
        "EvaluationPeriods": 26,
        "DatapointsToAlarm": 26,
        "Threshold": 1,
        "ComparisonOperator": "LessThanThreshold",
        "TreatMissingData": "breaching",
        "AlarmActions": [sub("${topic-alerts.arn}")],
    }
    return resource("alarm-missing", "AWS::CloudWatch::Alarm", {**properties, **more})


def query_alarm() -> dict[str, Any]:
    """An alarm on one query over all buckets."""
    text = 'SELECT SUM(OperationsFailedReplication) FROM SCHEMA("AWS/S3", DestinationBucket, RuleId, SourceBucket)'
    properties = {
        "AlarmDescription": "Replication of an object failed",
        "Metrics": [{"Id": "failed", "Expression": text, "Period": 300, "ReturnData": True}],
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "ignore",
        "AlarmActions": [sub("${topic-alerts.arn}")],
    }
    return resource("alarm-replication", "AWS::CloudWatch::Alarm", properties)


def monitored() -> list[dict[str, Any]]:
    """Everything that watches; needs `key-data` and `bucket-data` beside it."""
    return [topic(), subscription(), event_rule(), alarm(), query_alarm()]


def topic_arn(sns: Any) -> str:
    [row] = sns.list_topics()["Topics"]
    assert f":{ACCOUNT}:stowplan-" in row["TopicArn"]
    return str(row["TopicArn"])
