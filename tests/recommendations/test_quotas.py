"""Designs of thousands of workloads either fit AWS's default quotas or name the one that they break.

The quotas stand here a second time, from AWS's service quotas pages; what a design says of itself is compared with a count of its own.
"""

import json
import re
from collections import Counter
from typing import Any

import pytest

from assessment.engagement import engagement_from_document
from recommendations.evaluate import evaluate

VOLUMES = {"wl_kind": "ebs-volumes", "wl_where": "aws", "wl_rto": "4h", "wl_rpo": "24h", "wl_size": "1 TiB"}
OBJECTS = {"wl_kind": "object-data", "wl_where": "aws", "wl_rto": "4h", "wl_rpo": "1h", "wl_size": "1 TiB"}
# At most this many an account and Region, or an account (IAM and S3 count buckets and roles for all Regions together).
REGIONAL = {
    "AWS::DLM::LifecyclePolicy": 100,
    "AWS::Backup::BackupVault": 100,
    "AWS::Backup::BackupPlan": 300,
    "AWS::CloudTrail::Trail": 5,
    "AWS::Events::Rule": 300,
    "AWS::CloudWatch::Alarm": 5000,
    "AWS::KMS::Key": 100_000,
    "AWS::SNS::Topic": 100_000,
}
GLOBAL = {"AWS::S3::Bucket": 10_000, "AWS::IAM::Role": 1000}
TWO_ACCOUNTS = [
    {"alias": "prod", "account": "111122223333", "role": "production", "in_organization": True},
    {"alias": "vault", "account": "222233334444", "role": "backup", "in_organization": True},
]


def designed(workloads: list[dict[str, Any]], **answers: Any) -> dict[str, Any]:
    plain = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "X"},
        "answers": {"aws_primary": "us-east-1", **answers},
        "workloads": [{"name": f"W{index}", "answers": own} for index, own in enumerate(workloads)],
    }
    return evaluate(engagement_from_document(plain)).document


def told(document: dict[str, Any]) -> list[str]:
    return [one["sentence"] for one in document["findings"] if one["check"] == "quota-exceeded"]


def broken(document: dict[str, Any]) -> list[tuple[str, str, str, int]]:
    """(type, account, Region, count) of every quota that the design's resources break."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for one in document["resources"]:
        account = one["account_alias"] or one["account_role"]
        counts[one["type"], account, one["region"] if one["type"] in REGIONAL else ""] += 1
    most = {**REGIONAL, **GLOBAL}
    return [(*place, count) for place, count in counts.items() if count > most.get(place[0], 10**6)]


def written(policy: Any) -> int:
    """Characters of a policy with every reference as long as a role's ARN can be."""
    return len(re.sub(r"\$\{[^}]+\.arn\}", "arn:aws:iam::111122223333:role/" + "n" * 64, json.dumps(policy, separators=(",", ":"))))


def test_five_thousand_volumes_with_a_tag_each_break_the_quota_of_snapshot_policies() -> None:
    document = designed([{**VOLUMES, "wl_tags": f"Backup=w{index}"} for index in range(5000)])
    assert ("AWS::DLM::LifecyclePolicy", "production", "us-east-1", 5000) in broken(document)
    (sentence,) = told(document)
    assert "The design needs 5,000 of at most 100 Data Lifecycle Manager policies a Region, in account production in us-east-1." in sentence
    named = re.findall(r"needs ([\d,]+) of", sentence)
    assert sorted(named) == sorted(f"{count:,}" for *_, count in broken(document))


def test_volumes_with_one_tag_share_one_policy_and_fit() -> None:
    document = designed([{**VOLUMES, "wl_tags": "Backup=gold"}] * 200)
    assert told(document) == []
    assert broken(document) == []


@pytest.mark.parametrize("accounts", [[], TWO_ACCOUNTS])
def test_replicated_buckets_of_one_account_share_roles_and_fit(accounts: list[dict[str, Any]]) -> None:
    """More buckets than an account takes roles: without sharing 1,100 of them alone would break the quota."""
    answers = {"aws_dr": ["us-west-2"], "cmp_residency": "any", "sec_separate_acct": "exists" if accounts else "none"}
    document = designed([OBJECTS] * 1100, **answers, **({"aws_accounts": accounts} if accounts else {}))
    assert broken(document) == []
    assert told(document) == []
    roles = {one["key"]: one for one in document["resources"] if one["type"] == "AWS::IAM::Role"}
    for one in document["resources"]:
        properties = one["properties"]
        if one["type"] == "AWS::S3::Bucket" and properties["Replication"]:
            role = roles[properties["Replication"]["Role"]["$sub"].removeprefix("${").removesuffix(".arn}")]
            reads = json.dumps(role["properties"]["Policies"])
            assert f"${{{one['key']}.arn}}/*" in reads
            assert one["workloads"][0] in role["workloads"]
        if one["type"] == "AWS::IAM::Role":
            assert written(properties["Policies"]) <= 10_240
        if one["type"] == "AWS::KMS::Key":
            assert written(properties["Policy"]) <= 32_768
        if one["type"] == "AWS::S3::Bucket":
            assert written(properties["PolicyStatements"]) <= 20_480


def test_few_replicated_buckets_have_a_role_each() -> None:
    document = designed([OBJECTS] * 3, aws_dr=["us-west-2"], cmp_residency="any")
    assert [len(one["workloads"]) for one in document["resources"] if one["key"].startswith("role-replicate")] == [1, 1, 1]
