"""What watches, as the calls that make it, held to what botocore's models leave out (service quotas and API pages of each service)."""

import json
import re
from collections.abc import Callable
from typing import Any

Call = tuple[str, str, dict[str, Any]]
Tags = list[dict[str, str]]

QUERY = re.compile(r'SELECT (SUM|MIN|MAX)\([A-Za-z]+\) FROM SCHEMA\("AWS/(S3|EBS)"(, [A-Za-z]+)+\)')
# What a metric is published by (aws-facts section i).
DIMENSIONS = {"AWS/EBS": "DLMPolicyId", "AWS/Backup": "BackupVaultName"}


def topic_calls(p: dict[str, Any], tags: Tags) -> list[Call]:
    policy = json.dumps({"Version": "2012-10-17", "Statement": p["PolicyStatements"]})
    assert len(policy) <= 30_720, "SNS takes 30 KB of topic policy"
    attributes = {name: p[name] for name in ("DisplayName", "KmsMasterKeyId") if name in p}
    assert len(p["DisplayName"]) <= 100
    assert p.get("KmsMasterKeyId") != "alias/aws/sns", "EventBridge and CloudWatch cannot publish with the key of SNS"
    return [("sns", "CreateTopic", {"Name": "stowplan-x", "Attributes": {**attributes, "Policy": policy}, "Tags": tags})]


def subscription_calls(p: dict[str, Any], tags: Tags) -> list[Call]:
    assert not tags
    assert "@" in p["Endpoint"]
    return [("sns", "Subscribe", p)]


def rule_calls(p: dict[str, Any], tags: Tags) -> list[Call]:
    pattern = json.dumps(p["EventPattern"], ensure_ascii=False)
    assert len(pattern) <= 2048, "EventBridge takes 2,048 characters of a pattern"
    assert 1 <= len(p["Targets"]) <= 5, "EventBridge takes five targets of a rule"
    named = {"Name": "stowplan-x", "Description": p["Description"], "State": p["State"], "EventPattern": pattern, "Tags": tags}
    return [("events", "PutRule", named), ("events", "PutTargets", {"Rule": "stowplan-x", "Targets": p["Targets"]})]


def alarm_calls(p: dict[str, Any], tags: Tags) -> list[Call]:
    period = p["Period"] if "Period" in p else p["Metrics"][0]["Period"]
    assert period % 60 == 0
    assert period * p["EvaluationPeriods"] <= (7 * 86_400 if period >= 3600 else 86_400), "CloudWatch looks back a day, seven with hours"
    assert 1 <= p["DatapointsToAlarm"] <= p["EvaluationPeriods"]
    assert p["AlarmActions"]
    if "Metrics" in p:
        [found] = p["Metrics"]
        assert QUERY.fullmatch(found["Expression"]), found
        assert found["ReturnData"] is True
        assert period * p["EvaluationPeriods"] <= 3 * 3600, "A query sees the last three hours"
    else:
        assert [one["Name"] for one in p["Dimensions"]] == [DIMENSIONS[p["Namespace"]]]
        # Silence of what should have happened is failure; silence of what should not is none.
        assert (p["TreatMissingData"] == "breaching") == p["MetricName"].endswith("Completed")
    return [("cloudwatch", "PutMetricAlarm", {"AlarmName": "stowplan-x", **{k: v for k, v in p.items() if k != "Tags"}, "Tags": tags})]


CALLS: dict[str, Callable[[dict[str, Any], Tags], list[Call]]] = {
    "AWS::SNS::Topic": topic_calls,
    "AWS::SNS::Subscription": subscription_calls,
    "AWS::Events::Rule": rule_calls,
    "AWS::CloudWatch::Alarm": alarm_calls,
}
