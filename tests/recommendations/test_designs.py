"""The three examples as an AWS storage architect would read them: the choices that surprise, each with its reason in the test's name."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assessment.engagement import read_engagement
from assessment.quantities import parse_duration
from recommendations.evaluate import evaluate

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@cache
def design(name: str) -> dict[str, Any]:
    return evaluate(read_engagement((EXAMPLES / f"{name}.yaml").read_bytes())).document


def workload(name: str, key: str) -> dict[str, Any]:
    return next(one for one in design(name)["workloads"] if one["key"] == key)


def steps(name: str, key: str) -> list[tuple[str, int]]:
    return [(step["storage_class"], step["from_day"]) for step in workload(name, key)["lifecycle"]["steps"]]


def resource(name: str, key: str) -> dict[str, Any]:
    return next(one for one in design(name)["resources"] if one["key"] == key)


def setting(name: str, key: str, which: str) -> dict[str, Any]:
    return next(one for one in workload(name, key)["settings"] if one["name"] == which)


# --------------------------------------------------------------------------------------------------------- Northwind Clinics
def test_images_that_must_open_in_minutes_go_to_glacier_instant_and_no_deeper() -> None:
    """Flexible Retrieval would be cheaper but takes three to five hours; expedited retrieval is no promise for 310 million objects."""
    assert steps("northwind-clinics", "pacs-imaging-archive") == [("STANDARD", 0), ("GLACIER_IR", 90)]
    assert workload("northwind-clinics", "pacs-imaging-archive")["lifecycle"]["expire_day"] == 4018


def test_the_replica_of_the_images_is_glacier_instant_because_asking_for_310_million_objects_takes_days() -> None:
    replica = workload("northwind-clinics", "pacs-imaging-archive")["lifecycle"]["replica"]
    assert replica["steps"] == [{"storage_class": "GLACIER_IR", "from_day": 0}]


def test_one_replica_serves_the_loss_of_a_region_and_of_an_account() -> None:
    """It stands in the backup account and in the second Region, under a key of that Region, locked like its source."""
    replica = resource("northwind-clinics", "replica-pacs-imaging-archive")
    assert (replica["account_alias"], replica["region"]) == ("nwc-backup", "us-west-2")
    assert replica["properties"]["Encryption"]["KMSMasterKeyID"] == {"$sub": "${drkey-clinical-records--nwc-backup.arn}"}
    source = resource("northwind-clinics", "bucket-pacs-imaging-archive")
    assert replica["properties"]["ObjectLock"] == source["properties"]["ObjectLock"] == {"Mode": "GOVERNANCE", "Days": 3653}


def test_logs_of_a_workload_that_needs_no_other_account_stay_in_the_log_archive() -> None:
    replica = resource("northwind-clinics", "replica-clinical-access-logs")
    assert (replica["account_alias"], replica["region"]) == ("nwc-logs", "us-west-2")


def test_database_copies_are_kept_by_prefix_grandfather_father_son() -> None:
    """Thirteen weeks of full copies pay for Glacier Instant from the first day; monthly ones wait for nobody."""
    tracks = {one["prefix"]: one for one in workload("northwind-clinics", "electronic-health-record")["lifecycle"]["tracks"]}
    assert {prefix: one["expire_day"] for prefix, one in tracks.items()} == {
        "daily/": 35,
        "weekly/": 91,
        "monthly/": 731,
        "yearly/": 3653,
        "logs/": 35,
    }
    assert tracks["yearly/"]["steps"][0]["storage_class"] == "DEEP_ARCHIVE"
    # 35 of the 90 days that it bills: with the fee for the others still less than 35 days in Standard.
    assert tracks["logs/"]["steps"] == [{"storage_class": "GLACIER_IR", "from_day": 0}]
    assert "no early-delete fee" in tracks["logs/"]["runners_up"][0]["reason"]
    (setting,) = [one for one in workload("northwind-clinics", "electronic-health-record")["settings"] if one["name"] == "storage_class"]
    assert (
        "Log backups: The data leaves S3 Glacier Instant Retrieval after 35 of the 90 days that it bills: the early-delete fee of USD"
        in (setting["because"])
    )


def test_only_copies_that_count_for_the_loss_pay_for_replication_time_control() -> None:
    rules = resource("northwind-clinics", "bucket-electronic-health-record")["properties"]["Replication"]["Rules"]
    timed = {rule["Filter"]["Prefix"] for rule in rules if "ReplicationTime" in rule["Destination"]}
    assert timed == {"daily/", "logs/"}


def test_file_servers_are_snapshot_every_eight_hours_although_twelve_were_asked_for() -> None:
    """A snapshot starts up to an hour late, so twelve hours apart would lose up to thirteen; eight is DLM's next interval."""
    schedules = resource("northwind-clinics", "dlm-department-file-servers")["properties"]["PolicyDetails"]["Schedules"]
    assert schedules[0]["CreateRule"] == {"Interval": 8, "IntervalUnit": "HOURS", "Times": ["09:00"]}
    assert [one["RetainRule"] for one in schedules] == [
        {"Interval": 35, "IntervalUnit": "DAYS"},
        {"Interval": 8, "IntervalUnit": "WEEKS"},
        {"Interval": 12, "IntervalUnit": "MONTHS"},
        {"Interval": 6, "IntervalUnit": "YEARS"},
    ]
    assert all(one["CrossRegionCopyRules"][0]["Target"] == "us-west-2" for one in schedules)


