"""Reads an exported Terraform module back into the words of a design, so that the two can be compared setting by setting.

Written against the documentation of Terraform's AWS provider, not against the exporter.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from provisioning.exporters import ExportFile
from tests.provisioning import exported_backup
from tests.provisioning.exported import World

KINDS = {
    "aws_kms_key": "AWS::KMS::Key",
    "aws_kms_alias": "AWS::KMS::Alias",
    "aws_iam_role": "AWS::IAM::Role",
    "aws_s3_bucket": "AWS::S3::Bucket",
    "aws_dlm_lifecycle_policy": "AWS::DLM::LifecyclePolicy",
    "aws_cloudtrail": "AWS::CloudTrail::Trail",
    "aws_s3_account_public_access_block": "AWS::S3::AccountPublicAccessBlock",
    "aws_ebs_encryption_by_default": "AWS::EC2::EbsEncryption",
    "aws_sns_topic": "AWS::SNS::Topic",
    "aws_sns_topic_subscription": "AWS::SNS::Subscription",
    "aws_cloudwatch_event_rule": "AWS::Events::Rule",
    "aws_cloudwatch_metric_alarm": "AWS::CloudWatch::Alarm",
    **exported_backup.KINDS,
}
# Names of the AWS API that are not the Terraform name in capitals.
SPECIAL = {
    "id": "ID",
    "sse_algorithm": "SSEAlgorithm",
    "kms_master_key_id": "KMSMasterKeyID",
    "replica_kms_key_id": "ReplicaKmsKeyID",
    "transition": "Transitions",
    "noncurrent_version_transition": "NoncurrentVersionTransitions",
    "schedule": "Schedules",
    "cross_region_copy_rule": "CrossRegionCopyRules",
    "advanced_event_selector": "AdvancedEventSelectors",
    "field_selector": "FieldSelectors",
    "enable_logging": "IsLogging",
    "assume_role_policy": "AssumeRolePolicyDocument",
    "s3_bucket_name": "S3BucketName",
    "metric_query": "Metrics",
}
TAG_MAPS = ("target_tags", "tags_to_add")
META = ("provider", "lifecycle", "depends_on", "//")


def modules_of(files: list[ExportFile]) -> dict[str, dict[str, Any]]:
    """Resources by Terraform type and name, of all files."""
    found: dict[str, dict[str, Any]] = {}
    for file in files:
        for kind, resources in (json.loads(file.text) if file.name.endswith(".tf.json") else {}).get("resource", {}).items():
            assert not set(resources) & set(found.get(kind, {}))
            found.setdefault(kind, {}).update(resources)
    return found


class Evaluated:
    """Terraform's view of the files: templates filled in, names of the API again."""

    def __init__(self, world: World, keys: Mapping[str, str]) -> None:
        self.world, self.keys = world, keys

    def text(self, template: str) -> str:
        return re.sub(
            r"\$\$\{|%%\{|\$\{([^}]*)\}", lambda match: self._reference(match.group(1)) if match.group(1) else match.group(0)[1:], template
        )

    def _reference(self, text: str) -> str:
        kind, name, attribute = text.split(".")
        key = self.keys[name]
        assert KINDS[kind] == self.world.resource(key)["type"]
        return self.world.arn(key) if attribute == "arn" else self.world.name(key)

    def value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.name(name): self.tag_list(item) if name in TAG_MAPS else self.value(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item) for item in value]
        return self.text(value) if isinstance(value, str) else value

    def tag_list(self, tags: Mapping[str, str]) -> list[dict[str, str]]:
        return [{"Key": self.text(name), "Value": self.text(value)} for name, value in tags.items()]

    def name(self, name: str) -> str:
        return SPECIAL.get(name) or "".join(part.capitalize() for part in name.split("_"))

    def tags(self, resource: Mapping[str, Any]) -> dict[str, str]:
        return {self.text(name): self.text(value) for name, value in resource["tags"].items()}

    def policy(self, text: str) -> Any:
        return json.loads(self.text(text))


