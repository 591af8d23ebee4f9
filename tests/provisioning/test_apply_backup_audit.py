"""Restore testing, report plans, frameworks and topics of vaults over HTTP: made, unchanged, changed by one call, and what is refused."""

import json

import pytest
import yaml
from botocore.exceptions import ClientError

from provisioning.clients import Clients
from provisioning.evidence import collect
from provisioning.exporters import cloudformation, terraform
from provisioning.onboarding_files import files_of
from provisioning.plan_file import read_plan
from tests.provisioning.backups import backed_up, framework, proven
from tests.provisioning.cases import ACCOUNT, PRIMARY, change_of, design_of, plan_of, recorded, run, spec_of, with_property, writes


@pytest.fixture
def backup(simulator):
    return simulator.client("backup", PRIMARY)


def test_they_are_made_as_designed_and_then_nothing_is_left_to_do(url, backup, tmp_path):
    design = design_of(*proven())
    first = plan_of(design, url)
    outcome = run(first)
    assert outcome.state == "done", outcome.lines()
    assert collect(first, Clients(spec_of(url)), tmp_path / "evidence")["differences"] == []
    again = plan_of(design, url)
    assert again["stowplan"]["summary"]["unchanged"] == len(design.document["resources"])
    with recorded(url) as seen:
        assert run(again).state == "done"
    assert writes(seen) == []
    [plan] = backup.list_restore_testing_plans()["RestoreTestingPlans"]
    assert len(plan["RestoreTestingPlanName"]) <= 50
    assert backup.list_tags(ResourceArn=plan["RestoreTestingPlanArn"])["Tags"]["stowplan:digest"] == design.digest


def test_what_cannot_be_changed_and_an_empty_choice_are_refused_before_any_call(url):
    assert run(plan_of(design_of(*proven()), url)).state == "done"
    other = with_property(design_of(*proven()), "restore-databases", ProtectedResourceType="EBS")
    assert "cannot be changed" in change_of(plan_of(other, url), "restore-databases")["stowplan"]["blocked"]
    empty = with_property(design_of(*proven()), "restore-databases", ProtectedResourceArns=[], ProtectedResourceConditions=None)
    assert "every resource" in change_of(plan_of(empty, url), "restore-databases")["stowplan"]["blocked"]


def test_a_framework_without_a_recorder_is_noted(url, simulator):
    noted = [one for one in plan_of(design_of(framework()), url)["stowplan"]["notes"] if "AWS Config" in str(one)]
    assert len(noted) == 1
    config = simulator.client("config", PRIMARY)
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": f"arn:aws:iam::{ACCOUNT}:role/config"})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "config"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    assert "AWS Config" not in str(plan_of(design_of(framework()), url)["stowplan"]["notes"])


def test_a_vault_tells_its_topic_and_that_of_others_gives_way_by_consent(url, backup):
    told = {"SNSTopicArn": f"arn:aws:sns:{PRIMARY}:{ACCOUNT}:ours", "BackupVaultEvents": ["RESTORE_JOB_FAILED", "BACKUP_JOB_FAILED"]}
    design = with_property(design_of(*backed_up()), "vault-main", Notifications=told)
    assert run(plan_of(design, url)).state == "done"
    again = plan_of(design, url)
    assert again["stowplan"]["summary"]["update"] == 0
    name = change_of(again, "vault-main")["stowplan"]["id"]
    theirs = f"arn:aws:sns:{PRIMARY}:{ACCOUNT}:theirs"
    backup.put_backup_vault_notifications(BackupVaultName=name, SNSTopicArn=theirs, BackupVaultEvents=["COPY_JOB_FAILED"])
    assert plan_of(design_of(*backed_up()), url)["stowplan"]["summary"]["update"] == 0
    plan = plan_of(design, url)
    assert [one["kind"] for one in plan["hazards"]] == ["foreign"]
    assert run(plan).state == "done"
    assert backup.get_backup_vault_notifications(BackupVaultName=name)["SNSTopicArn"] == told["SNSTopicArn"]


PLAN = {
    "RestoreTestingPlanName": "p",
    "ScheduleExpression": "cron(0 3 ? * SUN *)",
    "RecoveryPointSelection": {"Algorithm": "LATEST_WITHIN_WINDOW", "IncludeVaults": ["*"], "RecoveryPointTypes": ["SNAPSHOT"]},
}
REPORT = {"ReportDeliveryChannel": {"S3BucketName": "b"}, "ReportSetting": {"ReportTemplate": "COPY_JOB_REPORT"}}
FRAMEWORK = {"FrameworkName": "f", "FrameworkControls": [{"ControlName": "BACKUP_RECOVERY_POINT_ENCRYPTED"}]}
CHOICE = {"RestoreTestingSelectionName": "s", "ProtectedResourceType": "RDS", "IamRoleArn": "arn:r", "ProtectedResourceArns": ["*"]}


