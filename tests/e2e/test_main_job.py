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
from tests.support.stack import Stack

CUSTOMER = "Northwind Clinics"
WORKLOAD = "Scanned charts and consents"
SLOW = 240_000  # milliseconds, for what the worker does


@pytest.mark.stack
def test_from_a_changed_answer_to_an_account_as_designed(stack: Stack, page: Page) -> None:
    log_in(page, stack, "consultant")
    open_assessment(page, stack)
    before = generate(page)
    change_answer(page, "Access and life of the data", "#q-wl_versions_keep", "90d")
    design = generate(page)
    assert design["digest"] != before["digest"]
    render(page, design["digest"])

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


# ------------------------------------------------------------------------------------------------------- what people do
def open_assessment(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.url}/assessments/")
    page.get_by_role("link", name=CUSTOMER, exact=True).first.click()
    expect(page.get_by_role("navigation", name="Assessment")).to_be_visible()


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Assessment").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def generate(page: Page) -> dict[str, Any]:
    """Generate the design on its tab; returns design.json as the browser downloads it."""
    tab(page, "Design")
    page.get_by_role("button", name=re.compile("Make the design")).first.click()
    page.wait_for_load_state()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"design\.json", re.IGNORECASE)).first.click()
    return json.loads(download.value.path().read_text())


def change_answer(page: Page, section: str, question: str, value: str) -> None:
    """Open the workload's section from the overview, change one field, and wait until the page says that it is saved."""
    tab(page, "Discovery")
    page.get_by_role("link", name=WORKLOAD).first.click()
    page.get_by_role("link", name=re.compile(section)).first.click()
    field = page.locator(f"{question} input[type=text]").first
    field.fill(value)
    field.press("Tab")
    expect(page.locator(f"{question} [role=status]")).to_contain_text("Saved")
    page.reload()
    expect(page.locator(f"{question} input[type=text]").first).to_have_value(value)


def render(page: Page, digest: str) -> None:
    """Have the worker render the design document, see the progress, and find the digest in the PDF."""
    tab(page, "Documents")
    page.get_by_role("button", name=re.compile("^Render ")).first.click()
    expect(page.get_by_text(re.compile("Waiting for a worker|Rendering|Starting")).first).to_be_visible()
    expect(page.get_by_role("link", name="Download the PDF")).to_be_visible(timeout=SLOW)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    content = download.value.path().read_bytes()
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.pages) > 10
        attached = [document.attachments[name].get_file().read_bytes() for name in document.attachments]
    assert digest in {json.loads(one)["digest"] for one in attached}


def approve(page: Page, digest: str) -> None:
    """Approve as the customer's reviewer, by name, exactly the design that was read."""
    tab(page, "Review")
    expect(page.get_by_text(digest[:8]).first).to_be_visible()
    page.get_by_label("Type your name to approve").fill("Rafael Reviewer")
    page.get_by_role("button", name=re.compile(r"Approve version \d+")).click()
    expect(page.get_by_text(re.compile("Approved by Rafael Reviewer")).first).to_be_visible()


def plan(page: Page) -> None:
    """Make a plan for the demo's target and wait until it is there."""
    tab(page, "Apply")
    page.get_by_role("button", name=re.compile("Make a plan")).first.click()
    expect(page.locator("#plan-title")).to_be_visible(timeout=SLOW)


def apply(page: Page) -> None:
    """Accept each hazard by hand, apply, and watch until every call is made."""
    for hazard in page.locator("input[type=checkbox][name=accept]").all():
        hazard.check()
    page.get_by_role("button", name=re.compile("Apply to account")).click()
    expect(page.locator("#run-title")).to_contain_text(re.compile("Waiting for a worker|Applying|Applied"))
    expect(page.locator("#run-title")).to_contain_text(re.compile("Applied|Not everything|Refused"), timeout=SLOW)
    expect(page.locator("#run-title")).to_contain_text("all went well")
    expect(page.locator(".steps li.step-done").first).to_be_visible()


# --------------------------------------------------------------------------------------- what the account has, by plain boto3
def check_buckets(account: Account) -> None:
    buckets = account.of_type("AWS::S3::Bucket")
    assert any(one["properties"].get("LifecycleRules") for one in buckets)
    assert any(one["properties"].get("Replication") for one in buckets)
    for resource in buckets:
        s3, name = account.client("s3", resource), account.actual(resource)["Name"]
        assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == (
            None if resource["region"] == "us-east-1" else resource["region"]
        )
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