def test_logs_are_kept_as_long_as_hipaa_documentation_although_a_year_less_was_near() -> None:
    logs = resource("northwind-clinics", "logs")
    assert (logs["account_alias"], logs["properties"]["ObjectLock"]) == ("nwc-logs", {"Mode": "GOVERNANCE", "Days": 2192})


def test_the_trail_never_logs_the_bucket_that_it_writes_to() -> None:
    selectors = resource("northwind-clinics", "trail-nwc-logs")["properties"]["AdvancedEventSelectors"]
    assert selectors[0]["FieldSelectors"] == [{"Field": "eventCategory", "Equals": ["Management"]}]
    assert {"Field": "resources.ARN", "NotStartsWith": [{"$sub": "${logs.arn}/"}]} in selectors[1]["FieldSelectors"]


# --------------------------------------------------------------------------------------------------------------- Baltic Bank
def test_the_ledger_is_locked_so_that_nobody_can_delete_it_for_ten_years() -> None:
    bucket = resource("baltic-bank", "bucket-ledger-postings-archive")["properties"]
    assert bucket["ObjectLock"] == {"Mode": "COMPLIANCE", "Days": 3653}


def test_messages_that_people_may_have_erased_carry_no_lock_and_stay_in_standard() -> None:
    """32 KiB objects: colder classes bill 128 KiB, archives add 40 KiB and a transition for each of 150 million."""
    assert resource("baltic-bank", "bucket-customer-mail-and-chat")["properties"]["ObjectLock"] is None
    assert steps("baltic-bank", "customer-mail-and-chat") == [("STANDARD", 0)]


def test_documents_go_earlier_than_asked_so_that_their_versions_go_within_the_maximum() -> None:
    """An expired object leaves an old version; both together may not outlive the ten years of the class."""
    life = workload("baltic-bank", "kyc-document-store")["lifecycle"]
    assert life["expire_day"] + life["noncurrent"]["expire_days"] == 3653
    assert "outlives the 10 years" in setting("baltic-bank", "kyc-document-store", "versioning")["because"]


def test_old_versions_go_by_age_alone_and_a_lock_is_told_to_hold_them_longer() -> None:
    """The newest N kept by number would stay for ever, those of deleted objects too: nothing would ever be erased."""
    for name in ("northwind-clinics", "baltic-bank", "lumen-media"):
        for one in design(name)["resources"]:
            for rule in one["properties"].get("LifecycleRules", []):
                assert "NewerNoncurrentVersions" not in str(rule)
    ledger = workload("baltic-bank", "ledger-postings-archive")["lifecycle"]["noncurrent"]
    assert (ledger["expire_days"], ledger["held_days"], ledger["keep"]) == (181, 3653, None)
    said = setting("baltic-bank", "ledger-postings-archive", "versioning")["display"]
    assert said == "On; old versions stay for 181 days, locked ones until their lock ends, 10 years at most"


def test_another_account_may_write_replicas_and_look_at_the_bucket_but_not_suspend_its_versioning() -> None:
    statements = resource("northwind-clinics", "replica-pacs-imaging-archive")["properties"]["PolicyStatements"]
    look = next(one for one in statements if one["Sid"] == "StowplanReplicaBucket")
    assert look["Action"] == ["s3:List*", "s3:GetBucketVersioning"]
    assert look["Resource"] == {"$sub": "${replica-pacs-imaging-archive.arn}"}
    assert not any("PutBucketVersioning" in str(one) for one in statements)


