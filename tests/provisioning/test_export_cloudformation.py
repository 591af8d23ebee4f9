"""CloudFormation templates: linted, compared with the design setting by setting, in an order that can be deployed."""

import copy
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisioning.exporters import ExportProblem
from provisioning.exporters.cloudformation import LIMITS, NO_WORD, export
from provisioning.exporters.layout import lay_out
from provisioning.references import dependencies
from tests.provisioning.exported import NAMES, World, example, templates_of
from tests.provisioning.exported_parity import in_cloudformation

CFN_LINT = Path(sys.executable).with_name("cfn-lint")
ACCOUNT = "123456789012"


def small(*resources: dict[str, Any]) -> dict[str, Any]:
    """A design document with these resources, as far as the export reads it."""
    return {
        "digest": "0" * 64,
        "engagement": {"slug": "harbour"},
        "regions": {"primary": "eu-central-1", "dr": None},
        "accounts": [{"alias": "prod", "account": ACCOUNT, "role": "production"}],
        "resources": list(resources),
    }


def bucket(key: str = "bucket-a", adopt: str | None = None, **properties: Any) -> dict[str, Any]:
    place = {"account_role": "production", "account_alias": "prod", "region": "eu-central-1", "workloads": [], "adopt": adopt}
    return {"key": key, "type": "AWS::S3::Bucket", **place, "properties": {"Versioning": "Enabled", "Tags": {"a": "b"}, **properties}}


@pytest.mark.parametrize("name", NAMES)
def test_every_template_passes_the_linter_without_a_finding(tmp_path: Path, name: str) -> None:
    files = []
    for file in export(example(name).document):
        found = json.loads(file.text) if file.name.endswith(".import.json") else {}
        texts = {f"{file.name}.{part}.json": json.dumps(found[part]) for part in ("ImportTemplate", "UpdateTemplate") if part in found}
        texts |= {file.name: file.text} if file.name.endswith(".template.yaml") else {}
        for title, text in texts.items():
            (tmp_path / title).write_text(text)
            files.append(tmp_path / title)

    result = subprocess.run([CFN_LINT, *files], capture_output=True, text=True, timeout=300, check=False)

    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_of_the_design_is_in_a_template_and_nothing_else(name: str) -> None:
    world = World.of(example(name).document)
    found = in_cloudformation(world)
    for key, (called, properties) in found.items():
        assert properties == world.designed(key), key
        assert called in (None, world.title(key))
    assert found.keys() == {resource["key"] for resource in world.design["resources"] if resource["type"] not in NO_WORD}


@pytest.mark.parametrize("name", NAMES)
def test_data_and_keys_outlive_their_stack(name: str) -> None:
    resources = [item for template in templates_of(export(example(name).document)).values() for item in template["Resources"].values()]
    kept = [item for item in resources if item["Type"] in ("AWS::S3::Bucket", "AWS::KMS::Key")]
    assert kept
    assert {(item["DeletionPolicy"], item["UpdateReplacePolicy"]) for item in kept} == {("Retain", "Retain")}


@pytest.mark.parametrize("name", NAMES)
def test_stacks_come_in_an_order_that_can_be_deployed(name: str) -> None:
    design = example(name).document
    layout = lay_out(design, None, LIMITS)
    position = {key: number for number, stack in enumerate(layout.stacks) for key in stack.keys}
    for key, needed in dependencies(design["resources"]).items():
        assert all(position[one] <= position[key] for one in needed), key
    assert {stack.name for stack in layout.stacks} == {file.name.split(".")[0] for file in export(design)} - {"README"}
    assert all(len({(layout.placed[key].account, layout.placed[key].region) for key in stack.keys}) == 1 for stack in layout.stacks)


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_is_the_output_of_an_earlier_stack_and_stands_in_the_readme(name: str) -> None:
    files = export(example(name).document)
    text = next(file.text for file in files if file.name == "README.md")
    outputs: set[str] = set()
    for file_name, template in templates_of(files).items():
        parameters = set(template.get("Parameters", {}))
        assert parameters <= outputs, file_name
        assert all(f"`{parameter}`" in text for parameter in parameters)
        outputs |= set(template.get("Outputs", {}))


def test_the_trail_waits_for_the_policy_of_its_log_bucket() -> None:
    template = templates_of(export(example("lumen-media").document))["lumen-ap-south-1.template.yaml"]
    [trail] = [item for item in template["Resources"].values() if item["Type"] == "AWS::CloudTrail::Trail"]
    [policy] = trail["DependsOn"]
    assert template["Resources"][policy]["Properties"]["Bucket"] == trail["Properties"]["S3BucketName"]


