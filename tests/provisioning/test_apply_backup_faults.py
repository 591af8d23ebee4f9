"""AWS Backup when AWS fails on purpose: lost answers, failures inside, throttling, denied calls. Nothing is made twice."""

from collections import Counter

from provisioning.journal import Journal
from tests.provisioning.backups import proven
from tests.provisioning.cases import PRIMARY, FaultyClients, design_of, plan_of, run, spec_of

CREATIONS = (
    *("CreateBackupVault", "CreateBackupPlan", "CreateBackupSelection"),
    *("CreateRestoreTestingPlan", "CreateRestoreTestingSelection", "CreateReportPlan", "CreateFramework"),
)


def check_end(simulator, design, url):
    """Each thing is there once, as designed."""
    assert plan_of(design, url)["stowplan"]["summary"]["unchanged"] == len(design.document["resources"])
    backup = simulator.client("backup", PRIMARY)
    [plan] = backup.list_backup_plans()["BackupPlansList"]
    assert len(backup.list_backup_selections(BackupPlanId=plan["BackupPlanId"])["BackupSelectionsList"]) == 1
    assert len(backup.list_restore_testing_plans()["RestoreTestingPlans"]) == 1
    assert len(backup.list_report_plans()["ReportPlans"]) == len(backup.list_frameworks()["Frameworks"]) == 1


def test_answers_that_get_lost_make_nothing_twice(url, simulator):
    lost = Counter()

    def once(operation):
        lost[operation] += 1
        return operation in CREATIONS and lost[operation] == 1

    design = design_of(*proven())
    outcome = run(plan_of(design, url), FaultyClients(spec_of(url), lost=once))
    assert outcome.state == "done", outcome.lines()
    assert all(lost[operation] for operation in CREATIONS)
    check_end(simulator, design, url)


def test_failures_inside_of_aws_and_throttling_are_tried_again(url, simulator):
    asked = Counter()

    def fault(operation):
        asked[operation] += 1
        asked["all"] += 1
        if operation in CREATIONS and asked[operation] <= 2:
            return 500, "ServiceUnavailableException"
        return (400, "ThrottlingException") if asked["all"] % 7 == 0 else None

    design = design_of(*proven())
    outcome = run(plan_of(design, url), FaultyClients(spec_of(url), fault))
    assert outcome.state == "done", outcome.lines()
    assert all(asked[operation] > 2 for operation in CREATIONS)
    check_end(simulator, design, url)


def test_a_denied_call_is_named_and_the_same_plan_goes_on_later(url, simulator):
    denied = {"CreateRestoreTestingPlan": (403, "AccessDeniedException"), "CreateFramework": (403, "AccessDeniedException")}
    design, journal = design_of(*proven()), Journal()
    plan = plan_of(design, url)
    outcome = run(plan, FaultyClients(spec_of(url), denied.get), journal)
    found = {one.address.rpartition(".")[2]: one.state for one in outcome.resources}
    assert found["restore-quarterly"] == found["framework-backup"] == "failed"
    assert found["restore-databases"] == "skipped"
    assert found["report-jobs"] == found["select-databases"] == "done"
    assert set(outcome.missing_permissions) == {"backup:CreateFramework", "backup:CreateRestoreTestingPlan"}
    assert run(plan, journal=journal).state == "done"
    check_end(simulator, design, url)
