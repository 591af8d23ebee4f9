"""Tags. S3 replaces all of them in one call, so foreign ones, also those of AWS's own services, are written back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisioning.resources.base import Call, Properties, merged_tags, read, tag_list, tag_map
from provisioning.resources.bucket.part import Bucket, s3_call


class Tags:
    properties: tuple[str, ...] = ("Tags",)
    reads = frozenset({"s3:GetBucketTagging"})
    writes = frozenset({"s3:PutBucketTagging"})

    def read(self, bucket: Bucket) -> Properties:
        found = read(lambda: bucket.s3.get_bucket_tagging(**bucket.names), "s3:GetBucketTagging", absent=("NoSuchTagSet",))
        return {"Tags": tag_map(found["TagSet"]) if found else {}}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        return {"Tags": merged_tags(want.get("Tags") or {}, have.get("Tags") or {})}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        return {"Tags": dict(found.get("Tags") or {})}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        tagging = {"TagSet": tag_list(after["Tags"])}
        return [s3_call(bucket, "put_bucket_tagging", "Tag the bucket", "s3:PutBucketTagging", Tagging=tagging)]
