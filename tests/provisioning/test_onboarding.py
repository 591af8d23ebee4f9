"""The role of a target: it allows what the plan calls, nothing else, and the simulator refuses what a missing statement allowed."""

import fnmatch
import json
import os
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from provisioning.onboarding import POLICY_CHARACTERS, onboardings
from provisioning.onboarding_files import files_of
from provisioning.plan_file import read_plan
from tests.provisioning.cases import ACCOUNT, PRIMARY, bucket, design_of, of_every_type, plan_of, run
from tests.support.processes import manage

REGIONS = {"eu-central-1", "eu-west-1"}


def role_of(plan):
    return onboardings(plan, read_plan(plan))[0]


def allowed(statements, action, arn):
    """Whether an Allow statement names the action on this ARN; conditions are judged by AWS."""
    return any(
        statement["Effect"] == "Allow"
        and action in statement["Action"]
        and any(fnmatch.fnmatchcase(arn, one) for one in statement["Resource"])
        for statement in statements
    )


# How AWS ends the ARN of what a call of AWS Backup is judged by; its vaults are the rest.
OF_BACKUP = {
    "create_backup_selection": "backup-plan:1234",
    "create_restore_testing_selection": "restore-testing-plan:stowplan_1-1234",
}
CREATED_ON_ALL = {f"backup:Create{name}" for name in ("BackupPlan", "Framework", "ReportPlan", "RestoreTestingPlan")}


def needed(plan):
    """(action, ARN) of each call, told from its parameters and not from the policy's rules."""
    found = set()
    for change in plan["resource_changes"]:
        words = change["stowplan"]
        for call in words["calls"]:
            service, name = call["service"], words["id"]
            region = words["region"]
            place = f"{region}:{ACCOUNT}"
            arn = {
                "s3": f"arn:aws:s3:::{name}",
                "iam": f"arn:aws:iam::{ACCOUNT}:role/{name}",
                "kms": "*" if call["operation"] == "create_key" else f"arn:aws:kms:{region}:{ACCOUNT}:{name or 'key/1234'}",
                "dlm": "*",
                "cloudtrail": f"arn:aws:cloudtrail:{region}:{ACCOUNT}:trail/{name}",
                # AWS judges a subscription by its topic.
                "sns": call["parameters"].get("TopicArn") or f"arn:aws:sns:{region}:{ACCOUNT}:{name}",
                "events": f"arn:aws:events:{region}:{ACCOUNT}:rule/{name}",
                "cloudwatch": f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{name}",
                "backup": f"arn:aws:backup:{place}:{OF_BACKUP.get(call['operation'], 'backup-vault:{}').format(name)}",
                # Settings of the whole account, and a job that has no id yet.
                "ec2": "*",
                "s3control": "*",
            }[service]
            if call["action"] in CREATED_ON_ALL:
                arn = "*"
            found.add((call["action"], arn))
    return found


def test_every_call_is_allowed_and_every_writing_statement_is_needed(url):
    plan = plan_of(of_every_type(), url)
    statements = role_of(plan).statements
    assert {one for one in needed(plan) if not allowed(statements, *one)} == set()
    writing = [one for one in statements if one["Sid"].startswith("StowplanWrite")]
    actions = {call["action"] for change in plan["resource_changes"] for call in change["stowplan"]["calls"]}
    tagging = {f"{one}:TagResource" for one in ("backup", "cloudwatch", "dlm", "events", "kms", "sns")}
    tagging |= {"iam:TagRole", "cloudtrail:AddTags", "s3:PutJobTagging"}
    # A vault with a key of the customer's, and the roles of its own that AWS Backup makes with the first plan of a kind.
    beside = {"backup-storage:MountCapsule", "iam:CreateServiceLinkedRole"}
    beside |= {f"kms:{one}" for one in ("CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey", "RetireGrant")}
    held = {"backup:PutBackupVaultLockConfiguration"}
    assert {action for one in writing for action in one["Action"]} == (actions - held) | tagging | beside
    sids = [one["Sid"] for one in statements]
    assert len(set(sids)) == len(sids)
    assert all(one.isalnum() for one in sids), sids


def test_the_tags_of_everything_that_is_looked_for_may_be_read(url):
    statements = role_of(plan_of(of_every_type(), url)).statements
    of_backup = ("backup-vault:stowplan-a", "backup-plan:1234", "framework:stowplan_a-1", "report-plan:stowplan_a-1")
    for ending in (*of_backup, "restore-testing-plan:stowplan_a-1"):
        assert allowed(statements, "backup:ListTags", f"arn:aws:backup:{PRIMARY}:{ACCOUNT}:{ending}"), ending


