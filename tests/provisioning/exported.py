"""Reads exported templates back into the words of a design, so that the two can be compared setting by setting.

Written against CloudFormation's documentation, not against the exporter.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessment.engagement import read_engagement
from provisioning.exporters import ExportFile
from provisioning.names import NAMED, TITLED, arn_of, name_of, title_of
from provisioning.references import resolve
from recommendations.design import Design
from recommendations.evaluate import evaluate

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = ("baltic-bank", "lumen-media", "northwind-clinics")


@cache
def example(name: str) -> Design:
    return evaluate(read_engagement((EXAMPLES / f"{name}.yaml").read_bytes()))


def templates_of(files: list[ExportFile]) -> dict[str, dict[str, Any]]:
    """Template by file name; of an import set its `UpdateTemplate`."""
    found = {file.name: yaml.safe_load(file.text) for file in files if file.name.endswith(".template.yaml")}
    return found | {file.name: json.loads(file.text)["UpdateTemplate"] for file in files if file.name.endswith(".import.json")}


@dataclass(frozen=True)
class World:
    """What AWS would have after everything is made: names, and ids that it gave."""

    design: Mapping[str, Any]
    accounts: Mapping[str, str]
    ids: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, design: Mapping[str, Any], account: str | None = None, ids: Mapping[str, str] | None = None) -> "World":
        """`account` takes the place of all accounts; `ids` are those that AWS really gave, by resource key."""
        accounts: dict[str, str] = {}
        for row in design["accounts"]:
            accounts[row["alias"]] = account or row["account"]
            accounts.setdefault(row["role"], account or row["account"])
        return cls(design, accounts, ids or {})

    def resource(self, key: str) -> Mapping[str, Any]:
        return next(resource for resource in self.design["resources"] if resource["key"] == key)

    def account(self, resource: Mapping[str, Any]) -> str:
        return self.accounts[resource["account_alias"] or resource["account_role"]]

    def name(self, key: str) -> str:
        resource = self.resource(key)
        if resource["type"] not in NAMED:
            return self.ids.get(key, f"id-of-{key}")
        place = {"account": self.account(resource), "region": resource["region"], "slug": self.design["engagement"]["slug"]}
        return name_of(resource["type"], key=key, adopt=resource["adopt"], **place)

    def title(self, key: str) -> str:
        """The name, or the title of what has an id of AWS's beside it."""
        resource = self.resource(key)
        if resource["type"] not in TITLED:
            return self.name(key)
        return title_of(self.account(resource), resource["region"], self.design["engagement"]["slug"], key)

    def arn(self, key: str) -> str:
        resource = self.resource(key)
        return arn_of(resource["type"], self.name(key), account=self.account(resource), region=resource["region"])

    def designed(self, key: str) -> dict[str, Any]:
        """The properties that apply would set, references filled in, with the tag that it adds."""
        resource = self.resource(key)

        def variable(text: str) -> str:
            if text == "account":
                return self.account(resource)
            if text == "region":
                return str(resource["region"])
            name, _, attribute = text.rpartition(".")
            if name == "account":
                return self.accounts[attribute]
            return self.arn(name) if attribute == "arn" else self.name(name)

        properties = dict(resolve(resource["properties"], variable))
        if "Tags" in properties:
            properties["Tags"] = {**properties["Tags"], "stowplan:digest": self.design["digest"]}
        return {name: value for name, value in properties.items() if value not in (None, [], {})}


class Deployed:
    """The resources of one template with every function evaluated. `keys` gives the resource key of a logical id."""

    def __init__(self, template: Mapping[str, Any], world: World, keys: Mapping[str, str]) -> None:
        self.template, self.world, self.keys = template, world, keys

    def properties(self, logical: str) -> Any:
        return self._value(self.template["Resources"][logical]["Properties"])

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict) and len(value) == 1:
            [(name, argument)] = value.items()
            if name == "Ref":
                return self._ref(argument)
            if name == "Fn::GetAtt":
                return self._attribute(*argument)
            if name == "Fn::Select":
                return self._value(argument[1])[argument[0]]
            if name == "Fn::Split":
                return self._value(argument[1]).split(argument[0])
            if name == "Fn::Sub":
                return re.sub(r"\$\{(!?)([^}]*)\}", self._inserted, argument)
        if isinstance(value, dict):
            return {name: self._value(item) for name, item in value.items()}
        return [self._value(item) for item in value] if isinstance(value, list) else value

    def _inserted(self, match: re.Match[str]) -> str:
        if match.group(1):
            return "${" + match.group(2) + "}"
        name, _, attribute = match.group(2).partition(".")
        return self._attribute(name, attribute) if attribute else self._ref(name)

    def _ref(self, name: str) -> str:
        if name in self.template.get("Parameters", {}):
            value = self.world.arn(self.keys[name.removesuffix("Arn")])
            assert re.fullmatch(self.template["Parameters"][name]["AllowedPattern"], value)
            return value
        assert name in self.template["Resources"]
        key = self.keys[name]
        # CloudFormation gives the ARN of a topic by its name.
        return self.world.arn(key) if self.world.resource(key)["type"] == "AWS::SNS::Topic" else self.world.name(key)

    def _attribute(self, name: str, attribute: str) -> str:
        kind = self.template["Resources"][name]["Type"]
        assert attribute == ARN_ATTRIBUTE.get(kind, "Arn")
        return self.world.arn(self.keys[name])