def test_keys_live_in_the_keys_account_and_the_data_accounts_may_use_but_not_delete_them() -> None:
    key = resource("baltic-bank", "key-ledger--core-prod")
    assert (key["account_role"], key["account_alias"], key["region"]) == ("security", "keys", "eu-central-1")
    use = next(one for one in key["properties"]["Policy"]["Statement"] if one["Sid"] == "StowplanUse")
    assert use["Principal"] == {"AWS": {"$sub": "arn:aws:iam::${account.core-prod}:root"}}
    assert not any(action in ("kms:*", "kms:ScheduleKeyDeletion", "kms:PutKeyPolicy") for action in use["Action"])
    assert key["properties"]["RotationPeriodInDays"] == 180


def test_two_production_accounts_have_their_own_buckets_keys_and_trails() -> None:
    accounts = {one["key"]: one["account_alias"] for one in design("baltic-bank")["resources"]}
    assert accounts["bucket-card-transactions"] == "cards-prod"
    assert accounts["bucket-kyc-document-store"] == "core-prod"
    assert {accounts["trail-cards-prod"], accounts["trail-core-prod"]} == {"cards-prod", "core-prod"}
    assert accounts["logs"] == "logs"


def test_tapes_that_may_take_two_days_go_to_deep_archive_at_once() -> None:
    assert steps("baltic-bank", "tape-vault-1998-2020") == [("DEEP_ARCHIVE", 0)]
    rule = resource("baltic-bank", "bucket-tape-vault-1998-2020")["properties"]["LifecycleRules"][0]
    assert rule["Transitions"] == [{"Days": 1, "StorageClass": "DEEP_ARCHIVE"}], "a day later: what is archived is not replicated"


def test_a_database_on_ec2_ships_its_log_into_a_bucket_beside_its_snapshots() -> None:
    assert [one["prefix"] for one in workload("baltic-bank", "regulatory-reporting")["lifecycle"]["tracks"]] == ["logs/"]
    assert resource("baltic-bank", "dlm-regulatory-reporting")["properties"]["PolicyDetails"]["ResourceTypes"] == ["INSTANCE"]


# ---------------------------------------------------------------------------------------------------------------- Lumen Media
def test_nothing_leaves_mumbai_where_the_loss_of_a_region_is_not_to_be_survived() -> None:
    document = design("lumen-media")
    assert document["regions"] == {"primary": "ap-south-1", "dr": None}
    assert {one["region"] for one in document["resources"]} == {"ap-south-1"}
    assert not any(one["type"] == "AWS::KMS::Key" for one in document["resources"])


@pytest.mark.parametrize(
    ("key", "bucket"),
    [
        ("bucket-master-archive", "lumen-master-archive"),
        ("bucket-stock-footage-library", "lumen-stock-footage"),
        ("bucket-render-cache", "lumen-render-cache"),
        ("bucket-edit-suites-nas", None),
    ],
)
def test_buckets_that_exist_are_adopted(key: str, bucket: str | None) -> None:
    assert resource("lumen-media", key)["adopt"] == bucket


def test_clips_that_nobody_can_foresee_are_left_to_intelligent_tiering() -> None:
    assert steps("lumen-media", "stock-footage-library") == [("INTELLIGENT_TIERING", 0)]


def test_a_cache_that_is_made_again_gets_an_expiry_without_versions_and_a_warning() -> None:
    rules = resource("lumen-media", "bucket-render-cache")["properties"]
    assert "Versioning" not in rules
    assert rules["LifecycleRules"][0]["Expiration"] == {"Days": 45}
    assert "deleted for good" in setting("lumen-media", "render-cache", "storage_class")["because"]


def test_the_archive_that_may_take_twelve_hours_sinks_step_by_step() -> None:
    assert steps("lumen-media", "master-archive") == [("STANDARD", 0), ("GLACIER_IR", 30), ("GLACIER", 120), ("DEEP_ARCHIVE", 365)]


# --------------------------------------------------------------------------------------------------------- all of them
@pytest.mark.parametrize("name", ["lumen-media", "northwind-clinics", "baltic-bank"])
def test_no_version_in_a_bucket_outlives_the_maximum_of_its_class(name: str) -> None:
    answers = design(name)["answers"]
    most = {row["class"]: parse_duration(row["max"]).days for row in answers["answers"]["cmp_retention_tbl"] if "max" in row}
    classes = {one["name"]: one["answers"].get("wl_class") for one in answers["workloads"]}
    for one in design(name)["workloads"]:
        limit = most.get(classes[one["name"]])
        for rule in resource(name, one["lifecycle"]["bucket"])["properties"]["LifecycleRules"] if limit and one["lifecycle"] else ():
            if "Days" in rule.get("Expiration", {}):
                assert rule["Expiration"]["Days"] + rule["NoncurrentVersionExpiration"]["NoncurrentDays"] <= limit, (one["key"], rule["ID"])
