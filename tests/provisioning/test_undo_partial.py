"""Undo of a run that did not come to its end, and undo, drift and evidence as programs with their exit codes."""

import json

import pytest

from provisioning.journal import FileJournal, MemoryJournal
from tests.provisioning.cases import PRIMARY, FaultyClients, bucket, design_of, plan_of, role, run, spec_of
from tests.provisioning.undoing import actions, carry, undo_of
from tests.support.processes import manage


@pytest.mark.parametrize("ending", ["denied", "cancelled"])
def test_of_a_run_that_ended_half_way_what_was_begun_is_taken_back(url, simulator, ending):
    plan, journal = plan_of(design_of(bucket(), role()), url), MemoryJournal()
    denied = FaultyClients(spec_of(url), lambda one: (403, "AccessDenied") if one == "PutBucketVersioning" else None)
    if ending == "denied":
        outcome = run(plan, clients=denied, journal=journal)
    else:
        outcome = run(plan, journal=journal, should_stop=lambda: sum(one["event"] == "receipt" for one in journal.records()) >= 3)
    assert outcome.state == {"denied": "failed", "cancelled": "stopped"}[ending], outcome.lines()
    begun = {one["address"].partition(".")[2] for one in journal.records() if one["event"] == "intent"}
    undo = undo_of(plan, journal, url)
    assert actions(undo) == dict.fromkeys(begun, "delete")
    assert carry(undo, plan, journal, url).state == "done"
    assert simulator.client("s3", PRIMARY).list_buckets()["Buckets"] == []
    assert simulator.client("iam", PRIMARY).list_roles()["Roles"] == []
    assert set(actions(undo_of(plan, journal, url)).values()) == {"gone"}


def test_undo_drift_and_evidence_are_programs_with_exit_codes(url, simulator, tmp_path):
    plan, path = plan_of(design_of(role()), url), tmp_path / "plan.json"
    path.write_text(json.dumps(plan))
    assert manage("undo", path).returncode == 2
    with FileJournal(f"{path}.journal.jsonl") as journal:
        assert run(plan, journal=journal).state == "done"
    evidence = manage("evidence", path, "--out", tmp_path / "evidence", "--pack", tmp_path / "pack.zip")
    assert (evidence.returncode, (tmp_path / "pack.zip").is_file()) == (0, True), evidence.stderr
    assert manage("drift", path).returncode == 0
    shown = manage("undo", path, "--json")
    assert shown.returncode == 0, shown.stderr
    digest = json.loads(shown.stdout)["undo_digest"]
    approved = ("undo", path, "--approved-digest")
    assert manage(*approved, "0" * 64, "--approved-by", "Kim Berg").returncode == 3
    done = manage(*approved, digest, "--approved-by", "Kim Berg")
    assert done.returncode == 0, done.stderr
    assert simulator.client("iam", PRIMARY).list_roles()["Roles"] == []
    assert manage("drift", path).returncode == 4
