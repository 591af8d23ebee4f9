"""When a plan is not applied: nothing is written then, by the simulator's own record of requests."""

import json
from copy import deepcopy

import pytest

from provisioning.apply import ApplyRefused, apply_plan
from provisioning.clients import Clients
from provisioning.journal import Journal
from provisioning.plan_file import PlanProblem, read_plan
from provisioning.target import TargetProblem, TargetSpec
from tests.provisioning.cases import PRIMARY, bucket, design_of, key, plan_of, recorded, rule, run, spec_of, with_property, writes

EXPIRES = [rule("stowplan-data", Expiration={"Days": 30})]


def filled_bucket(simulator, name="theirs-since-2014", objects=3):
    s3 = simulator.client("s3", PRIMARY)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    for number in range(objects):
        s3.put_object(Bucket=name, Key=f"dumps/{number}", Body=b"12345")
    return s3, name


def attempt(plan, url, **said):
    """Applies with what is said, and gives what the simulator was asked to write."""
    arguments = {"approved_digest": plan["design_digest"], "accepted": [], "accepted_by": "", "journal": Journal(), **said}
    with recorded(url) as seen, pytest.raises(ApplyRefused) as refusal:
        apply_plan(plan, clients=Clients(spec_of(url)), **arguments)
    return refusal.value.lines, writes(seen)


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_without_approval_or_with_another_digest_nothing_is_written(url, digest):
    plan = plan_of(design_of(key(), bucket()), url)
    lines, written = attempt(plan, url, approved_digest=digest)
    assert plan["design_digest"] in lines[0]
    assert written == []


def test_a_bucket_that_changed_after_the_plan_is_refused(url, simulator):
    s3, name = filled_bucket(simulator)
    plan = plan_of(design_of(key(), bucket(adopt=name)), url)
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "team", "Value": "film"}]})
    accepted = [hazard["id"] for hazard in plan["hazards"]]
    lines, written = attempt(plan, url, accepted=accepted, accepted_by="Eve")
    assert lines == ["AWS::S3::Bucket.bucket-data is no longer as the plan saw it: make a new plan"]
    assert written == []


def test_a_hazard_needs_its_id_and_a_name(url, simulator):
    _, name = filled_bucket(simulator)
    plan = plan_of(design_of(bucket(adopt=name, LifecycleRules=EXPIRES)), url)
    (hazard,) = [one for one in plan["hazards"] if one["kind"] == "data-loss"]
    assert "3 objects (15 bytes" in hazard["sentence"]
    others = [one["id"] for one in plan["hazards"] if one is not hazard]
    lines, written = attempt(plan, url, accepted=others, accepted_by="Eve")
    assert hazard["id"] in lines[0]
    assert written == []
    lines, written = attempt(plan, url, accepted=[*others, hazard["id"]], accepted_by=" ")
    assert "by whom" in lines[0]
    assert written == []
    assert run(plan).state == "done"


def test_an_acceptance_survives_a_plan_that_finds_the_same_and_no_other(url, simulator):
    s3, name = filled_bucket(simulator)
    design = design_of(bucket(adopt=name, LifecycleRules=EXPIRES))
    first, second = plan_of(design, url), plan_of(design, url)
    assert [one["id"] for one in first["hazards"]] == [one["id"] for one in second["hazards"]]
    s3.put_object(Bucket=name, Key="dumps/new", Body=b"12345")
    ids = {one["id"] for one in plan_of(design, url)["hazards"] if one["kind"] == "data-loss"}
    assert ids.isdisjoint(one["id"] for one in first["hazards"])


def test_a_hazard_taken_out_of_the_file_is_found_again(url, simulator):
    _, name = filled_bucket(simulator)
    plan = plan_of(design_of(bucket(adopt=name, LifecycleRules=EXPIRES)), url)
    plan["hazards"] = []
    lines, written = attempt(plan, url)
    assert "deletes objects 30 days" in "".join(lines)
    assert written == []


def test_what_stands_in_a_plan_file_is_recomputed(url):
    plan = plan_of(design_of(key(), bucket()), url)
    assert read_plan(json.loads(json.dumps(plan))).digest == plan["design_digest"]

    def edited(change):
        other = deepcopy(plan)
        change(other)
        return other

    edits = {
        "design: the file was changed": lambda p: p["design"]["resources"][0]["properties"].update(Description="x"),
        "design_digest": lambda p: p.update(design_digest="0" * 64),
        "observed_fingerprint": lambda p: p["resource_changes"][0]["stowplan"].update(fingerprint="0" * 64),
        "not the resources of the design": lambda p: p["resource_changes"].pop(),
        "target.accounts": lambda p: p["target"]["accounts"].update(production="999999999999"),
        "--region": lambda p: p["target"].update(region="us-east-1"),
        "stowplan: expected an object": lambda p: p.pop("stowplan"),
        "hazards: expected a list": lambda p: p.pop("hazards"),
        "account: expected text": lambda p: p["target"].update(account=12),
        "expected 12 digits": lambda p: p["target"].update(account="12"),
    }
    for message, change in edits.items():
        with pytest.raises(PlanProblem, match=message):
            read_plan(edited(change))
    for nonsense in (None, [], "x", {}, {"stowplan": {"schema": "stowplan/plan/1"}}):
        with pytest.raises(PlanProblem):
            read_plan(nonsense)


