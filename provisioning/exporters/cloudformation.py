"""CloudFormation templates of a design: `*.template.yaml` for what is made, `*.import.json` for buckets that are there already.

One template for each account and Region, more where AWS's limits or the order between accounts ask for it. Names and accounts are literal,
so a template belongs to one account and Region. What AWS assigns itself in another stack (key ARNs) comes in as a parameter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from provisioning.exporters import ExportFile, ExportProblem
from provisioning.exporters.by_hand import told, without
from provisioning.exporters.checkov import skips
from provisioning.exporters.cloudformation_readme import readme
from provisioning.exporters.cloudformation_types import RETAINED, TYPES
from provisioning.exporters.cloudformation_values import Values, arn_word, logical_ids
from provisioning.exporters.layout import Document, Layout, Limits, Placed, Stack, lay_out
from provisioning.names import ACCOUNT_ACCESS, ALARM, BATCH, EBS_ENCRYPTION

# CloudFormation has no resource for these.
NO_WORD = frozenset({BATCH, ACCOUNT_ACCESS, EBS_ENCRYPTION})
MAX_RESOURCES = 500
# AWS allows 1 MB; the rest is room for parameters, outputs and description.
MAX_BYTES = 900_000
BUCKET, TRAIL, TOPIC = "AWS::S3::Bucket", "AWS::CloudTrail::Trail", "AWS::SNS::Topic"
# Type -> type of its policy and the member that says whose it is.
POLICIES = {BUCKET: ("AWS::S3::BucketPolicy", "Bucket"), TOPIC: ("AWS::SNS::TopicPolicy", "Topics")}
# CloudFormation wants a tag's value of an alarm to have one character at least; CloudWatch itself takes an empty one.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudwatch-alarm-tag.html
NO_EMPTY_TAG = frozenset({ALARM})
EMPTY_TAG = "The tag has no value, which CloudFormation refuses for an alarm. `manage.py apply` and `aws cloudwatch tag-resource` take it."
Template = dict[str, Any]


def export(design: Document, account: str | None = None) -> list[ExportFile]:
    """The files of a design (a design document). `account` takes the place of all accounts of the design.

    Raises ExportProblem for a design that cannot be exported, ReferenceProblem for references that lead nowhere.
    """
    layout = lay_out(without(design, NO_WORD), account, LIMITS)
    exporter = _Exporter(layout)
    files = [exporter.file_of(stack) for stack in layout.stacks]
    return [*files, ExportFile("README.md", readme(layout, exporter.parameters, files, told(design, account, NO_WORD)))]


def _weigh(placed: Placed) -> tuple[int, int]:
    """A bucket or topic counts twice, for its policy; references and indents may double the size of the properties."""
    return 2 if placed.kind in POLICIES else 1, 2 * len(json.dumps(placed.resource["properties"])) + 1000


LIMITS = Limits(MAX_RESOURCES, MAX_BYTES, _weigh)


def _skipped(kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """What checkov shall not say of a resource, each with its reason; empty where it says nothing."""
    found = skips(kind, settings)
    return {"checkov": {"skip": found}} if found else {}


def _tags(kind: str, tags: Mapping[str, str]) -> tuple[list[dict[str, str]], dict[str, Any]]:
    """The tags as a list, and the metadata that names those which CloudFormation refuses for this type."""
    refused = sorted(name for name, value in tags.items() if not value) if kind in NO_EMPTY_TAG else []
    listed = [{"Key": name, "Value": value} for name, value in sorted(tags.items()) if name not in refused]
    return listed, {"Stowplan": {"TagsLeftOut": dict.fromkeys(refused, EMPTY_TAG)}} if refused else {}


class _Exporter:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.ids = logical_ids(layout.placed)
        self.stack_of = {key: stack for stack in layout.stacks for key in stack.keys}
        self.parameters: dict[str, dict[str, str]] = {}  # stack name -> parameter -> key of the resource in another stack
        self.templates = {stack.name: self._template(stack) for stack in layout.stacks}
        self._add_outputs()

    def file_of(self, stack: Stack) -> ExportFile:
        template = self.templates[stack.name]
        if stack.adopted:
            return ExportFile(
                f"{stack.name}.import.json", json.dumps(self._import_set(stack, template), indent=1, ensure_ascii=False) + "\n"
            )
        return ExportFile(f"{stack.name}.template.yaml", to_yaml(template))

    def _template(self, stack: Stack) -> Template:
        values = Values(self.layout, stack, self.ids, self.stack_of)
        resources: dict[str, Any] = {}
        for key in stack.keys:
            resources |= self._resources(self.layout.placed[key], values)
        self.parameters[stack.name] = dict(values.parameters)
        template: Template = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": f"Stowplan design {self.layout.digest[:12]}, {stack.name}: for account {stack.account} in {stack.region} only",
            "Metadata": {"Stowplan": {"DesignDigest": self.layout.digest, "Account": stack.account, "Region": stack.region}},
        }
        if values.parameters:
            template["Parameters"] = {name: self._parameter(key) for name, key in sorted(values.parameters.items())}
        return {**template, "Resources": resources}

    def _resources(self, placed: Placed, values: Values) -> dict[str, Any]:
        """The resource, and for a bucket or topic its policy."""
        if placed.kind not in TYPES:
            raise ExportProblem(f"{placed.key}: {placed.kind} has no translation; expected one of {', '.join(TYPES)}")
        settings = values.of(placed)
        tags, left_out = _tags(placed.kind, values.plain(placed, self.layout.tags_of(placed)))
        resource: dict[str, Any] = {"Type": placed.kind}
        if placed.kind in RETAINED:
            resource |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
        if metadata := {**_skipped(placed.kind, settings), **left_out}:
            resource["Metadata"] = metadata
        if policy := self._log_policy(placed, values):
            resource["DependsOn"] = [policy]
        resource["Properties"] = TYPES[placed.kind](placed.title, settings, tags)
        found = {self.ids[placed.key]: resource}
        if placed.kind in POLICIES and settings.get("PolicyStatements"):
            kind, member = POLICIES[placed.kind]
            whose: Any = {"Ref": self.ids[placed.key]}
            document = {"Version": "2012-10-17", "Statement": settings["PolicyStatements"]}
            properties = {member: [whose] if placed.kind == TOPIC else whose, "PolicyDocument": document}
            found[f"{self.ids[placed.key]}Policy"] = {"Type": kind, "Properties": properties}
        return found

    def _log_policy(self, placed: Placed, values: Values) -> str | None:
        """The policy of the log bucket, where it is in the same stack: trails and access logs are refused where they are not let in yet."""
        own = placed.resource["properties"]
        target = own["S3BucketName"] if placed.kind == TRAIL else (own.get("Logging") or {}).get("TargetBucket")
        for key in values.keys_in(target) if target else ():
            if self.layout.placed[key].resource["properties"].get("PolicyStatements"):
                return f"{self.ids[key]}Policy"
        return None

    def _parameter(self, key: str) -> dict[str, str]:
        placed, stack = self.layout.placed[key], self.stack_of[key]
        service = placed.kind.split("::")[1].lower()
        return {
            "Type": "String",
            "Description": f"Output {self.ids[key]}Arn of stack {stack.name}",
            "AllowedPattern": f"arn:aws:{service}:{placed.region}:{placed.account}:.+",
        }

    def _add_outputs(self) -> None:
        for key in sorted({key for parameters in self.parameters.values() for key in parameters.values()}):
            name, template = f"{self.ids[key]}Arn", self.templates[self.stack_of[key].name]
            template.setdefault("Outputs", {})[name] = {"Value": {"Fn::GetAtt": [self.ids[key], arn_word(self.layout.placed[key].kind)]}}

    def _import_set(self, stack: Stack, update: Template) -> dict[str, Any]:
        """What takes existing buckets into a stack without touching them, and the template that then sets them as designed."""
        ids = {self.ids[key]: self.layout.placed[key].name for key in stack.keys}
        bare = {name: {"Type": BUCKET, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"} for name in ids}
        head = {name: update[name] for name in ("AWSTemplateFormatVersion", "Description", "Metadata")}
        return {
            "StackName": stack.name,
            "ChangeSetType": "IMPORT",
            "ResourcesToImport": [
                {"ResourceType": BUCKET, "LogicalResourceId": name, "ResourceIdentifier": {"BucketName": bucket}}
                for name, bucket in ids.items()
            ],
            "ImportTemplate": {**head, "Resources": {name: {**bare[name], "Properties": {"BucketName": ids[name]}} for name in ids}},
            "UpdateTemplate": update,
        }


class _Dumper(yaml.SafeDumper):
    """Safe YAML without anchors: CloudFormation does not know them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(template: Mapping[str, Any]) -> str:
    """A template as YAML, members in their order, long texts on one line."""
    return str(yaml.dump(template, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000))
