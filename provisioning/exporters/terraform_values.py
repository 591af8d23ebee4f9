"""Values of a resource in Terraform's JSON syntax: every string is a template there, so text is escaped and references are `${…}`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from provisioning.exporters import ExportProblem
from provisioning.exporters.layout import Layout, Placed
from provisioning.names import NAMED_BY_AWS, ROLE
from provisioning.references import POLICY_PROPERTIES, VARIABLE, is_sub

KINDS: Mapping[str, str] = {
    "AWS::KMS::Key": "aws_kms_key",
    "AWS::KMS::Alias": "aws_kms_alias",
    "AWS::IAM::Role": "aws_iam_role",
    "AWS::S3::Bucket": "aws_s3_bucket",
    "AWS::DLM::LifecyclePolicy": "aws_dlm_lifecycle_policy",
    "AWS::CloudTrail::Trail": "aws_cloudtrail",
    "AWS::Backup::BackupVault": "aws_backup_vault",
    "AWS::Backup::BackupPlan": "aws_backup_plan",
    "AWS::Backup::BackupSelection": "aws_backup_selection",
    "AWS::Backup::RestoreTestingPlan": "aws_backup_restore_testing_plan",
    "AWS::Backup::RestoreTestingSelection": "aws_backup_restore_testing_selection",
    "AWS::Backup::ReportPlan": "aws_backup_report_plan",
    "AWS::Backup::Framework": "aws_backup_framework",
    "AWS::S3::AccountPublicAccessBlock": "aws_s3_account_public_access_block",
    "AWS::EC2::EbsEncryption": "aws_ebs_encryption_by_default",
    "AWS::SNS::Topic": "aws_sns_topic",
    "AWS::SNS::Subscription": "aws_sns_topic_subscription",
    "AWS::Events::Rule": "aws_cloudwatch_event_rule",
    "AWS::CloudWatch::Alarm": "aws_cloudwatch_metric_alarm",
}
ID_OR_NAME: Mapping[str, str] = {
    "aws_kms_key": "key_id",
    "aws_s3_bucket": "bucket",
    "aws_dlm_lifecycle_policy": "id",
    "aws_backup_plan": "id",
    "aws_cloudwatch_metric_alarm": "alarm_name",
}


def escaped(text: str) -> str:
    """Text that Terraform reads as it is."""
    return text.replace("${", "$${").replace("%{", "%%{")


def local_names(placed: Mapping[str, Placed]) -> dict[str, str]:
    """Terraform's name of each resource key, `bucket-x` -> `bucket_x`: unique, the same in every export."""
    found: dict[str, str] = {}
    for key in sorted(placed):
        name = re.sub(r"[^a-z0-9]+", "_", key.lower()).strip("_")[:200] or "resource"
        name = name if name[0].isalpha() else f"r_{name}"
        number, base = 1, name
        while name in found.values():
            number += 1
            name = f"{base}_{number}"
        found[key] = name
    return found


class Values:
    """Replaces the references of a design's resources."""

    def __init__(self, layout: Layout) -> None:
        self.layout, self.names = layout, local_names(layout.placed)

    def address(self, key: str) -> str:
        kind = self.layout.placed[key].kind
        if kind not in KINDS:
            raise ExportProblem(f"{key}: {kind} has no translation; expected one of {', '.join(KINDS)}")
        return f"{KINDS[kind]}.{self.names[key]}"

    def of(self, placed: Placed) -> dict[str, Any]:
        """A resource's properties: text escaped, references as `${…}`."""
        return {name: self._value(value, placed, (name,)) for name, value in placed.resource["properties"].items()}

    def keys_in(self, value: Any) -> list[str]:
        """Keys of the resources that a value refers to."""
        if is_sub(value):
            keys = (variable.rpartition(".")[0] for variable in VARIABLE.findall(value["$sub"]))
            return [key for key in keys if key in self.layout.placed]
        if isinstance(value, Mapping):
            return [key for item in value.values() for key in self.keys_in(item)]
        return [key for item in value for key in self.keys_in(item)] if isinstance(value, list | tuple) else []

    def _value(self, value: Any, placed: Placed, path: tuple[str, ...]) -> Any:
        if is_sub(value):
            parts = VARIABLE.split(value["$sub"])
            return "".join(self._variable(part, placed, path) if index % 2 else escaped(part) for index, part in enumerate(parts))
        if isinstance(value, Mapping):
            return {escaped(name): self._value(item, placed, (*path, name)) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(item, placed, path) for item in value]
        return escaped(value) if isinstance(value, str) else value

    def _variable(self, variable: str, placed: Placed, path: tuple[str, ...]) -> str:
        if variable in ("account", "region"):
            return placed.account if variable == "account" else placed.region
        name, _, attribute = variable.rpartition(".")
        if name == "account":
            if attribute not in self.layout.accounts:
                raise ExportProblem(f"{placed.key}: account {attribute!r}: the design has no account id for it; give --account ID")
            return self.layout.accounts[attribute]
        other = self.layout.placed[name]
        # As in references.py: inside policies only AWS's own values order, and a role as principal, which must exist.
        orders = other.kind in NAMED_BY_AWS or path[0] not in POLICY_PROPERTIES or ("Principal" in path and other.kind == ROLE)
        if name == placed.key or not orders:
            return str(other.arn if attribute == "arn" else other.name)
        address = self.address(name)
        return "${" + f"{address}.{'arn' if attribute == 'arn' else ID_OR_NAME.get(KINDS[other.kind], 'name')}" + "}"


def document(value: Any) -> str:
    """A policy document as the JSON text that an argument takes. Its references stay `${…}`: ARNs and names need no escaping in JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
