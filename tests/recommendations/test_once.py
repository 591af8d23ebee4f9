"""Batch replication of adopted buckets, and settings of whole accounts, on the design side."""

from typing import Any

from tests.recommendations.test_bucket_reports import design, resources

ADOPTED = {"wl_where": "aws", "wl_bucket": "acme-data", "wl_tier": "standard"}
BATCH = "AWS::S3::BatchReplication"


def statements(document: dict[str, Any], role: str) -> dict[str, Any]:
    [policy] = resources(document, "AWS::IAM::Role")[role]["properties"]["Policies"].values()
    return {one["Sid"]: (one["Action"], one["Resource"]) for one in policy["Statement"]}


def test_an_adopted_bucket_that_is_replicated_gets_one_job_for_what_it_holds() -> None:
    document = design("object-data", **ADOPTED)
    [job] = resources(document, BATCH).values()
    assert job["properties"]["Bucket"] == {"$sub": "${bucket-data.arn}"}
    assert job["properties"]["Report"]["Bucket"] == {"$sub": "${reports--prod.arn}"}
    assert statements(document, "role-existing-data") == {
        "StowplanReplicate": (["s3:InitiateReplication"], {"$sub": "${bucket-data.arn}/*"}),
        "StowplanListObjects": (["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"], {"$sub": "${bucket-data.arn}"}),
        "StowplanReport": (["s3:PutObject"], {"$sub": "${reports--prod.arn}/existing/bucket-data/*"}),
    }
    assert not any("Batch Replication" in one["what"] for one in document["handover"])


def test_no_job_where_only_new_objects_count_where_the_bucket_is_new_or_where_nothing_is_replicated() -> None:
    for answers in ({**ADOPTED, "wl_existing": "new-only"}, {**ADOPTED, "wl_bucket": None}, {**ADOPTED, "wl_xregion": "not-needed"}):
        assert resources(design("object-data", **answers), BATCH) == {}, answers


def test_an_account_is_closed_only_where_nothing_in_it_is_public() -> None:
    kind = "AWS::S3::AccountPublicAccessBlock"
    closed = resources(design("object-data", {"sec_public": "nothing"}, wl_where="aws"), kind)
    assert {one["account_alias"] for one in closed.values()} == {"prod", "vault"}
    assert all(set(one["properties"].values()) == {True} for one in closed.values())
    assert resources(design("object-data", wl_where="aws"), kind) == {}


def test_volumes_are_encrypted_by_default_where_snapshots_are_taken_and_where_they_are_copied() -> None:
    found = resources(design("ebs-volumes"), "AWS::EC2::EbsEncryption")
    assert {one["region"] for one in found.values()} == {"us-east-1", "us-west-2"}
    assert resources(design("object-data"), "AWS::EC2::EbsEncryption") == {}
