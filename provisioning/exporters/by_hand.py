"""What the language of an export has no word for: left out of its files, and told in the note beside them with the command that makes it.

CloudFormation's resource reference has neither defaults of an account (EBS encryption, S3 public access block) nor batch jobs of S3;
Terraform's AWS provider has the defaults, but no jobs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from provisioning.exporters.layout import Document, Limits, Placed, lay_out
from provisioning.names import ACCOUNT_ACCESS, BATCH, EBS_ENCRYPTION, NAMED_BY_AWS

NO_LIMITS = Limits(10**9, 10**12, lambda _: (0, 0))
BLOCKS = "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"


def without(design: Document, kinds: Collection[str]) -> Document:
    """The design without the resources of these types."""
    return {**design, "resources": [one for one in design["resources"] if one["type"] not in kinds]}


def told(design: Document, account: str | None, kinds: Collection[str]) -> list[str]:
    """Lines of Markdown about the resources of these types; none where the design has none."""
    if not any(one["type"] in kinds for one in design["resources"]):
        return []
    layout = lay_out(design, account, NO_LIMITS)
    rows = [placed for placed in layout.placed.values() if placed.kind in kinds]
    lines = [
        "",
        "## By hand",
        "",
        "These have no word in this language. `manage.py apply` makes them; so do these commands, with credentials of",
        "the account:",
        "",
    ]
    for placed in rows:
        lines += [f"{placed.key} (account {placed.account}, {placed.region}):", "", "```sh", *_command(placed, layout.placed), "```", ""]
    return lines[:-1]


def _command(placed: Placed, others: Mapping[str, Placed]) -> Iterator[str]:
    where = f"--region {placed.region}"
    if placed.kind == EBS_ENCRYPTION:
        if key := placed.resource["properties"].get("KmsKeyId"):
            yield f"aws ec2 modify-ebs-default-kms-key-id {where} --kms-key-id {_arn(key, others)}"
        yield f"aws ec2 enable-ebs-encryption-by-default {where}"
    elif placed.kind == ACCOUNT_ACCESS:
        yield f"aws s3control put-public-access-block {where} --account-id {placed.account} \\"
        yield f"  --public-access-block-configuration {BLOCKS}"
    elif placed.kind == BATCH:
        yield from _job(placed, others, where)


def _job(placed: Placed, others: Mapping[str, Placed], where: str) -> Iterator[str]:
    properties = placed.resource["properties"]
    arns = {name: _arn(properties[name], others) for name in ("Bucket", "RoleArn")}
    report = {**properties["Report"], "Bucket": _arn(properties["Report"]["Bucket"], others)}
    shorthand = ",".join(f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in report.items())
    generator = (
        f'{{"S3JobManifestGenerator":{{"SourceBucket":"{arns["Bucket"]}","EnableManifestOutput":false,'
        '"Filter":{"EligibleForReplication":true,"ObjectReplicationStatuses":["NONE","FAILED"]}}}'
    )
    yield f"aws s3control create-job {where} --account-id {placed.account} --no-confirmation-required \\"
    yield f"  --operation '{{\"S3ReplicateObject\":{{}}}}' --priority {properties['Priority']} --role-arn {arns['RoleArn']} \\"
    yield f"  --report {shorthand} --manifest-generator '{generator}'"


def _arn(value: Any, others: Mapping[str, Placed]) -> str:
    """The ARN behind a reference to a resource; of a key, which AWS names, the word for what to fill in."""
    other = others[value["$sub"][2:].partition(".")[0]]
    return f"ARN-OF-{other.key}" if other.kind in NAMED_BY_AWS else str(other.arn)
