"""`manage.py plan`, `apply` and `evidence` as programs: exit codes, files, no database."""

import json

import pytest

from recommendations.evaluate import evaluate
from tests.provisioning.cases import PRIMARY, bucket, design_of, key, of_every_type, sub
from tests.provisioning.exported_parity import unlike, unnoticed
from tests.support.designs import example
from tests.support.processes import manage

ACCOUNT = "123456789012"


def written(folder, design, name="design.json"):
    path = folder / name
    path.write_text(design.text())
    return path


def planned(folder, url, design, *arguments):
    path = folder / "plan.json"
    done = manage("plan", written(folder, design), "--account", ACCOUNT, "--endpoint-url", url, *arguments, "--out", path)
    assert done.returncode == 0, done.stderr
    return path, json.loads(path.read_text())


def accepting(plan):
    ids = [hazard["id"] for hazard in plan["hazards"]]
    approved = ["--approved-digest", plan["design_digest"]]
    return [*approved, "--accept", *ids, "--accepted-by", "Eve"] if ids else approved


def test_plan_apply_evidence_and_again(url, tmp_path):
    design = of_every_type()
    path, plan = planned(tmp_path, url, design)
    refused = manage("apply", path)
    assert refused.returncode == 3
    assert "nothing is approved" in refused.stderr
    done = manage("apply", path, *accepting(plan), "--json")
    assert done.returncode == 0, done.stderr
    number = len(design.document["resources"])
    assert [one["state"] for one in json.loads(done.stdout)["resources"]] == ["done"] * number
    assert (tmp_path / "plan.json.journal.jsonl").stat().st_size
    again = manage("apply", path, *accepting(plan))
    assert again.returncode == 0
    assert f"{number} unchanged" in again.stdout
    shown = manage("evidence", path, "--out", tmp_path / "evidence")
    assert shown.returncode == 0, shown.stderr
    second = manage("plan", tmp_path / "design.json", "--account", ACCOUNT, "--endpoint-url", url, "--out", tmp_path / "second.json")
    assert f"No changes: {number} resources are as designed." in second.stdout


def test_evidence_names_what_is_not_as_designed_and_chains_its_files(url, simulator, tmp_path):
    import hashlib

    path, plan = planned(tmp_path, url, design_of(bucket()))
    assert manage("apply", path, *accepting(plan)).returncode == 0
    name = plan["resource_changes"][0]["stowplan"]["id"]
    simulator.client("s3", PRIMARY).put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Suspended"})
    done = manage("evidence", path, "--out", tmp_path / "evidence", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["differences"] == ["AWS::S3::Bucket.bucket-data: Versioning is not as designed"]
    manifest = json.loads((tmp_path / "evidence" / "manifest.json").read_text())
    chain = hashlib.sha256(plan["design_digest"].encode()).hexdigest()
    for entry in manifest["entries"]:
        digest = hashlib.sha256((tmp_path / "evidence" / entry["file"]).read_bytes()).hexdigest()
        chain = hashlib.sha256(f"{chain}{digest}".encode()).hexdigest()
        assert (entry["sha256"], entry["chain"]) == (digest, chain)
    field = json.loads((tmp_path / "evidence" / "bucket-data.json").read_text())["fields"]["Versioning"]
    both = {"designed": "Enabled", "read_back": "Suspended"}
    assert field == {**both, "compared": both, "as_designed": False}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--account", "12"], "account '12': expected 12 digits"),
        (["--account", "210987654321"], "the credentials are of account 123456789012"),
        (["--account", ACCOUNT, "--region", "us-east-1"], "--region us-east-1: the design says eu-central-1"),
        (["--account", ACCOUNT, "--target", "nonsense"], "expected ACCOUNT=ROLE_ARN,EXTERNAL_ID"),
        (["--account", ACCOUNT, "--target", "210987654321=arn:aws:iam::210987654321:role/x,abc"], "the design has no such account"),
    ],
)
def test_a_wrong_target_is_bad_input(url, tmp_path, arguments, message):
    done = manage("plan", written(tmp_path, design_of(key())), *arguments, "--endpoint-url", url, "--out", tmp_path / "plan.json")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "plan.json").exists()


