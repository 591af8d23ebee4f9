"""How many objects stand in a bucket already, looked at only as far as a sentence needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from provisioning.resources.base import Denied, read
from provisioning.resources.bucket.part import Bucket

LIMIT = 10_000
READS = frozenset({"s3:ListBucket", "s3:ListBucketVersions"})


@dataclass(frozen=True)
class Existing:
    """Objects under a prefix, old versions counted too: at most `LIMIT` are looked at. `count` None when listing is not allowed."""

    count: int | None
    more: bool = False
    size: int = 0
    oldest: date | None = None

    def __str__(self) -> str:
        if self.count is None:
            return "an unknown number of objects (listing is not allowed)"
        if self.more:
            return f"more than {LIMIT:,} objects"
        age = f", the oldest of {self.oldest.isoformat()}" if self.oldest else ""
        return f"{self.count:,} object{'s' * (self.count != 1)} ({self.size:,} bytes{age})"


def existing(bucket: Bucket, prefix: str) -> Existing:
    """The objects under `prefix`; none in a bucket that is still to be made. Lists a page of 1,000 at a time, no further than the limit."""
    paginator = bucket.s3.get_paginator("list_object_versions")
    pages = paginator.paginate(**bucket.names, Prefix=prefix, PaginationConfig={"MaxItems": LIMIT + 1})
    try:
        rows = read(lambda: [row for page in pages for row in page.get("Versions", ())], "s3:ListBucketVersions", absent=("NoSuchBucket",))
    except Denied:
        return Existing(None)
    versions = rows or []
    if len(versions) > LIMIT:
        return Existing(LIMIT, more=True)
    return Existing(
        len(versions),
        size=sum(version.get("Size", 0) for version in versions),
        oldest=min((version["LastModified"].date() for version in versions), default=None),
    )
