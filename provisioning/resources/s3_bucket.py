"""AWS::S3::Bucket: created, or adopted with all that others configured on it. Its sub-configurations are the parts in `bucket/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provisioning.names import BUCKET
from provisioning.resources.base import (
    RESOURCE_TAG,
    Call,
    ClientSource,
    Denied,
    Hazard,
    Observed,
    Place,
    Properties,
    ResourceType,
    belongs_to_another,
    read,
    tagged_resources,
)
from provisioning.resources.bucket import dangers, objects
from provisioning.resources.bucket.access import Ownership, PublicAccess
from provisioning.resources.bucket.by_name import IntelligentTiering, Inventory
from provisioning.resources.bucket.encryption import Encryption
from provisioning.resources.bucket.lifecycle import Lifecycle
from provisioning.resources.bucket.logging import AccessLogging
from provisioning.resources.bucket.notifications import Notifications
from provisioning.resources.bucket.object_lock import ObjectLock
from provisioning.resources.bucket.part import Bucket, Part
from provisioning.resources.bucket.policy import Policy
from provisioning.resources.bucket.replication import Replication
from provisioning.resources.bucket.tags import Tags
from provisioning.resources.bucket.versioning import Versioning

# In the order of their calls: ours first by tag, then safe, then useful. Versioning comes before what needs it.
PARTS: tuple[Part, ...] = (
    Tags(),
    Ownership(),
    PublicAccess(),
    Encryption(),
    Versioning(),
    ObjectLock(),
    Policy(),
    Lifecycle(),
    Replication(),
    AccessLogging(),
    Inventory(),
    IntelligentTiering(),
    Notifications(),
)
OLD_NAMES_OF_REGIONS = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}


class S3Bucket(ResourceType):
    kind = BUCKET
    reads = frozenset({"s3:GetBucketLocation", "s3:ListAllMyBuckets", "s3:GetBucketAcl", "tag:GetResources"}).union(
        objects.READS, *(part.reads for part in PARTS)
    )
    writes = frozenset({"s3:CreateBucket"}).union(*(part.writes for part in PARTS))

    def observe(self, place: Place) -> Observed:
        bucket = _bucket(place)
        try:
            location = read(lambda: bucket.s3.get_bucket_location(**bucket.names), "s3:GetBucketLocation", absent=("NoSuchBucket",))
        except Denied as error:
            return Observed(True, bucket.name, blocked=f"bucket {bucket.name} belongs to another account, or {error}")
        if location is None:
            gone = f"bucket {bucket.name} is to be adopted, but does not exist" if place.adopted else None
            return Observed(False, blocked=gone)
        region = location.get("LocationConstraint")
        region = OLD_NAMES_OF_REGIONS.get(region, region)
        if region != place.region:
            return Observed(True, bucket.name, blocked=f"bucket {bucket.name} stands in {region}, the design wants it in {place.region}")
        properties: Properties = {}
        for part in PARTS:
            properties.update(part.read(bucket))
        other = belongs_to_another(place, properties["Tags"])
        if properties["Tags"].get(RESOURCE_TAG) != place.key and _is_a_strangers(place):
            other = f"it belongs to another account than {place.account}"
        return Observed(True, bucket.name, properties, f"bucket {bucket.name}: {other}" if other else None)

    def after(self, place: Place, want: Mapping[str, Any], observed: Observed) -> Properties:
        merged: Properties = {}
        for part in PARTS:
            merged.update(part.merge(want, observed.properties))
        return merged

    def canonical(self, properties: Mapping[str, Any]) -> Properties:
        found: Properties = {}
        for part in PARTS:
            found.update(part.canonical(properties))
        return found

    def calls(self, place: Place, after: Mapping[str, Any], observed: Observed) -> list[Call]:
        bucket = _bucket(place)
        calls = [] if observed.exists else [_create(bucket.name, place.region, after)]
        have = observed.properties
        for part in PARTS:
            if part.canonical(after) != part.canonical(have):
                calls += part.write(bucket, after, have)
        return calls

    def hazards(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[Hazard]:
        return list(dangers.hazards(_bucket(place), want, after, observed))

    def gates(self, place: Place, want: Mapping[str, Any], after: Mapping[str, Any], observed: Observed) -> list[str]:
        return [f"bucket {place.own_name}: {why}" for why in dangers.gates(place.own_name, want, after, observed)]

    def notes(self, place: Place, want: Mapping[str, Any], observed: Observed) -> list[str]:
        return list(dangers.notes(place.own_name, want, observed.properties))

    def owned(self, clients: ClientSource, account: str, region: str, slug: str) -> Iterable[tuple[str, str]]:
        return [(key, arn.rpartition(":")[2]) for key, arn in tagged_resources(clients, account, region, slug, "s3")]


def _bucket(place: Place) -> Bucket:
    return Bucket(place.client("s3"), place.own_name, place.account)


def _is_a_strangers(place: Place) -> bool:
    """Whether the account's own list of buckets lacks this one. S3 refuses a stranger's bucket by itself; this is the second look."""

    def names() -> list[str] | None:
        try:
            pages = place.client("s3").get_paginator("list_buckets").paginate()
            return read(lambda: [row["Name"] for page in pages for row in page.get("Buckets", ())], "s3:ListAllMyBuckets")
        except Denied:
            return None

    found: list[str] | None = place.survey.once(("buckets", place.account), names)
    return found is not None and place.own_name not in found


def _create(name: str, region: str, after: Mapping[str, Any]) -> Call:
    parameters: dict[str, Any] = {"Bucket": name}
    if region != "us-east-1":
        # us-east-1 is the default and may not be named.
        parameters["CreateBucketConfiguration"] = {"LocationConstraint": region}
    if after.get("ObjectLock") is not None:
        parameters["ObjectLockEnabledForBucket"] = True
    return Call("s3", "create_bucket", parameters, f"Create bucket {name} in {region}", "s3:CreateBucket", creates=True)
