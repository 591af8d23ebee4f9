"""Access logs, inventory, archive tiers and notifications of a bucket, over HTTP: made, unchanged, one changed, those of others kept."""

from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from provisioning.clients import Clients
from provisioning.evidence import collect
from tests.provisioning.cases import (
    ACCOUNT,
    PRIMARY,
    FaultyClients,
    bucket,
    change_of,
    design_of,
    plan_of,
    run,
    spec_of,
    with_property,
)
from tests.provisioning.reports import report, reporting, request_bucket, tiers

# Operation -> IAM action.
PUTS = {
    "PutBucketLogging": "s3:PutBucketLogging",
    "PutBucketInventoryConfiguration": "s3:PutInventoryConfiguration",
    "PutBucketIntelligentTieringConfiguration": "s3:PutIntelligentTieringConfiguration",
    "PutBucketNotificationConfiguration": "s3:PutBucketNotification",
}


def operations(plan: dict[str, Any], name: str = "bucket-data") -> list[str]:
    return [call["operation"] for call in change_of(plan, name)["stowplan"]["calls"]]


def s3_of(url: str) -> Any:
    return Clients(spec_of(url)).client("s3", ACCOUNT, PRIMARY)


def test_all_four_are_made_read_back_and_then_left_alone(url, tmp_path):
    design = design_of(*reporting())
    plan = plan_of(design, url)
    assert run(plan).state == "done"
    manifest = collect(plan, Clients(spec_of(url)), tmp_path / "evidence")
    assert manifest["differences"] == []
    assert plan_of(design, url)["stowplan"]["summary"]["unchanged"] == 2


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"Inventory": [report(frequency="Daily")]}, ["put_bucket_inventory_configuration"]),
        ({"IntelligentTiering": [tiers(days=120)]}, ["put_bucket_intelligent_tiering_configuration"]),
    ],
    ids=["inventory", "archive tiers"],
)
def test_one_changed_member_is_one_call(url, properties, expected):
    design = design_of(*reporting())
    run(plan_of(design, url))
    changed = with_property(design, "bucket-data", **properties)
    plan = plan_of(changed, url)
    assert [one for one in operations(plan) if one != "put_bucket_tagging"] == expected
    assert run(plan).state == "done"
    assert operations(plan_of(changed, url)) == []


