"""Both exports of a design beside what apply did: each setting of the files against what AWS answers when it is read back."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from provisioning.exporters import cloudformation, terraform
from provisioning.exporters.cloudformation_values import logical_ids
from provisioning.exporters.layout import lay_out
from provisioning.exporters.terraform_values import local_names
from provisioning.resources import TYPES
from tests.provisioning.exported import NAME_PROPERTY, READERS, Deployed, World, templates_of
from tests.provisioning.exported_terraform import KINDS, Evaluated, modules_of, properties_of

Found = dict[str, tuple[str | None, dict[str, Any]]]
UNSET = (None, [], {})
# What is there where nobody sets it. The readers hold the version of a policy to this by themselves.
DEFAULTS = {"AWS::S3::Bucket": {"PolicyVersion": "2012-10-17"}, "AWS::EC2::EbsEncryption": {"KmsKeyId": "alias/aws/ebs"}}


def in_cloudformation(world: World, account: str | None = None) -> Found:
    """Name (None where AWS gives it) and settings of each resource in the templates, by resource key, in the design's words."""
    layout = lay_out(world.design, account, cloudformation.LIMITS)
    keys = {logical: key for key, logical in logical_ids(layout.placed).items()}
    found: Found = {}
    for template in templates_of(cloudformation.export(world.design, account)).values():
        deployed = Deployed(template, world, keys)
        for logical, resource in template["Resources"].items():
            if resource["Type"] in ("AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"):
                assert logical.removesuffix("Policy") in template["Resources"]
                continue
            properties = deployed.properties(logical)
            policy = deployed.properties(f"{logical}Policy") if f"{logical}Policy" in template["Resources"] else None
            name = properties.get(NAME_PROPERTY.get(resource["Type"], ""))
            properties.pop("BucketName", None)
            assert keys[logical] not in found
            found[keys[logical]] = (name, READERS[resource["Type"]](properties, policy))
    return found


def in_terraform(world: World, account: str | None = None) -> Found:
    """The same of the Terraform module."""
    keys = {local: key for key, local in local_names(lay_out(world.design, account, terraform.UNLIMITED).placed).items()}
    evaluated, modules = Evaluated(world, keys), modules_of(terraform.export(world.design, account))
    found: Found = {}
    for kind in KINDS:
        for local, resource in modules.get(kind, {}).items():
            properties = properties_of(modules, kind, local, evaluated)
            if "tags" in resource:
                properties["Tags"] = evaluated.tags(resource)
            name = resource.get("name") or resource.get("bucket") or resource.get("alarm_name")
            found[keys[local]] = (name, properties)
    return found


def unlike(design: Mapping[str, Any], evidence: Path, account: str | None = None) -> list[str]:
    """What differs between each export and the evidence of an apply: a sentence for each setting; none where they are the same.

    `account` is the one into which everything went, as for the exports.
    """
    files, world = _read_back(design, evidence, account)
    told: list[str] = []
    for side, read, exporter in SIDES:
        exported = read(world, account)
        readme = next(file.text for file in exporter.export(design, account) if file.name == "README.md")
        for key, file in files.items():
            if file["type"] in exporter.NO_WORD:
                told += [] if f"\n{key} (account " in readme else [f"{side}: {key} is neither in the files nor in the note"]
                continue
            told += [f"{side}: {key}: {sentence}" for sentence in _compared(file, *exported[key], world.title(key))]
    return told


def unnoticed(design: Mapping[str, Any], evidence: Path) -> set[tuple[str, str]]:
    """(type, setting) whose absence from the files makes no difference to what was read back."""
    files, world = _read_back(design, evidence, None)
    found = set()
    for _, read, _ in SIDES:
        for key, (name, settings) in read(world, None).items():
            for left_out in settings:
                rest = {member: value for member, value in settings.items() if member != left_out}
                if not list(_compared(files[key], name, rest, world.title(key))):
                    found.add((str(files[key]["type"]), left_out))
    return found


def _read_back(design: Mapping[str, Any], evidence: Path, account: str | None) -> tuple[dict[str, Any], World]:
    files = {path.stem: json.loads(path.read_text()) for path in evidence.glob("*.json") if path.name != "manifest.json"}
    assert set(files) == {one["key"] for one in design["resources"]}
    return files, World.of(design, account, {key: file["id"] for key, file in files.items()})


SIDES: tuple[tuple[str, Callable[[World, str | None], Found], Any], ...] = (
    ("CloudFormation", in_cloudformation, cloudformation),
    ("Terraform", in_terraform, terraform),
)


def _compared(file: Mapping[str, Any], name: str | None, exported: Mapping[str, Any], title: str) -> Iterator[str]:
    kind = file["type"]
    if name not in (None, title):
        yield f"it is called {name} there and {title} here"
    # By the type's own spelling: AWS answers sets in any order and policies in either form.
    theirs, ours = TYPES[kind].canonical(exported), TYPES[kind].canonical(file["configuration"])
    for member in sorted(theirs.keys() | ours.keys()):
        left, right = theirs.get(member), ours.get(member)
        unset = left in UNSET and (right in UNSET or right == DEFAULTS.get(kind, {}).get(member))
        if left != right and not unset:
            yield f"{member} is {left!r} there and {right!r} here"
