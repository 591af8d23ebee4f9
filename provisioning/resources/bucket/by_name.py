"""Configurations of which a bucket has up to 1,000, each put under its `Id`: inventory reports and Intelligent-Tiering.

Each is written by itself, so those of others are never touched; ours begin with `stowplan-`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.resources import compare
from provisioning.resources.base import Call, Properties, read
from provisioning.resources.bucket.part import Bucket, s3_call

OURS = "stowplan-"
CONFIGURATIONS = 1000


class Named:
    """One kind of them. `parameter` is the member of the put request, `listing` the members of list calls that hold them."""

    name: str
    operations: tuple[str, str]  # list, put
    listing: str
    parameter: str
    sets: tuple[str, ...] = ()

    def __init__(self, read_action: str, write_action: str) -> None:
        self.properties: tuple[str, ...] = (self.name,)
        self.reads = frozenset({read_action})
        self.writes = frozenset({write_action})
        self.read_action, self.write_action = read_action, write_action

    def read(self, bucket: Bucket) -> Properties:
        return {self.name: read(lambda: list(self._all(bucket)), self.read_action)}

    def _all(self, bucket: Bucket) -> Iterator[Any]:
        """All of them; boto3 has no paginator for these lists."""
        token: dict[str, str] = {}
        while True:
            page = getattr(bucket.s3, self.operations[0])(**bucket.names, **token)
            yield from page.get(self.listing, ())
            if not page.get("NextContinuationToken"):
                return
            token = {"ContinuationToken": page["NextContinuationToken"]}

    def merge(self, want: Mapping[str, Any], have: Mapping[str, Any]) -> Properties:
        designed = list(want.get(self.name) or ())
        ids = {one["Id"] for one in designed}
        return {self.name: [*(one for one in have.get(self.name) or () if one["Id"] not in ids), *designed]}

    def canonical(self, found: Mapping[str, Any]) -> Properties:
        return {self.name: compare.by_id([self.one(item) for item in found.get(self.name) or ()])}

    def one(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """One configuration in one spelling: no empty members, sets sorted."""
        filled = {name: value for name, value in item.items() if value not in (None, [], {})}
        return {name: compare.by_id(value) if name in self.sets else value for name, value in filled.items()}

    def write(self, bucket: Bucket, after: Mapping[str, Any], have: Mapping[str, Any]) -> list[Call]:
        there = [self.one(item) for item in have.get(self.name) or ()]
        changed = [item for item in after[self.name] if self.one(item) not in there]
        return [
            s3_call(bucket, self.operations[1], self.words(item), self.write_action, **{"Id": item["Id"], self.parameter: item})
            for item in changed
        ]

    def words(self, item: Mapping[str, Any]) -> str:
        """What writing it does."""
        raise NotImplementedError


class Inventory(Named):
    """Lists of all objects, with what each is encrypted, locked and replicated like."""

    name = "Inventory"
    operations = ("list_bucket_inventory_configurations", "put_bucket_inventory_configuration")
    listing = "InventoryConfigurationList"
    parameter = "InventoryConfiguration"
    sets = ("OptionalFields",)

    def __init__(self) -> None:
        super().__init__("s3:GetInventoryConfiguration", "s3:PutInventoryConfiguration")

    def one(self, item: Mapping[str, Any]) -> dict[str, Any]:
        found = super().one(item)
        # An empty filter is S3's own word for every object.
        return {name: value for name, value in found.items() if name != "Filter" or value.get("Prefix")}

    def words(self, item: Mapping[str, Any]) -> str:
        return f"List all objects {item['Schedule']['Frequency'].lower()} (inventory {item['Id']})"


class IntelligentTiering(Named):
    """Archive tiers for objects of Intelligent-Tiering that nobody reads."""

    name = "IntelligentTiering"
    operations = ("list_bucket_intelligent_tiering_configurations", "put_bucket_intelligent_tiering_configuration")
    listing = "IntelligentTieringConfigurationList"
    parameter = "IntelligentTieringConfiguration"
    sets = ("Tierings",)

    def __init__(self) -> None:
        super().__init__("s3:GetIntelligentTieringConfiguration", "s3:PutIntelligentTieringConfiguration")

    def words(self, item: Mapping[str, Any]) -> str:
        tiers = ", ".join(f"{one['AccessTier']} after {one['Days']} days" for one in item["Tierings"])
        return f"Let unread objects sink into archive tiers: {tiers} ({item['Id']})"
