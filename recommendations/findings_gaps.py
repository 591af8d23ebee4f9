"""Gaps that the customer's answers show: what hurts today, and the setting of the design that closes it or what stays open.

The list follows the pain points that discovery sessions meet: no retention rule, no copy elsewhere, missing backups, no object-level log,
restores by hand, copies that an administrator can delete, nobody told, nothing rehearsed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessment.answer_tree import AnswerTree
from recommendations.findings_maturity import maturity
from recommendations.findings_model import COST, OPERATIONS, PERFORMANCE, RELIABILITY, SECURITY, Finding, FindingParts, finding
from recommendations.gap_conditions import (
    Condition,
    copies_on_one_site,
    either,
    events,
    evidence_missing,
    manual_steps,
    no_allowed_path,
    no_approver,
    no_backup,
    no_classes,
    one_account,
    only_scripts,
    open_answer,
    pain,
    role_with,
    says,
    sensitive_under_aws_key,
    success_below,
)


@dataclass(frozen=True)
class Gap:
    """One gap: when it is there, how it is told, and which tables' settings close it (none: it stays open until somebody does `fix`).

    `open_fix` is told instead of `fix` where the design of these answers has no setting that closes the gap.
    """

    check: str
    severity: str
    pillar: str
    when: Condition
    sentence: str
    fix: str
    answers: tuple[str, ...]
    tables: tuple[str, ...] = ()
    open_fix: str = ""


GAPS: tuple[Gap, ...] = (
    Gap(
        "no-retention-strategy", "high", COST, either(pain("no-retention-rule"), no_classes),
        "No central rule says what is kept for how long, so data piles up.",
        "Each workload gets a lifecycle and a retention; name the record classes with their periods so that they can be checked.",
        ("cur_pain", "cmp_retention_tbl"), ("storage_class", "dlm", "backup_plan"),
    ),
    Gap(
        "storage-cost-grows", "medium", COST, pain("cost-grows"),
        "The cost of keeping copies keeps growing.",
        "Lifecycle rules move data to the cheapest class that its reads allow, and delete what is past its time.",
        ("cur_pain",), ("storage_class", "dlm", "backup_plan"),
    ),
    Gap(
        "no-cross-region-copy", "high", RELIABILITY, pain("no-other-region"),
        "No copy lives in another Region today.",
        "Copies go to the recovery Region; see the setting of each workload.",
        ("cur_pain", "aws_dr"), ("replication",),
        "In this design no copy leaves the Region either: name an allowed recovery Region, or accept its loss in writing.",
    ),
    Gap(
        "no-recovery-region", "high", RELIABILITY, lambda s: "region-loss" in events(s) and not s.value("aws_dr"),
        "The loss of a Region is to be survived, but no recovery Region is named.",
        "Name a Region that the residency rule allows; until then no copy leaves the primary Region.",
        ("rec_disrupt", "aws_dr"),
    ),
    Gap(
        "region-loss-not-covered", "low", RELIABILITY, lambda s: "region-loss" not in events(s),
        "The loss of a whole Region is not among the events to be survived.",
        "Accept it in writing, or add the event and name a recovery Region.",
        ("rec_disrupt",),
    ),
    Gap(
        "no-backup-today", "critical", RELIABILITY, no_backup,
        "There are no backups today.",
        "Put the design into force workload by workload, the most critical first.",
        ("cur_tools", "cur_media"), ("protection",),
    ),
    Gap(
        "copies-on-one-site", "high", RELIABILITY, copies_on_one_site,
        "Every copy of today lies on the site of the data; a fire takes both.",
        "The design keeps copies in AWS, away from the site.",
        ("cur_media",), ("protection",),
    ),
    Gap(
        "missing-backups", "high", RELIABILITY, either(pain("failed-backups"), success_below),
        "Backups are missing or fail today.",
        "Failed and missing copies raise an alarm; silence counts as failure.",
        ("cur_pain", "cur_success"), ("monitoring",),
    ),
    Gap(
        "backup-success-unmeasured", "medium", OPERATIONS, lambda s: s.value("cur_success") is None,
        "Nobody knows what share of the backup jobs succeeds.",
        "Every failed or missing copy is reported; report the share monthly from then on.",
        ("cur_success",), ("monitoring",),
    ),
    Gap(
        "no-object-level-log", "high", SECURITY, either(pain("no-object-log"), says("sec_log", "management")),
        "Who read, changed or deleted which object is not recorded.",
        "A multi-Region trail records object-level events where the log setting says so.",
        ("cur_pain", "sec_log"), ("logging",),
        "Ask for object-level events of critical or of all objects; they are recorded for what lies in buckets.",
    ),
    Gap(
        "weak-audit-trail", "medium", SECURITY, pain("weak-audit"),
        "The audit trail is weak today.",
        "A multi-Region trail with log file validation writes to a bucket of its own, kept for the log period.",
        ("cur_pain", "sec_log_keep"), ("trail",),
    ),
    Gap(
        "slow-restores", "medium", PERFORMANCE, pain("slow-restores"),
        "Restores are too slow today.",
        "The recovery table gives the time of each step; drills measure it.",
        ("cur_pain", "cur_last_restore_took"), ("dr_strategy", "drills"),
    ),
    Gap(
        "recovery-by-hand", "medium", OPERATIONS, lambda s: manual_steps(s) > 0,
        "Recovery depends on steps done by hand, and each adds to the recovery time.",
        "Automate the steps that the recovery table marks as done by hand, the longest first.",
        ("cur_manual_steps",), ("drills",),
    ),
    Gap(
        "administrator-can-delete", "high", SECURITY, either(pain("admin-can-delete"), role_with(restore=True, delete=True)),
        "One administrator can delete the data and its copies.",
        "Locks and separate roles keep restoring and deleting apart; take the right to delete from whoever restores.",
        ("cur_pain", "sec_access"), ("object_lock", "vault_lock", "iam"),
        "Ask for locked copies or for an account of their own; take the right to delete from whoever restores.",
    ),
    Gap(
        "delete-without-mfa", "high", SECURITY, role_with(delete=True, mfa=False),
        "A role may delete copies without a second factor.",
        "Require a second factor from every role that may delete copies.",
        ("sec_access",),
    ),
    Gap(
        "no-immutable-copy", "high", SECURITY, lambda s: s.value("cmp_immutable") == "none" and "ransomware" in events(s),
        "Ransomware is to be survived, but no copy is protected against deletion.",
        "Answer governance or strict, so that copies are locked for a time.",
        ("cmp_immutable", "rec_disrupt"), (),
    ),
    Gap(
        "one-account-for-all", "high", SECURITY, either(one_account, says("sec_separate_acct", "none")),
        "Data and copies live in one account, so one stolen administrator reaches both.",
        "Allow a backup account that production administrators cannot enter.",
        ("aws_accounts", "sec_separate_acct"),
    ),
    Gap(
        "keys-with-the-same-administrators", "high", SECURITY, says("sec_key_owner", "same-admins"),
        "Whoever administers the data may also delete the keys, and with them every copy.",
        "Give the keys to the security team or to a separate account.",
        ("sec_key_owner",),
    ),
    Gap(
        "sensitive-data-under-aws-key", "medium", SECURITY, sensitive_under_aws_key,
        "Sensitive data is encrypted with a key that the customer does not control.",
        "Use customer managed keys, so that access can be cut off and every use is on record.",
        ("sec_enc", "cmp_pii"), ("encryption",),
    ),
    Gap(
        "keys-do-not-rotate", "low", SECURITY, says("sec_key_rotation", "not-required"),
        "Keys do not rotate.",
        "Rotate them yearly; it costs nothing to operate.",
        ("sec_key_rotation",),
    ),
    Gap(
        "restore-not-proven", "high", RELIABILITY, says("cur_last_restore_result", "never", "failed", "partly"),
        "The last restore failed, worked only in part, or never took place.",
        "The first drill comes within a month for critical workloads; see the drill calendar.",
        ("cur_last_restore_result",), ("drills",),
    ),
    Gap(
        "restore-was-late", "medium", RELIABILITY, says("cur_last_restore_result", "late"),
        "The last restore worked, but took longer than allowed.",
        "Drills measure the time of each step against the target.",
        ("cur_last_restore_result", "cur_last_restore_took"), ("drills",),
    ),
    Gap(
        "no-drill-planned", "high", RELIABILITY, says("ops_drill", "not-planned"),
        "No rehearsal of recovery is planned.",
        "The design sets a cadence for each workload; agree on the first date.",
        ("ops_drill",), ("drills",),
    ),
    Gap(
        "drift-unnoticed", "medium", OPERATIONS, says("ops_change", "not-at-all"),
        "Nobody notices when settings move away from the design.",
        "Run the plan on a schedule: whatever it lists has drifted.",
        ("ops_change",),
    ),
    Gap(
        "no-runbook", "medium", OPERATIONS, says("ops_runbook", "none"),
        "No written recovery steps exist.",
        "Take the steps of the recovery tables as the first procedures, and correct them in the first drill.",
        ("ops_runbook",), ("drills",),
    ),
    Gap(
        "old-runbook", "low", OPERATIONS, says("ops_runbook", "old"),
        "The written recovery steps are old.",
        "Replace them by the steps of the recovery tables, and correct them in the first drill.",
        ("ops_runbook",), ("drills",),
    ),
    Gap(
        "no-alarm-receiver", "high", OPERATIONS, lambda s: not s.value("ops_alert"),
        "Nobody is told when a backup fails.",
        "Name at least one receiver with the time within which it must be told.",
        ("ops_alert",),
    ),
    Gap(
        "nobody-owns-backup", "medium", OPERATIONS, either(pain("no-owner"), no_approver),
        "Nobody is named who answers for backup or signs the design.",
        "Name an approver and an owner of each workload.",
        ("cur_pain", "eng_people"),
    ),
    Gap(
        "no-impact-analysis", "low", RELIABILITY, says("eng_bia", "none", "old"),
        "There is no business impact analysis of the last year, so the recovery targets are estimates.",
        "Confirm each workload's targets with its business owner.",
        ("eng_bia",),
    ),
    Gap(
        "logs-without-reader", "medium", SECURITY, lambda s: not s.value("sec_log_readers"),
        "Logs are kept, but nobody is named who reads them.",
        "Name who reads the logs and how often; a record that nobody looks at shows nothing in time.",
        ("sec_log_readers",),
    ),
    Gap(
        "no-allowed-path", "high", SECURITY, no_allowed_path,
        "None of the paths over which data may travel is connected.",
        "Connect an allowed path (VPN, Direct Connect with MACsec), or allow TLS over the internet.",
        ("sec_transit", "net_link"),
    ),
    Gap(
        "residency-open", "low", SECURITY, open_answer("cmp_residency"),
        "It is not said in which countries copies may stand, so only the country of the primary Region is used.",
        "Say which countries are allowed, or that there is no limit.",
        ("cmp_residency",),
    ),
    Gap(
        "evidence-not-kept", "medium", SECURITY, evidence_missing,
        "Rules apply to the customer, but nothing is to be kept that an auditor could see.",
        "Keep job reports, results of restore tests and the approval of the design.",
        ("cmp_regimes", "cmp_evidence"),
    ),
    Gap(
        "provider-exit-not-covered", "medium", RELIABILITY, lambda s: "provider-exit" in events(s),
        "Leaving AWS is among the events to be survived, but every copy of this design lies in AWS.",
        "Keep a copy outside AWS in a format that other products read, and rehearse reading it; or take the event off the list.",
        ("rec_disrupt",),
    ),
    Gap(
        "copies-by-scripts", "low", OPERATIONS, only_scripts,
        "Backups rest on scripts and dumps of one's own, which nobody else maintains.",
        "Managed policies and plans take the copies; what is left of a script is watched for what it delivers.",
        ("cur_tools",), ("dlm", "backup_plan", "monitoring"),
    ),
    Gap(
        "changes-by-hand", "low", OPERATIONS, says("aws_iac", "ticket"),
        "Changes reach AWS by tickets, so what runs may differ from what was approved.",
        "Use the CloudFormation or Terraform files of the design, or let the plan be applied.",
        ("aws_iac",),
    ),
    Gap(
        "cost-not-known", "low", COST, open_answer("cur_cost"),
        "What backup and archive cost today is not known, so no saving can be shown.",
        "Add up hardware, licences, media, cloud and hours of work of one month.",
        ("cur_cost",),
    ),
)  # fmt: skip


def customer_gaps(tree: AnswerTree, parts: FindingParts) -> Iterator[Finding]:
    """The gaps of the customer as a whole, maturity included."""
    scope = tree.customer
    for gap in GAPS:
        if gap.when(scope):
            asked = [name for name in gap.answers if scope.visible(name)]
            setting = parts.closing(gap.tables)
            fix = gap.open_fix if gap.open_fix and setting is None else gap.fix
            yield finding(gap.check, gap.severity, gap.pillar, None, gap.sentence, fix, asked, setting)
    yield from maturity(scope.value("mat_pillars") or {})
