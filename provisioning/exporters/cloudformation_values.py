"""Values of a resource in a template: references become intrinsic functions in their own stack, literals or parameters elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.exporters import ExportProblem
from provisioning.exporters.layout import Layout, Placed, Stack
from provisioning.names import BACKUP_PLAN, DLM_POLICY, NAMED_BY_AWS, ROLE, TOPIC
from provisioning.references import POLICY_PROPERTIES, VARIABLE, is_sub

Intrinsic = dict[str, Any]
WITH_ARN = frozenset(
    {
        *("AWS::KMS::Key", "AWS::IAM::Role", "AWS::S3::Bucket", "AWS::DLM::LifecyclePolicy", "AWS::CloudTrail::Trail"),
        *("AWS::Events::Rule", "AWS::CloudWatch::Alarm"),
    }
)

# AWS Backup and SNS have other words for it.
ARN_WORDS = {
    "AWS::Backup::BackupVault": "BackupVaultArn",
    "AWS::Backup::BackupPlan": "BackupPlanArn",
    "AWS::SNS::Topic": "TopicArn",
}
# Where the id stands in an ARN that is cut at a separator, for types whose id no ARN can stand for.
ID_IN_ARN = {DLM_POLICY: (1, "/"), BACKUP_PLAN: (6, ":")}


def arn_word(kind: str) -> str | None:
    """The attribute that gives a resource's ARN; None for a type without one."""
    return "Arn" if kind in WITH_ARN else ARN_WORDS.get(kind)


def logical_ids(placed: Mapping[str, Placed]) -> dict[str, str]:
    """A logical id for each resource key, `bucket-x` -> `BucketX`: letters and digits, unique, the same in every export."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key in sorted(placed):
        name = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", key))[:200]
        # A policy of a bucket has its id and `Policy` behind it.
        if not name or name in taken or f"{name}Policy" in taken or not name[0].isalpha():
            name = f"R{hashlib.sha256(key.encode()).hexdigest()[:8]}{name}"
        taken |= {name, f"{name}Policy"}
        found[key] = name
    return found


class Values:
    """Values of the resources of one stack. `parameters` fills with what is needed of others: parameter -> resource key."""

    def __init__(self, layout: Layout, stack: Stack, ids: Mapping[str, str], stack_of: Mapping[str, Stack]) -> None:
        self.layout, self.stack, self.ids, self.stack_of = layout, stack, ids, stack_of
        self.parameters: dict[str, str] = {}

    def of(self, placed: Placed) -> dict[str, Any]:
        """A resource's properties, references replaced. Raises ExportProblem for text that CloudFormation would interpret."""
        return {name: self._value(value, placed, (name,)) for name, value in placed.resource["properties"].items()}

    def plain(self, placed: Placed, texts: Mapping[str, str]) -> dict[str, str]:
        """Texts that hold no references, checked like all others."""
        return {self._checked(name, placed): self._checked(value, placed) for name, value in texts.items()}

    def keys_in(self, value: Any) -> Iterator[str]:
        """Keys of this stack's resources that a value refers to."""
        for variable in VARIABLE.findall(value["$sub"]) if is_sub(value) else ():
            key = variable.rpartition(".")[0]
            if key in self.layout.placed and self.stack_of[key] is self.stack:
                yield key

    def _value(self, value: Any, placed: Placed, path: tuple[str, ...]) -> Any:
        if is_sub(value):
            return self._text(value["$sub"], placed, path)
        if isinstance(value, Mapping):
            return {self._checked(name, placed): self._value(item, placed, (*path, name)) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(item, placed, path) for item in value]
        return self._checked(value, placed)

    def _text(self, text: str, placed: Placed, path: tuple[str, ...]) -> str | Intrinsic:
        parts = VARIABLE.split(text)  # literal, variable, literal, …
        found: list[str | Intrinsic] = [self._variable(part, placed, path) if index % 2 else part for index, part in enumerate(parts)]
        if all(isinstance(part, str) for part in found):
            return str(self._checked("".join(map(str, found)), placed))
        filled = [part for part in found if part != ""]
        if len(filled) == 1:
            return filled[0]
        return {"Fn::Sub": "".join(_sub_text(part) for part in filled)}

    def _variable(self, variable: str, placed: Placed, path: tuple[str, ...]) -> str | Intrinsic:
        if variable == "account":
            return placed.account
        if variable == "region":
            return placed.region
        name, _, attribute = variable.rpartition(".")
        if name == "account":
            return self._account(attribute, placed)
        other = self.layout.placed[name]
        in_policy = path[0] in POLICY_PROPERTIES
        # As in references.py: inside policies only AWS's own values order, and a role as principal, which must exist.
        orders = other.kind in NAMED_BY_AWS or not in_policy or ("Principal" in path and other.kind == ROLE)
        if self.stack_of[name] is self.stack and name != placed.key and orders:
            return self._own(other, attribute)
        if other.kind in NAMED_BY_AWS:
            return self._parameter(other, attribute)
        return str(other.arn if attribute == "arn" else other.name)

    def _account(self, name: str, placed: Placed) -> str:
        if name not in self.layout.accounts:
            raise ExportProblem(
                f"{placed.key}: account {name!r}: the design has no account id for it; give --account ID or answer aws_accounts"
            )
        return self.layout.accounts[name]

    def _own(self, other: Placed, attribute: str) -> str | Intrinsic:
        if attribute != "arn":
            # `Ref` gives the ARN of a topic.
            return str(other.name) if other.kind == TOPIC else {"Ref": self.ids[other.key]}
        word = arn_word(other.kind)
        return {"Fn::GetAtt": [self.ids[other.key], word]} if word else str(other.arn)

    def _parameter(self, other: Placed, attribute: str) -> Intrinsic:
        """A key or policy of another stack. Where a key's id is referred to its ARN is taken too; a policy's id is cut out of it."""
        parameter = f"{self.ids[other.key]}Arn"
        self.parameters[parameter] = other.key
        if attribute == "id" and other.kind in ID_IN_ARN:
            index, separator = ID_IN_ARN[other.kind]
            return {"Fn::Select": [index, {"Fn::Split": [separator, {"Ref": parameter}]}]}
        return {"Ref": parameter}

    def _checked(self, value: Any, placed: Placed) -> Any:
        if isinstance(value, str) and "{{resolve:" in value:
            raise ExportProblem(
                f"{placed.key}: {value!r} would be read by CloudFormation as a dynamic reference ({{{{resolve:…}}}}); change the text"
            )
        return value


def _sub_text(part: str | Intrinsic) -> str:
    """A part of the text of `Fn::Sub`."""
    if isinstance(part, str):
        return part.replace("${", "${!")
    [(function, argument)] = part.items()
    return "${" + (argument if function == "Ref" else ".".join(argument)) + "}"
