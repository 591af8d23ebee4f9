"""A run that ends anywhere is taken up by the same call: the same end, nothing twice, a whole journal."""

import json
import random
import signal
import subprocess
import sys
from collections import Counter

import pytest

from provisioning.clients import Clients
from provisioning.journal import FileJournal, Journal, JournalBusy, JournalProblem
from provisioning.simulator.seed import seed_design
from tests.provisioning.cases import ACCOUNT, DR, PRIMARY, design_of_example, of_every_type, plan_of, run, spec_of
from tests.support.processes import ROOT, environment


class Crash(BaseException):
    """The process is gone."""


def backup_state(client):
    plans = [one["BackupPlanId"] for one in client.list_backup_plans()["BackupPlansList"]]
    tests = [one["RestoreTestingPlanName"] for one in client.list_restore_testing_plans()["RestoreTestingPlans"]]
    return {
        "vaults": len(client.list_backup_vaults()["BackupVaultList"]),
        "backup plans": len(plans),
        "selections": sum(len(client.list_backup_selections(BackupPlanId=one)["BackupSelectionsList"]) for one in plans),
        "restore tests": len(tests),
        "tested": sum(len(client.list_restore_testing_selections(RestoreTestingPlanName=one)["RestoreTestingSelections"]) for one in tests),
        "reports": len(client.list_report_plans()["ReportPlans"]),
        "frameworks": len(client.list_frameworks()["Frameworks"]),
    }


def whole_state(url, region):
    """How much there is in a Region of everything that could have been made twice."""
    names = ("kms", "dlm", "cloudtrail", "sns", "events", "cloudwatch", "backup")
    clients = Clients(spec_of(url))
    kms, dlm, trails, sns, events, cloudwatch, backup = (clients.client(name, ACCOUNT, region) for name in names)
    found = {
        "keys": len(kms.list_keys()["Keys"]),
        "aliases": sum(one["AliasName"].startswith("alias/stowplan") for one in kms.list_aliases()["Aliases"]),
        "policies": len(dlm.get_lifecycle_policies()["Policies"]),
        "trails": sum(one["HomeRegion"] == region for one in trails.describe_trails()["trailList"]),
        "topics": len(sns.list_topics()["Topics"]),
        "subscriptions": len(sns.list_subscriptions()["Subscriptions"]),
        "rules": len(events.list_rules()["Rules"]),
        "alarms": len(cloudwatch.describe_alarms()["MetricAlarms"]),
        "jobs": len(clients.client("s3control", ACCOUNT, region).list_jobs(AccountId=ACCOUNT)["Jobs"]),
        **backup_state(backup),
    }
    return {what: number for what, number in found.items() if number}


# What `whole_state` calls the types of a design; what is one an account, or counted by name, is left to the plan that must be empty.
COUNTED = {
    "AWS::KMS::Key": "keys",
    "AWS::KMS::Alias": "aliases",
    "AWS::DLM::LifecyclePolicy": "policies",
    "AWS::CloudTrail::Trail": "trails",
    "AWS::SNS::Topic": "topics",
    "AWS::SNS::Subscription": "subscriptions",
    "AWS::Events::Rule": "rules",
    "AWS::CloudWatch::Alarm": "alarms",
    "AWS::S3::BatchReplication": "jobs",
    "AWS::Backup::BackupVault": "vaults",
    "AWS::Backup::BackupPlan": "backup plans",
    "AWS::Backup::BackupSelection": "selections",
    "AWS::Backup::RestoreTestingPlan": "restore tests",
    "AWS::Backup::RestoreTestingSelection": "tested",
    "AWS::Backup::ReportPlan": "reports",
    "AWS::Backup::Framework": "frameworks",
}


def assert_everything_is_there_once(design, url):
    """In an account that was empty: as much of each type as the design has, and nothing left to do."""
    summary = plan_of(design, url)["stowplan"]["summary"]
    assert summary["unchanged"] == len(design.document["resources"]), summary
    for region in sorted({one["region"] for one in design.document["resources"]}):
        here = Counter(COUNTED.get(one["type"]) for one in design.document["resources"] if one["region"] == region)
        del here[None]
        assert whole_state(url, region) == here