def test_existing_buckets_come_as_import_sets_and_never_as_something_to_create() -> None:
    existing = {"lumen-master-archive", "lumen-stock-footage", "lumen-render-cache"}
    files = export(example("lumen-media").document)
    [import_set] = [json.loads(file.text) for file in files if file.name.endswith(".import.json")]

    made = [file.text for file in files if file.name.endswith(".template.yaml")]
    assert not any(re.search(rf"BucketName: {name}", text) for name in existing for text in made)
    identifiers = {one["LogicalResourceId"]: one["ResourceIdentifier"]["BucketName"] for one in import_set["ResourcesToImport"]}
    assert set(identifiers.values()) == existing
    assert {one["ResourceType"] for one in import_set["ResourcesToImport"]} == {"AWS::S3::Bucket"}
    for logical, name in identifiers.items():
        retained = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
        assert import_set["ImportTemplate"]["Resources"][logical] == {**retained, "Properties": {"BucketName": name}}
        assert import_set["UpdateTemplate"]["Resources"][logical]["Properties"]["BucketName"] == name
    assert set(import_set["ImportTemplate"]["Resources"]) == set(identifiers)


def test_a_finding_that_is_right_to_leave_carries_its_reason() -> None:
    found = templates_of(export(small(bucket(Versioning=None))))["prod-eu-central-1.template.yaml"]["Resources"]["BucketA"]
    skipped = found["Metadata"]["checkov"]["skip"]
    assert [one["id"] for one in skipped] == ["CKV_AWS_18", "CKV_AWS_21"]
    assert all(len(one["comment"]) > 40 for one in skipped)


def test_a_tag_without_a_value_is_left_out_of_an_alarm_with_the_reason() -> None:
    tags = {"cost-centre": "", "team": "film"}
    alarm = {**bucket("alarm-a"), "type": "AWS::CloudWatch::Alarm", "properties": {"MetricName": "Copies", "Tags": tags}}
    found = templates_of(export(small(alarm, bucket(Tags=tags))))["prod-eu-central-1.template.yaml"]["Resources"]

    told = found["AlarmA"]["Metadata"]["Stowplan"]["TagsLeftOut"]
    assert list(told) == ["cost-centre"]
    assert "no value" in told["cost-centre"]
    assert {one["Key"] for one in found["AlarmA"]["Properties"]["Tags"]} == {"stowplan:digest", "team"}
    assert {"Key": "cost-centre", "Value": ""} in found["BucketA"]["Properties"]["Tags"]


def test_the_same_design_gives_the_same_files() -> None:
    assert export(example("baltic-bank").document) == export(copy.deepcopy(example("baltic-bank").document))


# ----------------------------------------------------------------------------------------------------------- limits, names
@pytest.mark.parametrize(("buckets", "rules"), [(260, 1), (12, 900)])
def test_a_large_design_is_split_at_the_limits_of_aws(buckets: int, rules: int) -> None:
    """By the number of resources, or by the size of the template."""
    statements = [{"Sid": "StowplanTlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": {"$sub": "${bucket-0.arn}"}}]
    own = [{"ID": f"stowplan-{n}", "Status": "Enabled", "Filter": {"Prefix": f"{n}/"}, "Expiration": {"Days": 30}} for n in range(rules)]
    design = small(*(bucket(f"bucket-{n}", PolicyStatements=statements, LifecycleRules=own) for n in range(buckets)))

    files = [file for file in export(design) if file.name.endswith(".template.yaml")]

    assert len(files) > 1
    templates = [yaml.load(file.text, yaml.CSafeLoader) for file in files]
    names = [name for template in templates for name in template["Resources"]]
    assert len(names) == len(set(names)) == 2 * buckets
    assert all(len(template["Resources"]) <= 500 for template in templates)
    assert all(len(file.text.encode()) < 1_000_000 for file in files)