@pytest.mark.parametrize(
    ("design", "message"),
    [
        (
            design_of(bucket(Encryption={"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": sub("${key-nowhere.arn}")})),
            "the design does not have",
        ),
        (design_of({**bucket(), "key": "../../up"}), "a resource key has lower-case letters"),
        (design_of({**bucket(), "type": "AWS::S3::Glacier"}), "is no type that Stowplan makes"),
    ],
)
def test_a_design_that_cannot_be_placed_is_bad_input(url, tmp_path, design, message):
    done = manage("plan", written(tmp_path, design), "--account", ACCOUNT, "--endpoint-url", url, "--out", tmp_path / "plan.json")
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["", "[]", "{", '{"stowplan": {}}', "\xff"])
def test_a_file_that_is_no_plan_is_bad_input(tmp_path, text):
    path = tmp_path / "plan.json"
    path.write_bytes(text.encode("latin-1"))
    for command in (["apply", path], ["evidence", path, "--out", tmp_path / "evidence"]):
        done = manage(*command)
        assert done.returncode == 2
        assert done.stderr.startswith(str(path))
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "evidence").exists()


def test_an_endpoint_in_an_edited_plan_is_refused(url, tmp_path):
    path, plan = planned(tmp_path, url, design_of(key()))
    plan["target"]["endpoint_url"] = "https://evil.example"
    path.write_text(json.dumps(plan))
    done = manage("apply", path, *accepting(plan))
    assert done.returncode == 2
    assert "neither AWS's nor on loopback" in done.stderr


def test_a_payload_that_aws_refuses_blocks_its_resource_before_the_first_call(url, tmp_path):
    _, plan = planned(tmp_path, url, design_of(bucket(ObjectLock={"Mode": "FOREVER", "Days": "many"})))
    assert "AWS would refuse put_object_lock_configuration" in plan["resource_changes"][0]["stowplan"]["blocked"]


# The third example is applied below, each of its accounts by its own role.
@pytest.mark.parametrize("name", ["baltic-bank", "lumen-media"])
def test_the_examples_are_applied_as_designed(url, simulator, tmp_path, name):
    design = evaluate(example(name))
    for resource in design.document["resources"]:
        if resource["adopt"]:
            where = {} if resource["region"] == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": resource["region"]}}
            simulator.client("s3", resource["region"]).create_bucket(Bucket=resource["adopt"], **where)
    path, plan = planned(tmp_path, url, design)
    assert [change["stowplan"]["blocked"] for change in plan["resource_changes"] if "blocked" in change["stowplan"]] == []
    done = manage("apply", path, *accepting(plan))
    assert done.returncode == 0, done.stderr
    shown = manage("evidence", path, "--out", tmp_path / "evidence")
    assert shown.returncode == 0, shown.stderr
    assert unlike(design.document, tmp_path / "evidence", ACCOUNT) == []
    _, second = planned(tmp_path, url, design)
    assert second["stowplan"]["summary"]["unchanged"] == len(design.document["resources"])
    assert second["hazards"] == []


def test_accounts_are_kept_apart_where_each_has_its_role(url, tmp_path):
    design = evaluate(example("northwind-clinics"))
    accounts = {row["alias"]: row["account"] for row in design.document["accounts"]}
    others = []
    for account in sorted(set(accounts.values()) - {ACCOUNT}):
        others += ["--target", f"{account}=arn:aws:iam::{account}:role/stowplan-apply,nwc-7f3a91"]
    path, plan = planned(tmp_path, url, design, *others)
    assert plan["stowplan"]["lost_separation"] == []
    assert {change["stowplan"]["account"] for change in plan["resource_changes"]} > {ACCOUNT}
    assert manage("apply", path, *accepting(plan)).returncode == 0
    assert manage("evidence", path, "--out", tmp_path / "evidence").returncode == 0
    assert unlike(design.document, tmp_path / "evidence") == []
    # The same comparison with any one setting taken out of the files; what AWS takes by default may be left out.
    defaults = {("AWS::Backup::RestoreTestingPlan", "StartWindowHours"), ("AWS::CloudWatch::Alarm", "DatapointsToAlarm")}
    assert unnoticed(design.document, tmp_path / "evidence") == defaults
    _, second = planned(tmp_path, url, design, *others)
    assert second["stowplan"]["summary"]["unchanged"] == len(design.document["resources"])
    assert second["hazards"] == []
    together = tmp_path / "together.json"
    manage("plan", tmp_path / "design.json", "--account", ACCOUNT, "--endpoint-url", url, "--out", together)
    assert json.loads(together.read_text())["stowplan"]["lost_separation"]
