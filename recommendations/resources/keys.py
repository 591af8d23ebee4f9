"""Customer managed keys: one per record class and Region, with an alias.

The account root may delegate by IAM policies (that keeps an administrator, aws-facts section g), so role policies suffice and
the key policy names service principals only.
"""

from typing import Any

from recommendations.facts import CustomerFacts
from recommendations.resources.common import Resource, document, resource, short, sub


def key_name(record_class: str | None, alias: str | None, dr: bool = False) -> str:
    """Key of the resource that holds a record class's key in an account."""
    parts = ["key", record_class or "data", *([alias] if alias else []), *(["dr"] if dr else [])]
    return short("-".join(parts))


def key_resources(
    key: str,
    customer: CustomerFacts,
    *,
    region: str,
    role: str,
    alias: str | None,
    workloads: tuple[str, ...],
    extra: tuple[dict[str, Any], ...] = (),
) -> list[Resource]:
    """The key and its alias. `extra` are statements for service principals."""
    root = {
        "Sid": "StowplanDelegateToIam",
        "Effect": "Allow",
        "Principal": {"AWS": sub("arn:aws:iam::${account}:root")},
        "Action": "kms:*",
        "Resource": "*",
    }
    properties: dict[str, Any] = {
        "Description": f"Stowplan {key} of {customer.slug}",
        "MultiRegion": False,
        "EnableKeyRotation": customer.rotation_days is not None,
        "Policy": document(root, *extra),
    }
    if customer.rotation_days is not None:
        properties["RotationPeriodInDays"] = customer.rotation_days
    where: dict[str, Any] = {"region": region, "role": role, "alias": alias, "workloads": workloads}
    return [
        resource(key, "AWS::KMS::Key", customer, properties, **where),
        resource(f"alias-{key}", "AWS::KMS::Alias", customer, {"TargetKeyId": sub(f"${{{key}.id}}")}, **where),
    ]


def trail_statements(trail_accounts: tuple[str, ...]) -> tuple[dict[str, Any], ...]:
    """What CloudTrail needs to encrypt its log files (aws-facts section g, CloudTrail). Accounts are roles or aliases."""
    arns = [sub(f"arn:aws:cloudtrail:*:${{{name}}}:trail/*") for name in trail_accounts]
    service = {"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Resource": "*", "Effect": "Allow"}
    return (
        {
            "Sid": "StowplanTrailEncrypts",
            **service,
            "Action": "kms:GenerateDataKey*",
            "Condition": {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": arns}},
        },
        {"Sid": "StowplanTrailDescribes", **service, "Action": "kms:DescribeKey"},
    )
