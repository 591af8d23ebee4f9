"""What is made once for ever, an account, or an account and Region: batch replication, public access block, EBS encryption; over HTTP."""

import json
from typing import Any

import pytest

from provisioning.clients import Clients
from provisioning.evidence import collect
from tests.provisioning.cases import (
    ACCOUNT,
    DR,
    PRIMARY,
    FaultyClients,
    bucket,
    change_of,
    design_of,
    plan_of,
    role,
    run,
    spec_of,
    sub,
    with_property,
)
from tests.provisioning.once import BLOCKS, account_settings, job, untagged
from tests.provisioning.reports import request_bucket


def with_job() -> Any:
    rule = {
        "ID": "stowplan-dr",
        "Priority": 1,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": sub("${bucket-far.arn}")},
    }
    return design_of(
        bucket(adopt="harbour-cargo", Replication={"Role": sub("${role-replicate.arn}"), "Rules": [rule]}),
        bucket("bucket-far", DR),
        request_bucket(),
        role("role-replicate", "s3.amazonaws.com"),
        role("role-existing", "batchoperations.s3.amazonaws.com"),
        job(),
    )


@pytest.fixture
def s3(url: str) -> Any:
    """A client, and the bucket `harbour-cargo` with three objects."""
    client = Clients(spec_of(url)).client("s3", ACCOUNT, PRIMARY)
    client.create_bucket(Bucket="harbour-cargo", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    for number in range(3):
        client.put_object(Bucket="harbour-cargo", Key=f"{number}.txt", Body=b"cargo")
    return client


def jobs(url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Clients(spec_of(url)).client("s3control", ACCOUNT, PRIMARY).list_jobs(AccountId=ACCOUNT)["Jobs"]
    return found


def test_the_job_is_made_once_costs_what_is_said_and_is_then_left_alone(url, s3, tmp_path):
    design = with_job()
    plan = plan_of(design, url)
    [said] = [one["sentence"] for one in plan["hazards"] if "existing-data" in one["address"]]
    assert "3 objects" in said
    assert "USD 0.25 for the job" in said
    assert run(plan).state == "done"
    again = plan_of(design, url)
    assert change_of(again, "existing-data")["change"]["actions"] == ["no-op"]
    assert run(again).state == "done"
    [made] = jobs(url)
    assert made["Operation"] == "S3ReplicateObject"
    manifest = collect(again, Clients(spec_of(url)), tmp_path / "evidence")
    assert manifest["differences"] == []
    # A changed member makes no second job either: it has run.
    changed = plan_of(with_property(design, "existing-data", Priority=20), url)
    assert change_of(changed, "existing-data")["change"]["actions"] == ["no-op"]


def test_a_job_that_s3_forgot_is_known_by_its_report(url, s3):
    design = with_job()
    run(plan_of(design_of(*[one for one in design.document["resources"] if one["key"] != "existing-data"]), url))
    [reports] = [row["Name"] for row in s3.list_buckets()["Buckets"] if "requests" in row["Name"]]
    # The policy asks for TLS, which the simulator does not speak.
    s3.delete_bucket_policy(Bucket=reports)
    s3.put_object(Bucket=reports, Key="existing/bucket-data/job-0a1b/manifest.json", Body=b"{}")
    found = change_of(plan_of(design, url), "existing-data")
    assert found["change"]["actions"] == ["no-op"]
    assert found["stowplan"]["id"] == "0a1b"


@pytest.mark.parametrize(("status", "code", "state"), [(403, "AccessDenied", "failed"), (503, "SlowDown", "done")])
def test_a_job_that_is_denied_is_reported_and_one_that_is_throttled_is_made_again_without_a_second(url, s3, status, code, state):
    left = [99 if code == "AccessDenied" else 1]

    def fault(asked: str) -> tuple[int, str] | None:
        if asked != "CreateJob" or not left[0]:
            return None
        left[0] -= 1
        return status, code

    outcome = run(plan_of(with_job(), url), FaultyClients(spec_of(url), fault))
    assert outcome.state == state
    assert ("s3:CreateJob" in outcome.missing_permissions) == (state == "failed")
    assert len(jobs(url)) == (state == "done")


def test_an_answer_that_got_lost_makes_no_second_job(url, s3):
    lost = [True]

    def lose(asked: str) -> bool:
        return asked == "CreateJob" and lost.pop() if lost else False

    run(plan_of(with_job(), url), FaultyClients(spec_of(url), lost=lose))
    assert run(plan_of(with_job(), url)).state == "done"
    assert len(jobs(url)) == 1


def test_new_volumes_are_encrypted_by_default_and_a_key_of_others_stays(url, tmp_path):
    ec2, kms = (Clients(spec_of(url)).client(name, ACCOUNT, PRIMARY) for name in ("ec2", "kms"))
    theirs = kms.create_key()["KeyMetadata"]["Arn"]
    ec2.modify_ebs_default_kms_key_id(KmsKeyId=theirs)
    design = design_of(untagged("ebs-production", "AWS::EC2::EbsEncryption", {"Enabled": True}))
    plan = plan_of(design, url)
    assert [one["kind"] for one in plan["hazards"]] == ["foreign"]
    assert run(plan).state == "done"
    assert ec2.get_ebs_encryption_by_default()["EbsEncryptionByDefault"] is True
    assert ec2.get_ebs_default_kms_key_id()["KmsKeyId"] == theirs
    again = plan_of(design, url)
    assert change_of(again, "ebs-production")["change"]["actions"] == ["no-op"]
    assert collect(again, Clients(spec_of(url)), tmp_path / "evidence")["differences"] == []


def test_the_account_is_closed_to_the_public_and_whoever_is_cut_off_is_counted(url, s3, tmp_path):
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::harbour-cargo/*"}
    s3.put_bucket_policy(Bucket="harbour-cargo", Policy=json.dumps({"Version": "2012-10-17", "Statement": [everybody]}))
    s3.create_bucket(Bucket="harbour-private", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    design = design_of(untagged("closed-production", "AWS::S3::AccountPublicAccessBlock", BLOCKS))
    plan = plan_of(design, url)
    [hazard] = plan["hazards"]
    assert "1 bucket is open" in hazard["sentence"]
    assert "harbour-cargo" in hazard["sentence"]
    assert run(plan).state == "done"
    control = Clients(spec_of(url)).client("s3control", ACCOUNT, PRIMARY)
    assert control.get_public_access_block(AccountId=ACCOUNT)["PublicAccessBlockConfiguration"] == BLOCKS
    again = plan_of(design, url)
    assert change_of(again, "closed-production")["change"]["actions"] == ["no-op"]
    assert collect(again, Clients(spec_of(url)), tmp_path / "evidence")["differences"] == []


@pytest.mark.parametrize(
    ("kind", "operation", "action"),
    [
        ("AWS::EC2::EbsEncryption", "EnableEbsEncryptionByDefault", "ec2:EnableEbsEncryptionByDefault"),
        ("AWS::S3::AccountPublicAccessBlock", "PutPublicAccessBlock", "s3:PutAccountPublicAccessBlock"),
    ],
)
def test_a_denied_setting_of_an_account_names_the_permission(url, kind, operation, action):
    properties = {"Enabled": True} if "Ebs" in kind else BLOCKS
    clients = FaultyClients(spec_of(url), lambda asked: (403, "AccessDenied") if asked == operation else None)
    outcome = run(plan_of(design_of(untagged("once", kind, properties)), url), clients)
    assert outcome.state == "failed"
    assert action in outcome.missing_permissions


def test_exports_tell_what_they_have_no_word_for():
    from provisioning.exporters import cloudformation, terraform

    design = design_of(*with_job().document["resources"], *account_settings())
    templates = {one.name: one.text for one in cloudformation.export(design.document, ACCOUNT)}
    note = templates.pop("README.md")
    assert "aws ec2 enable-ebs-encryption-by-default --region eu-central-1" in note
    assert f"put-public-access-block --region eu-central-1 --account-id {ACCOUNT}" in note
    assert '"SourceBucket":"arn:aws:s3:::harbour-cargo"' in note
    assert not any("BatchReplication" in text or "EbsEncryption" in text for text in templates.values())
    modules = {one.name: one.text for one in terraform.export(design.document, ACCOUNT)}
    assert "create-job" in modules.pop("README.md")
    text = "".join(modules.values())
    assert "aws_ebs_encryption_by_default" in text
    assert "aws_s3_account_public_access_block" in text