def test_roles_are_passed_to_their_services_only_and_nothing_may_be_deleted(url):
    statements = {one["Sid"]: one for one in role_of(plan_of(of_every_type(), url)).statements}
    for sid, service, name in (
        ("StowplanPassS3", "s3", "role-replicate"),
        ("StowplanPassDlm", "dlm", "role-dlm"),
        ("StowplanPassBackup", "backup", "role-backup"),
        ("StowplanPassBatchoperations", "batchoperations.s3", "role-existing"),
    ):
        assert statements[sid]["Action"] == ["iam:PassRole"]
        assert statements[sid]["Condition"] == {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}}
        (arn,) = statements[sid]["Resource"]
        assert arn.startswith(f"arn:aws:iam::{ACCOUNT}:role/stowplan-harbour-{name}")
    never = statements["StowplanNeverDelete"]
    assert never["Effect"] == "Deny"
    assert {"s3:DeleteObject*", "kms:ScheduleKeyDeletion", "cloudtrail:StopLogging", "backup:DeleteRecoveryPoint"} <= set(never["Action"])
    assert set(statements["StowplanTheseRegions"]["Condition"]["StringNotEquals"]["aws:RequestedRegion"]) == REGIONS
    wild = [one for one in statements.values() if one["Effect"] == "Allow" and any("*" in action for action in one["Action"])]
    assert wild == []


def test_object_lock_stands_apart_and_nothing_is_asked_for_that_the_plan_does_not_do(url):
    plan = plan_of(design_of(bucket(ObjectLock={"Mode": "GOVERNANCE", "Days": 30})), url)
    role = role_of(plan)
    assert role.held == ("s3:PutBucketObjectLockConfiguration",)
    apart = [one for one in role.statements if "s3:PutBucketObjectLockConfiguration" in one.get("Action", ())]
    assert [one["Sid"] for one in apart] == ["StowplanHeldApartS31"]
    assert {action.partition(":")[0] for one in role.statements if one["Effect"] == "Allow" for action in one["Action"]} == {"s3", "tag"}


def test_an_applied_plan_needs_reads_only(url):
    design = of_every_type()
    run(plan_of(design, url))
    statements = role_of(plan_of(design, url)).statements
    assert {one["Sid"][:12] for one in statements if one["Effect"] == "Allow"} == {"StowplanRead"}


def test_a_large_policy_is_cut_into_managed_policies_within_iams_limit(url):
    plan = plan_of(design_of(*(bucket(f"bucket-{number:03}") for number in range(150))), url)
    policies = role_of(plan).policies
    assert len(policies) > 1
    assert all(len(json.dumps(one, separators=(",", ":"))) <= POLICY_CHARACTERS for one in policies)
    statements = [statement for one in policies for statement in one["Statement"]]
    assert {one for one in needed(plan) if not allowed(statements, *one)} == set()