def test_an_edited_hazard_does_not_fit_its_id(url, simulator):
    _, name = filled_bucket(simulator)
    plan = plan_of(design_of(bucket(adopt=name, LifecycleRules=EXPIRES)), url)
    plan["hazards"][0]["sentence"] = "Nothing happens."
    with pytest.raises(PlanProblem, match=r"hazards\[0\].id"):
        read_plan(plan)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://10.0.0.1:5000",
        "https://evil.example",
        "https://my-bucket.s3.amazonaws.com",
        "https://abc.execute-api.eu-central-1.amazonaws.com",
        "http://s3.amazonaws.com",
        "https://user@127.0.0.1",
        "file:///etc/passwd",
        "http://127.0.0.1.evil.example",
    ],
)
def test_an_endpoint_of_somebody_else_is_refused(endpoint):
    with pytest.raises(TargetProblem, match="endpoint"):
        Clients(TargetSpec("123456789012", endpoint_url=endpoint))


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000", "https://kms.eu-central-1.amazonaws.com"]
)
def test_loopback_and_aws_are_endpoints(endpoint):
    assert Clients(TargetSpec("123456789012", endpoint_url=endpoint)).endpoint_url == endpoint


def test_an_operator_may_allow_an_endpoint():
    assert Clients(TargetSpec("123456789012", endpoint_url="http://sim.internal:5000/"), ["http://sim.internal:5000"])


def test_a_bucket_in_the_wrong_region_or_of_somebody_else_is_blocked(url, simulator):
    s3 = simulator.client("s3", "us-west-2")
    s3.create_bucket(Bucket="far-away", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    plan = plan_of(design_of(bucket(adopt="far-away"), bucket("bucket-gone", adopt="nowhere-to-be-found")), url)
    reasons = {change["name"]: change["stowplan"]["blocked"] for change in plan["resource_changes"]}
    assert "stands in us-west-2" in reasons["bucket-data"]
    assert "does not exist" in reasons["bucket-gone"]
    with recorded(url) as seen:
        outcome = run(plan)
    assert outcome.exit_code == 1
    assert {one.state for one in outcome.resources} == {"blocked"}
    assert writes(seen) == []


def test_gates_cannot_be_accepted_away(url, simulator):
    s3, name = filled_bucket(simulator, objects=0)
    public = {"Sid": "Everybody", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [public]}))
    design = design_of(
        bucket(adopt=name), bucket("bucket-plain", Encryption=None), bucket("bucket-open", PublicAccessBlock={"BlockPublicAcls": True})
    )
    reasons = {change["name"]: change["stowplan"].get("blocked", "") for change in plan_of(design, url)["resource_changes"]}
    assert "let everybody in (statement Everybody)" in reasons["bucket-data"]
    assert "no default encryption" in reasons["bucket-plain"]
    assert "block public access" in reasons["bucket-open"]


def test_locked_data_does_not_lose_protection(url):
    strict = design_of(bucket(ObjectLock={"Mode": "GOVERNANCE", "Days": 30}))
    assert run(plan_of(strict, url)).state == "done"
    weaker = with_property(strict, "bucket-data", ObjectLock={"Mode": "GOVERNANCE", "Days": 7})
    (change,) = plan_of(weaker, url)["resource_changes"]
    assert "the design would protect them less" in change["stowplan"]["blocked"]
    longer = with_property(strict, "bucket-data", ObjectLock={"Mode": "COMPLIANCE", "Days": 60})
    plan = plan_of(longer, url)
    assert any("nobody, the account's root included" in hazard["sentence"] for hazard in plan["hazards"])
    assert run(plan).state == "done"


def test_a_lifecycle_quota_is_blocked_before_the_first_write(url):
    rules = [rule(f"stowplan-{number}", f"p{number}/", Expiration={"Days": 30}) for number in range(1001)]
    (change,) = plan_of(design_of(bucket(LifecycleRules=rules)), url)["resource_changes"]
    assert "1,001 lifecycle rules" in change["stowplan"]["blocked"]


def test_the_sixth_trail_is_blocked(url, simulator):
    from tests.provisioning.cases import log_bucket, trail

    trails = [trail(f"trail-{number}") for number in range(6)]
    plan = plan_of(design_of(key(), log_bucket(), *trails), url)
    blocked = [change["name"] for change in plan["resource_changes"] if "blocked" in change["stowplan"]]
    assert blocked == ["trail-5"]


def test_data_in_a_country_that_the_answers_do_not_name_is_a_hazard(url):
    from tests.provisioning.cases import DR

    design = design_of(bucket(), bucket("bucket-dr", DR), answers={"answers": {"cmp_residency": ["DE"]}})
    (hazard,) = plan_of(design, url)["hazards"]
    assert hazard["kind"] == "residency"
    assert "eu-west-1 (IE)" in hazard["sentence"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"region": "us-east-1"}, "--region us-east-1: the design says eu-central-1"),
        ({"dr_region": "us-east-1"}, "--dr-region us-east-1: the design says eu-west-1"),
        ({"role_arn": "arn:aws:iam::210987654321:role/x"}, "is of account 210987654321"),
        ({"external_id": "x1"}, "goes with a role"),
    ],
)
def test_a_target_that_does_not_fit_is_an_error(url, said, message):
    with pytest.raises(TargetProblem, match=message):
        plan_of(design_of(key()), url, **said)


def test_credentials_of_another_account_are_an_error(url):
    spec = TargetSpec(account="210987654321", endpoint_url=url)
    with pytest.raises(TargetProblem, match="the credentials are of account 123456789012"):
        Clients(spec).check(PRIMARY)
