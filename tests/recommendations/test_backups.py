"""What AWS Backup is designed to do: rules in the customer's window, shared vaults, copies, locks, restore tests and the drill calendar."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from assessment.engagement import engagement_from_document, read_engagement
from recommendations.evaluate import evaluate
from tests.recommendations.payloads import complaints

NORTHWIND = Path(__file__).resolve().parents[2] / "examples" / "northwind-clinics.yaml"
DATABASE = {"wl_kind": "database", "wl_where": "aws", "wl_db_host": "rds", "wl_rto": "8h", "wl_rpo": "24h", "wl_size": "100 GiB"}
SHARE = {"wl_kind": "file-share", "wl_where": "aws", "wl_rto": "8h", "wl_rpo": "24h", "wl_size": "1 TiB"}
CUSTOMER = {"aws_primary": "eu-central-1", "aws_dr": ["eu-west-1"], "rec_disrupt": ["deletion", "region-loss"], "cmp_residency": "any"}
ACCOUNTS = [
    {"account": "111122223333", "alias": "prod", "role": "production", "in_organization": True},
    {"account": "444455556666", "alias": "safe", "role": "backup", "in_organization": True},
]


def design(*workloads: dict[str, Any], **customer: Any) -> dict[str, Any]:
    plain = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "Harbour"},
        "answers": {**CUSTOMER, "aws_accounts": ACCOUNTS, "sec_separate_acct": "none", "sec_enc": "customer-managed", **customer},
        "workloads": [{"name": f"W{index}", "answers": dict(answers)} for index, answers in enumerate(workloads)],
    }
    found = evaluate(engagement_from_document(plain)).document
    assert complaints(found["resources"]) == []
    return found


def made(document: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in document["resources"] if one["type"] == f"AWS::Backup::{kind}"]


def rules(document: dict[str, Any], index: int = 0) -> dict[str, Any]:
    return {rule["RuleName"].removeprefix("stowplan-"): rule for rule in made(document, "BackupPlan")[index]["properties"]["Rules"]}


def test_equal_workloads_share_a_plan_and_a_vault_and_each_tag_has_one_selection() -> None:
    found = design({**DATABASE, "wl_tags": "Backup=a"}, {**DATABASE, "wl_tags": "Backup=b"}, {**DATABASE, "wl_tags": "Backup=b"})
    assert len(made(found, "BackupPlan")) == 1
    assert made(found, "BackupPlan")[0]["workloads"] == ["w0", "w1", "w2"]
    assert {one["region"] for one in made(found, "BackupVault")} == {"eu-central-1", "eu-west-1"}
    assert len(made(found, "BackupVault")) == 2
    values = [one["properties"]["Conditions"]["StringEquals"][0]["ConditionValue"] for one in made(found, "BackupSelection")]
    assert values == ["a", "b"]


def test_many_tags_stay_within_the_selections_that_a_plan_may_have() -> None:
    found = design(*({**DATABASE, "wl_tags": f"Backup=t{index}"} for index in range(101)), ops_drill="quarterly")
    for kind, selection, reference, most in (
        ("BackupPlan", "BackupSelection", "BackupPlanId", 100),
        ("RestoreTestingPlan", "RestoreTestingSelection", "RestoreTestingPlanName", 30),
    ):
        counts = Counter(one["properties"][reference]["$sub"] for one in made(found, selection))
        assert sum(counts.values()) == 101
        assert max(counts.values()) == most
        assert len(counts) == len(made(found, kind)) == -(-101 // most)
    assert len(made(found, "BackupVault")) == 2


def test_of_workloads_with_one_tag_the_densest_plan_and_the_strictest_lock_hold() -> None:
    tagged = {**SHARE, "wl_tags": "Backup=a"}
    found = design({**tagged, "wl_immut": "not-needed"}, {**tagged, "wl_rpo": "5h", "wl_freq": "4h"}, cmp_immutable="strict")
    assert rules(found)["hourly"]["ScheduleExpression"] == "cron(0 1/4 ? * * *)"
    assert {one["properties"]["LockConfiguration"]["ChangeableForDays"] for one in made(found, "BackupVault")} == {3}
    [chosen] = made(found, "BackupSelection")
    assert chosen["workloads"] == ["w0", "w1"]
    assert "arn:aws:ec2:*:*:volume/*" not in chosen["properties"]["Resources"]


def test_a_denser_plan_of_the_same_tag_takes_no_copy_away() -> None:
    """One is copied every four hours and kept for days; the other daily, for seven years, and into another Region."""
    dense = {**SHARE, "wl_tags": "Backup=a", "wl_rpo": "5h", "wl_freq": "4h", "wl_retain": {"daily": 7}, "wl_xregion": "not-needed"}
    long = {**SHARE, "wl_tags": "Backup=a", "wl_rpo": "48h", "wl_freq": "daily", "wl_retain": {"daily": 30, "yearly": 7}}
    alone = rules(design({**long, "wl_xregion": "needed"}))
    for order in ([dense, long], [long, dense]):
        found = rules(design(*({**one, "wl_xregion": one.get("wl_xregion", "needed")} for one in order)))
        assert found["hourly"]["ScheduleExpression"] == "cron(0 1/4 ? * * *)"
        assert "CopyActions" not in found["hourly"]
        assert {name: rule["Lifecycle"] for name, rule in alone.items()}.items() <= {
            name: rule["Lifecycle"] for name, rule in found.items()
        }.items()
        assert all(found[name]["CopyActions"] == rule["CopyActions"] for name, rule in alone.items())


@pytest.mark.parametrize(
    ("answers", "cron", "zone", "completion"),
    [
        ({"wl_window": "night"}, "cron(0 1 ? * * *)", "Europe/Berlin", 300),
        ({"wl_window": "any-time"}, "cron(0 1 ? * * *)", "Europe/Berlin", 10080),
        (
            {"wl_window": "custom", "wl_window_custom": {"days": ["mon", "sat"], "from": "23:30", "to": "05:00", "zone": "Asia/Kolkata"}},
            "cron(30 23 ? * * *)",
            "Asia/Kolkata",
            330,
        ),
        # A window of the night is too short for the first copy, which would be cancelled every night.
        ({"wl_window": "night", "wl_size": "50 TiB"}, "cron(0 1 ? * * *)", "Europe/Berlin", 1953),
    ],
)
def test_the_window_is_the_customers_own_and_leaves_time_for_the_first_copy(
    answers: dict[str, Any], cron: str, zone: str, completion: int
) -> None:
    window = {"days": ["sat"], "from": "08:00", "to": "18:00", "zone": "Europe/Berlin"}
    rule = rules(design({**SHARE, "wl_rpo": "48h", "wl_freq": "daily", **answers}, aws_window=window))["daily"]
    assert (rule["ScheduleExpression"], rule["ScheduleExpressionTimezone"]) == (cron, zone)
    assert (rule["StartWindowMinutes"], rule["CompletionWindowMinutes"]) == (60, completion)


def test_continuous_backup_stays_and_snapshots_follow_often_enough_for_the_other_region() -> None:
    found = rules(design({**DATABASE, "wl_rpo": "1h", "wl_freq": "continuous", "wl_region_rpo": "6h"}))
    assert found["continuous"]["EnableContinuousBackup"] is True
    assert found["continuous"]["Lifecycle"] == {"DeleteAfterDays": 35}
    assert "CopyActions" not in found["continuous"]
    assert found["hourly"]["ScheduleExpression"] == "cron(0 1/4 ? * * *)"
    assert all(rule["CopyActions"][0]["Lifecycle"] == rule["Lifecycle"] for name, rule in found.items() if name != "continuous")


def test_a_record_class_that_ends_sooner_ends_continuous_backup_sooner() -> None:
    short = [{"class": "short", "min": "1d", "max": "20d", "erasure": False}]
    answers = {**DATABASE, "wl_rpo": "1h", "wl_freq": "continuous", "wl_class": "short", "wl_retain": {"daily": 14}}
    assert rules(design(answers, cmp_retention_tbl=short))["continuous"]["Lifecycle"] == {"DeleteAfterDays": 20}


def test_databases_are_copied_to_region_and_account_apart_and_files_in_one_step() -> None:
    found = design(DATABASE, {**SHARE, "wl_tags": "Backup=files"}, sec_separate_acct="exists")
    places = [{(one["account_alias"], one["region"]) for one in made(found, "BackupVault")}]
    assert places == [{("prod", "eu-central-1"), ("prod", "eu-west-1"), ("safe", "eu-central-1"), ("safe", "eu-west-1")}]
    counts = sorted(len(one["properties"]["Rules"][-1]["CopyActions"]) for one in made(found, "BackupPlan"))
    assert counts == [1, 2]
    policies = {one["key"]: one["properties"]["Policy"]["Statement"] for one in made(found, "BackupVault")}
    for key, statements in policies.items():
        allowed = [one for one in statements if one["Effect"] == "Allow"]
        assert [one["Principal"] for one in allowed] == (
            [{"AWS": [{"$sub": "arn:aws:iam::${account.prod}:root"}]}] if key.endswith("safe") else []
        )
    keys = {one["key"]: one["properties"]["Policy"]["Statement"] for one in found["resources"] if one["type"] == "AWS::KMS::Key"}
    shared = {key for key, statements in keys.items() if any(one["Sid"] == "StowplanCopyUse" for one in statements)}
    assert shared == {"key-data--prod", "key-data--safe", "drkey-data--safe"}


def test_a_copy_to_another_account_has_a_key_of_the_customers_even_where_aws_owned_ones_were_asked_for() -> None:
    found = design(DATABASE, sec_separate_acct="exists", sec_enc="aws-owned")
    assert all(one["properties"]["EncryptionKeyArn"] for one in made(found, "BackupVault"))
    alone = design(DATABASE, sec_enc="aws-owned")
    assert not any("EncryptionKeyArn" in one["properties"] for one in made(alone, "BackupVault"))


def test_a_lock_allows_exactly_what_the_plans_keep_and_erasure_keeps_it_liftable() -> None:
    table = [{"class": "people", "min": "30d", "max": "10y", "erasure": True}]
    [near, _] = made(design({**SHARE, "wl_retain": {"daily": 35, "yearly": 5}}, cmp_immutable="strict"), "BackupVault")
    assert near["properties"]["LockConfiguration"] == {"MinRetentionDays": 35, "MaxRetentionDays": 1827, "ChangeableForDays": 3}
    people = design({**SHARE, "wl_class": "people"}, cmp_immutable="strict", cmp_retention_tbl=table)
    assert {tuple(one["properties"]["LockConfiguration"]) for one in made(people, "BackupVault")} == {
        ("MinRetentionDays", "MaxRetentionDays")
    }


def test_nothing_is_kept_beyond_a_hundred_years() -> None:
    found = design({**SHARE, "wl_retain": {"daily": 7, "yearly": 1000}}, cmp_immutable="governance")
    assert rules(found)["yearly"]["Lifecycle"] == {"DeleteAfterDays": 36500}


def test_restores_are_tested_by_the_cadence_of_the_drills_and_the_calendar_says_by_whom() -> None:
    machine = {"wl_kind": "virtual-machine", "wl_where": "on-premises", "wl_rto": "8h", "wl_rpo": "24h", "wl_size": "1 TiB"}
    found = design(DATABASE, {**SHARE, "wl_tags": "Backup=files"}, machine, ops_drill="quarterly")
    [plan] = made(found, "RestoreTestingPlan")
    assert plan["properties"]["ScheduleExpression"] == "cron(0 5 ? 1/3 SUN#2 *)"
    types = [one["properties"]["ProtectedResourceType"] for one in made(found, "RestoreTestingSelection")]
    assert types == ["RDS", "EFS", "FSx"]
    assert [(one["workload"], one["way"], one["resource"]) for one in found["drills"]] == [
        ("w0", "restore-testing", plan["key"]),
        ("w1", "restore-testing", plan["key"]),
        ("w2", "by-hand", None),
    ]
    assert any("by hand" in one["what"] for one in found["handover"])


def test_evidence_is_written_where_a_regime_asks_and_not_elsewhere() -> None:
    plain = design(DATABASE)
    assert made(plain, "ReportPlan") + made(plain, "Framework") == []
    found = design(DATABASE, cmp_regimes=["soc-2"], cmp_immutable="governance")
    assert [one["properties"]["ReportSetting"]["ReportTemplate"] for one in made(found, "ReportPlan")] == [
        "BACKUP_JOB_REPORT",
        "COPY_JOB_REPORT",
        "RESTORE_JOB_REPORT",
    ]
    [framework] = made(found, "Framework")
    names = {one["ControlName"] for one in framework["properties"]["FrameworkControls"]}
    assert {"BACKUP_RESOURCES_PROTECTED_BY_BACKUP_VAULT_LOCK", "BACKUP_RESOURCES_PROTECTED_BY_CROSS_REGION"} <= names
    assert "BACKUP_RESOURCES_PROTECTED_BY_CROSS_ACCOUNT" not in names
    logs = next(one for one in found["resources"] if one["key"] == "logs")
    assert "StowplanBackupReports" in {one["Sid"] for one in logs["properties"]["PolicyStatements"]}


def test_what_is_made_now_is_no_longer_handed_over() -> None:
    found = evaluate(read_engagement(NORTHWIND.read_bytes())).document
    texts = [one["what"] for one in found["handover"]]
    assert not any(text.startswith(("AWS Backup plan", "Vault Lock", "Copy action of the plan")) for text in texts)
    assert any("service opt-in" in text for text in texts)
    assert any("cross-account backup" in text for text in texts)
