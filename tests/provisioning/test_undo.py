"""Undo of a run over HTTP against the simulator: what was made goes while it is empty, what was set is put back, what others set stays."""

import json

import pytest

from provisioning.apply import ApplyRefused
from provisioning.journal import MemoryJournal
from provisioning.undo.plan import UndoProblem
from tests.provisioning.backups import vault
from tests.provisioning.cases import ACCOUNT, PRIMARY, bucket, change_of, design_of, key, of_every_type, plan_of, role, rule, sub
from tests.provisioning.undoing import actions, applied, carry, step_of, undo_of

MORE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]}
KMS = {"SSEAlgorithm": "aws:kms", "BucketKeyEnabled": True, "KMSMasterKeyID": sub("${key-data.arn}")}


@pytest.mark.long
def test_each_type_that_was_created_is_taken_away_and_what_was_there_is_put_back(url, simulator):
    design = of_every_type()
    before = plan_of(design, url)
    plan, journal = applied(design, url)
    undo = undo_of(plan, journal, url)
    # The job wrote its report, so its bucket holds something and stays; what a job copied is data.
    stays = {"existing-data", "bucket-requests"}
    put_back = {"closed-production", "ebs-production"}
    expected = {
        one["name"]: "keep" if one["name"] in stays else "restore" if one["name"] in put_back else "delete"
        for one in before["resource_changes"]
    }
    assert actions(undo) == expected
    assert any("Object Lock" in one or "versioning" in one or "30 days" in one for one in undo["not_undone"])
    outcome = carry(undo, plan, journal, url)
    assert outcome.state == "done", outcome.lines()

    after = plan_of(design, url)
    for change in before["resource_changes"]:
        name = change["name"]
        if name in stays:
            continue
        # A key in its waiting time blocks whoever wants to make it again, and says how to get it back.
        now = change_of(after, name)
        if change["type"] == "AWS::KMS::Key":
            assert "PendingDeletion" in now["stowplan"]["blocked"]
        elif "blocked" not in now["stowplan"]:
            assert (now["change"]["actions"], now["change"]["before"]) == (change["change"]["actions"], change["change"]["before"]), name
    kms = simulator.client("kms", PRIMARY)
    [dying] = list(kms.list_keys()["Keys"])
    about = kms.describe_key(KeyId=dying["KeyId"])["KeyMetadata"]
    assert (about["DeletionDate"].date() - about["CreationDate"].date()).days == 30
    assert set(actions(undo_of(plan, journal, url)).values()) == {"gone", "keep"}


def test_settings_of_an_adopted_bucket_are_put_back_and_what_somebody_changed_since_stays(url, simulator):
    s3 = simulator.client("s3", PRIMARY)
    s3.create_bucket(Bucket="harbour-cargo", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    s3.put_bucket_tagging(Bucket="harbour-cargo", Tagging={"TagSet": [{"Key": "owner", "Value": "film"}, {"Key": "team", "Value": "a"}]})
    theirs = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 3}}
    s3.put_bucket_lifecycle_configuration(Bucket="harbour-cargo", LifecycleConfiguration={"Rules": [theirs]})
    s3.put_object(Bucket="harbour-cargo", Key="1.txt", Body=b"cargo")
    design = design_of(key(), bucket(adopt="harbour-cargo", Encryption=KMS))
    before = change_of(plan_of(design, url), "bucket-data")["change"]["before"]
    plan, journal = applied(design, url)

    s3.delete_public_access_block(Bucket="harbour-cargo")
    tags = s3.get_bucket_tagging(Bucket="harbour-cargo")["TagSet"]
    s3.put_bucket_tagging(Bucket="harbour-cargo", Tagging={"TagSet": [*tags, {"Key": "later", "Value": "yes"}]})
    s3.put_bucket_ownership_controls(Bucket="harbour-cargo", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]})
    undo = undo_of(plan, journal, url)
    step = step_of(undo, "bucket-data")
    assert step["action"] == "restore"
    assert {one["setting"]: one["reason"] for one in step["kept"]}["ObjectOwnership"] == "somebody changed it since the run"
    assert "never be turned off" in {one["setting"]: one["reason"] for one in step["kept"]}["Versioning"]
    # An object may be encrypted with the key.
    assert actions(undo)["key-data"] == "keep"
    assert "may be encrypted" in step_of(undo, "key-data")["reason"]
    assert carry(undo, plan, journal, url).state == "done"

    now = change_of(plan_of(design, url), "bucket-data")["change"]["before"]
    assert now["Tags"] == {**before["Tags"], "later": "yes"} == {"owner": "film", "team": "a", "later": "yes"}
    assert now["ObjectOwnership"] == "ObjectWriter"
    assert now["Versioning"] == "Suspended"
    for name in ("LifecycleRules", "Encryption", "PolicyStatements", "PublicAccessBlock"):
        assert now[name] == before[name], name
    assert s3.get_object(Bucket="harbour-cargo", Key="1.txt")["Body"].read() == b"cargo"


