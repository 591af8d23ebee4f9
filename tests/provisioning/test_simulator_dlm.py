"""Data Lifecycle Manager of the simulator: plain boto3 over HTTP, every call and every refusal."""

import copy
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.support.simulator import Simulator

ROLE = "arn:aws:iam::123456789012:role/stowplan-dlm"
SCHEDULE = {
    "Name": "Every 4 hours",
    "CreateRule": {"Interval": 4, "IntervalUnit": "HOURS", "Times": ["03:00"]},
    "RetainRule": {"Count": 42},
    "CrossRegionCopyRules": [
        {"Target": "us-west-2", "Encrypted": True, "CopyTags": True, "RetainRule": {"Interval": 7, "IntervalUnit": "DAYS"}},
    ],
}
DETAILS = {"ResourceTypes": ["VOLUME"], "TargetTags": [{"Key": "Backup", "Value": "gold"}], "Schedules": [SCHEDULE]}
MONTHLY = "cron(0 3 1 * ? *)"


def policy(**changes: Any) -> dict[str, Any]:
    request = {"ExecutionRoleArn": ROLE, "Description": "Stowplan gold", "State": "ENABLED", "PolicyDetails": DETAILS, "Tags": {"a": "b"}}
    return copy.deepcopy({**request, **changes})


def archive(cron: str = MONTHLY, **tier: Any) -> dict[str, Any]:
    """A schedule that moves snapshots to the archive tier."""
    tier = tier or {"Interval": 90, "IntervalUnit": "DAYS"}
    keep = {"Count": 1} if "Count" in tier else {"Interval": 1, "IntervalUnit": "MONTHS"}
    return {"CreateRule": {"CronExpression": cron}, "RetainRule": keep, "ArchiveRule": {"RetainRule": {"RetentionArchiveTier": tier}}}


def refusal(call: Callable[..., Any], **request: Any) -> str:
    """The error code of a call that must be refused."""
    with pytest.raises(ClientError) as refused:
        call(**request)
    return str(refused.value.response["Error"]["Code"])