ONCE = dict.fromkeys(("aliases", "policies", "trails", "topics", "subscriptions", "rules", "jobs"), 1)
ONCE_OF_BACKUP = dict.fromkeys(("backup plans", "selections", "restore tests", "tested", "reports", "frameworks"), 1)
EXPECTED = {PRIMARY: {"keys": 1, "vaults": 1, "alarms": 2, **ONCE, **ONCE_OF_BACKUP}, DR: {"keys": 1, "vaults": 1}}


def check_end(simulator, design, url, journal):
    """Everything is there once and as designed, and every receipt follows its intent."""
    assert {region: whole_state(url, region) for region in EXPECTED} == EXPECTED
    assert len(simulator.client("s3").list_buckets()["Buckets"]) == 4
    assert len(simulator.client("iam").list_roles()["Roles"]) == 4
    assert plan_of(design, url)["stowplan"]["summary"]["unchanged"] == len(design.document["resources"])
    waiting = {}
    for record in journal.records():
        if record["event"] == "receipt":
            assert waiting.pop(record["address"]) == record["operation"]
        elif record["event"] == "intent":
            waiting[record["address"]] = record["operation"]


def crash_and_resume(simulator, point):
    """Crashes after the `point`-th journal record; whether the run got that far."""
    design = of_every_type()
    simulator.reset()
    plan = plan_of(design, simulator.url)
    journal, seen = Journal(), 0

    def on_event(record):
        nonlocal seen
        seen += 1
        if seen == point:
            raise Crash

    try:
        run(plan, journal=journal, on_event=on_event)
    except Crash:
        assert run(plan, journal=Journal(journal.records())).state == "done"
    check_end(simulator, design, simulator.url, journal)
    return seen >= point


@pytest.mark.parametrize("point", [2, 3, 45])
def test_a_crash_after_a_journal_record_is_taken_up(url, simulator, point):
    assert crash_and_resume(simulator, point)


def planned_calls(url, simulator):
    """How many calls each resource of the design takes in an empty account."""
    simulator.reset()
    return [len(change["stowplan"]["calls"]) for change in plan_of(of_every_type(), url)["resource_changes"]]


@pytest.mark.long
def test_a_crash_after_every_journal_record_is_taken_up(url, simulator):
    point = 1
    while crash_and_resume(simulator, point):
        point += 1
    # An intent and a receipt for each call, one record for each resource, a start and an end.
    changes = planned_calls(url, simulator)
    assert point - 1 == 2 * sum(changes) + len(changes) + 2