def test_a_second_run_s_changes_go_back_to_what_the_first_made(url, simulator):
    first = design_of(key(), vault(), role(), bucket())
    applied(first, url)
    # What the first design made, changed by the second.
    longer = rule("stowplan-data", Transitions=[{"Days": 30, "StorageClass": "GLACIER_IR"}])
    more = {**role()["properties"]["Policies"], "more": role()["properties"]["Policies"]["work"]}
    second = design_of(
        key(RotationPeriodInDays=90, Description="Other"),
        vault(lock={"MinRetentionDays": 7}),
        role(Policies=more),
        bucket(LifecycleRules=[longer]),
    )
    was = {one["name"]: one["change"]["before"] for one in plan_of(second, url)["resource_changes"]}
    plan, journal = applied(second, url)
    undo = undo_of(plan, journal, url)
    assert set(actions(undo).values()) == {"restore"}
    assert carry(undo, plan, journal, url).state == "done"
    assert {one["name"]: one["change"]["before"] for one in plan_of(second, url)["resource_changes"]} == was


def test_what_holds_data_or_was_changed_stays_with_the_reason(url, simulator):
    plan, journal = applied(design_of(key(), bucket(Encryption=KMS), bucket("bucket-other"), vault(), role()), url)
    s3, iam, backup = simulator.client("s3", PRIMARY), simulator.client("iam", PRIMARY), simulator.client("backup", PRIMARY)
    ids = {one["name"]: one["stowplan"]["id"] for one in plan["resource_changes"]}
    s3.put_object(Bucket=ids["bucket-data"], Key="a", Body=b"1")
    s3.delete_object(Bucket=ids["bucket-data"], Key="a")
    s3.put_bucket_versioning(Bucket=ids["bucket-other"], VersioningConfiguration={"Status": "Suspended"})
    iam.put_role_policy(RoleName=ids["role-dlm"], PolicyName="theirs", PolicyDocument=json.dumps(MORE))
    backup.start_backup_job(
        BackupVaultName=ids["vault-main"],
        ResourceArn=f"arn:aws:ec2:{PRIMARY}:{ACCOUNT}:volume/vol-1",
        IamRoleArn=f"arn:aws:iam::{ACCOUNT}:role/x",
    )
    undo = undo_of(plan, journal, url)
    assert set(actions(undo).values()) == {"keep"}
    reasons = {step["key"]: step["reason"] for step in undo["steps"]}
    assert "holds objects or versions" in reasons["bucket-data"]
    assert "holds recovery points" in reasons["vault-main"]
    assert reasons["bucket-other"] == "somebody changed Versioning since the run"
    assert reasons["role-dlm"] == "somebody changed Policies since the run"
    assert "which stays, needs it" in reasons["key-data"]
    assert carry(undo, plan, journal, url).state == "done"
    assert s3.list_object_versions(Bucket=ids["bucket-data"])["Versions"]


def test_an_undo_is_refused_unless_it_was_shown_approved_by_name_and_still_holds(url, simulator):
    plan, journal = applied(design_of(role()), url)
    undo = undo_of(plan, journal, url)
    with pytest.raises(ApplyRefused, match="nothing is approved"):
        carry(undo, plan, journal, url, approved_digest="")
    with pytest.raises(ApplyRefused, match="say by whom"):
        carry(undo, plan, journal, url, approved_by=" ")
    with pytest.raises(UndoProblem, match="changed after the undo was made"):
        carry({**undo, "steps": []}, plan, journal, url)
    edited = json.loads(json.dumps(plan))
    edited["resource_changes"][0]["change"]["before"] = {"Description": "mine"}
    with pytest.raises(UndoProblem, match="the plan was edited"):
        undo_of(edited, journal, url)
    iam = simulator.client("iam", PRIMARY)
    iam.update_role(RoleName=plan["resource_changes"][0]["stowplan"]["id"], Description="theirs")
    with pytest.raises(ApplyRefused, match="no longer as it was when the undo was shown"):
        carry(undo, plan, journal, url)
    assert len(iam.list_roles()["Roles"]) == 1


class Killed(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("event", ["intent", "receipt"])
def test_an_undo_that_is_killed_at_each_step_is_taken_up_by_the_same_call(url, simulator, event):
    """Killed after each intent (the call was not made) or each receipt (its resource was not ended yet)."""
    plan, journal = applied(design_of(role()), url)
    undo, own, kills = undo_of(plan, journal, url), MemoryJournal(), []

    def die(record):
        if record["event"] == event and len(kills) < 2:
            kills.append(record["operation"])
            raise Killed

    for _ in range(2):
        with pytest.raises(Killed):
            carry(undo, plan, journal, url, own, on_event=die)
    assert carry(undo, plan, journal, url, own, on_event=die).state == "done"
    assert kills == (["delete_role_policy"] * 2 if event == "intent" else ["delete_role_policy", "delete_role"])
    assert simulator.client("iam", PRIMARY).list_roles()["Roles"] == []