def test_templates_pass_the_linter_and_terraform_says_the_same(url, tmp_path):
    plan = plan_of(of_every_type(), url)
    plan["target"] |= {"role_arn": f"arn:aws:iam::{ACCOUNT}:role/stowplan", "external_id": "harbour-4711"}
    files = {file.name: file.text for file in files_of(plan, read_plan(plan))}
    template = tmp_path / f"onboard-{ACCOUNT}.template.yaml"
    template.write_text(files[template.name])
    linter = subprocess.run([Path(sys.executable).with_name("cfn-lint"), template], capture_output=True, text=True, check=False)
    assert linter.returncode == 0, linter.stdout
    stack = yaml.safe_load(template.read_text())
    assert stack["Parameters"]["ExternalId"]["Default"] == "harbour-4711"
    trust = stack["Resources"]["Role"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    module = json.loads(files[f"onboard-{ACCOUNT}.tf.json"])["resource"]
    ours = [json.loads(one["policy"].replace("$${", "${")) for one in module["aws_iam_policy"].values()]
    theirs = [one["Properties"]["PolicyDocument"] for one in stack["Resources"].values() if one["Type"] == "AWS::IAM::ManagedPolicy"]
    assert ours == theirs
    assert module["aws_iam_role"]["stowplan"]["name"] == stack["Resources"]["Role"]["Properties"]["RoleName"]


def test_the_command_writes_the_files_and_refuses_an_edited_plan(url, tmp_path):
    plan = plan_of(of_every_type(), url)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    done = manage("onboard", path, "--out", tmp_path / "role", "--json")
    assert done.returncode == 0, done.stderr
    assert sorted(json.loads(done.stdout)["files"]) == sorted(file.name for file in (tmp_path / "role").iterdir())
    path.write_text(json.dumps({**plan, "design_digest": "0" * 64}))
    refused = manage("onboard", path, "--out", tmp_path / "other")
    assert refused.returncode == 2
    assert not (tmp_path / "other").exists()


# ------------------------------------------------------------------------------------------- judged by the simulator's IAM
def as_the_simulator_judges(statements):
    """moto knows no conditions and, but for S3, no resources; it takes some S3 calls for creations or listings of the bucket, and calls
    CloudWatch by its host."""
    found = [{"Sid": "Moto", "Effect": "Allow", "Action": ["s3:ListBucket", "s3:ListAllMyBuckets", "s3:CreateBucket"], "Resource": "*"}]
    for statement in statements:
        if statement["Effect"] == "Allow":
            # A bucket's ARN names no Region, and moto takes none in an ARN of S3.
            s3 = statement["Action"][0].startswith("s3:") and not any(":job/" in one for one in statement["Resource"])
            resource = statement["Resource"] if s3 else "*"
            actions = [one.replace("cloudwatch:", "monitoring:") for one in statement["Action"]]
            found.append({**{k: v for k, v in statement.items() if k != "Condition"}, "Action": actions, "Resource": resource})
    return {"Version": "2012-10-17", "Statement": found}


def judged():
    """Every type that moto's IAM can judge: DLM's backend is the simulator's own, and of AWS Backup and S3 Control moto computes other
    signatures than boto3."""
    unjudged = ("AWS::DLM::", "AWS::Backup::", "AWS::S3::BatchReplication", "AWS::S3::AccountPublicAccessBlock")
    return design_of(*(one for one in of_every_type().document["resources"] if not one["type"].startswith(unjudged)))


@contextmanager
def enforced(url):
    _auth(url, "0")
    try:
        yield
    finally:
        _auth(url, "inf")


def _auth(url, count):
    request = urllib.request.Request(
        f"{url}/moto-api/reset-auth", data=count.encode(), headers={"Content-Type": "text/plain"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30):
        pass


@pytest.fixture
def with_policy(url, simulator, monkeypatch):
    """A caller whose only rights are those of a policy, under the simulator's IAM."""
    iam = simulator.client("iam")
    iam.create_user(UserName="stowplan")
    keys = iam.create_access_key(UserName="stowplan")["AccessKey"]
    monkeypatch.setitem(os.environ, "AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setitem(os.environ, "AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])

    def put(statements):
        document = json.dumps(as_the_simulator_judges(statements))
        iam.put_user_policy(UserName="stowplan", PolicyName="stowplan", PolicyDocument=document)

    return put


def test_with_the_whole_policy_the_plan_is_applied(url, with_policy):
    plan = plan_of(judged(), url)
    with_policy(role_of(plan).statements)
    with enforced(url):
        outcome = run(plan)
    assert outcome.state == "done", outcome.lines()


@pytest.mark.parametrize(
    ("action", "operation"),
    [
        ("kms:CreateKey", "create_key"),
        ("kms:CreateAlias", "create_alias"),
        ("iam:CreateRole", "create_role"),
        ("s3:PutBucketVersioning", "put_bucket_versioning"),
        ("cloudtrail:CreateTrail", "create_trail"),
        ("sns:CreateTopic", "create_topic"),
        ("events:PutRule", "put_rule"),
        ("cloudwatch:PutMetricAlarm", "put_metric_alarm"),
        ("ec2:EnableEbsEncryptionByDefault", "enable_ebs_encryption_by_default"),
    ],
)
def test_without_one_statement_apply_fails_at_the_step_that_needs_it(url, with_policy, action, operation):
    plan = plan_of(judged(), url)
    statements = role_of(plan).statements
    with_policy([one for one in statements if action not in one.get("Action", ()) or one["Effect"] == "Deny"])
    with enforced(url):
        outcome = run(plan)
    assert outcome.state == "failed"
    assert action in outcome.missing_permissions, outcome.lines()
    assert any(f"{operation}: {action} is not allowed" in line for line in outcome.lines())


def test_another_bucket_is_out_of_reach(url, simulator, with_policy):
    from botocore.exceptions import ClientError

    from provisioning.clients import Clients
    from tests.provisioning.cases import spec_of

    plan = plan_of(design_of(bucket()), url)
    simulator.client("s3", PRIMARY).create_bucket(Bucket="theirs", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    with_policy(role_of(plan).statements)
    with enforced(url):
        s3 = Clients(spec_of(url)).client("s3", ACCOUNT, PRIMARY)
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_bucket_versioning(Bucket="theirs", VersioningConfiguration={"Status": "Enabled"})