def test_what_others_configured_on_an_adopted_bucket_stays(url):
    s3 = s3_of(url)
    place = {"LocationConstraint": PRIMARY}
    for name in ("harbour-cargo", "harbour-lists"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
    lists = report("lists-of-others")
    lists["Destination"]["S3BucketDestination"] = {"Bucket": "arn:aws:s3:::harbour-lists", "Format": "ORC"}
    s3.put_bucket_inventory_configuration(Bucket="harbour-cargo", Id="lists-of-others", InventoryConfiguration=lists)
    cold = tiers("cold-of-others", 365)
    s3.put_bucket_intelligent_tiering_configuration(Bucket="harbour-cargo", Id="cold-of-others", IntelligentTieringConfiguration=cold)
    queue = {"Id": "queue", "QueueArn": f"arn:aws:sqs:{PRIMARY}:{ACCOUNT}:cargo", "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(Bucket="harbour-cargo", NotificationConfiguration={"QueueConfigurations": [queue]})
    adopted = reporting()[0] | {"adopt": "harbour-cargo"}
    plan = plan_of(design_of(adopted, request_bucket()), url)
    assert run(plan).state == "done"
    found = s3.list_bucket_inventory_configurations(Bucket="harbour-cargo")["InventoryConfigurationList"]
    assert {one["Id"] for one in found} == {"lists-of-others", "stowplan-protection"}
    found = s3.list_bucket_intelligent_tiering_configurations(Bucket="harbour-cargo")["IntelligentTieringConfigurationList"]
    assert {one["Id"]: one["Tierings"][0]["Days"] for one in found} == {"cold-of-others": 365, "stowplan-archive": 90}
    notified = s3.get_bucket_notification_configuration(Bucket="harbour-cargo")
    assert [one["Id"] for one in notified["QueueConfigurations"]] == ["queue"]
    assert notified["EventBridgeConfiguration"] == {}


def test_access_logs_that_go_elsewhere_are_turned_only_by_a_person(url):
    run(plan_of(design_of(*reporting(), request_bucket("bucket-elsewhere")), url))
    s3 = s3_of(url)
    names = {one["Name"] for one in s3.list_buckets()["Buckets"]}
    mine, elsewhere = (next(name for name in names if part in name) for part in ("bucket-data", "bucket-elsewhere"))
    status = {"LoggingEnabled": {"TargetBucket": elsewhere, "TargetPrefix": "theirs/"}}
    s3.put_bucket_logging(Bucket=mine, BucketLoggingStatus=status)
    plan = plan_of(design_of(*reporting()), url)
    [hazard] = plan["hazards"]
    assert hazard["kind"] == "foreign"
    assert f"not to {elsewhere}/theirs/" in hazard["sentence"]


def test_settings_no_longer_designed_are_named_and_left(url):
    run(plan_of(design_of(*reporting()), url))
    plan = plan_of(design_of(bucket(), request_bucket()), url)
    left = {change["address"].rpartition(".")[2] for change in plan["resource_changes"] if "no_longer_designed" in change["stowplan"]}
    assert left == {"Inventory", "IntelligentTiering"}
    assert operations(plan) == []


@pytest.mark.parametrize("operation", sorted(PUTS))
def test_a_denied_write_names_the_permission_that_is_missing(url, operation):
    def refused(asked: str) -> tuple[int, str] | None:
        return (403, "AccessDenied") if asked == operation else None

    clients = FaultyClients(spec_of(url), refused)
    outcome = run(plan_of(design_of(*reporting()), url), clients)
    assert outcome.state == "failed"
    assert PUTS[operation] in outcome.missing_permissions


@pytest.mark.parametrize("operation", sorted(PUTS))
def test_a_throttled_write_is_made_again(url, operation):
    left = [2]

    def slow(asked: str) -> tuple[int, str] | None:
        if asked == operation and left[0]:
            left[0] -= 1
            return 503, "SlowDown"
        return None

    assert run(plan_of(design_of(*reporting()), url), FaultyClients(spec_of(url), slow)).state == "done"
    assert left == [0]


@pytest.mark.parametrize(
    "operation",
    [
        "GetBucketLogging",
        "ListBucketInventoryConfigurations",
        "ListBucketIntelligentTieringConfigurations",
        "GetBucketNotificationConfiguration",
    ],
)
def test_a_read_that_is_denied_blocks_the_bucket(url, operation):
    run(plan_of(design_of(*reporting()), url))
    clients = FaultyClients(spec_of(url), lambda asked: (403, "AccessDenied") if asked == operation else None)
    blocked = change_of(plan_of(design_of(*reporting()), url, clients), "bucket-data")["stowplan"]["blocked"]
    assert "is not allowed" in blocked


# ----------------------------------------------------------------------------------------------------------- the simulator
def refusal(call: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**request)
    return str(refused.value.response["Error"]["Code"])


@pytest.fixture
def s3(simulator: Any) -> Any:
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    client = simulator.session().client("s3", endpoint_url=simulator.url, config=config)
    client.create_bucket(Bucket="source")
    return client


@pytest.mark.parametrize(
    "tierings",
    [
        [],
        [{"AccessTier": "ARCHIVE_ACCESS", "Days": 89}],
        [{"AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 179}],
        [{"AccessTier": "ARCHIVE_ACCESS", "Days": 731}],
        [{"AccessTier": "ARCHIVE_ACCESS", "Days": 200}, {"AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 180}],
        [{"AccessTier": "COLD", "Days": 90}],
    ],
)
def test_the_simulator_refuses_archive_tiers_as_s3_does(s3, tierings):
    value = {"Id": "a", "Status": "Enabled", "Tierings": tierings}
    code = refusal(s3.put_bucket_intelligent_tiering_configuration, Bucket="source", Id="a", IntelligentTieringConfiguration=value)
    assert code in ("InvalidArgument", "MalformedXML")
    assert s3.list_bucket_intelligent_tiering_configurations(Bucket="source")["IsTruncated"] is False


def test_the_simulator_refuses_access_logs_into_a_bucket_that_cannot_take_them(s3):
    s3.create_bucket(Bucket="closed")
    s3.create_bucket(Bucket="abroad", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for target, code in {
        "closed": "InvalidTargetBucketForLogging",
        "missing": "InvalidTargetBucketForLogging",
        "abroad": "CrossLocationLoggingProhibited",
    }.items():
        status = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": ""}}
        assert refusal(s3.put_bucket_logging, Bucket="source", BucketLoggingStatus=status) == code


def test_the_simulator_refuses_a_bucket_of_another_owner_than_the_one_expected(s3):
    assert refusal(s3.get_bucket_logging, Bucket="source", ExpectedBucketOwner="210987654321") == "AccessDenied"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket="source", ExpectedBucketOwner=ACCOUNT)


def test_an_inventory_goes_by_its_id(s3):
    value = report("a")
    value["Destination"]["S3BucketDestination"] = {"Bucket": "arn:aws:s3:::source", "Format": "CSV"}
    assert refusal(s3.put_bucket_inventory_configuration, Bucket="source", Id="b", InventoryConfiguration=value) == "InvalidArgument"
    s3.put_bucket_inventory_configuration(Bucket="source", Id="a", InventoryConfiguration=value)
    assert s3.get_bucket_inventory_configuration(Bucket="source", Id="a")["InventoryConfiguration"]["Schedule"] == {"Frequency": "Weekly"}
    s3.delete_bucket_inventory_configuration(Bucket="source", Id="a")
    assert refusal(s3.get_bucket_inventory_configuration, Bucket="source", Id="a") == "NoSuchConfiguration"
