"""What watches: rules match the events that AWS documents, silence counts as failure, and one thing serves an account and Region."""

import json
from collections import Counter
from functools import cache
from typing import Any

import pytest

from assessment.engagement import engagement_from_document, read_engagement
from recommendations.evaluate import evaluate
from recommendations.resources import event_patterns as patterns
from tests.provisioning.exported import EXAMPLES, NAMES
from tests.recommendations import sample_events as events
from tests.recommendations.cases import CUSTOMER, WORKLOAD

MONITORING = ("AWS::SNS::Topic", "AWS::SNS::Subscription", "AWS::Events::Rule", "AWS::CloudWatch::Alarm")


@cache
def example(name: str) -> dict[str, Any]:
    return evaluate(read_engagement((EXAMPLES / f"{name}.yaml").read_bytes())).document


def designed(count: int = 1, customer: Any = None, kind: str = "ebs-volumes", **answers: Any) -> dict[str, Any]:
    """A design of `count` equal workloads."""
    asked = {key: value for key, value in {**CUSTOMER, **(customer or {})}.items() if value is not None}
    own = {key: value for key, value in {**WORKLOAD, "wl_kind": kind, **answers}.items() if value is not None}
    workloads = [{"name": f"Data {number}", "answers": own} for number in range(count)]
    document = {"schema": "stowplan/engagement/1", "customer": {"name": "Acme"}, "answers": asked, "workloads": workloads}
    return evaluate(engagement_from_document(document)).document


def of_type(document: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in document["resources"] if one["type"] == kind]


def place(one: dict[str, Any]) -> tuple[str, str]:
    return one["account_alias"] or one["account_role"], one["region"]


# ------------------------------------------------------------------------------------------------------------------- events
MATCHED = [
    (patterns.POLICIES, events.DLM_ERROR),
    *((patterns.SNAPSHOTS, events.snapshot(name, "failed")) for name in ("createSnapshot", "copySnapshot")),
    (patterns.SNAPSHOTS, events.MULTI),
    *((patterns.BACKUP_JOBS, one) for one in (events.BACKUP, events.COPY, events.RESTORE)),
    *((patterns.BACKUP_JOBS, events.with_detail(events.BACKUP, state=state)) for state in ("ABORTED", "EXPIRED", "PARTIAL")),
    *((patterns.KEYS, events.call("kms", name, keyId="1")) for name in ("DisableKey", "ScheduleKeyDeletion")),
    *((patterns.TRAILS, events.call("cloudtrail", n)) for n in ("StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors")),
    *((patterns.buckets_of([]), events.call("s3", name, bucketName="stowplan-acme-x")) for name in patterns.BUCKET_CALLS),
    (patterns.buckets_of(["acme-files"]), events.call("s3", "PutBucketPolicy", bucketName="acme-files")),
]
PASSED_BY = [
    (patterns.POLICIES, events.with_detail(events.DLM_ERROR, state="ENABLED")),
    (patterns.SNAPSHOTS, events.snapshot("createSnapshot", "succeeded")),
    (patterns.BACKUP_JOBS, events.with_detail(events.BACKUP, state="COMPLETED")),
    (patterns.BACKUP_JOBS, events.with_detail(events.RESTORE, status="RUNNING")),
    (patterns.KEYS, events.call("kms", "EnableKey", keyId="1")),
    (patterns.TRAILS, events.call("cloudtrail", "StartLogging")),
    (patterns.buckets_of(["acme-files"]), events.call("s3", "PutBucketPolicy", bucketName="somebody-elses")),
    (patterns.buckets_of(["acme-files"]), events.call("s3", "GetBucketPolicy", bucketName="acme-files")),
]


@pytest.mark.parametrize(("watch", "event"), MATCHED)
def test_a_rule_tells_what_aws_documents_as_gone_wrong(watch, event):
    assert events.matches(watch.pattern, event)
    assert not any(events.matches(other.pattern, event) for other, _ in PASSED_BY if other.id != watch.id)


@pytest.mark.parametrize(("watch", "event"), PASSED_BY)
def test_a_rule_passes_over_what_went_well_or_is_not_ours(watch, event):
    assert not events.matches(watch.pattern, event)


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_of_a_design_has_a_sample_event(name):
    for rule in of_type(example(name), "AWS::Events::Rule"):
        pattern = rule["properties"]["EventPattern"]
        assert any(events.matches(pattern, event) for _, event in MATCHED), rule["key"]


def test_too_many_adopted_buckets_for_one_pattern_are_told_with_all_buckets_of_the_account():
    many = patterns.buckets_of([f"adopted-bucket-number-{number:04}" for number in range(200)])
    assert len(json.dumps(many.pattern)) <= patterns.MOST_CHARACTERS
    assert events.matches(many.pattern, events.call("s3", "DeleteBucketPolicy", bucketName="adopted-bucket-number-0199"))
    assert "All buckets of the account" in many.description
    assert len(many.description) <= 512


