"""Gaps of the customer and of one workload: one answer apart from a customer without gaps, each is told; with its own answer it is not."""

import pytest

from recommendations.findings_gaps import GAPS
from tests.recommendations.cases import CUSTOMER, case

ROLE = {"role": "ops", "restore": True, "delete": False, "mfa": True}
PERSON = {"role": "security", "name": "Cy", "email": "cy@example.org"}
ONE_ACCOUNT = CUSTOMER["aws_accounts"][:1]
# check -> answers that make it fire, each from a customer without gaps
FIRES = [
    ("no-retention-strategy", {"cur_pain": ["no-retention-rule"]}),
    ("storage-cost-grows", {"cur_pain": ["cost-grows"]}),
    ("no-cross-region-copy", {"cur_pain": ["no-other-region"]}),
    ("no-recovery-region", {"aws_dr": []}),
    ("region-loss-not-covered", {"rec_disrupt": ["deletion"]}),
    ("no-backup-today", {"cur_tools": ["none"]}),
    ("no-backup-today", {"cur_media": ["none"]}),
    ("copies-on-one-site", {"cur_media": ["same-server", "same-site"]}),
    ("missing-backups", {"cur_pain": ["failed-backups"]}),
    ("missing-backups", {"cur_success": "94.9 %"}),
    ("backup-success-unmeasured", {"cur_success": {"state": "unknown"}}),
    ("no-object-level-log", {"cur_pain": ["no-object-log"]}),
    ("no-object-level-log", {"sec_log": "management"}),
    ("weak-audit-trail", {"cur_pain": ["weak-audit"]}),
    ("slow-restores", {"cur_pain": ["slow-restores"]}),
    ("recovery-by-hand", {"cur_manual_steps": ["build-server"]}),
    ("administrator-can-delete", {"cur_pain": ["admin-can-delete"]}),
    ("administrator-can-delete", {"sec_access": [{**ROLE, "delete": True}]}),
    ("delete-without-mfa", {"sec_access": [{**ROLE, "restore": False, "delete": True, "mfa": False}]}),
    ("no-immutable-copy", {"cmp_immutable": "none"}),
    ("one-account-for-all", {"sec_separate_acct": "none"}),
    ("one-account-for-all", {"aws_accounts": ONE_ACCOUNT}),
    ("keys-with-the-same-administrators", {"sec_key_owner": "same-admins"}),
    ("sensitive-data-under-aws-key", {"sec_enc": "aws-managed"}),
    ("sensitive-data-under-aws-key", {"sec_enc": "aws-owned", "cmp_pii": ["card"]}),
    ("keys-do-not-rotate", {"sec_key_rotation": "not-required"}),
    ("restore-not-proven", {"cur_last_restore_result": "never"}),
    ("restore-not-proven", {"cur_last_restore_result": "failed"}),
    ("restore-not-proven", {"cur_last_restore_result": "partly"}),
    ("restore-was-late", {"cur_last_restore_result": "late"}),
    ("no-drill-planned", {"ops_drill": "not-planned"}),
    ("drift-unnoticed", {"ops_change": "not-at-all"}),
    ("no-runbook", {"ops_runbook": "none"}),
    ("old-runbook", {"ops_runbook": "old"}),
    ("no-alarm-receiver", {"ops_alert": []}),
    ("nobody-owns-backup", {"cur_pain": ["no-owner"]}),
    ("nobody-owns-backup", {"eng_people": [PERSON]}),
    ("no-impact-analysis", {"eng_bia": "old"}),
    ("no-impact-analysis", {"eng_bia": "none"}),
    ("logs-without-reader", {"sec_log_readers": {"state": "unknown"}}),
    ("no-allowed-path", {"sec_transit": ["vpn"]}),
    ("no-allowed-path", {"sec_transit": ["vpc-endpoint-only"], "net_link": ["internet"]}),
    ("residency-open", {"cmp_residency": {"state": "unknown"}, "aws_dr": ["us-west-2"]}),
    ("evidence-not-kept", {"cmp_evidence": ["none"], "cmp_regimes": ["soc-2"]}),
    ("provider-exit-not-covered", {"rec_disrupt": ["deletion", "provider-exit"]}),
    ("copies-by-scripts", {"cur_tools": ["scripts", "native-dumps"]}),
    ("changes-by-hand", {"aws_iac": "ticket"}),
    ("cost-not-known", {"cur_cost": {"state": "unknown"}}),
]
SILENT = [
    ("copies-on-one-site", {"cur_media": ["same-site", "tape"]}),
    ("missing-backups", {"cur_success": "95 %"}),
    ("sensitive-data-under-aws-key", {"sec_enc": "aws-managed", "cmp_pii": ["none"]}),
    ("administrator-can-delete", {"sec_access": [ROLE, {**ROLE, "role": "b", "restore": False, "delete": True}]}),
    ("no-immutable-copy", {"cmp_immutable": "none", "rec_disrupt": ["deletion", "region-loss"]}),
    ("no-recovery-region", {"aws_dr": [], "rec_disrupt": ["deletion"]}),
    ("keys-do-not-rotate", {"sec_key_rotation": "custom"}),
    ("restore-not-proven", {"cur_last_restore_result": "worked"}),
    ("no-allowed-path", {"sec_transit": ["vpc-endpoint-only"], "net_link": ["internet", "vpn"]}),
    ("evidence-not-kept", {"cmp_evidence": ["none"], "cmp_regimes": ["none"]}),
    ("copies-by-scripts", {"cur_tools": ["scripts", "veeam"]}),
]


