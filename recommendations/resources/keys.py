"""Customer managed keys: one per record class, account and Region, with an alias.

The account root may delegate by IAM policies (that keeps an administrator, aws-facts section g), so role policies suffice and the key
policy names service principals and, for a key that lives in another account than its users, those accounts.
"""

from collections.abc import Sequence
from typing import Any

from recommendations.facts import CustomerFacts
from recommendations.places import Place
from recommendations.resources.common import Resource, document, resource, short, sub

USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


# Stands for a record class where a workload has none.
GENERAL = "data"


def key_name(purpose: str | None, using: Place, dr: bool = False) -> str:
    """Resource key of the KMS key of a record class for what stands at `using`; of the logs where there is no class.

    Neither classes nor account aliases have two hyphens in a row, so no two keys share a name.
    """
    kind = "logkey" if purpose is None else f"{'drkey' if dr else 'key'}-{purpose}"
    return short(f"{kind}--{using.name}")


def key_resources(
    key: str, customer: CustomerFacts, place: Place, using: Place, workloads: Sequence[str], statements: Sequence[dict[str, Any]] = ()
) -> list[Resource]:
    """The key and its alias at `place`, for what stands at `using`. `statements` are added to the key policy."""
    root = {
        "Sid": "StowplanDelegateToIam",
        "Effect": "Allow",
        "Principal": {"AWS": sub("arn:aws:iam::${account}:root")},
        "Action": "kms:*",
        "Resource": "*",
    }
    foreign = users_of(using) if place.name != using.name else []
    properties: dict[str, Any] = {
        "Description": f"Stowplan {key} of {customer.slug}",
        "MultiRegion": False,
        "EnableKeyRotation": customer.rotation_days is not None,
        "Policy": document(root, *foreign, *statements),
    }
    if customer.rotation_days is not None:
        properties["RotationPeriodInDays"] = customer.rotation_days
    where = place.where(*workloads)
    return [
        resource(key, "AWS::KMS::Key", customer, properties, **where),
        resource(short(f"alias-{key}"), "AWS::KMS::Alias", customer, {"TargetKeyId": sub(f"${{{key}.id}}")}, **where),
    ]


def users_of(using: Place) -> list[dict[str, Any]]:
    """Lets another account's IAM policies grant the use of the key, and AWS services there take grants; nothing administers it."""
    return _use(["Use", "Grant"], sub(f"arn:aws:iam::${{account.{using.name}}}:root"))


def copy_statements(accounts: Sequence[str]) -> list[dict[str, Any]]:
    """The same for the accounts that AWS Backup copies from or to: each side needs the other's key (aws-facts section g)."""
    roots = [sub(f"arn:aws:iam::${{account.{name}}}:root") for name in accounts]
    return _use(["CopyUse", "CopyGrant"], roots) if roots else []


def _use(sids: Sequence[str], accounts: Any) -> list[dict[str, Any]]:
    use, grant = sids
    principal = {"AWS": accounts}
    return [
        {"Sid": f"Stowplan{use}", "Effect": "Allow", "Principal": principal, "Action": USE, "Resource": "*"},
        {
            "Sid": f"Stowplan{grant}",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]


def replica_statement(source: Place, roles: Sequence[str], region: str) -> dict[str, Any]:
    """Lets the replication roles of another account encrypt replicas.

    The account is the principal and the roles stand in a condition, so that the key can be made before the roles are.
    """
    return {
        "Sid": "StowplanReplicas",
        "Effect": "Allow",
        "Principal": {"AWS": sub(f"arn:aws:iam::${{account.{source.name}}}:root")},
        "Action": ["kms:Encrypt", "kms:GenerateDataKey", "kms:Decrypt"],
        "Resource": "*",
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": [sub(f"${{{role}.arn}}") for role in roles]},
            "StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"},
        },
    }


def trail_statements(trails: Sequence[str], accounts: Sequence[str]) -> list[dict[str, Any]]:
    """What CloudTrail needs to encrypt log files and to use a bucket key (aws-facts section g). Trails are resource keys."""
    sources = {"StringEquals": {"aws:SourceArn": [sub(f"${{{trail}.arn}}") for trail in trails]}}
    contexts = [sub(f"arn:aws:cloudtrail:*:${{account.{name}}}:trail/*") for name in accounts]
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Resource": "*"}
    return [
        {
            "Sid": "StowplanTrailEncrypts",
            **service,
            "Action": "kms:GenerateDataKey*",
            "Condition": {**sources, "StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": contexts}},
        },
        {"Sid": "StowplanTrailDecrypts", **service, "Action": ["kms:Decrypt", "kms:DescribeKey"], "Condition": sources},
    ]
