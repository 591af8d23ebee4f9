"""What AWS may do to a run: deny, throttle, fail, answer late or not at all. The faults are put in front of the simulator."""

from collections import Counter

import pytest
from botocore.exceptions import ClientError

from provisioning.apply import ApplyRefused
from provisioning.journal import Journal
from provisioning.target import NotObserved
from tests.provisioning.cases import (
    PRIMARY,
    FaultyClients,
    bucket,
    change_of,
    design_of,
    key,
    of_every_type,
    plan_of,
    recorded,
    run,
    spec_of,
    writes,
)
from tests.provisioning.test_apply_crashes import check_end

# Every operation that makes a resource: one a type, but for the settings of an account, which are there before.
CREATIONS = (
    *("CreateKey", "CreateAlias", "CreateRole", "CreateBucket", "CreateLifecyclePolicy", "CreateTrail", "CreateJob"),
    *("CreateTopic", "Subscribe", "PutRule", "PutMetricAlarm", "CreateBackupVault", "CreateBackupPlan", "CreateBackupSelection"),
    *("CreateRestoreTestingPlan", "CreateRestoreTestingSelection", "CreateReportPlan", "CreateFramework"),
)


def states(outcome):
    return {one.address.rpartition(".")[2]: one.state for one in outcome.resources}


def test_one_denied_call_leaves_the_rest_done_and_is_named(url, simulator):
    design = of_every_type()
    plan, journal = plan_of(design, url), Journal()
    denied = FaultyClients(
        spec_of(url), lambda operation: (403, "AccessDenied") if operation == "PutBucketLifecycleConfiguration" else None
    )
    outcome = run(plan, denied, journal)
    assert outcome.exit_code == 1
    assert outcome.missing_permissions == ("s3:PutLifecycleConfiguration",)
    buckets = sum(one["type"] == "AWS::S3::Bucket" for one in design.document["resources"])
    assert Counter(states(outcome).values()) == {"failed": buckets, "done": len(design.document["resources"]) - buckets}
    assert any("s3:PutLifecycleConfiguration is not allowed" in line for line in outcome.lines())
    assert run(plan, journal=journal).state == "done"
    check_end(simulator, design, url, journal)


def test_what_needs_something_denied_is_skipped(url, simulator):
    denied = FaultyClients(spec_of(url), lambda operation: (400, "AccessDeniedException") if operation == "CreateKey" else None)
    design = of_every_type()
    plan, journal = plan_of(design, url), Journal()
    outcome = run(plan, denied, journal)
    found = states(outcome)
    assert found["key-data"] == found["key-dr"] == "failed"
    assert found["alias-key-data"] == found["bucket-data"] == found["trail-main"] == found["vault-main"] == "skipped"
    assert found["bucket-logs"] == found["role-dlm"] == found["dlm-volumes"] == found["ebs-production"] == "done"
    assert outcome.missing_permissions == ("kms:CreateKey",)
    assert run(plan, journal=journal).state == "done"
    check_end(simulator, design, url, journal)


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("GetBucketPolicy", "s3:GetBucketPolicy"),
        ("GetBucketLifecycleConfiguration", "s3:GetLifecycleConfiguration"),
        ("GetBucketTagging", "s3:GetBucketTagging"),
        ("GetBucketEncryption", "s3:GetEncryptionConfiguration"),
        ("GetBucketReplication", "s3:GetReplicationConfiguration"),
        ("GetObjectLockConfiguration", "s3:GetBucketObjectLockConfiguration"),
        ("GetBucketLocation", "s3:GetBucketLocation"),
    ],
)
def test_a_denied_read_is_never_taken_for_not_configured(url, simulator, operation, action):
    simulator.client("s3", PRIMARY).create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    denied = FaultyClients(spec_of(url), lambda one: (403, "AccessDenied") if one == operation else None)
    plan = plan_of(design_of(bucket(adopt="theirs")), url, denied)
    assert action in change_of(plan, "bucket-data")["stowplan"]["blocked"]
    with recorded(url) as seen:
        assert run(plan, denied).exit_code == 1
    assert writes(seen) == []
    with pytest.raises(ApplyRefused):
        run(plan)