def test_every_gap_has_an_answer_that_makes_it_fire():
    assert {check for check, _ in FIRES} == {gap.check for gap in GAPS}


@pytest.mark.parametrize(("check", "answers"), FIRES)
def test_an_answer_shows_its_gap(check, answers):
    found = case("object-data", customer=answers).finding(check)
    gap = next(gap for gap in GAPS if gap.check == check)
    assert (found["severity"], found["pillar"], found["workload"]) == (gap.severity, gap.pillar, None)
    assert set(found["answers"]) & set(answers)


@pytest.mark.parametrize(("check", "answers"), SILENT)
def test_an_answer_beside_the_gap_shows_nothing(check, answers):
    assert check not in case("object-data", customer=answers).checks()


def test_a_gap_names_the_setting_that_closes_it_or_none():
    assert case("object-data", customer={"cur_pain": ["no-object-log"]}).finding("no-object-level-log")["setting"] == "logging"
    assert case("ebs-volumes", customer={"cur_pain": ["no-object-log"]}).finding("no-object-level-log")["setting"] is None
    assert case("object-data", customer={"ops_alert": []}).finding("no-alarm-receiver")["setting"] is None


def test_a_decision_for_nothing_closes_no_gap():
    found = case("object-data", customer={"cur_pain": ["no-other-region"], "aws_dr": []}).finding("no-cross-region-copy")
    assert found["setting"] is None
    assert found["fix"].startswith("In this design no copy leaves the Region either")
    closed = case("object-data", customer={"cur_pain": ["no-other-region"]}).finding("no-cross-region-copy")
    assert (closed["setting"], closed["fix"][:22]) == ("replication", "Copies go to the recov")
    trail = case("ebs-volumes", customer={"cur_pain": ["weak-audit"]}).finding("weak-audit-trail")
    assert trail["setting"] == "trail"


@pytest.mark.parametrize(("level", "severity"), [(0, "medium"), (1, "low"), (2, None)])
def test_an_area_under_level_two_is_a_finding(level, severity):
    made = case("object-data", customer={"mat_pillars": {"performance": {"level": level}}})
    found = [one for one in made.findings() if one["check"] == "maturity-performance"]
    assert [one["severity"] for one in found] == ([severity] if severity else [])
    assert all(one["pillar"] == "performance efficiency" for one in found)


# ---------------------------------------------------------------------------- workloads
@pytest.mark.parametrize("gap", ["never-restored", "no-offsite-copy", "fails-often", "too-slow", "not-encrypted", "kept-too-long"])
def test_a_known_gap_of_a_workload_is_told(gap):
    found = case("object-data", wl_gap=[gap]).finding(gap)
    assert (found["workload"], found["answers"]) == ("data", ["wl_gap"])
    assert found["setting"] is not None


