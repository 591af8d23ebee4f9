"""What S3 writes about buckets, archive tiers, and log shipping beside snapshots, on the design side."""

from datetime import timedelta
from typing import Any

import pytest

from assessment.engagement import engagement_from_document
from recommendations.evaluate import evaluate
from tests.recommendations.cases import CUSTOMER, WORKLOAD, case, without

BUCKET = {"wl_where": "aws", "wl_tier": "standard"}
NOT_CRITICAL = {"sec_log": "critical-objects", "cmp_regimes": ["none"]}


def design(kind: str, customer: dict[str, Any] | None = None, **answers: Any) -> dict[str, Any]:
    document = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "Acme"},
        "answers": without({**CUSTOMER, **(customer or {})}),
        "workloads": [{"name": "Data", "answers": without({**WORKLOAD, "wl_kind": kind, **answers})}],
    }
    return evaluate(engagement_from_document(document)).document


def resources(document: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in document["resources"] if one["type"] == kind}


def test_data_that_is_not_critical_gets_access_logs_into_a_bucket_of_its_own_account_and_region() -> None:
    buckets = resources(design("object-data", NOT_CRITICAL, **BUCKET), "AWS::S3::Bucket")
    for key, reports in {"bucket-data": "reports--prod", "replica-data": "drreports--vault"}.items():
        own, target = buckets[key], buckets[reports]
        assert own["properties"]["Logging"] == {"TargetBucket": {"$sub": f"${{{reports}.name}}"}, "TargetPrefix": f"requests/{key}/"}
        assert (own["account_alias"], own["region"]) == (target["account_alias"], target["region"])
        # S3 delivers access logs neither under a KMS key nor into a bucket with a default lock.
        assert target["properties"]["Encryption"]["SSEAlgorithm"] == "AES256"
        assert target["properties"]["ObjectLock"] is None
        assert "StowplanAccessLogs" in {one["Sid"] for one in target["properties"]["PolicyStatements"]}


def test_where_cloudtrail_logs_every_object_there_are_no_access_logs() -> None:
    document = design("object-data", **BUCKET)
    assert not any("Logging" in one["properties"] for one in resources(document, "AWS::S3::Bucket").values())
    [setting] = [one for one in document["workloads"][0]["settings"] if one["name"] == "logging"]
    assert setting["value"] == "logged"


@pytest.mark.parametrize(
    ("answers", "frequency"),
    [({"wl_region_rpo": "1h"}, "Daily"), ({"wl_region_rpo": "24h"}, "Weekly"), ({"wl_xregion": "not-needed"}, "Weekly")],
    ids=["promised replication", "replication", "lock alone"],
)
def test_replicated_and_locked_data_is_listed(answers: dict[str, Any], frequency: str) -> None:
    [listed] = resources(design("object-data", **BUCKET, **answers), "AWS::S3::Bucket")["bucket-data"]["properties"]["Inventory"]
    assert listed["Schedule"] == {"Frequency": frequency}
    assert listed["IncludedObjectVersions"] == "All"
    assert {"ReplicationStatus", "ObjectLockRetainUntilDate"} <= set(listed["OptionalFields"])


def test_what_is_neither_replicated_nor_locked_is_not_listed() -> None:
    found = resources(design("object-data", {"cmp_immutable": "none", "rec_disrupt": ["deletion"]}, **BUCKET), "AWS::S3::Bucket")
    assert "Inventory" not in found["bucket-data"]["properties"]
    assert not any(key.startswith("reports") for key in found)


@pytest.mark.parametrize(
    ("latency", "rto", "tiers", "wait"),
    [
        ("milliseconds", "72h", "none", 0),
        ("up-to-12h", "12h", "none", 0),
        ("up-to-12h", "72h", "archive", 5),
        ("up-to-48h", "72h", "archive-and-deep", 12),
    ],
)
def test_archive_tiers_only_where_intelligent_tiering_is_chosen_and_the_wait_is_accepted(
    latency: str, rto: str, tiers: str, wait: int
) -> None:
    from recommendations.recovery_copies import opening

    found = case("object-data", **BUCKET, wl_latency=latency, wl_rto=rto)
    classes = {name for track in found.decisions.tracks for name, _ in track.lifecycle.steps}
    assert "INTELLIGENT_TIERING" in classes
    assert found.decisions.archive_tiers == tiers
    assert opening(found.decisions) >= timedelta(hours=wait)


def test_the_log_of_a_database_on_volumes_is_replicated_as_fast_as_the_loss_of_the_region_asks() -> None:
    found = case("database", wl_db_host="ec2", wl_log_backup=True, wl_log_every="15m", wl_region_rpo="30m", wl_engine="postgresql")
    assert found.decisions.path == "dlm"
    assert found.decisions.in_bucket
    assert found.decisions.value("replication", "replication") == "crr-rtc"
    loss = found.entry("region-loss")
    assert (loss["rpo"], loss["rpo_met"]) == ("30m", True)


def test_snapshots_without_a_bucket_are_copied_without_a_promise() -> None:
    found = case("database", wl_db_host="ec2", wl_log_backup=False, wl_region_rpo="30m", wl_engine="postgresql")
    assert found.decisions.hit("replication").row.id == "re-snapshots"  # type: ignore[union-attr]
