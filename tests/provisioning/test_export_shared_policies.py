"""Snapshot policies that tags share: no export loses a tag, though Terraform's target tags are a map, and a drill uses the own tag."""

import json
from typing import Any

import pytest

from assessment.engagement import engagement_from_document
from provisioning.exporters import cloudformation, terraform
from provisioning.rehearsal import RehearsalProblem, own_tags
from recommendations.evaluate import evaluate
from tests.provisioning.exported import templates_of
from tests.provisioning.exported_terraform import modules_of

ACCOUNT = "111122223333"
VOLUMES = {"wl_kind": "ebs-volumes", "wl_where": "aws", "wl_rto": "4h", "wl_rpo": "24h", "wl_size": "1 TiB"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """104 tags of three keys in three policies; one is the key that is proposed where no tag is named."""
    tags = [f"Backup=w{index}" for index in range(102)] + ["Team=data"]
    workloads = [{"name": f"W{index}", "answers": {**VOLUMES, "wl_tags": tag}} for index, tag in enumerate(tags)]
    plain = {
        "schema": "stowplan/engagement/1",
        "customer": {"name": "X"},
        "answers": {"aws_primary": "us-east-1"},
        "workloads": [*workloads, {"name": "Plain", "answers": VOLUMES}],
    }
    return evaluate(engagement_from_document(plain)).document


def policies(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in document["resources"] if one["type"] == "AWS::DLM::LifecyclePolicy"]


def designed_tags(document: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((tag["Key"], tag["Value"]) for one in policies(document) for tag in one["properties"]["PolicyDetails"]["TargetTags"])


def test_terraform_splits_a_policy_with_several_tags_of_one_key_and_loses_none(document: dict[str, Any]) -> None:
    files = terraform.export(document, ACCOUNT)
    modules = modules_of(files)
    made = modules["aws_dlm_lifecycle_policy"]
    assert len(policies(document)) == 3
    assert sorted(pair for one in made.values() for pair in one["policy_details"]["target_tags"].items()) == designed_tags(document)
    assert len(designed_tags(document)) == 104
    assert len({one["tags"]["stowplan:resource"] for one in made.values()}) == len(made)
    schedules = {json.dumps(one["policy_details"]["schedule"], sort_keys=True) for one in made.values()}
    assert len(schedules) == 1
    watched = {
        dimension
        for one in modules["aws_cloudwatch_metric_alarm"].values()
        for name, dimension in one.get("dimensions", {}).items()
        if name == "DLMPolicyId" and "no snapshot was completed" in one["alarm_description"]
    }
    assert watched == {f"${{aws_dlm_lifecycle_policy.{name}.id}}" for name in made}
    names = [one["alarm_name"] for one in modules["aws_cloudwatch_metric_alarm"].values()]
    assert len(names) == len(set(names))


def test_the_note_beside_terraforms_files_says_why_and_which_quota_it_would_break(document: dict[str, Any]) -> None:
    readme = next(one.text for one in terraform.export(document, ACCOUNT) if one.name == "README.md")
    assert "target tags of a snapshot policy as a map" in readme
    assert len(modules_of(terraform.export(document, ACCOUNT))["aws_dlm_lifecycle_policy"]) == 102
    assert "Account production in us-east-1 gets 102 policies by that, and AWS allows 100 a Region" in readme


def test_cloudformation_keeps_every_tag_in_its_shared_policy(document: dict[str, Any]) -> None:
    made = [
        one["Properties"]["PolicyDetails"]["TargetTags"]
        for template in templates_of(cloudformation.export(document, ACCOUNT)).values()
        for one in template["Resources"].values()
        if one["Type"] == "AWS::DLM::LifecyclePolicy"
    ]
    assert sorted(len(tags) for tags in made) == [4, 50, 50]
    assert sorted((tag["Key"], tag["Value"]) for tags in made for tag in tags) == designed_tags(document)


def test_a_drill_on_a_shared_policy_looks_for_the_workloads_own_tag(document: dict[str, Any]) -> None:
    for workload, tag in (
        ("w0", {"Key": "Backup", "Value": "w0"}),
        ("w49", {"Key": "Backup", "Value": "w49"}),
        ("plain", {"Key": "stowplan:workload", "Value": "plain"}),
        ("w102", {"Key": "Team", "Value": "data"}),
    ):
        policy = next(one for one in policies(document) if workload in one["workloads"])
        assert own_tags(document, workload, policy) == [tag]
    [first, second, *_] = policies(document)
    with pytest.raises(RehearsalProblem, match="its tag Backup=w0 is not one of"):
        own_tags(document, "w0", second)
    assert len(first["properties"]["PolicyDetails"]["TargetTags"]) == 50
