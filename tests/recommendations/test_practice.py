"""Every gap that a storage, backup and recovery assessment looks for has a check that finds it, and a setting that closes it or a fix.

The left column is the practice in its own words: what discovery sessions find, and what the delivered work is checked for.
"""

import pytest

from assessment.questionnaire import load_questionnaire
from recommendations.evaluate import evaluate
from recommendations.findings import BEFORE
from tests.recommendations.cases import case
from tests.recommendations.test_maturity import every_check

ON_PREMISES = {"wl_where": "on-premises", "wl_freq": "hourly"}
# gap in the practice's words -> (kind, customer answers, workload answers, checks that find it, settings that close it: None stays open)
PRACTICE = {
    "no centralised lifecycle and retention strategy": (
        "object-data", {"cur_pain": ["no-retention-rule"]}, {}, {"no-retention-strategy": "storage_class"}),
    "large volumes retained, storage costs increase": (
        "object-data", {"cur_pain": ["cost-grows"]}, {"wl_gap": ["kept-too-long"]},
        {"storage-cost-grows": "storage_class", "kept-too-long": "storage_class"}),
    "no cross-region replication": ("object-data", {"cur_pain": ["no-other-region"]}, {}, {"no-cross-region-copy": "replication"}),
    "availability risk: one site, one Region": (
        "object-data", {"cur_media": ["same-site"], "rec_disrupt": ["deletion", "hardware"]}, {"wl_gap": ["no-offsite-copy"]},
        {"copies-on-one-site": "protection", "no-offsite-copy": "protection", "region-loss-not-covered": None}),
    "missing backups": (
        "ebs-volumes", {"cur_success": "80 %", "cur_tools": ["none"]}, {"wl_gap": ["fails-often"]},
        {"missing-backups": "monitoring", "no-backup-today": "protection", "fails-often": "monitoring"}),
    "retention issues": (
        "object-data", {"cmp_retention_tbl": [{"class": "records", "min": "7y", "erasure": False}]}, {"wl_expire": "1y"},
        {"retention-against-class": "storage_class"}),
    "no object-level logging": ("object-data", {"cur_pain": ["no-object-log"]}, {}, {"no-object-level-log": "logging"}),
    "insufficient audit trails": (
        "object-data", {"cur_pain": ["weak-audit"], "sec_log_readers": {"state": "unknown"}}, {},
        {"weak-audit-trail": "trail", "logs-without-reader": None}),
    "high recovery times due to manual processes": (
        "ebs-volumes", {"cur_manual_steps": ["build-server"], "cur_pain": ["slow-restores"]}, {"wl_rto": "30m", "wl_rpo": "6h"},
        {"recovery-by-hand": "drills", "slow-restores": "dr_strategy", "rto-below-estimate": "dr_strategy"}),
    "data protection and encryption": (
        "object-data", {"sec_enc": "aws-managed"}, {"wl_gap": ["not-encrypted"]},
        {"not-encrypted": "encryption", "sensitive-data-under-aws-key": "encryption"}),
    "encryption in transit, allowed paths": ("object-data", {"sec_transit": ["vpn"]}, {}, {"no-allowed-path": None}),
    "IAM access with least privilege": (
        "object-data", {"sec_access": [{"role": "ops", "restore": True, "delete": True, "mfa": False}]}, {},
        {"administrator-can-delete": "object_lock", "delete-without-mfa": None}),
    "backup job health is not monitored": (
        "object-data", {"ops_alert": [], "cur_success": {"state": "unknown"}}, {},
        {"no-alarm-receiver": None, "backup-success-unmeasured": "monitoring"}),
    "resource tags for backup policies": ("ebs-volumes", {}, {"wl_tags": None}, {"resources-not-tagged": "dlm"}),
    "no periodic recovery simulations and restore drills": (
        "object-data", {"ops_drill": "not-planned", "cur_last_restore_result": "never"}, {"wl_gap": ["never-restored"]},
        {"no-drill-planned": "drills", "restore-not-proven": "drills", "never-restored": "drills"}),
    "criticality of data, expectations on recovery": (
        "object-data", {"eng_bia": "none"}, {"wl_rto": "5h"}, {"no-impact-analysis": None, "targets-looser-than-tier": None}),
    "access frequency and usage patterns": ("object-data", {}, {"wl_access": None}, {"access-not-measured": "storage_class"}),
    "application performance on restore": (
        "ebs-volumes", {}, {"wl_rto": "30m", "wl_rpo": "6h", "wl_prov": "2 TiB"}, {"snapshot-initialisation": "dlm"}),
    "availability promises": (
        "object-data", {"rec_sla": "99-99"}, {"wl_tier": "mission-critical", "wl_rto": "2h"}, {"error-budget": "dr_strategy"}),
    "data sovereignty": (
        "object-data", {"aws_dr": ["eu-central-1"], "cmp_residency": ["US"]}, {}, {"dr-region-outside-residency": "replication"}),
    "regulations such as GDPR against retention and locks": (
        "object-data", {"cmp_retention_tbl": [{"class": "records", "min": "30d", "erasure": True}], "cmp_immutable": "strict"}, {},
        {"strict-lock-with-erasure": "object_lock", "retention-against-erasure": None}),
    "evidence for an audit": ("object-data", {"cmp_regimes": ["hipaa"], "cmp_evidence": ["none"]}, {}, {"evidence-not-kept": None}),
    "infrastructure as code": (
        "object-data", {"aws_iac": "ticket", "ops_change": "not-at-all"}, {}, {"changes-by-hand": None, "drift-unnoticed": None}),
    "automation instead of scripts": ("ebs-volumes", {"cur_tools": ["scripts"]}, {}, {"copies-by-scripts": "dlm"}),
    "procedures and an operations guide": ("object-data", {"ops_runbook": "none"}, {}, {"no-runbook": "drills"}),
    "owners and approval": ("object-data", {"eng_people": []}, {"wl_owner": None}, {"nobody-owns-backup": None, "unowned-workload": None}),
    "copies protected from ransomware": ("object-data", {"cmp_immutable": "none"}, {}, {"no-immutable-copy": None}),
    "cost against budget": ("object-data", {"bud_month": "1 USD"}, {}, {"over-budget": None}),
    "moving the first copy over the line": (
        "file-share", {"net_bw": "10 Mbit/s", "net_bw_off": "10 Mbit/s", "eng_deadline": "2027-03-31"}, ON_PREMISES,
        {"first-copy-slow": None, "seed-misses-deadline": None, "daily-change-exceeds-window": "protection"}),
}  # fmt: skip
# Errors of the answers themselves: the engagement is not read, so no design and no finding comes of it.
REFUSED = {"dr-equals-primary", "dependency-cycle"}


@pytest.mark.parametrize("gap", PRACTICE)
def test_a_gap_of_the_practice_is_found_and_closed_or_told_to_stay_open(gap):
    kind, customer, answers, wanted = PRACTICE[gap]
    document = evaluate(case(kind, customer=customer, **answers).tree.engagement).document
    found = {one["check"]: one for one in document["findings"]}
    assert wanted.keys() <= found.keys(), gap
    assert {check: found[check]["setting"] for check in wanted} == wanted
    for check in wanted:
        assert found[check]["fix"]
        assert found[check]["answers"]


def test_each_check_of_the_questionnaire_is_a_finding_or_refuses_the_answers():
    checks = {one.id for one in load_questionnaire().checks}
    assert checks - REFUSED <= every_check()
    assert set(BEFORE) <= checks
    assert {one.id for one in load_questionnaire().checks if one.severity == "error"} == REFUSED
