"""What S3 refuses in a bucket policy. moto stores any text."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Refusal = tuple[str, str]
MAX_BYTES = 20 * 1024


def refusals(body: bytes, bucket: Any) -> Iterator[Refusal]:
    """The reasons to refuse a policy document for moto's `bucket`."""
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    found = document.get("Statement") if isinstance(document, dict) else None
    statements = [found] if isinstance(found, dict) else found
    if not isinstance(statements, list) or not statements or not all(isinstance(statement, dict) for statement in statements):
        yield "MalformedPolicy", "Policies must be valid JSON with a Statement"
        return
    if len(body) > MAX_BYTES:
        yield "PolicyTooLarge", f"Policies must not be longer than {MAX_BYTES} bytes"
    if document.get("Version", "2012-10-17") not in ("2012-10-17", "2008-10-17"):
        yield "MalformedPolicy", "The policy must contain a valid version string"
    sids = [statement.get("Sid") for statement in statements if statement.get("Sid")]
    if len(sids) != len(set(sids)):
        yield "MalformedPolicy", "Statement IDs (SID) in a single policy must be unique"
    for statement in statements:
        yield from _statement(statement, bucket)


def _statement(statement: Mapping[str, Any], bucket: Any) -> Iterator[Refusal]:
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield "MalformedPolicy", "Missing or invalid Effect"
    if not {"Principal", "NotPrincipal"} & statement.keys():
        yield "MalformedPolicy", "Missing required field Principal"
    if not {"Action", "NotAction"} & statement.keys():
        yield "MalformedPolicy", "Missing required field Action"
    resources = _listed(statement.get("Resource", statement.get("NotResource", ())))
    arn = f"arn:aws:s3:::{bucket.name}"
    if not resources or any(item != arn and not item.startswith(f"{arn}/") for item in resources):
        yield "MalformedPolicy", "Policy has invalid resource"
    public = statement.get("Principal") in ("*", {"AWS": "*"}) and statement.get("Effect") == "Allow" and not statement.get("Condition")
    if public and _blocks_public_policy(bucket):
        yield "AccessDenied", "The bucket policy is public and BlockPublicPolicy is on"


def _blocks_public_policy(bucket: Any) -> bool:
    block = bucket.public_access_block
    return bool(block) and str(block.block_public_policy).lower() == "true"


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
