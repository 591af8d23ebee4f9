"""Terraform's JSON syntax: compared with the design setting by setting; text stays text; existing buckets are imported."""

import json
import re

import pytest

from provisioning.exporters import ExportProblem, cloudformation
from provisioning.exporters.layout import lay_out
from provisioning.exporters.terraform import NO_WORD, UNLIMITED, export
from provisioning.exporters.terraform_values import local_names
from tests.provisioning.exported import NAMES, World, example
from tests.provisioning.exported_parity import in_terraform
from tests.provisioning.exported_terraform import Evaluated, modules_of
from tests.provisioning.test_export_cloudformation import ACCOUNT, HOSTILE, bucket, small


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_of_the_design_is_in_the_module_and_nothing_else(name: str) -> None:
    world = World.of(example(name).document)
    found = in_terraform(world)
    for key, (called, properties) in found.items():
        assert properties == world.designed(key), key
        assert called in (None, world.title(key))
    assert found.keys() == {resource["key"] for resource in world.design["resources"] if resource["type"] not in NO_WORD}


@pytest.mark.parametrize("name", NAMES)
def test_every_resource_has_the_provider_of_its_account_and_region(name: str) -> None:
    files = export(example(name).document)
    world = World.of(example(name).document)
    keys = {local: key for key, local in local_names(lay_out(example(name).document, None, UNLIMITED).placed).items()}
    head = json.loads(next(file.text for file in files if file.name == "providers.tf.json"))
    providers = {f"aws.{one['alias']}": (one["allowed_account_ids"][0], one["region"]) for one in head["provider"]["aws"]}
    assert len(providers) == len(head["provider"]["aws"])
    for kind, resources in modules_of(files).items():
        for local, resource in resources.items():
            wanted = world.resource(keys[local]) if local in keys else None
            assert wanted is None or providers[resource["provider"]] == (world.account(wanted), wanted["region"]), (kind, local)


def test_existing_buckets_are_imported_and_none_is_destroyed() -> None:
    files = export(example("lumen-media").document)
    imports = json.loads(next(file.text for file in files if file.name == "imports.tf.json"))["import"]
    assert {one["id"] for one in imports} == {"lumen-master-archive", "lumen-stock-footage", "lumen-render-cache"}
    buckets = modules_of(files)["aws_s3_bucket"]
    assert {buckets[one["to"].removeprefix("aws_s3_bucket.")]["bucket"] for one in imports} == {one["id"] for one in imports}
    assert all(one["lifecycle"] == {"prevent_destroy": True} for one in buckets.values())
    assert not any(file.name == "imports.tf.json" for file in export(example("baltic-bank").document))


def test_replication_waits_for_versions_on_both_sides_and_a_trail_for_its_bucket() -> None:
    found = modules_of(export(example("northwind-clinics").document))
    for name, resource in found["aws_s3_bucket_replication_configuration"].items():
        ends = {re.sub(r"\$\{aws_s3_bucket\.(.*)\.arn\}", r"\1", rule["destination"]["bucket"]) for rule in resource["rule"]}
        assert set(resource["depends_on"]) == {f"aws_s3_bucket_versioning.{end}" for end in {name, *ends}}
    for trail in found["aws_cloudtrail"].values():
        log_bucket = re.fullmatch(r"\$\{aws_s3_bucket\.(.*)\.bucket\}", trail["s3_bucket_name"])
        assert log_bucket
        assert trail["depends_on"] == [f"aws_s3_bucket_policy.{log_bucket.group(1)}"]


@pytest.mark.parametrize("text", [*HOSTILE, "${aws_kms_key.x.arn}", "%{ if true }x%{ endif }", '"}'])
def test_hostile_text_stays_data(text: str) -> None:
    rule = {"ID": "stowplan-a", "Status": "Enabled", "Filter": {"Prefix": text}, "Expiration": {"Days": 1}}
    statement = {"Sid": "StowplanA", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": text}
    design = small(bucket(Tags={text: text}, LifecycleRules=[rule], PolicyStatements=[statement]))

    found = modules_of(export(design))
    evaluated = Evaluated(World.of(design), {})

    assert evaluated.tags(found["aws_s3_bucket"]["bucket_a"])[text] == text
    [written] = found["aws_s3_bucket_lifecycle_configuration"]["bucket_a"]["rule"]
    assert evaluated.text(written["filter"]["prefix"]) == text
    assert evaluated.policy(found["aws_s3_bucket_policy"]["bucket_a"]["policy"])["Statement"] == [statement]


def test_a_setting_without_translation_is_an_error_and_not_left_out() -> None:
    with pytest.raises(ExportProblem, match="no translation"):
        export(small(bucket(Surprise=1)))


def test_one_account_for_all_takes_the_place_of_the_accounts_of_the_design() -> None:
    files = export(example("baltic-bank").document, ACCOUNT)
    head = json.loads(files[0].text)
    assert {one["allowed_account_ids"][0] for one in head["provider"]["aws"]} == {ACCOUNT}
    assert not any("444455556666" in file.text for file in files)


def test_a_default_key_of_an_account_is_in_the_module_and_a_command_for_cloudformation() -> None:
    place = {"account_role": "production", "account_alias": "prod", "region": "eu-central-1", "workloads": [], "adopt": None}
    key = {"key": "key-a", "type": "AWS::KMS::Key", **place, "properties": {"Description": "a"}}
    volumes = {"key": "ebs-a", "type": "AWS::EC2::EbsEncryption", **place}
    design = small(key, {**volumes, "properties": {"Enabled": True, "KmsKeyId": {"$sub": "${key-a.arn}"}}})
    assert modules_of(export(design))["aws_ebs_default_kms_key"]["ebs_a"]["key_arn"] == "${aws_kms_key.key_a.arn}"
    readme = next(file.text for file in cloudformation.export(design) if file.name == "README.md")
    assert "modify-ebs-default-kms-key-id --region eu-central-1 --kms-key-id ARN-OF-key-a\n" in readme
