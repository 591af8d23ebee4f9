"""AWS Backup over HTTP against the simulator: created, unchanged, one member changed, what others set is kept, and what is refused."""

import json

import pytest
import yaml
from botocore.exceptions import ClientError

from provisioning.clients import Clients
from provisioning.evidence import collect
from provisioning.exporters import cloudformation, terraform
from tests.provisioning.backups import NEVER, backed_up, rule_of
from tests.provisioning.cases import ACCOUNT, DR, PRIMARY, change_of, design_of, plan_of, recorded, run, spec_of, with_property, writes

COMPLIANCE = {"MinRetentionDays": 7, "MaxRetentionDays": 400, "ChangeableForDays": 3}


@pytest.fixture
def backup(simulator):
    return simulator.client("backup", PRIMARY)


def applied(url, *resources):
    design = design_of(*(resources or backed_up()))
    outcome = run(plan_of(design, url))
    assert outcome.state == "done", outcome.lines()
    return design


def test_it_is_created_as_designed_and_then_nothing_is_left_to_do(url, backup, tmp_path):
    design = design_of(*backed_up())
    first = plan_of(design, url)
    assert run(first).state == "done"
    assert collect(first, Clients(spec_of(url)), tmp_path / "evidence")["differences"] == []
    again = plan_of(design, url)
    assert again["stowplan"]["summary"]["unchanged"] == len(design.document["resources"])
    with recorded(url) as seen:
        assert run(again).state == "done"
    assert writes(seen) == []
    [row] = backup.list_backup_plans()["BackupPlansList"]
    assert len(row["BackupPlanName"]) <= 50
    [one] = backup.get_backup_plan(BackupPlanId=row["BackupPlanId"])["BackupPlan"]["Rules"]
    assert one["CopyActions"][0]["DestinationBackupVaultArn"].startswith(f"arn:aws:backup:{DR}:{ACCOUNT}:backup-vault:stowplan-")


def test_a_changed_rule_is_one_update_and_a_rule_of_others_stays(url, backup):
    applied(url)
    [row] = backup.list_backup_plans()["BackupPlansList"]
    there = backup.get_backup_plan(BackupPlanId=row["BackupPlanId"])["BackupPlan"]
    rules = [{name: value for name, value in one.items() if name != "RuleId"} for one in there["Rules"]]
    theirs = {**rules[0], "RuleName": "theirs", "CopyActions": []}
    backup.update_backup_plan(BackupPlanId=row["BackupPlanId"], BackupPlan={**there, "Rules": [*rules, theirs]})
    assert plan_of(design_of(*backed_up()), url)["stowplan"]["summary"]["update"] == 0
    shorter = design_of(*backed_up(days=14))
    changed = plan_of(shorter, url)
    assert [one["operation"] for one in change_of(changed, "backup-databases")["stowplan"]["calls"]] == [
        "tag_resource",
        "update_backup_plan",
    ]
    assert run(changed).state == "done"
    after = backup.get_backup_plan(BackupPlanId=row["BackupPlanId"])["BackupPlan"]["Rules"]
    assert {one["RuleName"]: one["Lifecycle"]["DeleteAfterDays"] for one in after} == {"theirs": 35, "stowplan-daily": 14}
    assert plan_of(shorter, url)["stowplan"]["summary"]["update"] == 0


def test_a_changed_selection_is_deleted_and_made_anew_and_the_plan_says_so(url, backup):
    applied(url)
    other = design_of(*backed_up(tag="silver"))
    changed = plan_of(other, url)
    calls = change_of(changed, "select-databases")["stowplan"]["calls"]
    assert [one["operation"] for one in calls] == ["delete_backup_selection", "create_backup_selection"]
    assert "cannot change a selection" in calls[0]["words"]
    assert run(changed).state == "done"
    [row] = backup.list_backup_plans()["BackupPlansList"]
    [found] = backup.list_backup_selections(BackupPlanId=row["BackupPlanId"])["BackupSelectionsList"]
    chosen = backup.get_backup_selection(BackupPlanId=row["BackupPlanId"], SelectionId=found["SelectionId"])["BackupSelection"]
    assert chosen["ListOfTags"][0]["ConditionValue"] == "silver"
    assert plan_of(other, url)["stowplan"]["summary"]["update"] == 0