class Killer:
    """Runs in processes that are killed; `log` has what they say."""

    def __init__(self, log):
        self.log = log
        command = [sys.executable, "-m", "tests.provisioning.killed_run"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log.open("w")}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, **pipes)

    def __call__(self, plan_path, journal_path, when, number, workers=8):
        self.process.stdin.write(json.dumps([str(plan_path), str(journal_path), when, number, workers]) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def killed(url, tmp_path):
    killer = Killer(tmp_path / "killed.log")
    yield killer
    killer.process.stdin.close()
    killer.process.wait(30)


def kill_and_resume(simulator, killed, folder, when, number):
    design = of_every_type()
    simulator.reset()
    plan = plan_of(design, simulator.url)
    plan_path, journal_path = folder / "plan.json", folder / f"{when}-{number}.jsonl"
    plan_path.write_text(json.dumps(plan))
    first = killed(plan_path, journal_path, when, number)
    if first == 0:
        return False
    assert first == -signal.SIGKILL, killed.log.read_text()
    assert killed(plan_path, journal_path, when, 0) == 0, killed.log.read_text()
    with FileJournal(journal_path) as journal:
        check_end(simulator, design, simulator.url, journal)
    return True


@pytest.mark.parametrize(("when", "number"), [("event", 2), ("answer", 1), ("answer", 38), ("event", 90)])
def test_kill_9_is_taken_up_by_the_same_command(simulator, killed, tmp_path, when, number):
    assert kill_and_resume(simulator, killed, tmp_path, when, number)


@pytest.mark.long
def test_kill_9_between_every_call_and_its_receipt(url, simulator, killed, tmp_path):
    number = 1
    while kill_and_resume(simulator, killed, tmp_path, "answer", number):
        number += 1
    assert number - 1 == sum(planned_calls(url, simulator))


def kill_again_and_again(plan, killed, folder, seed):
    """Kills at the next boundary, or between the next call and its receipt, until the run comes to its end; how often."""
    chance, kills = random.Random(seed), 0
    (folder / "plan.json").write_text(json.dumps(plan))
    while True:
        # Before the third record there is nothing but the start and an intent: a run that always dies there would never end.
        when, number = chance.choice([("answer", 1), ("answer", 2), ("event", 3), ("event", 4), ("event", 7)])
        code = killed(folder / "plan.json", folder / "run.jsonl", when, number, chance.choice([1, 2, 8]))
        if code == 0:
            return kills
        assert code == -signal.SIGKILL, killed.log.read_text()
        kills += 1


@pytest.mark.long
def test_a_real_engagement_is_killed_two_hundred_times(url, simulator, killed, tmp_path):
    """Nothing is ever deleted, so that whatever one of the kills had doubled would still be there at the end."""
    kills = 0
    for number, name in enumerate(("lumen-media", "northwind-clinics", "baltic-bank")):
        simulator.reset()
        design = design_of_example(name)
        # The buckets that are adopted are there before.
        seed_design(url, design.document, ACCOUNT)
        folder = tmp_path / name
        folder.mkdir()
        kills += kill_again_and_again(plan_of(design, url), killed, folder, seed=number)
        assert_everything_is_there_once(design, url)
        with FileJournal(folder / "run.jsonl") as journal:
            done = [(one["address"], one["operation"]) for one in journal.records() if one["event"] == "receipt"]
            assert done
            assert journal.records()[-1]["state"] == "done"
    assert kills >= 200


def test_a_torn_last_line_is_cut_off_and_an_edited_one_is_refused(tmp_path):
    path = tmp_path / "run.jsonl"
    with FileJournal(path) as journal:
        for word in ("one", "two", "three"):
            journal.append({"event": word, "plan": "p"})
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with FileJournal(path) as journal:
        assert [record["event"] for record in journal.records()] == ["one", "two"]
        journal.append({"event": "again", "plan": "p"})
    with FileJournal(path) as journal:
        assert [record["n"] for record in journal.of_plan("p")] == [1, 2, 3]
    path.write_bytes(whole.replace(b'"two"', b'"TWO"'))
    with pytest.raises(JournalProblem, match=r"run\.jsonl:3"):
        FileJournal(path)
    path.write_text("not a journal\n")
    with pytest.raises(JournalProblem, match=r"run\.jsonl:1"):
        FileJournal(path)


def test_a_journal_is_held_by_one_run(tmp_path):
    with FileJournal(tmp_path / "run.jsonl"), pytest.raises(JournalBusy):
        FileJournal(tmp_path / "run.jsonl")


def test_a_stopped_run_goes_on(url, simulator):
    design = of_every_type()
    plan, journal = plan_of(design, url), Journal()
    asked = iter([False] * 10 + [True])
    outcome = run(plan, journal=journal, should_stop=lambda: next(asked))
    assert outcome.state == "stopped"
    assert outcome.exit_code == 1
    assert "open" in {one.state for one in outcome.resources}
    assert run(plan, journal=journal).state == "done"
    check_end(simulator, design, url, journal)


def test_the_journal_of_another_plan_exempts_nothing(url, simulator):
    from provisioning.apply import ApplyRefused
    from tests.provisioning.cases import bucket, design_of

    s3 = simulator.client("s3", PRIMARY)
    s3.create_bucket(Bucket="theirs-since-2014", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
    journal = Journal()
    first = design_of(bucket(adopt="theirs-since-2014"))
    assert run(plan_of(first, url), journal=journal).state == "done"
    second = plan_of(design_of(bucket(adopt="theirs-since-2014", Versioning=None, LifecycleRules=[])), url)
    s3.put_bucket_tagging(Bucket="theirs-since-2014", Tagging={"TagSet": [{"Key": "team", "Value": "film"}]})
    with pytest.raises(ApplyRefused, match="no longer as the plan saw it"):
        run(second, journal=journal)
    assert ACCOUNT in json.dumps(second)
