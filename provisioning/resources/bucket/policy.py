"""The bucket policy. Statements whose Sid begins with `Stowplan` are ours; every other one is kept as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from provisioning.references import Unknown
from provisioning.resources import compare
from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import JUST_MADE, Bucket, s3_call

OURS = "Stowplan"
# S3 answers MalformedPolicy while a principal that was just made is not known everywhere.
WAITS_FOR = JUST_MADE | {"MalformedPolicy"}
BYTES = 20 * 1024


class Policy:
    properties: tuple[str, ...] = ("PolicyStatements", "PolicyVersion", "PolicyId")
    reads = frozenset({"s3:GetBucketPolicy"})
    writes = frozenset({"s3:PutBucketPolicy"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(lambda: bucket.s3.get_bucket_policy(**bucket.names), "s3:GetBucketPolicy", absent=("NoSuchBucketPolicy",))
        document = json.loads(found["Policy"]) if found else {}
        statements = document.get("Statement", [])
        return {
            "PolicyStatements": [statements] if isinstance(statements, Mapping) else statements,
            "PolicyVersion": document.get("Version"),
            "PolicyId": document.get("Id"),
        }

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        designed = list(want.get("PolicyStatements") or ())
        kept = foreign(designed, have.get("PolicyStatements") or ())
        merged = [*kept, *designed]
        if not merged:
            return {name: have.get(name) for name in self.properties}
        # In a policy of the older version `${…}` is plain text: foreign statements keep the version they were written for.
        version = have.get("PolicyVersion") if kept else None
        return {"PolicyStatements": merged, "PolicyVersion": version or "2012-10-17", "PolicyId": have.get("PolicyId")}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        statements = compare.by_id([compare.statement(item) for item in found.get("PolicyStatements") or ()])
        return {"PolicyStatements": statements, "PolicyVersion": found.get("PolicyVersion") if statements else None}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        document = policy_document(after)
        words = "Refuse requests without TLS, and say which services may write" if _services(after) else "Refuse requests without TLS"
        return [s3_call(bucket, "put_bucket_policy", words, "s3:PutBucketPolicy", WAITS_FOR, Policy=document)]


def foreign(designed: list[Any], there: Any) -> list[Any]:
    """Statements of others: not ours by Sid, and not in the design."""
    sids = {item.get("Sid") for item in designed}
    return [item for item in there if not str(item.get("Sid", "")).startswith(OURS) and item.get("Sid", "") not in sids - {None, ""}]


def policy_document(after: Mapping[str, Any]) -> dict[str, Any]:
    """The policy as a document; the call's parameter is its JSON text, made when everything in it is known."""
    document: dict[str, Any] = {"Version": after["PolicyVersion"], "Statement": after["PolicyStatements"]}
    if after.get("PolicyId"):
        document["Id"] = after["PolicyId"]
    return document


def is_public(item: Mapping[str, Any]) -> bool:
    """Whether a statement lets everybody in: Allow, any principal, and no condition that narrows it."""
    principal = item.get("Principal")
    everybody = principal == "*" or (isinstance(principal, Mapping) and "*" in _flat(principal.get("AWS")))
    return item.get("Effect") == "Allow" and everybody and not item.get("Condition")


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None or isinstance(value, Unknown) else [value]


def _services(after: Mapping[str, Any]) -> bool:
    return any(isinstance(item.get("Principal"), Mapping) and "Service" in item["Principal"] for item in after["PolicyStatements"])
