"""What every resource shares: the record, its tags and references."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from recommendations.facts import CustomerFacts

Resource = dict[str, Any]
# Types that take no tags.
UNTAGGED = frozenset(
    {
        "AWS::S3::AccountPublicAccessBlock",
        "AWS::EC2::EbsEncryption",
        "AWS::KMS::Alias",
        "AWS::SNS::Subscription",
        "AWS::Backup::BackupSelection",
        "AWS::Backup::RestoreTestingSelection",
    }
)


def sub(text: str) -> dict[str, str]:
    """A value with references, e.g. `sub("${key-data.arn}")`."""
    return {"$sub": text}


def short(key: str, limit: int = 60) -> str:
    """A resource key of at most `limit` characters: cut, with eight digits of its hash, where it is longer."""
    return key if len(key) <= limit else f"{key[: limit - 9]}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def resource(
    key: str,
    kind: str,
    customer: CustomerFacts,
    properties: Mapping[str, Any],
    *,
    region: str | None = None,
    role: str = "production",
    alias: str | None = None,
    workloads: tuple[str, ...] = (),
    adopt: str | None = None,
) -> Resource:
    """One desired AWS object; the engagement's tags are added where the type has tags."""
    content = dict(properties)
    if kind not in UNTAGGED:
        own = {name: value for name, value in customer.tags.items() if takes_tag(kind, name, value)}
        content["Tags"] = {**own, "stowplan:assessment": customer.slug, "stowplan:resource": key}
    return {
        "key": key,
        "type": kind,
        "account_role": role,
        "account_alias": alias,
        "region": region or customer.primary,
        "workloads": list(workloads),
        "adopt": adopt,
        "properties": content,
    }


def takes_tag(kind: str, name: str, value: str) -> bool:
    """Whether a type takes a tag: CloudTrail none without a value, Data Lifecycle Manager fewer characters in keys (by their models)."""
    if kind == "AWS::CloudTrail::Trail":
        return bool(value)
    return kind != "AWS::DLM::LifecyclePolicy" or re.fullmatch(r"[a-zA-Z+-=._:/]+", name) is not None


def statement(sid: str, actions: list[str], resources: Any, **more: Any) -> dict[str, Any]:
    """An Allow statement of a policy document."""
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources, **more}


def document(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(service: str) -> dict[str, Any]:
    """Trust of one AWS service, bound to the own account against the confused deputy."""
    return document(
        {
            "Sid": "StowplanTrust",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": sub("${account}")}},
        }
    )