@pytest.mark.parametrize("answers", [{"wl_owner": None}, {"wl_owner": {"state": "unknown"}}, {"wl_gap": ["unknown-owner"]}])
def test_a_workload_that_nobody_owns(answers):
    assert "unowned-workload" in case("object-data", **answers).checks()


def test_resources_without_a_tag_are_not_copied_in_silence():
    found = case("ebs-volumes", wl_tags=None).finding("resources-not-tagged")
    assert found["fix"].startswith("Put the tag stowplan:workload=data on its resources")
    assert "resources-not-tagged" not in case("object-data", wl_tags=None).checks()
    assert "resources-not-tagged" not in case("virtual-machine", wl_where="on-premises", wl_tags=None).checks()


def test_reads_that_nobody_counted():
    assert "access-not-measured" in case("object-data", wl_access=None).checks()
    assert "access-not-measured" not in case("ebs-volumes", wl_access=None).checks()


def test_an_open_record_class():
    assert "record-class-open" in case("object-data", wl_class=None).checks()
    assert "record-class-open" not in case("object-data", customer={"cmp_retention_tbl": []}, wl_class=None).checks()


@pytest.mark.parametrize("question", ["immut", "xregion", "xacct"])
def test_an_exception_needs_a_reason(question):
    answers = {f"wl_{question}": "not-needed"}
    assert f"exception-without-reason-{question}" in case("object-data", **answers).checks()
    answers[f"wl_{question}_why"] = "It is a cache."
    assert f"exception-without-reason-{question}" not in case("object-data", **answers).checks()


def test_targets_against_the_tiers_promise():
    found = case("object-data", wl_rto="5h", wl_rpo="2h").finding("targets-looser-than-tier")
    assert found["sentence"] == "Its targets are looser than its tier promises: RTO 5 h against 4 h and RPO 2 h against 1 h."
    assert found["answers"] == ["wl_tier", "rec_tiers", "wl_rto", "wl_rpo"]
    assert "targets-looser-than-tier" not in case("object-data", wl_rto="4h", wl_rpo="1h").checks()


@pytest.mark.parametrize(("rto", "fires"), [("8h", False), ("481m", True)])
def test_impact_that_is_severe_before_recovery(rto, fires):
    none, severe = dict.fromkeys(["money", "safety", "legal", "reputation"], "none"), {"money": "severe", "safety": "none", "legal": "none"}
    made = case("object-data", wl_rto=rto, wl_impact={"1h": none, "8h": {**severe, "reputation": "none"}})
    assert ("impact-before-recovery" in made.checks()) is fires


@pytest.mark.parametrize(
    ("consistency", "fires"), [("crash", True), ("file-system", True), ("application", False), ("transaction-log", False)]
)
def test_a_database_needs_a_consistent_copy(consistency, fires):
    assert ("database-not-consistent" in case("database", wl_consist=consistency).checks()) is fires
    assert "database-not-consistent" not in case("ebs-volumes", wl_consist=consistency).checks()


def test_nothing_kept_is_critical():
    assert case("ebs-volumes", wl_retain={"daily": 0}).finding("no-copies-kept")["severity"] == "critical"
    assert "no-copies-kept" not in case("ebs-volumes", wl_retain={"yearly": 1}).checks()
    assert "no-copies-kept" not in case("object-data", wl_retain={}).checks()
    assert "no-copies-kept" not in case("ebs-volumes", wl_retain={}, wl_reproduce="within-rto").checks()


def test_data_that_never_goes():
    assert "never-expires" in case("object-data", wl_expire="never").checks()
    assert "never-expires" not in case("ebs-volumes", wl_expire="never").checks()


@pytest.mark.parametrize(("size", "fires"), [("131071 B", True), ("128 KiB", False)])
def test_small_objects(size, fires):
    assert ("small-objects" in case("object-data", wl_obj_size=size).checks()) is fires