def test_a_policy_of_others_on_a_vault_stays(url, backup):
    design = applied(url)
    name = change_of(plan_of(design, url), "vault-main")["stowplan"]["id"]
    theirs = {"Sid": "Theirs", "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "backup:CopyIntoBackupVault", "Resource": "*"}
    document = json.loads(backup.get_backup_vault_access_policy(BackupVaultName=name)["Policy"])
    document["Statement"].append(theirs)
    backup.put_backup_vault_access_policy(BackupVaultName=name, Policy=json.dumps(document))
    assert plan_of(design, url)["stowplan"]["summary"]["update"] == 0
    more = {**NEVER, "Action": [*NEVER["Action"], "backup:DeleteBackupVault"]}
    changed = with_property(design, "vault-main", Policy={"Version": "2012-10-17", "Statement": [more]})
    assert run(plan_of(changed, url)).state == "done"
    found = json.loads(backup.get_backup_vault_access_policy(BackupVaultName=name)["Policy"])["Statement"]
    assert {one["Sid"] for one in found} == {"Theirs", "StowplanNeverDelete"}
    assert "backup:DeleteBackupVault" in next(one for one in found if one["Sid"] == "StowplanNeverDelete")["Action"]


def test_a_lock_in_compliance_mode_is_a_hazard_and_is_not_loosened(url):
    assert [one["kind"] for one in plan_of(design_of(*backed_up()), url)["hazards"]] == []
    design = design_of(*backed_up(lock=COMPLIANCE))
    strict = plan_of(design, url)
    assert {(one["kind"], one["address"]) for one in strict["hazards"]} == {
        ("irreversible", "AWS::Backup::BackupVault.vault-main"),
        ("irreversible", "AWS::Backup::BackupVault.vault-dr"),
    }
    assert run(strict).state == "done"
    assert plan_of(design, url)["stowplan"]["summary"]["update"] == 0
    looser = change_of(plan_of(with_property(design, "vault-main", LockConfiguration={"MinRetentionDays": 7}), url), "vault-main")
    assert "not loosened" in looser["stowplan"]["blocked"]
    shorter = with_property(design, "vault-main", LockConfiguration={**COMPLIANCE, "MinRetentionDays": 1})
    assert "shorter time" in change_of(plan_of(shorter, url), "vault-main")["stowplan"]["blocked"]


def test_the_key_of_a_vault_that_is_there_is_not_changed(url):
    design = applied(url)
    other = with_property(design, "vault-main", EncryptionKeyArn=f"arn:aws:kms:{PRIMARY}:{ACCOUNT}:key/other")
    assert "key of backup vault" in change_of(plan_of(other, url), "vault-main")["stowplan"]["blocked"]


def test_an_empty_selection_is_refused_before_any_call(url):
    design = with_property(design_of(*backed_up()), "select-databases", ListOfTags=[])
    assert "every resource" in change_of(plan_of(design, url), "select-databases")["stowplan"]["blocked"]


RULE = {"RuleName": "r", "TargetBackupVaultName": "there"}
REFUSED = [
    ({"StartWindowMinutes": 30}, "StartWindowMinutes"),
    ({"StartWindowMinutes": 60, "CompletionWindowMinutes": 90}, "CompletionWindowMinutes"),
    ({"ScheduleExpression": "cron(0 5 * * *)"}, "six fields"),
    ({"Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 100}}, "90 days"),
    ({"EnableContinuousBackup": True, "Lifecycle": {"DeleteAfterDays": 36}}, "35 days"),
    ({"TargetBackupVaultName": "nowhere"}, "does not exist"),
    ({"RuleName": "a name with blanks"}, "RuleName"),
]


@pytest.mark.parametrize(("members", "said"), REFUSED)
def test_the_simulator_refuses_what_aws_refuses(backup, members, said):
    backup.create_backup_vault(BackupVaultName="there")
    with pytest.raises(ClientError, match=said):
        backup.create_backup_plan(BackupPlan={"BackupPlanName": "p", "Rules": [{**RULE, **members}]})


def test_cloudformation_has_the_same_settings():
    files = cloudformation.export(design_of(*backed_up()).document, ACCOUNT)
    # The plan copies into a vault of another Region, so it stands in a later stack than its own vault.
    resources = {}
    for one in files:
        if one.name.startswith(f"production-{PRIMARY}"):
            resources |= yaml.safe_load(one.text)["Resources"]
    vault, plan, chosen = (resources[name] for name in ("VaultMain", "BackupDatabases", "SelectDatabases"))
    assert vault["DeletionPolicy"] == "Retain"
    assert vault["Properties"]["LockConfiguration"] == {"MinRetentionDays": 7}
    assert vault["Properties"]["AccessPolicy"]["Statement"] == [NEVER]
    [rule] = plan["Properties"]["BackupPlan"]["BackupPlanRule"]
    assert rule["TargetBackupVault"] == vault["Properties"]["BackupVaultName"]
    assert rule["ScheduleExpression"] == rule_of()["ScheduleExpression"]
    assert chosen["Properties"]["BackupPlanId"] == {"Ref": "BackupDatabases"}
    assert chosen["Properties"]["BackupSelection"]["ListOfTags"][0]["ConditionValue"] == "gold"


def test_terraform_has_the_same_settings():
    [main] = [one for one in terraform.export(design_of(*backed_up()).document, ACCOUNT) if one.name == f"production-{PRIMARY}.tf.json"]
    resources = json.loads(main.text)["resource"]
    assert resources["aws_backup_vault_lock_configuration"]["vault_main"]["min_retention_days"] == 7
    [rule] = resources["aws_backup_plan"]["backup_databases"]["rule"]
    assert rule["target_vault_name"] == "${aws_backup_vault.vault_main.name}"
    assert rule["lifecycle"] == {"delete_after": 35}
    chosen = resources["aws_backup_selection"]["select_databases"]
    assert chosen["plan_id"] == "${aws_backup_plan.backup_databases.id}"
    assert chosen["selection_tag"] == [{"type": "STRINGEQUALS", "key": "Backup", "value": "gold"}]