@pytest.mark.parametrize(
    ("operation", "members", "said"),
    [
        ("plan", {"RestoreTestingPlanName": "with-hyphen"}, "letters"),
        ("plan", {"StartWindowHours": 169}, "StartWindowHours"),
        ("plan", {"RecoveryPointSelection": {**PLAN["RecoveryPointSelection"], "IncludeVaults": ["arn:none"]}}, "does not exist"),
        ("plan", {"RecoveryPointSelection": {**PLAN["RecoveryPointSelection"], "SelectionWindowDays": 366}}, "SelectionWindowDays"),
        ("plan", {"RecoveryPointSelection": {**PLAN["RecoveryPointSelection"], "RecoveryPointTypes": ["OTHER"]}}, "RecoveryPointTypes"),
        ("selection", {"ProtectedResourceType": "VirtualMachine"}, "expected one of"),
        ("selection", {"ProtectedResourceArns": []}, "neither"),
        ("selection", {"ProtectedResourceConditions": {"StringEquals": [{"Key": "Backup", "Value": "x"}]}}, "aws:ResourceTag"),
        ("selection", {"ValidationWindowHours": 200}, "ValidationWindowHours"),
        ("report", {"ReportSetting": {"ReportTemplate": "NONE"}}, "ReportTemplate"),
        ("report", {"ReportDeliveryChannel": {"S3BucketName": "b", "Formats": ["PDF"]}}, "Formats"),
        ("framework", {"FrameworkControls": [{"ControlName": "NONE"}]}, "no control"),
        ("framework", {"FrameworkName": "with-hyphen"}, "FrameworkName"),
    ],
)
def test_the_simulator_refuses_what_aws_refuses(backup, operation, members, said):
    made = {
        "plan": lambda: backup.create_restore_testing_plan(RestoreTestingPlan={**PLAN, **members}),
        "selection": lambda: backup.create_restore_testing_selection(
            RestoreTestingPlanName="there", RestoreTestingSelection={**CHOICE, **members}
        ),
        "report": lambda: backup.create_report_plan(ReportPlanName="r", **{**REPORT, **members}),
        "framework": lambda: backup.create_framework(**{**FRAMEWORK, **members}),
    }
    backup.create_restore_testing_plan(RestoreTestingPlan={**PLAN, "RestoreTestingPlanName": "there"})
    with pytest.raises(ClientError, match=said):
        made[operation]()


def test_the_policy_of_a_target_names_the_calls_and_the_beginning_of_their_arns(url):
    plan = plan_of(design_of(*proven()), url)
    text = "".join(file.text for file in files_of(plan, read_plan(plan)))
    for action in ("CreateRestoreTestingPlan", "CreateRestoreTestingSelection", "CreateReportPlan", "CreateFramework"):
        assert f"backup:{action}" in text
    assert "restore-testing-plan:stowplan_harbour_" in text


def test_both_exports_have_the_same_settings():
    design = design_of(*proven())
    resources = {}
    for one in cloudformation.export(design.document, ACCOUNT):
        if one.name.startswith(f"production-{PRIMARY}"):
            resources |= yaml.safe_load(one.text)["Resources"]
    assert resources["RestoreDatabases"]["Properties"]["RestoreTestingPlanName"] == {"Ref": "RestoreQuarterly"}
    assert resources["FrameworkBackup"]["Properties"]["FrameworkControls"] == framework()["properties"]["FrameworkControls"]
    assert resources["ReportJobs"]["Properties"]["ReportSetting"] == {"ReportTemplate": "BACKUP_JOB_REPORT"}
    [main] = [one for one in terraform.export(design.document, ACCOUNT) if one.name == f"production-{PRIMARY}.tf.json"]
    found = json.loads(main.text)["resource"]
    plan = found["aws_backup_restore_testing_plan"]["restore_quarterly"]
    assert plan["recovery_point_selection"]["include_vaults"] == ["${aws_backup_vault.vault_main.arn}"]
    chosen = found["aws_backup_restore_testing_selection"]["restore_databases"]
    assert chosen["restore_testing_plan_name"] == "${aws_backup_restore_testing_plan.restore_quarterly.name}"
    assert found["aws_backup_framework"]["framework_backup"]["control"][1]["input_parameter"] == [
        {"name": "requiredRetentionDays", "value": "35"}
    ]