# -------------------------------------------------------------------------------------------------------------------- places
@pytest.mark.parametrize("name", NAMES)
def test_each_account_and_region_with_something_of_ours_has_one_topic_and_every_alarm_tells_it(name):
    document = example(name)
    watched = ("AWS::S3::Bucket", "AWS::KMS::Key", "AWS::CloudTrail::Trail", "AWS::DLM::LifecyclePolicy", "AWS::Backup::BackupVault")
    topics = Counter(place(one) for one in of_type(document, "AWS::SNS::Topic"))
    assert set(topics.values()) == {1}
    assert {place(one) for one in document["resources"] if one["type"] in watched} <= set(topics)
    keys = {place(one): f"${{{one['key']}.arn}}" for one in of_type(document, "AWS::SNS::Topic")}
    for one in of_type(document, "AWS::CloudWatch::Alarm"):
        assert one["properties"]["AlarmActions"] == [{"$sub": keys[place(one)]}]
    for one in of_type(document, "AWS::Events::Rule"):
        assert [target["Arn"] for target in one["properties"]["Targets"]] == [{"$sub": keys[place(one)]}]


@pytest.mark.parametrize("name", ["baltic-bank", "northwind-clinics"])
def test_an_encrypted_topic_has_a_key_of_its_region_that_lets_the_publishers_in(name):
    document = example(name)
    keys = {one["key"]: one for one in of_type(document, "AWS::KMS::Key")}
    for topic in of_type(document, "AWS::SNS::Topic"):
        key = keys[topic["properties"]["KmsMasterKeyId"]["$sub"].removeprefix("${").removesuffix(".arn}")]
        assert key["region"] == topic["region"]
        [statement] = [one for one in key["properties"]["Policy"]["Statement"] if one["Sid"] == "StowplanAlerts"]
        assert statement["Principal"]["Service"] == ["cloudwatch.amazonaws.com", "events.amazonaws.com"]
        context = statement["Condition"]["StringEquals"]["kms:EncryptionContext:aws:sns:topicArn"]
        assert {"$sub": f"${{{topic['key']}.arn}}"} in context


def test_without_customer_keys_a_topic_has_none_since_the_key_of_sns_would_silence_it():
    topics = of_type(example("lumen-media"), "AWS::SNS::Topic")
    assert topics
    assert all("KmsMasterKeyId" not in one["properties"] for one in topics)


def test_two_hundred_workloads_with_one_tag_have_the_alarms_of_one():
    one, many = designed(), designed(200)
    for kind in MONITORING:
        assert len(of_type(many, kind)) == len(of_type(one, kind)) > 0, kind


# ---------------------------------------------------------------------------------------------------------------- heartbeats
def test_an_hourly_policy_is_missed_after_three_hours_and_its_copies_after_thirteen():
    alarms = {one["key"]: one["properties"] for one in of_type(designed(wl_rpo="2h", wl_freq="hourly"), "AWS::CloudWatch::Alarm")}
    missing = next(found for key, found in alarms.items() if key.startswith("alarm-missing-dlm"))
    uncopied = next(found for key, found in alarms.items() if key.startswith("alarm-uncopied-dlm"))
    assert (missing["MetricName"], missing["EvaluationPeriods"], missing["TreatMissingData"]) == (
        "SnapshotsCreateCompleted",
        3,
        "breaching",
    )
    assert (uncopied["MetricName"], uncopied["EvaluationPeriods"]) == ("SnapshotsCopiedRegionCompleted", 13)


def test_a_weekly_policy_has_no_heartbeat_since_no_alarm_looks_back_that_far():
    document = designed(wl_rpo="8d", wl_freq="weekly", wl_retain={"weekly": 5})
    keys = [one["key"] for one in of_type(document, "AWS::CloudWatch::Alarm")]
    assert of_type(document, "AWS::DLM::LifecyclePolicy")
    assert not any(key.startswith("alarm-missing-dlm") for key in keys)
    assert any(key.startswith("alarm-snapshots-nothing") for key in keys)


# ------------------------------------------------------------------------------------------------------------------ who hears
HANDED = {
    "email": ({}, "al-mail", "Confirm the mails of AWS at ops@example.org"),
    "both": (
        {"ops_alert": [{"channel": c, "target": t, "within": "1h"} for c, t in (("email", "a@example.org"), ("pager", "Duty 7"))]},
        "al-both",
        "Connect pager to the topics",
    ),
    "others": ({"ops_alert": [{"channel": "chat", "target": "#ops", "within": "1h"}]}, "al-others", "Connect chat to the topics"),
    "nobody": ({"ops_alert": None}, "al-nobody", "Name who is told of a failure"),
}


@pytest.mark.parametrize("name", HANDED)
def test_what_people_do_before_an_alarm_reaches_them_is_handed_over(name):
    customer, rule, what = HANDED[name]
    document = designed(customer=customer)
    setting = next(one for one in document["settings"] if one["name"] == "alerts")
    assert setting["rule"] == rule
    assert any(what in one["what"] for one in document["handover"])
    assert bool(of_type(document, "AWS::SNS::Subscription")) == (rule in ("al-mail", "al-both"))


def test_the_people_who_run_the_backups_are_told_where_nobody_was_named_for_it():
    people = [
        {"role": "it-operations", "name": "Cy", "email": "cy@example.org"},
        {"role": "approver", "name": "Di", "email": "di@example.org"},
    ]
    document = designed(customer={"ops_alert": None, "eng_people": people})
    assert {one["properties"]["Endpoint"] for one in of_type(document, "AWS::SNS::Subscription")} == {"cy@example.org"}


def test_alarms_are_paid_for_by_the_metrics_that_they_watch():
    [line] = [one for one in designed()["workloads"][0]["costs"] if one["item"] == "CloudWatch alarms"]
    assert (str(line["quantity"]).split(".")[0], line["unit"]) == ("4", "alarm metric-month")