def of_bucket(found: dict[str, Any], name: str, evaluated: Evaluated) -> dict[str, Any]:
    """A bucket's properties in the design's words, from its resources."""

    def part(kind: str) -> Any:
        resource = found.get(f"aws_s3_bucket_{kind}", {}).get(name)
        assert resource is None or resource["bucket"] == "${aws_s3_bucket." + name + ".id}"
        return resource and {key: value for key, value in resource.items() if key not in (*META, "bucket")}

    properties: dict[str, Any] = {}
    if part("versioning"):
        properties["Versioning"] = part("versioning")["versioning_configuration"]["status"]
    if part("server_side_encryption_configuration"):
        [rule] = part("server_side_encryption_configuration")["rule"]
        default = evaluated.value(rule["apply_server_side_encryption_by_default"])
        properties["Encryption"] = {**default, "BucketKeyEnabled": rule["bucket_key_enabled"]}
    properties["PublicAccessBlock"] = evaluated.value(part("public_access_block"))
    properties["ObjectOwnership"] = part("ownership_controls")["rule"]["object_ownership"]
    policy = evaluated.policy(part("policy")["policy"])
    assert policy["Version"] == "2012-10-17"
    properties["PolicyStatements"] = policy["Statement"]
    properties["LifecycleRules"] = evaluated.value(part("lifecycle_configuration")["rule"])
    properties["TransitionDefaultMinimumObjectSize"] = part("lifecycle_configuration")["transition_default_minimum_object_size"]
    if part("object_lock_configuration"):
        assert found["aws_s3_bucket"][name]["object_lock_enabled"] is True
        properties["ObjectLock"] = evaluated.value(part("object_lock_configuration")["rule"]["default_retention"])
    if part("replication_configuration"):
        properties["Replication"] = {
            "Role": evaluated.text(part("replication_configuration")["role"]),
            "Rules": evaluated.value(part("replication_configuration")["rule"]),
        }
    if part("logging"):
        properties["Logging"] = evaluated.value(part("logging"))
    if part("inventory"):
        listed = evaluated.value(part("inventory"))
        target = listed["Destination"]["Bucket"]
        place = {"AccountId": target.pop("AccountId"), "Bucket": target.pop("BucketArn"), **target}
        names = {"Name": "Id", "Enabled": "IsEnabled", "Schedules": "Schedule"}
        found_list = {names.get(key, key): value for key, value in listed.items()}
        properties["Inventory"] = [{**found_list, "Destination": {"S3BucketDestination": place}}]
    if part("intelligent_tiering_configuration"):
        tiers = evaluated.value(part("intelligent_tiering_configuration"))
        properties["IntelligentTiering"] = [{"Id": tiers["Name"], "Status": tiers["Status"], "Tierings": tiers["Tiering"]}]
    return properties


def properties_of(found: dict[str, Any], kind: str, name: str, evaluated: Evaluated) -> dict[str, Any]:
    resource = {key: value for key, value in found[kind][name].items() if key not in (*META, "tags")}
    if kind in exported_backup.KINDS:
        return exported_backup.properties_of_backup(found, kind, name, resource, evaluated)
    if kind == "aws_s3_bucket":
        return of_bucket(found, name, evaluated)
    if kind == "aws_kms_key":
        return {**evaluated.value(resource), "Policy": evaluated.policy(resource["policy"])}
    if kind == "aws_iam_role":
        role = "${aws_iam_role." + name + ".name}"
        own = [policy for policy in found["aws_iam_role_policy"].values() if policy["role"] == role]
        policies = {policy["name"]: evaluated.policy(policy["policy"]) for policy in own}
        trust = evaluated.policy(resource["assume_role_policy"])
        managed = [one["policy_arn"] for one in found.get("aws_iam_role_policy_attachment", {}).values() if one["role"] == role]
        granted = {"Policies": policies, "ManagedPolicyArns": managed}
        described = {"Description": resource["description"], "AssumeRolePolicyDocument": trust}
        return {**described, **{member: value for member, value in granted.items() if value}}
    if kind == "aws_sns_topic":
        address = "${aws_sns_topic." + name + ".arn}"
        [policy] = [one["policy"] for one in found["aws_sns_topic_policy"].values() if one["arn"] == address]
        statements = evaluated.policy(policy)["Statement"]
        own = {("KmsMasterKeyId" if key == "KMSMasterKeyID" else key): value for key, value in evaluated.value(resource).items()}
        return {**without_name(own), "PolicyStatements": statements}
    if kind == "aws_cloudwatch_event_rule":
        rule = "${aws_cloudwatch_event_rule." + name + ".name}"
        targets = [one for one in found["aws_cloudwatch_event_target"].values() if one["rule"] == rule]
        told = [{"Id": one["target_id"], "Arn": evaluated.text(one["arn"])} for one in targets]
        return {**without_name(evaluated.value(resource)), "EventPattern": evaluated.policy(resource["event_pattern"]), "Targets": told}
    if kind == "aws_cloudwatch_metric_alarm" and "dimensions" in resource:
        dimensions = [{"Name": key, "Value": evaluated.text(value)} for key, value in resource["dimensions"].items()]
        return {**without_name(evaluated.value(resource)), "Dimensions": dimensions}
    if kind == "aws_cloudwatch_metric_alarm":
        queries = [
            {("Id" if key == "ID" else key): value for key, value in evaluated.value(one).items()} for one in resource["metric_query"]
        ]
        return {**without_name(evaluated.value(resource)), "Metrics": queries}
    return without_name(evaluated.value(resource))


def without_name(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if key not in ("Name", "AlarmName")}