@pytest.mark.parametrize("operation", ["ListKeys", "ListResourceTags"])
def test_without_a_look_at_the_keys_none_is_made(url, operation):
    """Denied tags, and the tagging API denied too: it cannot be told whether our key is there."""
    assert run(plan_of(design_of(key("key-other")), url)).state == "done"
    denied = FaultyClients(spec_of(url), lambda one: (400, "AccessDeniedException") if one in (operation, "GetResources") else None)
    plan = plan_of(design_of(key("key-other"), key()), url, denied)
    assert "cannot be told" in change_of(plan, "key-data")["stowplan"]["blocked"]
    assert any("cannot be told" in note for note in plan["stowplan"]["notes"])


def test_answers_that_get_lost_make_nothing_twice(url, simulator):
    """The first answer to every kind of creation is lost; the creation took effect."""
    lost = Counter()

    def once(operation):
        lost[operation] += 1
        return operation in CREATIONS and lost[operation] == 1

    design, journal = of_every_type(), Journal()
    outcome = run(plan_of(design, url), FaultyClients(spec_of(url), lost=once), journal)
    assert all(lost[operation] for operation in CREATIONS)
    assert outcome.state == "done", outcome.lines()
    check_end(simulator, design, url, journal)


def test_creations_that_failed_inside_of_aws_are_tried_again(url, simulator):
    """Every kind of creation fails twice without effect."""
    asked = Counter()

    def twice(operation):
        asked[operation] += 1
        return (500, "InternalError") if operation in CREATIONS and asked[operation] <= 2 else None

    design, journal = of_every_type(), Journal()
    assert run(plan_of(design, url), FaultyClients(spec_of(url), twice), journal).state == "done"
    assert all(asked[operation] > 2 for operation in CREATIONS)
    check_end(simulator, design, url, journal)


def test_every_seventh_request_throttled_ends_right(url, simulator):
    asked = Counter()

    def throttle(operation):
        asked["all"] += 1
        code = "SlowDown" if "Bucket" in operation or "Object" in operation else "ThrottlingException"
        return (503 if code == "SlowDown" else 400, code) if asked["all"] % 7 == 0 else None

    design, journal = of_every_type(), Journal()
    clients = FaultyClients(spec_of(url), throttle)
    assert run(plan_of(design, url, clients), clients, journal).state == "done"
    assert asked["all"] > 70
    check_end(simulator, design, url, journal)


def test_a_role_that_is_not_known_yet_is_waited_for(url, simulator):
    """DLM answers InvalidRequestException while it does not know a new role; the simulator knows at once."""
    asked = Counter()

    def not_yet(operation):
        asked[operation] += 1
        return (400, "InvalidRequestException") if operation == "CreateLifecyclePolicy" and asked[operation] <= 3 else None

    design, journal = of_every_type(), Journal()
    assert run(plan_of(design, url), FaultyClients(spec_of(url), not_yet), journal).state == "done"
    assert asked["CreateLifecyclePolicy"] == 4
    check_end(simulator, design, url, journal)


def test_a_name_taken_by_somebody_else_is_said(url):
    taken = FaultyClients(spec_of(url), lambda operation: (409, "BucketAlreadyExists") if operation == "CreateBucket" else None)
    outcome = run(plan_of(design_of(bucket()), url), taken)
    assert "taken by somebody else" in outcome.resources[0].message


def test_expired_credentials_end_the_run(url):
    expired = FaultyClients(spec_of(url), lambda operation: (400, "ExpiredTokenException") if operation == "CreateKey" else None)
    outcome = run(plan_of(of_every_type(), url), expired)
    assert outcome.state == "failed"
    assert "open" in states(outcome).values()


def test_an_endpoint_that_nobody_listens_on_is_no_empty_account(aws_credentials):
    with pytest.raises(NotObserved):
        plan_of(design_of(key()), "http://127.0.0.1:9")


def test_faults_are_faults(url):
    """The clients of these tests do fail in the way that botocore shows."""
    for service, operation, call in (
        ("s3", "ListBuckets", "list_buckets"),
        ("kms", "ListKeys", "list_keys"),
        ("iam", "ListRoles", "list_roles"),
    ):
        clients = FaultyClients(spec_of(url), lambda one, operation=operation: (403, "AccessDenied") if one == operation else None)
        with pytest.raises(ClientError, match="AccessDenied"):
            getattr(clients.client(service, "123456789012", PRIMARY), call)()
