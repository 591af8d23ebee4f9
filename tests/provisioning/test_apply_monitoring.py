"""Topics, subscriptions, rules and alarms against the simulator: what others added stays, and a pending mail is no difference."""

import json

import pytest

from provisioning.clients import Clients
from provisioning.evidence import collect
from tests.provisioning.cases import (
    ACCOUNT,
    PRIMARY,
    FaultyClients,
    bucket,
    change_of,
    design_of,
    dlm,
    key,
    plan_of,
    recorded,
    role,
    run,
    spec_of,
    sub,
    with_property,
    without,
    writes,
)
from tests.provisioning.monitors import PUBLISH, alarm, event_rule, monitored, query_alarm, subscription, topic, topic_arn

THEIRS = f"arn:aws:sns:{PRIMARY}:{ACCOUNT}:theirs"


def monitored_design():
    return design_of(key(), bucket(), *monitored())


def test_what_others_added_to_ours_stays(url, simulator):
    design = monitored_design()
    assert run(plan_of(design, url)).state == "done"
    sns, events, cloudwatch = (simulator.client(name, PRIMARY) for name in ("sns", "events", "cloudwatch"))
    arn = topic_arn(sns)
    [rule] = events.list_rules(NamePrefix="stowplan-")["Rules"]
    row = next(one for one in cloudwatch.describe_alarms()["MetricAlarms"] if "alarm-missing" in one["AlarmName"])
    statement = {"Sid": "TheirReaders", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sns:Subscribe"}
    policy = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    policy["Statement"].append({**statement, "Resource": arn})
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(policy))
    sns.tag_resource(ResourceArn=arn, Tags=[{"Key": "team", "Value": "film"}])
    sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="theirs@harbour.example")
    events.put_targets(Rule=rule["Name"], Targets=[{"Id": "theirs", "Arn": THEIRS}])
    kept = ("AlarmName", "Namespace", "MetricName", "Dimensions", "Statistic", "Period", "EvaluationPeriods", "Threshold")
    members = {name: row[name] for name in (*kept, "ComparisonOperator", "TreatMissingData", "DatapointsToAlarm", "AlarmDescription")}
    cloudwatch.put_metric_alarm(**members, AlarmActions=[*row["AlarmActions"], THEIRS])

    assert plan_of(design, url)["stowplan"]["summary"]["update"] == 0
    changed = with_property(design, "topic-alerts", PolicyStatements=[PUBLISH, {**PUBLISH, "Sid": "StowplanMore"}])
    changed = with_property(changed, "rule-backup", Description="Other words")
    changed = with_property(changed, "alarm-missing", AlarmDescription="Other words")
    assert run(plan_of(changed, url)).state == "done"

    sids = {one["Sid"] for one in json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])["Statement"]}
    assert sids == {"TheirReaders", "StowplanEventsPublish", "StowplanMore"}
    assert {"Key": "team", "Value": "film"} in sns.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert len(sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]) == 2
    assert {one["Id"] for one in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]} == {"theirs", "stowplan-topic"}
    row = next(one for one in cloudwatch.describe_alarms()["MetricAlarms"] if "alarm-missing" in one["AlarmName"])
    assert set(row["AlarmActions"]) == {THEIRS, arn}
    assert row["AlarmDescription"] == "Other words"


class Pending(FaultyClients):
    """AWS before anybody confirmed: the simulator confirms at once."""

    def client(self, service, account, region, *, once=False):
        client = super().client(service, account, region, once=once)
        client.meta.events.register("after-call.sns.ListSubscriptionsByTopic", self._pending)
        return client

    def _pending(self, parsed, **_):
        for row in parsed.get("Subscriptions", ()):
            row["SubscriptionArn"] = "PendingConfirmation"


def test_a_mail_that_nobody_confirmed_is_a_note_and_no_difference(url, tmp_path):
    design = monitored_design()
    assert run(plan_of(design, url)).state == "done"
    pending = Pending(spec_of(url))
    plan = plan_of(design, url, pending)
    assert change_of(plan, "subscribe-ops")["change"]["actions"] == ["no-op"]
    assert any("ops@harbour.example has not confirmed" in note for note in plan["stowplan"]["notes"])
    assert collect(plan, pending, tmp_path / "evidence")["as_designed"] is True
    with recorded(url) as seen:
        assert run(plan, pending).state == "done"
    assert writes(seen) == []


