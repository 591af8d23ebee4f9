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


def tagged(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{**VOLUMES, "wl_tags": f"Backup=w{index}", **more} for index in range(count)]


def policies_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in document["resources"] if one["type"] == "AWS::DLM::LifecyclePolicy"]


def tags_of(policy: dict[str, Any]) -> list[str]:
    return [tag["Value"] for tag in policy["properties"]["PolicyDetails"]["TargetTags"]]


def test_a_hundred_tags_have_a_policy_each_and_one_more_lets_them_share() -> None:
    alone = policies_of(designed(tagged(100)))
    assert [tags_of(one) for one in alone] == [[f"w{index}"] for index in range(100)]
    together = designed(tagged(101))
    policies = policies_of(together)
    assert [len(tags_of(one)) for one in policies] == [50, 50, 1]
    assert [value for one in policies for value in tags_of(one)] == [f"w{index}" for index in range(101)]
    for one in policies:
        assert one["workloads"] == tags_of(one)
        assert re.fullmatch("[0-9A-Za-z _-]{1,500}", one["properties"]["Description"])
    assert policies[0]["properties"]["Description"] == "Stowplan snapshots of w0 and of 49 more tags"
    (hidden,) = [one for one in together["findings"] if one["check"] == "snapshot-policies-shared"]
    assert "101 tags share 3 snapshot policies in account production in us-east-1" in hidden["sentence"]
    assert "hidden" in hidden["sentence"]


def test_only_tags_with_equal_settings_share_and_only_where_the_quota_asks() -> None:
    """Two kinds of settings in a full account, in turn; an account beside it, far from its quota, keeps a policy a tag."""
    rare = {"wl_retain": {"daily": 35}, "wl_multi_vol": True}
    full = [{**one, "wl_account": "prod", **(rare if index % 2 else {})} for index, one in enumerate(tagged(104))]
    beside = [{**VOLUMES, "wl_account": "vault", "wl_tags": f"Backup=b{index}"} for index in range(3)]
    policies = policies_of(designed([*full, *beside], aws_accounts=TWO_ACCOUNTS))
    shared = [one for one in policies if one["account_alias"] == "prod"]
    assert sorted(len(tags_of(one)) for one in shared) == [2, 2, 50, 50]
    assert {frozenset(int(value[1:]) % 2 for value in tags_of(one)) for one in shared} == {frozenset({0}), frozenset({1})}
    assert [tags_of(one) for one in policies if one["account_alias"] == "vault"] == [["b0"], ["b1"], ["b2"]]


@pytest.mark.long
def test_five_thousand_tags_fit_with_equal_settings_and_not_with_one_more_kind() -> None:
    """5,000 = 100 policies of 50 tags each; with a tag of other settings there is one policy too many."""
    document = designed(tagged(5000))
    assert [len(tags_of(one)) for one in policies_of(document)] == [50] * 100
    assert len({value for one in policies_of(document) for value in tags_of(one)}) == 5000
    assert broken(document) == []
    assert told(document) == []
    document = designed([*tagged(4999), {**VOLUMES, "wl_tags": "Backup=rare", "wl_retain": {"daily": 35}}])
    assert broken(document) == [("AWS::DLM::LifecyclePolicy", "production", "us-east-1", 101)]
    (sentence,) = told(document)
    assert "The design needs 101 of at most 100 Data Lifecycle Manager policies a Region, in account production in us-east-1." in sentence


def test_settings_of_their_own_break_the_quota_of_snapshot_policies_and_are_named() -> None:
    document = designed([{**one, "wl_retain": {"daily": 7 + index}} for index, one in enumerate(tagged(130))])
    assert broken(document) == [("AWS::DLM::LifecyclePolicy", "production", "us-east-1", 130)]
    (sentence,) = told(document)
    assert "The design needs 130 of at most 100 Data Lifecycle Manager policies a Region, in account production in us-east-1." in sentence


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
