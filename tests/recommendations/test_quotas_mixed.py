"""Many workloads of every kind at once: each quota of AWS is kept, or named by the design's own finding.

Quotas and counts stand here a second time; nothing but the design is taken from the core.
"""

import json
import re
from collections import Counter
from typing import Any

import pytest

from recommendations.findings_model import FindingParts
from recommendations.findings_quotas import quotas
from recommendations.prices import load_price_book
from tests.recommendations.test_quotas import REGIONAL, TWO_ACCOUNTS, broken, designed, told, written

KINDS: tuple[dict[str, Any], ...] = (
    {"wl_kind": "ebs-volumes", "wl_where": "aws", "wl_rpo": "24h"},
    {"wl_kind": "object-data", "wl_where": "aws", "wl_rpo": "1h"},
    {"wl_kind": "database", "wl_where": "aws", "wl_db_host": "rds", "wl_engine": "postgresql", "wl_rpo": "24h"},
    {"wl_kind": "file-share", "wl_where": "aws", "wl_rpo": "24h"},
    {"wl_kind": "ebs-volumes", "wl_where": "aws", "wl_rpo": "12h", "wl_retain": {"daily": 35, "monthly": 12}},
)
# What one resource or one plan takes at the most (S3, KMS and IAM user guides; AWS Backup quotas; EventBridge, PutRule).
A_BUCKET_RULES, A_KEY_POLICY, A_BUCKET_POLICY, A_ROLE, A_TRUST, A_PATTERN = 1000, 32_768, 20_480, 10_240, 2048, 2048
A_PLAN = {"AWS::Backup::BackupSelection": ("BackupPlanId", 100), "AWS::Backup::RestoreTestingSelection": ("RestoreTestingPlanName", 30)}
A_POLICY_TAGS = 50
RESTORE_PLANS = 100


def mixed(count: int) -> dict[str, Any]:
    """Every kind in turn, with a tag, class and account of its own now and then."""
    workloads = [
        {
            **KINDS[index % len(KINDS)],
            "wl_rto": "4h",
            "wl_size": "1 TiB",
            "wl_tags": f"Backup=w{index}",
            "wl_class": f"class-{index % 7}",
            "wl_account": "vault" if index % 11 == 0 else "prod",
        }
        for index in range(count)
    ]
    classes = [{"class": f"class-{number}", "min": "30d", "erasure": False} for number in range(7)]
    answers = {"aws_dr": ["us-west-2"], "cmp_residency": "any", "sec_enc": "customer-managed", "ops_drill": "quarterly"}
    return designed(workloads, aws_accounts=TWO_ACCOUNTS, sec_separate_acct="exists", cmp_retention_tbl=classes, **answers)


@pytest.fixture(scope="module", params=[400, pytest.param(5000, marks=pytest.mark.long)])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    return mixed(request.param)


def restore_plans(document: dict[str, Any]) -> list[int]:
    """Restore testing plans of each account and Region that has too many of them."""
    counts = Counter(
        (one["account_alias"], one["region"]) for one in document["resources"] if one["type"] == "AWS::Backup::RestoreTestingPlan"
    )
    return [count for count in counts.values() if count > RESTORE_PLANS]


def test_every_quota_of_an_account_is_kept_or_named(document: dict[str, Any]) -> None:
    over = [count for *_, count in broken(document)] + restore_plans(document)
    said = " ".join(told(document))
    assert "more are broken" not in said
    assert sorted(int(count.replace(",", "")) for count in re.findall(r"The design needs ([\d,]+) of", said)) == sorted(over)
    assert {one["type"] for one in document["resources"]} >= {*A_PLAN, *REGIONAL, "AWS::S3::Bucket", "AWS::IAM::Role"}


def test_every_plan_policy_and_bucket_takes_what_it_holds(document: dict[str, Any]) -> None:
    said = " ".join(told(document))
    held: Counter[tuple[str, str]] = Counter()
    for one in document["resources"]:
        properties, kind, key = one["properties"], one["type"], one["key"]
        if kind in A_PLAN:
            held[kind, properties[A_PLAN[kind][0]]["$sub"]] += 1
        if kind == "AWS::S3::Bucket":
            replicated = (properties.get("Replication") or {}).get("Rules") or []
            assert max(len(replicated), len(properties["LifecycleRules"])) <= A_BUCKET_RULES or key in said
            assert written(properties.get("PolicyStatements") or []) <= A_BUCKET_POLICY or key in said
        if kind == "AWS::KMS::Key":
            assert written(properties["Policy"]) <= A_KEY_POLICY or key in said
        if kind == "AWS::IAM::Role":
            assert written(properties["Policies"]) <= A_ROLE or key in said
            assert written(properties["AssumeRolePolicyDocument"]) <= A_TRUST
        if kind == "AWS::Events::Rule":
            assert len(json.dumps(properties["EventPattern"])) <= A_PATTERN
        if kind == "AWS::DLM::LifecyclePolicy":
            assert 1 <= len(properties["PolicyDetails"]["TargetTags"]) <= A_POLICY_TAGS
    assert held
    assert all(count <= A_PLAN[kind][1] for (kind, _), count in held.items())


def test_every_tag_of_volumes_is_in_exactly_one_snapshot_policy(document: dict[str, Any]) -> None:
    tags = [
        tag["Value"]
        for one in document["resources"]
        if one["type"] == "AWS::DLM::LifecyclePolicy"
        for tag in one["properties"]["PolicyDetails"]["TargetTags"]
    ]
    # Kinds 0 and 4 of five are volumes; they are one workload a tag here.
    assert sorted(tags) == sorted(f"w{index}" for index in range(len(document["workloads"])) if index % 5 in (0, 4))


def _resource(kind: str, number: int, **properties: Any) -> dict[str, Any]:
    place = {"account_role": "production", "account_alias": "prod", "region": "us-east-1", "workloads": []}
    return {"key": f"one-{number}", "type": kind, **place, "properties": properties}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (
            [_resource("AWS::Backup::BackupSelection", n, BackupPlanId={"$sub": "${plan-a.id}"}) for n in range(101)],
            "plan-a needs 101 of at most 100 selections a backup plan.",
        ),
        (
            [_resource("AWS::Backup::RestoreTestingSelection", n, RestoreTestingPlanName={"$sub": "${tests.name}"}) for n in range(31)],
            "tests needs 31 of at most 30 selections a restore testing plan.",
        ),
        (
            [_resource("AWS::Backup::RestoreTestingPlan", n) for n in range(101)],
            "The design needs 101 of at most 100 restore testing plans a Region, in account prod in us-east-1.",
        ),
        (
            [_resource("AWS::S3::Bucket", 1, PolicyStatements=[], Replication={"Rules": [{}] * 1001})],
            "one-1 needs 1,001 of at most 1,000 replication rules a bucket.",
        ),
    ],
    ids=["selections", "restore selections", "restore plans", "replication rules"],
)
def test_one_more_than_a_quota_is_named_and_the_quota_itself_is_not(resources: list[dict[str, Any]], said: str) -> None:
    def sentences(rows: list[dict[str, Any]]) -> list[str]:
        parts = FindingParts(None, (), None, (), load_price_book(), resources=tuple(rows))  # type: ignore[arg-type]
        return [one["sentence"] for one in quotas(parts)]

    assert sentences(resources) == [said]
    if len(resources) > 1:
        assert sentences(resources[1:]) == []