@pytest.fixture
def dlm(simulator: Simulator) -> Any:
    """A client that sends what it is told: the simulator has to judge, not botocore."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return simulator.session().client("dlm", endpoint_url=simulator.url, config=config)


def test_a_policy_is_read_back_as_it_was_sent_with_the_defaults_of_aws(dlm: Any) -> None:
    key = dlm.create_lifecycle_policy(**policy())["PolicyId"]

    found = dlm.get_lifecycle_policy(PolicyId=key)["Policy"]

    assert found["PolicyArn"] == f"arn:aws:dlm:us-east-1:123456789012:policy/{key}"
    assert (found["Description"], found["State"], found["ExecutionRoleArn"]) == ("Stowplan gold", "ENABLED", ROLE)
    assert found["Tags"] == {"a": "b"}
    assert found["DateCreated"] <= found["DateModified"]
    details = found["PolicyDetails"]
    assert (details["PolicyType"], details["ResourceLocations"]) == ("EBS_SNAPSHOT_MANAGEMENT", ["CLOUD"])
    sent = {**SCHEDULE, "CopyTags": False, "CreateRule": {**SCHEDULE["CreateRule"], "Location": "CLOUD"}}  # type: ignore[dict-item]
    assert details["Schedules"] == [sent]


def test_policies_are_found_by_id_state_and_tags(dlm: Any) -> None:
    gold = dlm.create_lifecycle_policy(**policy())["PolicyId"]
    silver = policy(State="DISABLED", PolicyDetails={**DETAILS, "TargetTags": [{"Key": "Backup", "Value": "silver"}]})
    silver_key = dlm.create_lifecycle_policy(**silver)["PolicyId"]

    def keys(**chosen: Any) -> list[str]:
        return [found["PolicyId"] for found in dlm.get_lifecycle_policies(**chosen)["Policies"]]

    assert keys() == [gold, silver_key]
    assert keys(State="DISABLED") == [silver_key]
    assert keys(TargetTags=["Backup=gold"]) == [gold]
    assert keys(PolicyIds=[gold], State="DISABLED") == []
    assert keys(ResourceTypes=["INSTANCE"]) == []
    assert refusal(dlm.get_lifecycle_policies, PolicyIds=["policy-0123"]) == "ResourceNotFoundException"


def test_an_update_replaces_what_it_gives_and_leaves_the_rest(dlm: Any) -> None:
    key = dlm.create_lifecycle_policy(**policy())["PolicyId"]

    dlm.update_lifecycle_policy(PolicyId=key, State="DISABLED")
    dlm.update_lifecycle_policy(PolicyId=key, PolicyDetails={**DETAILS, "Schedules": [{**SCHEDULE, "RetainRule": {"Count": 7}}]})

    found = dlm.get_lifecycle_policy(PolicyId=key)["Policy"]
    assert (found["State"], found["Description"]) == ("DISABLED", "Stowplan gold")
    assert found["PolicyDetails"]["Schedules"][0]["RetainRule"] == {"Count": 7}
    assert refusal(dlm.update_lifecycle_policy, PolicyId=key, Description="a.b") == "InvalidRequestException"
    images = {**DETAILS, "PolicyType": "IMAGE_MANAGEMENT", "ResourceTypes": ["INSTANCE"], "Schedules": [archive()]}
    assert refusal(dlm.update_lifecycle_policy, PolicyId=key, PolicyDetails=images) == "InvalidRequestException"
    assert refusal(dlm.update_lifecycle_policy, PolicyId="policy-0123", State="ENABLED") == "ResourceNotFoundException"


def test_tags_are_added_listed_and_removed(dlm: Any) -> None:
    key = dlm.create_lifecycle_policy(**policy())["PolicyId"]
    arn = dlm.get_lifecycle_policy(PolicyId=key)["Policy"]["PolicyArn"]

    dlm.tag_resource(ResourceArn=arn, Tags={"stowplan:resource": "dlm-gold"})
    dlm.untag_resource(ResourceArn=arn, TagKeys=["a"])

    assert dlm.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"stowplan:resource": "dlm-gold"}
    assert refusal(dlm.list_tags_for_resource, ResourceArn=arn[:-1] + "z") == "ResourceNotFoundException"
    many = {f"k{number}": "v" for number in range(50)}
    assert refusal(dlm.tag_resource, ResourceArn=arn, Tags=many) == "InvalidRequestException"
    assert refusal(dlm.tag_resource, ResourceArn=arn, Tags={"has space": "v"}) == "InvalidRequestException"


def test_a_deleted_policy_is_gone(dlm: Any) -> None:
    key = dlm.create_lifecycle_policy(**policy())["PolicyId"]

    dlm.delete_lifecycle_policy(PolicyId=key)

    assert refusal(dlm.get_lifecycle_policy, PolicyId=key) == "ResourceNotFoundException"
    assert refusal(dlm.delete_lifecycle_policy, PolicyId=key) == "ResourceNotFoundException"


def test_each_region_and_account_has_its_own_policies(simulator: Simulator, dlm: Any) -> None:
    dlm.create_lifecycle_policy(**policy())
    elsewhere = simulator.client("dlm", "us-west-2")
    assert elsewhere.get_lifecycle_policies()["Policies"] == []

    role = "arn:aws:iam::210987654321:role/stowplan"
    keys = simulator.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    session = simulator.session().client(
        "dlm",
        endpoint_url=simulator.url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    assert session.get_lifecycle_policies()["Policies"] == []
    own = policy(ExecutionRoleArn=ROLE.replace("123456789012", "210987654321"))
    key = session.create_lifecycle_policy(**own)["PolicyId"]
    assert ":210987654321:policy/" in session.get_lifecycle_policy(PolicyId=key)["Policy"]["PolicyArn"]
    assert refusal(session.create_lifecycle_policy, **policy()) == "InvalidRequestException"


def test_the_hundred_and_first_policy_of_a_region_is_refused(dlm: Any) -> None:
    for _ in range(100):
        dlm.create_lifecycle_policy(**policy())
    assert refusal(dlm.create_lifecycle_policy, **policy()) == "LimitExceededException"


def schedule(**changes: Any) -> dict[str, Any]:
    """Policy details with one changed schedule; None takes a member away."""
    changed = {**SCHEDULE, **changes}
    return {**DETAILS, "Schedules": [{name: value for name, value in changed.items() if value is not None}]}


DAILY = {"Interval": 24, "IntervalUnit": "HOURS"}
COPY = {"Target": "us-west-2", "Encrypted": True, "RetainRule": {"Interval": 1, "IntervalUnit": "DAYS"}}
ACCEPTED = {
    "cron instead of an interval": schedule(CreateRule={"CronExpression": "cron(30 2 ? * MON-FRI *)"}),
    "age instead of a count": schedule(RetainRule={"Interval": 100, "IntervalUnit": "YEARS"}),
    "four schedules": {**DETAILS, "Schedules": [SCHEDULE] * 4},
    "three copies": schedule(CrossRegionCopyRules=[{**COPY, "Target": region} for region in ("us-west-1", "us-west-2", "eu-west-1")]),
    "archive after a month": {**DETAILS, "Schedules": [archive()]},
    "archive at once": {**DETAILS, "Schedules": [{**archive(Count=12), "RetainRule": {"Count": 0}}]},
    "second Tuesday to the archive": {**DETAILS, "Schedules": [archive("cron(0 3 ? * TUE#2 *)")]},
}
REFUSED = {
    "no schedule": {**DETAILS, "Schedules": []},
    "five schedules": {**DETAILS, "Schedules": [SCHEDULE] * 5},
    "no target tags": {key: value for key, value in DETAILS.items() if key != "TargetTags"},
    "51 target tags": {**DETAILS, "TargetTags": [{"Key": "k", "Value": str(n)} for n in range(51)]},
    "two resource types": {**DETAILS, "ResourceTypes": ["VOLUME", "INSTANCE"]},
    "unknown resource type": {**DETAILS, "ResourceTypes": ["BUCKET"]},
    "unknown policy type": {**DETAILS, "PolicyType": "OTHER"},
    "images of volumes": {**DETAILS, "PolicyType": "IMAGE_MANAGEMENT"},
    "events with schedules": {**DETAILS, "PolicyType": "EVENT_BASED_POLICY"},
    "parameters of instances": {**DETAILS, "Parameters": {"ExcludeBootVolume": True}},
    "interval of five hours": schedule(CreateRule={"Interval": 5, "IntervalUnit": "HOURS"}),
    "interval without unit": schedule(CreateRule={"Interval": 4}),
    "interval in days": schedule(CreateRule={"Interval": 4, "IntervalUnit": "DAYS"}),
    "interval and cron": schedule(CreateRule={**DAILY, "CronExpression": MONTHLY}),
    "neither interval nor cron": schedule(CreateRule={"Times": ["03:00"]}),
    "two times": schedule(CreateRule={**DAILY, "Times": ["03:00", "15:00"]}),
    "no time of day": schedule(CreateRule={**DAILY, "Times": ["24:00"]}),
    "times with cron": schedule(CreateRule={"CronExpression": MONTHLY, "Times": ["03:00"]}),
    "cron every minute": schedule(CreateRule={"CronExpression": "cron(* 3 1 * ? *)"}),
    "cron with five fields": schedule(CreateRule={"CronExpression": "cron(00 03 01 10 ?)"}),
    "cron with both days": schedule(CreateRule={"CronExpression": "cron(0 3 1 * MON *)"}),
    "no create rule": schedule(CreateRule=None),
    "no retention": schedule(RetainRule=None),
    "count and age": schedule(RetainRule={"Count": 3, "Interval": 3, "IntervalUnit": "DAYS"}),
    "age without unit": schedule(RetainRule={"Interval": 3}),
    "keep none": schedule(RetainRule={"Count": 0}),
    "keep 1001": schedule(RetainRule={"Count": 1001}),
    "more than 100 years": schedule(RetainRule={"Interval": 101, "IntervalUnit": "YEARS"}),
    "two retention types": {**DETAILS, "Schedules": [SCHEDULE, {**SCHEDULE, "RetainRule": {"Interval": 3, "IntervalUnit": "DAYS"}}]},
    "four copies": schedule(CrossRegionCopyRules=[COPY] * 4),
    "copy without target": schedule(CrossRegionCopyRules=[{"Encrypted": True, "RetainRule": COPY["RetainRule"]}]),
    "copy kept by nothing": schedule(CrossRegionCopyRules=[{"Target": "us-west-2", "Encrypted": True}]),
    "copy kept by an interval alone": schedule(CrossRegionCopyRules=[{**COPY, "RetainRule": {"Interval": 1}}]),
    "key without encryption": schedule(
        CrossRegionCopyRules=[{**COPY, "Encrypted": False, "CmkArn": "arn:aws:kms:us-west-2:123456789012:key/0"}]
    ),
    "key that is no key": schedule(CrossRegionCopyRules=[{**COPY, "CmkArn": "alias/x"}]),
    "archive of daily snapshots": {**DETAILS, "Schedules": [archive("cron(0 3 * * ? *)")]},
    "archive of weekly snapshots": {**DETAILS, "Schedules": [archive("cron(0 3 ? * MON *)")]},
    "archive by interval": {**DETAILS, "Schedules": [{**archive(), "CreateRule": DAILY}]},
    "archive for 89 days": {**DETAILS, "Schedules": [archive(Interval=89, IntervalUnit="DAYS")]},
    "archive of instances": {**DETAILS, "ResourceTypes": ["INSTANCE"], "Schedules": [archive()]},
    "archive counted, snapshots by age": {**DETAILS, "Schedules": [{**archive(), "RetainRule": {"Count": 3}}]},
    "scripts on volumes": schedule(CreateRule={**DAILY, "Scripts": [{"ExecutionHandler": "AWS_VSS_BACKUP"}]}),
    "deprecation of snapshots": schedule(DeprecateRule={"Count": 3}),
    "fast restore nowhere": schedule(FastRestoreRule={"Count": 3}),
    "name with a colon": schedule(Name="a:b"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_aws_takes_is_taken(dlm: Any, name: str) -> None:
    assert dlm.create_lifecycle_policy(**policy(PolicyDetails=ACCEPTED[name]))["PolicyId"].startswith("policy-0")


@pytest.mark.parametrize("name", REFUSED)
def test_what_aws_refuses_is_refused(dlm: Any, name: str) -> None:
    assert refusal(dlm.create_lifecycle_policy, **policy(PolicyDetails=REFUSED[name])) == "InvalidRequestException"
    assert dlm.get_lifecycle_policies()["Policies"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"Description": "dots. colons: slashes/"},
        {"Description": "x" * 501},
        {"State": "ERROR"},
        {"ExecutionRoleArn": "stowplan-dlm"},
        {"Tags": {"aws:mine": "v"}},
    ],
)
def test_what_the_model_bounds_is_bound(dlm: Any, change: dict[str, Any]) -> None:
    assert refusal(dlm.create_lifecycle_policy, **policy(**change)) == "InvalidRequestException"


def test_default_policies_have_their_own_limits(dlm: Any) -> None:
    default = {"ExecutionRoleArn": ROLE, "Description": "Default", "State": "ENABLED", "DefaultPolicy": "VOLUME"}
    key = dlm.create_lifecycle_policy(**default, CreateInterval=2, RetainInterval=10)["PolicyId"]

    assert dlm.get_lifecycle_policy(PolicyId=key)["Policy"]["DefaultPolicy"] is True
    assert [found["PolicyId"] for found in dlm.get_lifecycle_policies(DefaultPolicyType="ALL")["Policies"]] == [key]
    assert refusal(dlm.create_lifecycle_policy, **default, CreateInterval=8) == "InvalidRequestException"
    assert refusal(dlm.create_lifecycle_policy, **default, RetainInterval=15) == "InvalidRequestException"


@pytest.mark.parametrize("body", [b"{", json.dumps(policy(Surprise=1)).encode(), json.dumps(policy(State=7)).encode()])
def test_a_body_that_no_client_would_send_is_refused(simulator: Simulator, body: bytes) -> None:
    headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/dlm/aws4_request, SignedHeaders=host, Signature=0"}
    request = urllib.request.Request(f"{simulator.url}/policies", data=body, headers={**headers, "Content-Type": "application/json"})

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)

    assert refused.value.code == 400
    assert refused.value.headers["x-amzn-errortype"] == "InvalidRequestException"
