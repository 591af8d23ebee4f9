"""The price book: list prices by Region, each with unit, source and confidence (`prices.json`).

A price that is not there is `UnknownPrice`, never zero.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent / "prices.json"


class UnknownPrice(LookupError):
    """No price for this item in this Region. `region` and `item` name what is missing."""

    def __init__(self, region: str, item: str) -> None:
        super().__init__(f"price unknown for {region}/{item}")
        self.region = region
        self.item = item


class PriceBookError(ValueError):
    """The price book itself is not readable."""


@dataclass(frozen=True)
class Price:
    """One price: `amount` in USD per `unit`."""

    amount: Decimal
    unit: str
    source: str


@dataclass(frozen=True)
class PriceBook:
    """Prices by Region and item; items are paths such as `s3/STANDARD/storage` or `kms/key_month`."""

    version: str
    digest: str
    currency: str
    regions: Mapping[str, Mapping[str, Price]]
    transfer: Mapping[tuple[str, str], Price]
    _tiers: Mapping[tuple[str, str], tuple[tuple[Decimal, Price], ...]] = field(default_factory=dict)
    # Read for each of the thousands of stages that a search weighs.
    _rates: dict[tuple[str, str], tuple[tuple[Decimal, Decimal], ...]] = field(default_factory=dict, repr=False, compare=False)

    def price(self, region: str, item: str) -> Decimal:
        """USD per unit of `item`. Raises UnknownPrice."""
        return self.entry(region, item).amount

    def entry(self, region: str, item: str) -> Price:
        """The price with unit and source. Raises UnknownPrice. `transfer/REGION` is data sent to that Region."""
        kind, _, rest = item.partition("/")
        found = self.transfer.get((region, rest)) if kind == "transfer" else self.regions.get(region, {}).get(item)
        if found is None:
            raise UnknownPrice(region, item)
        return found

    def rates(self, region: str, item: str) -> tuple[tuple[Decimal, Decimal], ...]:
        """What an item costs from how many units on, as (from unit, USD per unit); one pair where the volume does not count.

        Raises UnknownPrice.
        """
        known = self._rates.get((region, item))
        if known is None:
            tiers = self.tiers(region, item)
            known = tuple((start, price.amount) for start, price in tiers) or ((Decimal(0), self.price(region, item)),)
            self._rates[region, item] = known
        return known

    def tiers(self, region: str, item: str) -> tuple[tuple[Decimal, Price], ...]:
        """Volume tiers of an item as (from unit, price), empty when it has one price for any volume."""
        return self._tiers.get((region, item), ())


def _flatten(node: Any, path: str, prices: dict[str, Price], tiers: dict[str, tuple[tuple[Decimal, Price], ...]]) -> None:
    if isinstance(node, dict):
        if "price" in node:
            if node["price"] is not None:
                prices[path] = Price(Decimal(node["price"]), str(node["unit"]), str(node["source"]))
            return
        for key, item in node.items():
            _flatten(item, f"{path}/{key}" if path else key, prices, tiers)
    elif isinstance(node, list) and node and all(isinstance(row, dict) and row.get("price") is not None for row in node):
        rows = tuple((Decimal(row["from_gb"]), Price(Decimal(row["price"]), str(row["unit"]), str(row["source"]))) for row in node)
        prices[path] = rows[0][1]
        tiers[path] = rows


def price_book_from(data: bytes) -> PriceBook:
    """A price book of the JSON in `data`. Numbers are read as decimals. Raises PriceBookError."""
    try:
        document = json.loads(data, parse_float=Decimal, parse_int=Decimal)
        regions: dict[str, dict[str, Price]] = {}
        tiers: dict[tuple[str, str], tuple[tuple[Decimal, Price], ...]] = {}
        for region, node in document["regions"].items():
            own: dict[str, tuple[tuple[Decimal, Price], ...]] = {}
            regions[region] = {}
            _flatten(node, "", regions[region], own)
            tiers.update({(region, item): rows for item, rows in own.items()})
        transfer = {
            (row["from"], row["to"]): Price(Decimal(row["price"]), str(row["unit"]), str(row["source"]))
            for row in document["inter_region_transfer"]
            if row["price"] is not None
        }
        version, currency = str(document["as_of"]), str(document["currency"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PriceBookError(f"not a price book: {error!r}") from error
    return PriceBook(version, hashlib.sha256(data).hexdigest(), currency, regions, transfer, tiers)


@cache
def load_price_book() -> PriceBook:
    """The price book that ships with Stowplan."""
    return price_book_from(PATH.read_bytes())
