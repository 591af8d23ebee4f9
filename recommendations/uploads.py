"""Uploads in parts: how many requests write an object, and what uploads that were never completed hold until they are aborted.

Large objects are uploaded in parts, as the AWS CLI and the SDKs do by default (AWS CLI S3 configuration: `multipart_threshold` and
`multipart_chunksize`, both 8 MB). Starting, each part and completing are one PUT request each (S3 User Guide, "Multipart upload and
pricing"). These requests are the same under every lifecycle, so the search does not weigh them; they are lines of the bill.
"""

from __future__ import annotations

from decimal import Decimal

from recommendations import storage as s3
from recommendations.lifecycle_cost import Need
from recommendations.resources.buckets import ABORT_DAYS

PART = 8 * 2**20
# S3 takes no more parts an upload (S3 User Guide, "Amazon S3 multipart upload limits"); larger objects get larger parts.
MOST_PARTS = 10_000
# Planning figures, printed with their line: no answer says how many uploads fail. One of a hundred in parts, when half of it is there.
ABANDONED = Decimal("0.01")
DONE = Decimal("0.5")
ABANDONED_WORDS = f"abandoned uploads (assumed: 1 of 100 in parts, half done, aborted after {ABORT_DAYS} days)"


def puts(object_size: int) -> int:
    """PUT requests that write one object of so many bytes."""
    return 1 if object_size < PART else min(-(-object_size // PART), MOST_PARTS) + 2


def put_requests(need: Need, size: Decimal) -> Decimal:
    """PUT requests that write `size` bytes of this data."""
    return sum((size * one.part / max(one.object_size, 1) * puts(one.object_size) for one in need.kinds()), Decimal(0))


def abandoned_gib(need: Need, written_a_day: Decimal) -> Decimal:
    """GiB in S3 Standard that incomplete uploads hold at any time, where so many bytes arrive a day; none of what goes up in one piece."""
    in_parts = sum((one.part for one in need.kinds() if one.object_size >= PART), Decimal(0))
    return written_a_day * in_parts * ABANDONED * DONE * ABORT_DAYS / s3.GIB
