"""The main job, from a changed answer to an account that is as the design says, by the three people whose job it is."""

import io
import json
import re
from typing import Any

import pikepdf
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.readback import Account
from tests.support.browser import log_in
from tests.support.journey import apply, approve, change_answer, generate, open_assessment, plan, render
from tests.support.stack import Stack


@pytest.mark.stack
def test_from_a_changed_answer_to_an_account_as_designed(stack: Stack, page: Page) -> None:
    log_in(page, stack, "consultant")
    open_assessment(page, stack)
    before = generate(page)
    change_answer(page, "Access and life of the data", "#q-wl_versions_keep", "90d")
    design = generate(page)
    assert design["digest"] != before["digest"]
    check_document(render(page), design["digest"])

    log_in(page, stack, "reviewer")
    open_assessment(page, stack)
    approve(page, design["digest"])

    log_in(page, stack, "engineer")
    open_assessment(page, stack)
    plan(page)
    expect(page.get_by_role("heading", name=re.compile(r"\d+ (resources? )?to create"))).to_be_visible()
    apply(page)

    account = Account(stack.simulator, design)
    check_buckets(account)
    check_keys(account)
    check_snapshot_policies(account)
    check_trails(account)

    open_assessment(page, stack)
    plan(page)
    expect(page.get_by_role("heading", name="No changes")).to_be_visible()


def check_document(content: bytes, digest: str) -> None:
    """The PDF is of this very design: design.json is attached to it."""
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) > 10
        attached = document.attachments["design.json"].get_file().read_bytes()
    assert json.loads(attached)["digest"] == digest


# --------------------------------------------------------------------------------------- what the account has, by plain boto3
def check_buckets(account: Account) -> None:
    buckets = account.of_type("AWS::S3::Bucket")
    assert any(one["properties"].get("LifecycleRules") for one in buckets)
    assert any(one["properties"].get("Replication") for one in buckets)
    for resource in buckets:
        s3, name = account.client("s3", resource), account.actual(resource)["Name"]
        assert (s3.get_bucket_location(Bucket=name)["LocationConstraint"] or "us-east-1") == resource["region"]
        rules = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"] if account.wanted(resource, "LifecycleRules") else []
        assert by_id(rules) == by_id(account.wanted(resource, "LifecycleRules") or [])
        assert encryption(s3, name) == without_nothing(account.wanted(resource, "Encryption"))
        assert s3.get_bucket_versioning(Bucket=name).get("Status") == account.wanted(resource, "Versioning")
        assert s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"] == account.wanted(resource, "PublicAccessBlock")
        if replication := account.wanted(resource, "Replication"):
            found = s3.get_bucket_replication(Bucket=name)["ReplicationConfiguration"]
            assert (found["Role"], by_id(found["Rules"])) == (replication["Role"], by_id(replication["Rules"]))


def by_id(rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {rule["ID"]: rule for rule in rules}


def encryption(s3: Any, bucket: str) -> dict[str, Any]:
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    return without_nothing({**rule["ApplyServerSideEncryptionByDefault"], "BucketKeyEnabled": rule.get("BucketKeyEnabled")})


def without_nothing(value: dict[str, Any]) -> dict[str, Any]:
    return {name: one for name, one in value.items() if one not in (None, False)}


def check_keys(account: Account) -> None:
    for resource in account.of_type("AWS::KMS::Key"):
        metadata, kms = account.actual(resource), account.client("kms", resource)
        assert metadata["MultiRegion"] == account.wanted(resource, "MultiRegion")
        rotation = kms.get_key_rotation_status(KeyId=metadata["KeyId"])["KeyRotationEnabled"]
        assert rotation == account.wanted(resource, "EnableKeyRotation")


def check_snapshot_policies(account: Account) -> None:
    for resource in account.of_type("AWS::DLM::LifecyclePolicy"):
        found = account.actual(resource)
        for name in ("State", "ExecutionRoleArn", "PolicyDetails"):
            assert contains(found[name], account.wanted(resource, name)), (resource["key"], name)


def contains(found: Any, wanted: Any) -> bool:
    """Whether everything wanted is there; AWS adds its defaults."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(contains(found.get(name), value) for name, value in wanted.items())
    if isinstance(wanted, list):
        return isinstance(found, list) and len(found) == len(wanted) and all(map(contains, found, wanted))
    return bool(found == wanted)


def check_trails(account: Account) -> None:
    for resource in account.of_type("AWS::CloudTrail::Trail"):
        cloudtrail = account.client("cloudtrail", resource)
        trails = {trail["TrailARN"]: trail for trail in cloudtrail.describe_trails()["trailList"]}
        ours = {"Key": "stowplan:resource", "Value": resource["key"]}
        tagged = cloudtrail.list_tags(ResourceIdList=list(trails))["ResourceTagList"]
        (trail,) = (trails[one["ResourceId"]] for one in tagged if ours in one["TagsList"])
        assert trail["S3BucketName"] == account.wanted(resource, "S3BucketName")
        assert trail["IsMultiRegionTrail"] == account.wanted(resource, "IsMultiRegionTrail")
        assert trail["LogFileValidationEnabled"] == account.wanted(resource, "EnableLogFileValidation")
        assert trail.get("KmsKeyId") == account.wanted(resource, "KmsKeyId")
        assert cloudtrail.get_trail_status(Name=trail["TrailARN"])["IsLogging"] == account.wanted(resource, "IsLogging")
        selectors = cloudtrail.get_event_selectors(TrailName=trail["TrailARN"]).get("AdvancedEventSelectors", [])
        assert contains(selectors, account.wanted(resource, "AdvancedEventSelectors") or [])
