"""Restore drills against the simulator: what is restored, compared, measured and cleared away, and what is left alone."""

import base64
import hashlib
import json
import time

import pytest

from provisioning.clients import Clients
from provisioning.plan_file import read_plan
from provisioning.rehearsal import RehearsalProblem, clear, rehearse
from recommendations.design import Design
from recommendations.evaluate import evaluate
from tests.provisioning.cases import FaultyClients, plan_of, recorded, run, spec_of, writes
from tests.support.designs import few_workloads
from tests.support.processes import manage

REGION = "us-east-1"
CHARTS, PORTAL, LAB = "scanned-charts-and-consents", "patient-portal", "laboratory-system"
CALLS = {"CreateBucket", "PutBucketTagging", "PutPublicAccessBlock", "PutBucketEncryption", "CopyObject", "DeleteObject", "DeleteBucket"}


@pytest.fixture(scope="module")
def design() -> Design:
    """A bucket with versions, volumes with snapshots, and servers that AWS Backup restores by itself."""
    return evaluate(few_workloads("northwind-clinics", ("Scanned charts and consents", "Patient portal", "Laboratory system")))


@pytest.fixture(scope="module")
def simulator(simulator_process):
    """One for all tests of this file: a drill leaves nothing."""
    simulator_process.reset()
    return simulator_process


@pytest.fixture
def url(simulator, aws_credentials):
    return simulator.url