def test_another_address_is_one_subscription_more_and_the_first_stays(url, simulator):
    assert run(plan_of(design_of(key(), topic(), subscription()), url)).state == "done"
    assert run(plan_of(design_of(key(), topic(), subscription("night@harbour.example")), url)).state == "done"
    sns = simulator.client("sns", PRIMARY)
    rows = sns.list_subscriptions_by_topic(TopicArn=topic_arn(sns))["Subscriptions"]
    assert {one["Endpoint"] for one in rows} == {"ops@harbour.example", "night@harbour.example"}


def test_an_alarm_takes_the_id_that_aws_gives_to_the_policy_it_watches(url, simulator):
    watched = alarm([{"Name": "DLMPolicyId", "Value": sub("${dlm-volumes.id}")}])
    assert run(plan_of(design_of(key(), role(), dlm(), topic(), watched), url)).state == "done"
    [row] = simulator.client("cloudwatch", PRIMARY).describe_alarms()["MetricAlarms"]
    [policy] = simulator.client("dlm", PRIMARY).get_lifecycle_policies()["Policies"]
    assert row["Dimensions"] == [{"Name": "DLMPolicyId", "Value": policy["PolicyId"]}]


def test_a_topic_or_rule_of_another_assessment_is_left_alone(url, simulator):
    design = design_of(key(), topic(), event_rule())
    assert run(plan_of(design, url)).state == "done"
    arn = topic_arn(simulator.client("sns", PRIMARY))
    simulator.client("sns", PRIMARY).tag_resource(ResourceArn=arn, Tags=[{"Key": "stowplan:assessment", "Value": "other"}])
    plan = plan_of(design, url)
    assert "belongs to the assessment 'other'" in change_of(plan, "topic-alerts")["stowplan"]["blocked"]
    assert "is blocked" in change_of(plan, "rule-backup")["stowplan"]["blocked"]


@pytest.mark.parametrize(
    ("operation", "name", "action"),
    [
        ("GetTopicAttributes", "topic-alerts", "sns:GetTopicAttributes"),
        ("ListSubscriptionsByTopic", "subscribe-ops", "sns:ListSubscriptionsByTopic"),
        ("ListRules", "rule-backup", "events:ListRules"),
        ("DescribeAlarms", "alarm-missing", "cloudwatch:DescribeAlarms"),
    ],
)
def test_a_denied_read_blocks_and_is_never_taken_for_absent(url, operation, name, action):
    clients = FaultyClients(spec_of(url), lambda one: (403, "AccessDeniedException") if one == operation else None)
    plan = plan_of(monitored_design(), url, clients)
    change = change_of(plan, name)
    assert change["change"]["actions"] == ["no-op"]
    assert f"{action} is not allowed" in change["stowplan"]["blocked"]


def test_what_is_no_longer_designed_is_listed_with_what_it_costs(url):
    design = monitored_design()
    assert run(plan_of(design, url)).state == "done"
    smaller = design
    for name in ("rule-backup", "alarm-missing", "alarm-replication", "subscribe-ops", "topic-alerts"):
        smaller = without(smaller, name)
    plan = plan_of(smaller, url)
    left = {
        change["name"]: change["stowplan"]["no_longer_designed"]
        for change in plan["resource_changes"]
        if "no_longer_designed" in change["stowplan"]
    }
    assert set(left) == {"rule-backup", "alarm-missing", "alarm-replication", "topic-alerts"}
    assert "paid for as before" in left["alarm-missing"]


def test_two_alarms_on_queries_differ_by_their_text_only(url):
    assert run(plan_of(design_of(key(), topic(), query_alarm()), url)).state == "done"
    text = 'SELECT MAX(ReplicationLatency) FROM SCHEMA("AWS/S3", DestinationBucket, RuleId, SourceBucket)'
    changed = query_alarm()
    changed["properties"]["Metrics"][0]["Expression"] = text
    plan = plan_of(design_of(key(), topic(), changed), url, Clients(spec_of(url)))
    operations = [call["operation"] for call in change_of(plan, "alarm-replication")["stowplan"]["calls"]]
    assert operations == ["tag_resource", "put_metric_alarm"]
