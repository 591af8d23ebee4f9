"""Drift against the simulator: said in the words of the design, by a program with an exit code of its own."""

import json
import subprocess
import sys

import pytest

from provisioning.clients import Clients
from provisioning.drift import check
from provisioning.drift_words import period
from tests.provisioning.cases import PRIMARY, bucket, design_of, key, role, rule, spec_of
from tests.provisioning.undoing import applied
from tests.support.processes import ROOT, environment

SEVEN = rule("stowplan-data", Expiration={"Days": 2557}, Transitions=[{"Days": 90, "StorageClass": "GLACIER_IR"}])


def drift(path, *more):
    command = [sys.executable, str(ROOT / "manage.py"), "drift", str(path), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment())


def test_drift_is_said_in_words_of_the_design_and_has_an_exit_code(url, simulator, tmp_path):
    plan, _ = applied(design_of(key(), bucket(LifecycleRules=[SEVEN]), role()), url)
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    done = drift(path)
    assert (done.returncode, done.stdout.startswith("No drift")) == (0, True), done.stderr

    ids = {one["name"]: one["stowplan"]["id"] for one in plan["resource_changes"]}
    s3, iam = simulator.client("s3", PRIMARY), simulator.client("iam", PRIMARY)
    s3.delete_bucket_lifecycle(Bucket=ids["bucket-data"])
    s3.put_bucket_versioning(Bucket=ids["bucket-data"], VersioningConfiguration={"Status": "Suspended"})
    iam.delete_role_policy(RoleName=ids["role-dlm"], PolicyName="work")
    iam.delete_role(RoleName=ids["role-dlm"])
    done = drift(path, "--out", str(tmp_path / "drift.json"), "--json")
    assert done.returncode == 4
    report = json.loads((tmp_path / "drift.json").read_text())
    assert json.loads(done.stdout)["drifted"] == report["drifted"]
    said = {(one["address"].partition(".")[2], one["setting"]): one["sentence"] for one in report["drifted"]}
    name = ids["bucket-data"]
    lost = "copies will not be deleted after 7 years; objects will not move to GLACIER_IR after 90 days"
    assert said["bucket-data", "LifecycleRules"] == f"The lifecycle of bucket {name} was removed: {lost}."
    assert said["bucket-data", "Versioning"].endswith("what is overwritten or deleted cannot be brought back.")
    assert said["role-dlm", ""].startswith(f"The role {ids['role-dlm']} is not there any more")


def test_what_may_not_be_read_is_no_drift_and_no_proof(url, simulator):
    plan, _ = applied(design_of(bucket()), url)
    name = plan["resource_changes"][0]["stowplan"]["id"]
    tags = [{"Key": "stowplan:assessment", "Value": "another"}, {"Key": "stowplan:resource", "Value": "bucket-data"}]
    simulator.client("s3", PRIMARY).put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
    report = check(plan, Clients(spec_of(url)))
    assert report["drifted"] == []
    assert "belongs to the assessment 'another'" in report["unseen"][0]["sentence"]


PERIODS = [(2557, "7 years"), (2555, "7 years"), (365, "1 year"), (90, "90 days"), (1, "1 day"), (3653, "10 years"), (400, "400 days")]


@pytest.mark.parametrize(("days", "said"), PERIODS)
def test_periods_are_said_as_people_say_them(days, said):
    assert period(days) == said
