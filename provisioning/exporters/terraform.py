"""Terraform's JSON syntax (`*.tf.json`): one root module, with a file and a provider for each account and Region.

Buckets that are there already come with `import` blocks.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from provisioning.exporters import ExportFile, terraform_tags
from provisioning.exporters.by_hand import told, without
from provisioning.exporters.checkov import skips
from provisioning.exporters.layout import Document, Layout, Limits, Placed, lay_out
from provisioning.exporters.terraform_types import TYPES
from provisioning.exporters.terraform_values import KINDS, Values, escaped
from provisioning.names import BATCH

UNLIMITED = Limits(sys.maxsize, sys.maxsize, lambda _: (0, 0))
# Filters of lifecycle rules, default minimum object size and import blocks need these.
TERRAFORM, PROVIDER = ">= 1.5.0", ">= 5.86.0"
TRAIL = "AWS::CloudTrail::Trail"
# The provider has no resource for these.
NO_WORD = frozenset({BATCH})
# Configurations of which a bucket has several.
SEVERAL = frozenset({"aws_s3_bucket_inventory", "aws_s3_bucket_intelligent_tiering_configuration"})


def export(design: Document, account: str | None = None) -> list[ExportFile]:
    """The files of a design (a design document). `account` takes the place of all accounts of the design.

    Raises ExportProblem for a design that cannot be exported, ReferenceProblem for references that lead nowhere.
    """
    layout = lay_out(terraform_tags.split(without(design, NO_WORD)), account, UNLIMITED)
    values = Values(layout)
    groups: dict[str, list[Placed]] = {}
    for stack in layout.stacks:
        # The stacks of an account and Region, cut for CloudFormation's sake, are one file here: Terraform finds the order itself.
        groups.setdefault(stack.place, []).extend(layout.placed[key] for key in stack.keys)
    files = [ExportFile("providers.tf.json", _text(_providers(groups)))]
    files += [ExportFile(f"{name}.tf.json", _text(_module(name, placed, values))) for name, placed in sorted(groups.items())]
    adopted = [placed for placed in layout.placed.values() if placed.adopted]
    if adopted:
        imports = [{"to": values.address(placed.key), "id": escaped(placed.name or "")} for placed in adopted]
        files.append(ExportFile("imports.tf.json", _text({"import": imports})))
    return [*files, ExportFile("README.md", _readme(layout, [*terraform_tags.told(design), *told(design, account, NO_WORD)]))]


def _module(name: str, group: list[Placed], values: Values) -> dict[str, Any]:
    resources: dict[str, dict[str, Any]] = {}
    for placed in group:
        values.address(placed.key)
        local = values.names[placed.key]
        tags = {escaped(key): escaped(value) for key, value in values.layout.tags_of(placed).items()}
        settings = values.of(placed)
        for kind, arguments in TYPES[placed.kind](escaped(placed.title), local, settings, tags):
            own = resources.setdefault(kind, {})
            single = kind == KINDS[placed.kind] or (kind.startswith("aws_s3_") and kind not in SEVERAL)
            title = local if single else _numbered(local, own)
            reasons = _reasons(placed, settings) if kind == KINDS[placed.kind] else {}
            own[title] = {**reasons, "provider": f"aws.{_alias(name)}", **arguments, **_order(placed, kind, arguments, values)}
    return {"resource": resources}


def _reasons(placed: Placed, settings: Mapping[str, Any]) -> dict[str, Any]:
    """A linter's findings that are right to leave, in the member that Terraform reads as a comment."""
    found = [f"checkov:skip={one['id']}: {one['comment']}" for one in skips(placed.kind, settings, terraform=True)]
    return {"//": " ".join(found)} if found else {}


def _order(placed: Placed, kind: str, arguments: Mapping[str, Any], values: Values) -> dict[str, Any]:
    """What a reference does not say: trails and access logs wait for their bucket's policy, replication for versions at its ends."""
    waits = list(arguments.get("depends_on", ()))
    properties = placed.resource["properties"]
    if placed.kind == TRAIL:
        waits += [f"aws_s3_bucket_policy.{values.names[key]}" for key in values.keys_in(properties["S3BucketName"])]
    if kind == "aws_s3_bucket_logging":
        waits += [f"aws_s3_bucket_policy.{values.names[key]}" for key in values.keys_in(properties["Logging"]["TargetBucket"])]
    if kind == "aws_s3_bucket_replication_configuration":
        ends = {key for rule in properties["Replication"]["Rules"] for key in values.keys_in(rule["Destination"]["Bucket"])}
        waits += [f"aws_s3_bucket_versioning.{values.names[key]}" for key in sorted(ends)]
    return {"depends_on": waits} if waits else {}


def _numbered(local: str, taken: Mapping[str, Any]) -> str:
    name, number = local, 1
    while name in taken:
        number += 1
        name = f"{local}_{number}"
    return name


def _providers(groups: Mapping[str, list[Placed]]) -> dict[str, Any]:
    """A provider for each account and Region, which refuses any other account; `profiles` says how each is reached."""
    providers = [
        {
            "alias": _alias(name),
            "region": placed[0].region,
            "allowed_account_ids": [placed[0].account],
            "profile": '${lookup(var.profiles, "' + placed[0].account + '", null)}',
        }
        for name, placed in sorted(groups.items())
    ]
    profiles = {"type": "map(string)", "default": {}, "description": "AWS CLI profile by account id; without one, the credentials at hand"}
    return {
        "terraform": {"required_version": TERRAFORM, "required_providers": {"aws": {"source": "hashicorp/aws", "version": PROVIDER}}},
        "variable": {"profiles": profiles},
        "provider": {"aws": providers},
    }


def _alias(name: str) -> str:
    return name.replace("-", "_") if name[0].isalpha() else f"a_{name.replace('-', '_')}"


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _readme(layout: Layout, rest: Sequence[str]) -> str:
    accounts = sorted({placed.account for placed in layout.placed.values()})
    profiles = ", ".join(f'"{account}"="PROFILE"' for account in accounts)
    lines = [
        "# Terraform export",
        "",
        f"Design `{layout.digest}`. Names and accounts are literal; each provider refuses any other account.",
        "",
        "```sh",
        "terraform init",
        f"terraform plan -var 'profiles={{{profiles}}}'",
        "```",
    ]
    if any(placed.adopted for placed in layout.placed.values()):
        lines += [
            "",
            "Buckets that are there already come in by `import` blocks. Terraform owns a bucket's whole lifecycle, replication, policy",
            "and tags: rules, statements and tags that others put there are replaced. Add what is to stay first.",
            "(`manage.py apply` keeps them by itself.)",
        ]
    return "\n".join([*lines, *rest]) + "\n"
