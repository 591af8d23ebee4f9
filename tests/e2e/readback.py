"""What an AWS account has, read with plain boto3, beside what a design says: written for tests, without the application's own code."""

import re
from collections.abc import Iterator
from typing import Any

from tests.support.simulator import ACCOUNT, Simulator

SUBSTITUTION = re.compile(r"\$\{([^}]+)\}")
Found = dict[str, list[dict[str, Any]]]


class Account:
    """The simulator's account after an apply, found by the tags that Stowplan puts on what it creates."""

    def __init__(self, simulator: Simulator, design: dict[str, Any]) -> None:
        self.simulator = simulator
        self.slug = design["engagement"]["slug"]
        self.resources = {one["key"]: one for one in design["resources"]}
        regions = {one["region"] for one in design["resources"]}
        self.found: Found = {}
        for tags, one in [*self.buckets(), *self.roles(), *(entry for region in regions for entry in self.regional(region))]:
            if tags.get("stowplan:assessment") == self.slug:
                self.found.setdefault(tags["stowplan:resource"], []).append(one)

    def buckets(self) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
        s3 = self.simulator.client("s3")
        for bucket in s3.list_buckets()["Buckets"]:
            try:
                tags = s3.get_bucket_tagging(Bucket=bucket["Name"])["TagSet"]
            except s3.exceptions.ClientError:
                continue
            yield {tag["Key"]: tag["Value"] for tag in tags}, bucket

    def roles(self) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
        iam = self.simulator.client("iam")
        for role in (role for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]):
            yield {tag["Key"]: tag["Value"] for tag in iam.list_role_tags(RoleName=role["RoleName"])["Tags"]}, role

    def regional(self, region: str) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
        """Keys and snapshot policies of a Region."""
        kms, dlm = self.simulator.client("kms", region), self.simulator.client("dlm", region)
        for key in (key["KeyId"] for page in kms.get_paginator("list_keys").paginate() for key in page["Keys"]):
            tags = kms.list_resource_tags(KeyId=key)["Tags"]
            yield {tag["TagKey"]: tag["TagValue"] for tag in tags}, kms.describe_key(KeyId=key)["KeyMetadata"]
        for policy in dlm.get_lifecycle_policies()["Policies"]:
            yield policy["Tags"], dlm.get_lifecycle_policy(PolicyId=policy["PolicyId"])["Policy"]

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The design's resources of a type; at least one."""
        found = [one for one in self.resources.values() if one["type"] == kind]
        assert found, f"The design has no {kind}."
        return found

    def client(self, service: str, resource: dict[str, Any]) -> Any:
        return self.simulator.client(service, resource["region"])

    def actual(self, resource: dict[str, Any]) -> dict[str, Any]:
        """The one AWS object that carries the resource's tags."""
        (found,) = self.found[resource["key"]]
        return found

    def wanted(self, resource: dict[str, Any], name: str) -> Any:
        """A property of the design with its references replaced by what the account has; None where the design has none."""
        return self.resolve(resource["properties"].get(name), resource)

    def resolve(self, value: Any, resource: dict[str, Any]) -> Any:
        if isinstance(value, list):
            return [self.resolve(one, resource) for one in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"$sub"}:
            return SUBSTITUTION.sub(lambda match: self.variable(match[1], resource), value["$sub"])
        return {name: self.resolve(one, resource) for name, one in value.items()}

    def variable(self, name: str, resource: dict[str, Any]) -> str:
        if name == "region":
            return str(resource["region"])
        if name == "account" or name.startswith("account."):
            return ACCOUNT
        key, _, attribute = name.rpartition(".")
        kind, actual = self.resources[key]["type"], self.actual(self.resources[key])
        names = {"AWS::S3::Bucket": "Name", "AWS::KMS::Key": "KeyId", "AWS::IAM::Role": "RoleName"}
        if attribute == "arn":
            return str(actual.get("Arn") or f"arn:aws:s3:::{actual['Name']}")
        return str(actual[names[kind]])