HOSTILE = ["!Ref AWS::AccountId", "${AWS::AccountId}", "*anchor", "a: b\n- c", "'\"#{}[]", "{{ x }}", "yes", "1e3", "ключ", "\u2028x"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_data(text: str) -> None:
    rule = {"ID": f"stowplan-{text}", "Status": "Enabled", "Filter": {"Prefix": text}, "Expiration": {"Days": 1}}
    [template] = templates_of(export(small(bucket(Tags={text: text}, LifecycleRules=[rule])))).values()

    properties = template["Resources"]["BucketA"]["Properties"]
    assert {"Key": text, "Value": text} in properties["Tags"]
    assert properties["LifecycleConfiguration"]["Rules"][0]["Prefix"] == text


@pytest.mark.parametrize("where", [{"Tags": {"a": "{{resolve:ssm:x}}"}}, {"Tags": {"{{resolve:ssm:x}}": "a"}}])
def test_text_that_cloudformation_would_look_up_is_refused(where: dict[str, Any]) -> None:
    with pytest.raises(ExportProblem, match="dynamic reference"):
        export(small(bucket(**where)))


@pytest.mark.parametrize("alias", ["../../etc/passwd", "a/b", ".", "ПРОД", "x" * 300, "prod\n"])
def test_a_hostile_alias_gives_a_plain_file_name(alias: str) -> None:
    design = small({**bucket(), "account_alias": alias})
    design["accounts"] = [{"alias": alias, "account": ACCOUNT, "role": "production"}]
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,100}", file.name) for file in export(design))


def test_keys_that_look_alike_keep_their_own_ids() -> None:
    keys = ["bucket-a-b", "bucket-ab", "bucket-a--b", "bucket-aB", "bucket-a-b-policy", "1-bucket", "бакет"]
    [template] = templates_of(export(small(*(bucket(key) for key in keys)))).values()
    assert len(template["Resources"]) == len(keys)
    assert len({item["Properties"]["BucketName"] for item in template["Resources"].values()}) == len(keys)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,254}", name) for name in template["Resources"])


@pytest.mark.parametrize(
    "properties",
    [
        {"Surprise": 1},
        {"LifecycleRules": [{"ID": "a", "Status": "Enabled", "Filter": {"Colour": "red"}}]},
        {"LifecycleRules": [{"ID": "a", "Status": "Enabled", "Filter": {}, "Surprise": 1}]},
        {"Replication": {"Role": "r", "Rules": [{"ID": "a", "Surprise": 1}]}},
    ],
)
def test_a_setting_without_translation_is_an_error_and_not_left_out(properties: dict[str, Any]) -> None:
    with pytest.raises(ExportProblem, match="no translation"):
        export(small(bucket(**properties)))


def test_filters_become_members_of_the_rule() -> None:
    tags = [{"Key": "k", "Value": "v"}, {"Key": "l", "Value": "w"}]
    rule = {
        "ID": "stowplan-a",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "a/", "Tags": tags, "ObjectSizeGreaterThan": 131072, "ObjectSizeLessThan": 9_000_000}},
        "NoncurrentVersionTransitions": [{"NoncurrentDays": 30, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 2}],
    }
    [template] = templates_of(export(small(bucket(LifecycleRules=[rule])))).values()

    [found] = template["Resources"]["BucketA"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert (found["Prefix"], found["TagFilters"]) == ("a/", tags)
    assert (found["ObjectSizeGreaterThan"], found["ObjectSizeLessThan"]) == ("131072", "9000000")
    assert found["NoncurrentVersionTransitions"] == [{"TransitionInDays": 30, "StorageClass": "GLACIER", "NewerNoncurrentVersions": 2}]


# ------------------------------------------------------------------------------------------------------------- accounts
def test_without_an_account_the_export_says_what_is_missing() -> None:
    design = {**small(bucket(), bucket("bucket-b")), "accounts": []}
    with pytest.raises(ExportProblem) as refused:
        export(design)
    assert refused.value.lines == [
        "account 'prod' of bucket-a and 1 more: the design has no account id for it, and names depend on it; "
        "answer aws_accounts in the engagement, or give --account ID to put everything into one account"
    ]
    [template] = templates_of(export(design, ACCOUNT)).values()
    assert template["Metadata"]["Stowplan"]["Account"] == ACCOUNT


def test_one_account_for_all_takes_the_place_of_the_accounts_of_the_design() -> None:
    files = export(example("baltic-bank").document, ACCOUNT)
    assert {template["Metadata"]["Stowplan"]["Account"] for template in templates_of(files).values()} == {ACCOUNT}
    assert not any("444455556666" in file.text for file in files)
    with pytest.raises(ExportProblem, match="expected 12 digits"):
        export(example("baltic-bank").document, "prod")
