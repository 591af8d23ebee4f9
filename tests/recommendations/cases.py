"""Small engagements for the tests of recovery and findings: one customer, workloads by their answers, decided by the real tables."""

from dataclasses import dataclass
from typing import Any

from assessment.answer_tree import AnswerTree
from assessment.engagement import engagement_from_document
from assessment.questionnaire import load_questionnaire
from recommendations.decisions import Decisions, decide
from recommendations.fact_fields import customer_facts, workload_facts
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.findings import FindingParts, WorkloadPart, findings_of
from recommendations.prices import load_price_book
from recommendations.recovery import recovery_of
from recommendations.tables import load_rule_pack

EVENTS = ["deletion", "hardware", "site-loss", "region-loss", "ransomware", "account-loss"]
# A customer without gaps: staff day and night, no hand work, two accounts, everything rehearsed and watched.
CUSTOMER: dict[str, Any] = {
    "eng_bia": "recent",
    "eng_people": [{"role": "approver", "name": "Ann Ray", "email": "ann@example.org"}],
    "rec_disrupt": EVENTS,
    "cur_tools": ["aws-backup"],
    "cur_media": ["second-site"],
    "cur_success": "99 %",
    "cur_last_restore_result": "worked",
    "cur_manual_steps": ["none"],
    "cur_cost": "5000 USD",
    "cmp_retention_tbl": [{"class": "records", "min": "30d", "erasure": False}],
    "cmp_immutable": "governance",
    "cmp_residency": "any",
    "cmp_pii": ["personal"],
    "sec_enc": "customer-managed",
    "sec_separate_acct": "exists",
    "sec_log": "all-objects",
    "sec_log_readers": "The security team, each week",
    "aws_accounts": [
        {"alias": "prod", "account": "111122223333", "role": "production", "in_organization": True},
        {"alias": "vault", "account": "222233334444", "role": "backup", "in_organization": True},
    ],
    "aws_primary": "us-east-1",
    "aws_dr": ["us-west-2"],
    "net_bw": "10 Gbit/s",
    "net_down": "1 Gbit/s",
    "ops_alert": [{"channel": "email", "target": "ops@example.org", "within": "1h"}],
    "ops_hours": "always",
    "ops_drill": "quarterly",
    "ops_runbook": "current",
    "ops_change": "automatic",
}
WORKLOAD: dict[str, Any] = {
    "wl_where": "aws",
    "wl_owner": {"name": "Bo Li", "email": "bo@example.org"},
    "wl_tags": "Backup=yes",
    "wl_tier": "important",
    "wl_mtd": "90d",
    "wl_rto": "4h",
    "wl_rpo": "1h",
    "wl_size": "1 TiB",
    "wl_change": "5 %",
    "wl_class": "records",
    "wl_expire": "400d",
    "wl_access": {"0-30d": "daily", "31-90d": "unpredictable", "91-365d": "unpredictable", "over-365d": "unpredictable"},
    "wl_retain": {"daily": 35},
    "wl_steps": [{"step": "Check it", "minutes": 20, "manual": True}],
    "wl_gap": ["none"],
}


@dataclass(frozen=True)
class Case:
    """One decided engagement."""

    tree: AnswerTree
    customer: CustomerFacts
    parts: tuple[WorkloadPart, ...]

    @property
    def facts(self) -> WorkloadFacts:
        return self.parts[0].facts

    @property
    def decisions(self) -> Decisions:
        return self.parts[0].decisions

    def entry(self, disruption: str) -> dict[str, Any]:
        return next(dict(e) for e in self.parts[0].recovery if e["disruption"] == disruption)

    def findings(self, monthly=None, unknown=(), monthly_with=None) -> list[dict[str, Any]]:
        return findings_of(self.tree, FindingParts(self.customer, self.parts, monthly, tuple(unknown), load_price_book(), monthly_with))

    def checks(self, **more: Any) -> set[str]:
        return {one["check"] for one in self.findings(**more)}

    def finding(self, check: str, **more: Any) -> dict[str, Any]:
        return next(one for one in self.findings(**more) if one["check"] == check)


def decided(engagement: Any) -> Case:
    questionnaire = load_questionnaire()
    tree = AnswerTree(questionnaire, engagement)
    customer = customer_facts(tree.customer, engagement.customer, questionnaire.regions)
    parts = []
    for scope in tree.workloads:
        facts = workload_facts(scope, customer)
        decisions = decide(facts, customer, load_rule_pack(), load_price_book())
        parts.append(WorkloadPart(facts, decisions, tuple(recovery_of(facts, customer, decisions))))
    return Case(tree, customer, tuple(parts))


def case(kind: str, customer: dict[str, Any] | None = None, others: tuple[dict[str, Any], ...] = (), **answers: Any) -> Case:
    """One workload `Data` of a kind with these answers (None leaves one out), and further ones (with `name`) behind it."""
    rows = [{"name": "Data", "wl_kind": kind, **answers}, *others]
    workloads = [{"name": row["name"], "answers": without({**WORKLOAD, **row}, "name")} for row in rows]
    document = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "Acme"},
        "answers": without({**CUSTOMER, **(customer or {})}),
        "workloads": workloads,
    }
    return decided(engagement_from_document(document))


def without(answers: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in answers.items() if value is not None and key not in names}
