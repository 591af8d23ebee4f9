"""Designs of thousands of workloads either fit AWS's default quotas or name the one that they break."""

from typing import Any

from assessment.engagement import engagement_from_document
from recommendations.evaluate import evaluate

VOLUMES = {"wl_kind": "ebs-volumes", "wl_where": "aws", "wl_rto": "4h", "wl_rpo": "24h", "wl_size": "1 TiB"}


def broken(count: int, tag: str | None, **answers: Any) -> list[str]:
    workloads = [{"name": f"W{index}", "answers": {**VOLUMES, **answers, "wl_tags": tag or f"Backup=w{index}"}} for index in range(count)]
    plain = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "X"},
        "answers": {"aws_primary": "us-east-1"},
        "workloads": workloads,
    }
    findings = evaluate(engagement_from_document(plain)).document["findings"]
    return [one["sentence"] for one in findings if one["check"] == "quota-exceeded"]


def test_five_thousand_volumes_with_a_tag_each_break_the_quota_of_snapshot_policies() -> None:
    assert broken(5000, None) == [
        "The design needs 5,000 of at most 100 Data Lifecycle Manager policies a Region, in account production in us-east-1."
    ]


def test_volumes_with_one_tag_share_one_policy_and_fit() -> None:
    assert broken(200, "Backup=gold") == []