@pytest.fixture(scope="module")
def applied(simulator, design):
    """The plan of the applied design and its bucket, with three versions in it: one overwritten, one deleted, one current."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        plan = plan_of(design, simulator.url)
        assert run(plan).state == "done"
    bucket = next(change["stowplan"]["id"] for change in plan["resource_changes"] if change["name"] == f"bucket-{CHARTS}")
    s3 = simulator.client("s3", REGION)
    for key, body in (("chart-1", b"first"), ("chart-1", b"second"), ("chart-2", b"gone" * 1000)):
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    s3.delete_object(Bucket=bucket, Key="chart-2")
    return plan, bucket


def snapshot(simulator, design, blocks=(b"a", b"b"), spoiled=False) -> str:
    """A finished snapshot with the tags of the portal's policy. `spoiled`: EBS keeps another checksum of its last block.

    Made in a second of its own: the simulator tells start times in whole seconds, and the drill takes the newest.
    """
    time.sleep(1.1)
    policy = next(one for one in design.document["resources"] if one["type"].endswith("LifecyclePolicy") and PORTAL in one["workloads"])
    ebs = simulator.client("ebs", REGION)
    made = ebs.start_snapshot(VolumeSize=8, Tags=policy["properties"]["PolicyDetails"]["TargetTags"])["SnapshotId"]
    for index, letter in enumerate(blocks):
        data = letter * 512 * 1024
        kept = b"other" if spoiled and letter == blocks[-1] else data
        checksum = base64.b64encode(hashlib.sha256(kept).digest()).decode()
        ebs.put_snapshot_block(
            SnapshotId=made, BlockIndex=index, BlockData=data, DataLength=len(data), Checksum=checksum, ChecksumAlgorithm="SHA256"
        )
    ebs.complete_snapshot(SnapshotId=made, ChangedBlocksCount=len(blocks))
    return str(made)


def buckets(simulator):
    return {one["Name"] for one in simulator.client("s3", REGION).list_buckets()["Buckets"]}


def test_versions_are_restored_compared_and_cleared_away(url, simulator, applied):
    plan, bucket = applied
    before = buckets(simulator)
    noted = []
    with recorded(url) as seen:
        record = rehearse(read_plan(plan), Clients(spec_of(url)), CHARTS, "drill1", noted.append)
    assert record["passed"], record["reason"]
    found = {(item["key"], item["bytes"], item["latest"]) for item in record["items"]}
    assert found == {("chart-1", 5, False), ("chart-1", 6, True), ("chart-2", 4000, False)}
    assert all(item["source_sha256"] == item["restored_sha256"] for item in record["items"])
    assert record["bytes"] == 4011
    assert (record["way"], record["disruption"], record["left"]) == ("versions", "deletion", [])
    assert float(record["measured_seconds"]) > 0
    assert record["made"] == noted
    assert [one["kind"] for one in noted] == ["bucket", "object", "object", "object"]
    assert buckets(simulator) == before
    # Nothing of the customer's was written to.
    assert not any(bucket in path for method, path, _ in writes(seen) if "x-amz-copy-source" not in path)


def test_what_cannot_be_rehearsed_says_why(url, simulator, applied):
    plan, _ = applied
    clients = Clients(spec_of(url))
    with pytest.raises(RehearsalProblem, match="restore it by hand"):
        rehearse(read_plan(plan), clients, LAB, "drill3")
    with pytest.raises(RehearsalProblem, match="no such workload; it has"):
        rehearse(read_plan(plan), clients, "nonsense", "drill4")


def test_a_snapshot_becomes_a_volume_that_is_read_back_and_deleted(url, simulator, applied, design):
    plan, _ = applied
    none = rehearse(read_plan(plan), Clients(spec_of(url)), PORTAL, "drill5")
    assert not none["passed"]
    assert "no finished snapshot with the tag Backup=portal" in none["reason"]
    snapshot(simulator, design)
    newest = snapshot(simulator, design)
    volumes = {one["VolumeId"] for one in simulator.client("ec2", REGION).describe_volumes()["Volumes"]}
    record = rehearse(read_plan(plan), Clients(spec_of(url)), PORTAL, "drill2")
    assert record["passed"], record["reason"]
    item, *blocks = record["items"]
    assert (item["key"], item["gib"], item["encrypted"], item["state"]) == (newest, 8, True, "available")
    assert [(block["key"], block["bytes"], block["same"]) for block in blocks] == [("block 0", 524288, True), ("block 1", 524288, True)]
    assert record["left"] == []
    assert {one["VolumeId"] for one in simulator.client("ec2", REGION).describe_volumes()["Volumes"]} == volumes
    snapshot(simulator, design, spoiled=True)
    spoiled = rehearse(read_plan(plan), Clients(spec_of(url)), PORTAL, "drill8")
    assert spoiled["reason"] == "block 1 is not the same as its checksum"
    assert spoiled["left"] == []


def test_a_refused_copy_fails_the_drill_and_leaves_nothing(url, simulator, applied):
    plan, _ = applied
    before = buckets(simulator)
    denied = FaultyClients(spec_of(url), lambda operation: (403, "AccessDenied") if operation == "CopyObject" else None)
    record = rehearse(read_plan(plan), denied, CHARTS, "drill6")
    assert not record["passed"]
    assert "AccessDenied" in record["reason"]
    assert record["left"] == []
    assert buckets(simulator) == before


def test_only_what_carries_the_tag_of_a_drill_is_cleared(url, simulator):
    s3, ec2 = simulator.client("s3", REGION), simulator.client("ec2", REGION)
    s3.create_bucket(Bucket="theirs")
    s3.put_bucket_tagging(Bucket="theirs", Tagging={"TagSet": [{"Key": "team", "Value": "film"}]})
    s3.put_object(Bucket="theirs", Key="000", Body=b"x")
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    place = {"account": "123456789012", "region": REGION}
    entries = [{"kind": "bucket", "id": "theirs", **place}, {"kind": "object", "id": "000", "bucket": "theirs", **place}]
    entries += [{"kind": "volume", "id": volume, **place}, {"kind": "bucket", "id": "never-made", **place}]
    assert clear(Clients(spec_of(url)), entries) == []
    assert s3.get_object(Bucket="theirs", Key="000")["Body"].read() == b"x"
    assert ec2.describe_volumes(VolumeIds=[volume])["Volumes"]


def test_a_restored_object_that_differs_fails_the_drill(url, simulator, applied, monkeypatch):
    """S3 itself never gives back other bytes, so the comparison is fed them."""
    plan, _ = applied
    sums = iter(["a" * 64, "b" * 64, *["c" * 64] * 4])
    monkeypatch.setattr("provisioning.rehearsal_objects._sha256", lambda body: next(sums))
    record = rehearse(read_plan(plan), Clients(spec_of(url)), CHARTS, "drill7")
    assert not record["passed"]
    assert record["reason"].startswith("not the same after the restore: chart-")


def test_rehearse_as_a_program(url, tmp_path, applied):
    plan_path, out = tmp_path / "plan.json", tmp_path / "drill.json"
    plan_path.write_text(json.dumps(applied[0]))
    done = manage("rehearse", plan_path, "--workload", CHARTS, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "3 restored from versions and checked in" in done.stdout
    assert json.loads(out.read_text())["passed"] is True
    wrong = manage("rehearse", plan_path, "--workload", LAB, "--out", tmp_path / "other.json")
    assert wrong.returncode == 2
