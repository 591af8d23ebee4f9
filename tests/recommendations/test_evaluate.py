"""`evaluate` as a whole: golden designs, the same digest everywhere, and what holds for any engagement."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from assessment.engagement import Engagement, engagement_from_document, read_engagement
from assessment.questionnaire import load_questionnaire
from recommendations.design import canonical_json, load_design
from recommendations.evaluate import evaluate
from recommendations.prices import load_price_book, price_book_from
from recommendations.tables import load_rule_pack
from tests.recommendations.lifecycle_rules import problems
from tests.recommendations.payloads import complaints
from tests.strategies import engagements, random_engagement

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("northwind-clinics", "baltic-bank", "lumen-media")
MANY = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def example(name: str) -> Engagement:
    return read_engagement((ROOT / "examples" / f"{name}.yaml").read_bytes())


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_gives_its_golden_design(name: str) -> None:
    """Written anew by `python -m tests.golden`; a difference is shown line by line."""
    golden = (ROOT / "tests" / "golden" / f"{name}.design.json").read_text().splitlines()
    assert evaluate(example(name)).text().splitlines() == golden


@pytest.mark.parametrize("name", EXAMPLES)
def test_another_process_with_another_hash_seed_gives_the_same_digest(name: str, tmp_path: Path) -> None:
    digests = {evaluate(example(name)).digest}
    for seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
        command = [sys.executable, "manage.py", "design", f"examples/{name}.yaml", "--out", str(tmp_path / "d.json"), "--json"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        digests.add(json.loads(done.stdout)["digest"])
    assert len(digests) == 1


@MANY
@given(engagements())
def test_any_engagement_gives_a_design_that_aws_would_take(engagement: Engagement) -> None:
    design = evaluate(engagement)
    document = design.document
    assert load_design(json.loads(canonical_json(document))).digest == design.digest
    assert complaints(document["resources"]) == []
    for resource in document["resources"]:
        if resource["type"] == "AWS::S3::Bucket":
            properties = resource["properties"]
            assert problems(properties["LifecycleRules"], versioned="Versioning" in properties) == [], resource["key"]
            assert not properties["ObjectLock"] or properties["Versioning"] == "Enabled"


@MANY
@given(engagements())
def test_every_setting_names_its_table_rule_and_answers(engagement: Engagement) -> None:
    document = evaluate(engagement).document
    pack, questions = load_rule_pack(), load_questionnaire().questions
    settings_of = [*document["settings"], *(one for workload in document["workloads"] for one in workload["settings"])]
    for setting in settings_of:
        assert setting["rule"] in {row.id for row in pack[setting["table"]].rows}
        assert setting["display"]
        assert setting["because"]
        assert set(setting["answers"]) <= set(questions)


@MANY
@given(engagements())
def test_costs_add_up_and_an_unknown_price_is_never_zero(engagement: Engagement) -> None:
    document = evaluate(engagement).document
    for workload in document["workloads"]:
        amounts = [line["monthly"] for line in workload["costs"]]
        if workload["monthly_cost"] is None:
            assert workload["unknown_prices"]
            assert None in amounts
        else:
            assert sum(map(Decimal, amounts)) == Decimal(workload["monthly_cost"])
    costs = document["costs"]
    totals = [workload["monthly_cost"] for workload in document["workloads"]] + [line["monthly"] for line in costs["shared"]]
    if costs["monthly_design"] is None:
        assert costs["unknown"]
    else:
        assert sum(map(Decimal, totals)) == Decimal(costs["monthly_design"])
    assert len(costs["months"]) == 36


def test_more_objects_than_can_be_asked_for_in_a_lifetime_still_make_a_design() -> None:
    """A number of objects whose requests would last longer than a duration can hold."""
    (workload,) = evaluate(random_engagement(88879, most=1)).document["workloads"]
    assert workload["recovery"]


@MANY
@given(engagements())
def test_nothing_leaves_the_countries_that_are_allowed(engagement: Engagement) -> None:
    document = evaluate(engagement).document
    regions, answers = load_questionnaire().regions, document["answers"]["answers"]
    raw = answers.get("cmp_residency", [])
    allowed = raw.get("value") or [] if isinstance(raw, dict) else raw
    primary = document["regions"]["primary"]
    for resource in document["resources"]:
        if resource["region"] != primary and allowed != "any":
            assert regions[resource["region"]] in (allowed or [regions[primary]])


def document_of(*workloads: dict[str, Any], **answers: Any) -> dict[str, Any]:
    """The design of a small engagement."""
    base = {"wl_kind": "object-data", "wl_where": "aws", "wl_rto": "4h", "wl_rpo": "1h", "wl_size": "1 TiB"}
    made = [{"name": f"W{index}", "answers": {**base, **one}} for index, one in enumerate(workloads)]
    plain = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "X"},
        "answers": {"aws_primary": "us-east-1", **answers},
        "workloads": made,
    }
    return evaluate(engagement_from_document(plain)).document


def test_a_region_without_prices_names_what_is_missing_and_still_chooses_classes() -> None:
    document = document_of(
        {"wl_access": {"0-30d": "daily", "31-90d": "yearly", "91-365d": "yearly", "over-365d": "almost-never"}}, aws_primary="eu-north-1"
    )
    workload = document["workloads"][0]
    assert workload["monthly_cost"] is None
    assert "eu-north-1/s3/STANDARD/storage" in workload["unknown_prices"]
    assert [step["storage_class"] for step in workload["lifecycle"]["steps"]] == ["STANDARD", "GLACIER_IR"]
    assert document["costs"]["monthly_design"] is None


def test_a_changed_price_changes_the_cost_and_the_digest() -> None:
    raw = json.loads((ROOT / "recommendations" / "prices" / "prices.json").read_text())
    raw["regions"]["ap-south-1"]["s3"]["DEEP_ARCHIVE"]["storage"]["price"] = "0.004"
    engagement = example("lumen-media")
    dearer = evaluate(engagement, price_book=price_book_from(json.dumps(raw).encode())).document
    usual = evaluate(engagement, price_book=load_price_book()).document
    assert Decimal(dearer["costs"]["monthly_design"]) > Decimal(usual["costs"]["monthly_design"])
    assert dearer["price_book"]["hash"] != usual["price_book"]["hash"]
    assert dearer["digest"] != usual["digest"]


def test_workloads_and_classes_with_confusing_names_keep_resources_apart() -> None:
    records = [{"class": "a", "min": "30d", "erasure": False}, {"class": "a-b", "min": "30d", "erasure": False}]
    accounts = [
        {"alias": alias, "account": f"{index}" * 12, "role": "production", "in_organization": True}
        for index, alias in enumerate(["b-c", "c"], start=1)
    ]
    document = document_of(
        {"wl_class": "a", "wl_account": "b-c"},
        {"wl_class": "a-b", "wl_account": "c"},
        cmp_retention_tbl=records,
        aws_accounts=accounts,
        aws_dr=["us-west-2"],
        cmp_residency="any",
    )
    keys = [resource["key"] for resource in document["resources"]]
    assert len(set(keys)) == len(keys)
    assert {"key-a--b-c", "key-a-b--c"} <= set(keys)


def test_two_workloads_with_one_tag_share_one_snapshot_policy() -> None:
    """Two policies with one tag would take every snapshot twice; the denser schedule wins."""
    volumes = {"wl_kind": "ebs-volumes", "wl_tags": "Backup=gold"}
    document = document_of({**volumes, "wl_rpo": "24h"}, {**volumes, "wl_rpo": "2h"})
    policies = [resource for resource in document["resources"] if resource["type"] == "AWS::DLM::LifecyclePolicy"]
    assert len(policies) == 1
    assert policies[0]["workloads"] == ["w0", "w1"]
    assert policies[0]["properties"]["PolicyDetails"]["Schedules"][0]["CreateRule"]["Interval"] == 1


def test_an_external_key_store_stores_nothing_until_it_is_connected() -> None:
    document = document_of({}, sec_enc="external-key-store")
    assert [one["key"] for one in document["resources"] if one["type"] == "AWS::S3::Bucket"] == ["logs"]
    assert any("external key store" in item["what"] for item in document["handover"])