def tag_map(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def bucket(found: dict[str, Any], policy: dict[str, Any] | None) -> dict[str, Any]:
    properties: dict[str, Any] = {"Tags": tag_map(found["Tags"])}
    if "VersioningConfiguration" in found:
        properties["Versioning"] = found["VersioningConfiguration"]["Status"]
    if "BucketEncryption" in found:
        [rule] = found["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        properties["Encryption"] = {**rule["ServerSideEncryptionByDefault"], "BucketKeyEnabled": rule["BucketKeyEnabled"]}
    properties["PublicAccessBlock"] = found["PublicAccessBlockConfiguration"]
    properties["ObjectOwnership"] = found["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
    lifecycle = found["LifecycleConfiguration"]
    properties["LifecycleRules"] = [lifecycle_rule(rule) for rule in lifecycle["Rules"]]
    properties["TransitionDefaultMinimumObjectSize"] = lifecycle["TransitionDefaultMinimumObjectSize"]
    if "ObjectLockConfiguration" in found:
        assert found["ObjectLockEnabled"] is True
        properties["ObjectLock"] = found["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    if "ReplicationConfiguration" in found:
        rules = [
            {("ID" if name == "Id" else name): value for name, value in rule.items()} for rule in found["ReplicationConfiguration"]["Rules"]
        ]
        properties["Replication"] = {"Role": found["ReplicationConfiguration"]["Role"], "Rules": rules}
    if "LoggingConfiguration" in found:
        log = found["LoggingConfiguration"]
        properties["Logging"] = {"TargetBucket": log["DestinationBucketName"], "TargetPrefix": log["LogFilePrefix"]}
    if "InventoryConfigurations" in found:
        properties["Inventory"] = [inventory(one) for one in found["InventoryConfigurations"]]
    if "IntelligentTieringConfigurations" in found:
        properties["IntelligentTiering"] = found["IntelligentTieringConfigurations"]
    if policy:
        assert policy["PolicyDocument"]["Version"] == "2012-10-17"
        properties["PolicyStatements"] = policy["PolicyDocument"]["Statement"]
    return properties


def inventory(found: dict[str, Any]) -> dict[str, Any]:
    names = {"BucketAccountId": "AccountId", "BucketArn": "Bucket"}
    target = {names.get(name, name): value for name, value in found["Destination"].items()}
    own = {"Enabled": "IsEnabled"}
    rest = {own.get(name, name): value for name, value in found.items() if name not in ("Destination", "ScheduleFrequency")}
    return {**rest, "Schedule": {"Frequency": found["ScheduleFrequency"]}, "Destination": {"S3BucketDestination": target}}


def lifecycle_rule(rule: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = {"Prefix": rule["Prefix"]} if "Prefix" in rule else {}
    for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan"):
        if name in rule:
            parts[name] = int(rule[name])
    tags = rule.get("TagFilters", [])
    if len(tags) > 1 or (tags and parts):
        parts["Tags"] = tags
    elif tags:
        parts["Tag"] = tags[0]
    found: dict[str, Any] = {"ID": rule["Id"], "Status": rule["Status"], "Filter": parts or {"Prefix": ""}}
    if len(parts) > 1 or len(tags) > 1:
        found["Filter"] = {"And": parts}
    expiration = {"Days": "ExpirationInDays", "Date": "ExpirationDate", "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}
    if any(name in rule for name in expiration.values()):
        found["Expiration"] = {name: rule[theirs] for name, theirs in expiration.items() if theirs in rule}
    if "Transitions" in rule:
        found["Transitions"] = [{"Days": step["TransitionInDays"], "StorageClass": step["StorageClass"]} for step in rule["Transitions"]]
    if "NoncurrentVersionTransitions" in rule:
        names = {"TransitionInDays": "NoncurrentDays"}
        steps = rule["NoncurrentVersionTransitions"]
        found["NoncurrentVersionTransitions"] = [{names.get(name, name): value for name, value in step.items()} for step in steps]
    for name in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if name in rule:
            found[name] = rule[name]
    return found


def key(found: dict[str, Any], policy: None) -> dict[str, Any]:
    return {**_without(found, "KeyPolicy"), "Policy": found["KeyPolicy"], "Tags": tag_map(found["Tags"])}


def alias(found: dict[str, Any], policy: None) -> dict[str, Any]:
    return _without(found, "AliasName")


def role(found: dict[str, Any], policy: None) -> dict[str, Any]:
    policies = {one["PolicyName"]: one["PolicyDocument"] for one in found.get("Policies", ())}
    return {**_without(found, "RoleName"), **({"Policies": policies} if policies else {}), "Tags": tag_map(found["Tags"])}


def snapshots(found: dict[str, Any], policy: None) -> dict[str, Any]:
    return {**found, "Tags": tag_map(found["Tags"])}


def trail(found: dict[str, Any], policy: None) -> dict[str, Any]:
    named = {("KmsKeyId" if name == "KMSKeyId" else name): value for name, value in _without(found, "TrailName").items()}
    return {**named, "Tags": tag_map(found["Tags"])}


def topic(found: dict[str, Any], policy: dict[str, Any] | None) -> dict[str, Any]:
    assert policy
    [_] = policy["Topics"]
    own = _without(found, "TopicName")
    return {**own, "PolicyStatements": policy["PolicyDocument"]["Statement"], "Tags": tag_map(found["Tags"])}


def tagged(found: dict[str, Any], policy: None) -> dict[str, Any]:
    return {**_without(found, "Name", "AlarmName"), "Tags": tag_map(found["Tags"])}


def _without(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in found.items() if name not in names}


# As CloudFormation's reference has it under "Fn::GetAtt".
ARN_ATTRIBUTE = {
    "AWS::SNS::Topic": "TopicArn",
    "AWS::Backup::BackupVault": "BackupVaultArn",
    "AWS::Backup::BackupPlan": "BackupPlanArn",
}


def vault(found: dict[str, Any], policy: None) -> dict[str, Any]:
    rest = _without(found, "BackupVaultName", "AccessPolicy", "BackupVaultTags")
    return {**rest, "Policy": found["AccessPolicy"], "Tags": found["BackupVaultTags"]}


def backup_plan(found: dict[str, Any], policy: None) -> dict[str, Any]:
    rules = [
        {("TargetBackupVaultName" if name == "TargetBackupVault" else name): value for name, value in rule.items()}
        for rule in found["BackupPlan"]["BackupPlanRule"]
    ]
    return {"Rules": rules, "Tags": found["BackupPlanTags"]}


def backup_selection(found: dict[str, Any], policy: None) -> dict[str, Any]:
    return {"BackupPlanId": found["BackupPlanId"], **_without(found["BackupSelection"], "SelectionName")}


def restore_plan(found: dict[str, Any], policy: None) -> dict[str, Any]:
    return {**_without(found, "RestoreTestingPlanName"), "Tags": tag_map(found["Tags"])}


def report_plan(found: dict[str, Any], policy: None) -> dict[str, Any]:
    return {**_without(found, "ReportPlanName", "ReportPlanTags"), "Tags": tag_map(found["ReportPlanTags"])}


def framework(found: dict[str, Any], policy: None) -> dict[str, Any]:
    return {**_without(found, "FrameworkName", "FrameworkTags"), "Tags": tag_map(found["FrameworkTags"])}


READERS: dict[str, Callable[[dict[str, Any], Any], dict[str, Any]]] = {
    "AWS::S3::Bucket": bucket,
    "AWS::KMS::Key": key,
    "AWS::KMS::Alias": alias,
    "AWS::IAM::Role": role,
    "AWS::DLM::LifecyclePolicy": snapshots,
    "AWS::CloudTrail::Trail": trail,
    "AWS::Backup::BackupVault": vault,
    "AWS::Backup::BackupPlan": backup_plan,
    "AWS::Backup::BackupSelection": backup_selection,
    "AWS::Backup::RestoreTestingPlan": restore_plan,
    "AWS::Backup::RestoreTestingSelection": lambda found, policy: _without(found, "RestoreTestingSelectionName"),
    "AWS::Backup::ReportPlan": report_plan,
    "AWS::Backup::Framework": framework,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::Subscription": lambda found, policy: found,
    "AWS::Events::Rule": tagged,
    "AWS::CloudWatch::Alarm": tagged,
}
NAME_PROPERTY = {
    "AWS::S3::Bucket": "BucketName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::IAM::Role": "RoleName",
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::Backup::RestoreTestingPlan": "RestoreTestingPlanName",
    "AWS::Backup::RestoreTestingSelection": "RestoreTestingSelectionName",
    "AWS::Backup::ReportPlan": "ReportPlanName",
    "AWS::Backup::Framework": "FrameworkName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::Events::Rule": "Name",
    "AWS::CloudWatch::Alarm": "AlarmName",
}
