"""Who owns objects, and that nothing is public."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import Bucket, designed_or_kept, s3_call

BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


class Ownership:
    properties: tuple[str, ...] = ("ObjectOwnership",)
    reads = frozenset({"s3:GetBucketOwnershipControls"})
    writes = frozenset({"s3:PutBucketOwnershipControls"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(
            lambda: bucket.s3.get_bucket_ownership_controls(**bucket.names),
            "s3:GetBucketOwnershipControls",
            absent=("OwnershipControlsNotFoundError",),
        )
        rules = found["OwnershipControls"]["Rules"] if found else []
        return {"ObjectOwnership": rules[0]["ObjectOwnership"] if rules else None}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        return {"ObjectOwnership": designed_or_kept("ObjectOwnership", want, have)}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        return {"ObjectOwnership": found.get("ObjectOwnership")}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        controls = {"Rules": [{"ObjectOwnership": after["ObjectOwnership"]}]}
        words = "Let the bucket's owner own every object (no ACLs)"
        return [s3_call(bucket, "put_bucket_ownership_controls", words, "s3:PutBucketOwnershipControls", OwnershipControls=controls)]


class PublicAccess:
    properties: tuple[str, ...] = ("PublicAccessBlock",)
    reads = frozenset({"s3:GetBucketPublicAccessBlock"})
    writes = frozenset({"s3:PutBucketPublicAccessBlock"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(
            lambda: bucket.s3.get_public_access_block(**bucket.names),
            "s3:GetBucketPublicAccessBlock",
            absent=("NoSuchPublicAccessBlockConfiguration",),
        )
        value = found["PublicAccessBlockConfiguration"] if found else None
        return {"PublicAccessBlock": value}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        return {"PublicAccessBlock": designed_or_kept("PublicAccessBlock", want, have)}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        value = found.get("PublicAccessBlock") or {}
        return {"PublicAccessBlock": {name: bool(value.get(name)) for name in BLOCKS}}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        words = "Block public access in all four ways"
        configuration = after["PublicAccessBlock"]
        action = "s3:PutBucketPublicAccessBlock"
        return [s3_call(bucket, "put_public_access_block", words, action, PublicAccessBlockConfiguration=configuration)]
