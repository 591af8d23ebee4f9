"""What a sub-configuration of a bucket says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from provisioning.resources.base import Call, Properties

# Right after a bucket was made some of S3 does not know it yet, or is still busy with it (409).
JUST_MADE = frozenset({"NoSuchBucket", "OperationAborted"})


@dataclass(frozen=True)
class Bucket:
    """A bucket to ask. Every request names the account that must own it, so that a stranger's bucket of this name is refused by S3."""

    s3: Any
    name: str
    owner: str

    @property
    def names(self) -> dict[str, str]:
        return {"Bucket": self.name, "ExpectedBucketOwner": self.owner}


class Part(Protocol):
    """One sub-configuration. `properties` are the members of the bucket's properties that it is about."""

    properties: tuple[str, ...]
    reads: frozenset[str]
    writes: frozenset[str]

    def read(self, bucket: Bucket) -> Properties:
        """Its members as they are; None for what is not configured. Raises Denied."""

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        """Its members as they will be: the design's, and what is kept of others'."""

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        """Its members in one spelling."""

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        """The calls that make it so; asked only when `after` and `have` differ."""


def s3_call(bucket: Bucket, operation: str, words: str, action: str, waits_for: frozenset[str] = JUST_MADE, **parameters: Any) -> Call:
    """A call on the bucket."""
    return Call("s3", operation, {**bucket.names, **parameters}, words, action, waits_for=waits_for)


def designed_or_kept(name: str, want: Mapping[str, Any], have: Mapping[str, Any]) -> Any:
    """The design's value of a member, or what is there where the design does not say."""
    value = want.get(name)
    return have.get(name) if value is None else value
