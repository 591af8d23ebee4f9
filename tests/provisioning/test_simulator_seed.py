"""The starting state of a demonstration, read back with plain boto3."""

import json
from typing import Any

import pytest

from provisioning.simulator.seed import FOREIGN_RULE, FOREIGN_SID, FOREIGN_TAGS, OBJECTS, Clients, seed
from tests.support.simulator import Simulator

TAG = {"Key": "team", "Value": "transcode"}


def design(region: str = "ap-south-1", kind: str = "VOLUME") -> dict[str, Any]:
    """A design document's resources, as far as seeding reads them."""
    details = {"ResourceTypes": [kind], "TargetTags": [TAG]}
    return {
        "resources": [
            {"type": "AWS::S3::Bucket", "adopt": "lumen-master-archive", "region": region},
            {"type": "AWS::S3::Bucket", "adopt": None, "region": region},
            {"type": "AWS::DLM::LifecyclePolicy", "adopt": None, "region": region, "properties": {"PolicyDetails": details}},
        ]
    }


def test_a_bucket_to_adopt_is_there_with_settings_of_others(simulator: Simulator) -> None:
    seed(simulator.url, design())

    s3 = simulator.client("s3", "ap-south-1")
    bucket = {"Bucket": "lumen-master-archive"}
    assert [found["Name"] for found in s3.list_buckets()["Buckets"]] == ["lumen-master-archive"]
    assert s3.get_bucket_location(**bucket)["LocationConstraint"] == "ap-south-1"
    assert s3.get_bucket_tagging(**bucket)["TagSet"] == FOREIGN_TAGS
    assert s3.get_bucket_lifecycle_configuration(**bucket)["Rules"] == [FOREIGN_RULE]
    assert [statement["Sid"] for statement in json.loads(s3.get_bucket_policy(**bucket)["Policy"])["Statement"]] == [FOREIGN_SID]
    assert sorted(found["Key"] for found in s3.list_objects_v2(**bucket)["Contents"]) == sorted(OBJECTS)


@pytest.mark.parametrize("kind", ["VOLUME", "INSTANCE"])
def test_what_a_snapshot_policy_looks_for_is_there_once(simulator: Simulator, kind: str) -> None:
    seed(simulator.url, design(kind=kind))
    seed(simulator.url, design(kind=kind))

    ec2 = simulator.client("ec2", "ap-south-1")
    having = [{"Name": f"tag:{TAG['Key']}", "Values": [TAG["Value"]]}]
    found = ec2.describe_volumes(Filters=having)["Volumes"] if kind == "VOLUME" else ec2.describe_instances(Filters=having)["Reservations"]
    assert len(found) == 1


def test_seeding_again_changes_nothing_that_was_done_since(simulator: Simulator) -> None:
    seed(simulator.url, design("us-east-1"))
    s3 = simulator.client("s3")
    s3.delete_object(Bucket="lumen-master-archive", Key="incoming/tmp/upload.part")
    s3.put_bucket_tagging(Bucket="lumen-master-archive", Tagging={"TagSet": [TAG]})

    seed(simulator.url, design("us-east-1"))

    assert s3.get_bucket_tagging(Bucket="lumen-master-archive")["TagSet"] == [TAG]
    assert len(s3.list_objects_v2(Bucket="lumen-master-archive")["Contents"]) == len(OBJECTS) - 1


def test_without_a_design_each_example_is_seeded_in_its_own_account(simulator: Simulator) -> None:
    seed(simulator.url)

    client = Clients(simulator.url, "777788889999")
    buckets = {found["Name"] for found in client("s3", "ap-south-1").list_buckets()["Buckets"]}
    assert buckets == {"lumen-master-archive", "lumen-stock-footage", "lumen-render-cache"}
    tagged = client("ec2", "ap-south-1").describe_volumes(Filters=[{"Name": "tag:team", "Values": ["transcode"]}])
    assert len(tagged["Volumes"]) == 1
    assert simulator.client("s3").list_buckets()["Buckets"] == []
