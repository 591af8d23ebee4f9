"""A newer price book from AWS's price list: every price found is replaced with its SKU, rate code and dates; the rest stays, marked.

The price list is read through a function that is passed in, so nothing here reaches a network.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from recommendations.prices.catalog import CATALOG, GB, Lookup, spellings, transfer_usage

# Service code and attribute filters -> the products of the price list, each as the JSON object of `aws_v1`.
Products = Callable[[str, Mapping[str, str]], list[dict[str, Any]]]


class PriceListError(ValueError):
    """The price list does not give one clear price. `problems` are sentences that name Region and item."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class _Unclear(ValueError):
    """Why one product's price cannot be taken."""


@dataclass(frozen=True)
class Rate:
    """One tier of a price: `amount` a unit from `start` units on (to `end`, None: without end)."""

    amount: Decimal
    start: Decimal
    end: Decimal | None
    code: str


@dataclass(frozen=True)
class Listed:
    """The price of one product of the price list."""

    sku: str
    rates: tuple[Rate, ...]
    effective: str
    published: str

    def fields(self, rate: Rate, times: Decimal) -> dict[str, Any]:
        """The fields of a price in the book."""
        return {
            "price": plain(rate.amount * times),
            "source": f"AWS price list, SKU {self.sku}, rate {rate.code}, effective {self.effective}, published {self.published}",
            "confidence": "high",
            "sku": self.sku,
            "rate_code": rate.code,
            "effective_date": self.effective,
            "as_of": self.published,
        }


@dataclass(frozen=True)
class Refreshed:
    """The new book as text; `changes` are (Region/item, old, new), `kept` the Region/item that the price list did not give."""

    text: str
    version: str
    found: int
    changes: tuple[tuple[str, str, str], ...]
    kept: tuple[str, ...]


def plain(amount: Decimal) -> str:
    """A decimal without exponent and without zeros at its end."""
    return f"{amount.normalize():f}"


def refresh(document: Mapping[str, Any], products: Products) -> Refreshed:
    """A book like `document` with the prices of now.

    Raises PriceListError, with every problem: several products fit one item, a price is missing, zero, in another unit or currency.
    """
    made = _Refresh(copy.deepcopy(dict(document)), products)
    return made.run()


class _Refresh:
    def __init__(self, document: dict[str, Any], products: Products) -> None:
        self.document, self.products = document, products
        self.old_version = str(document["as_of"])
        self.problems: list[str] = []
        self.changes: list[tuple[str, str, str]] = []
        self.kept: list[str] = []
        self.published: list[str] = []

    def run(self) -> Refreshed:
        for region, node in self.document["regions"].items():
            for item, entries in items_of(node):
                self.item(region, node, item, entries)
        for row in self.document["inter_region_transfer"]:
            self.transfer(row)
        if self.problems:
            raise PriceListError(self.problems)
        if self.published:
            self.document["as_of"] = max(self.published)
            self.document["as_of_justification"] = (
                "Publication date of the newest AWS price list read; a price of an older one carries its date."
            )
        text = json.dumps(self.document, indent=1, ensure_ascii=False) + "\n"
        return Refreshed(text, str(self.document["as_of"]), len(self.published), tuple(self.changes), tuple(self.kept))

    def item(self, region: str, node: dict[str, Any], item: str, entries: list[dict[str, Any]]) -> None:
        """One item of a Region: a single entry, or one for each volume tier."""
        place, lookup = f"{region}/{item}", CATALOG.get(item)
        listed = self.listed(place, lookup, list(spellings(lookup.usage, region, node["usagetype_prefix"])), region) if lookup else None
        if lookup is None or listed is None:
            return self.keep(place, entries)
        if lookup.tiers:
            return self.put_tiers(place, node, item, listed, lookup)
        return self.put(place, entries[0], listed.fields(first_charged(listed), lookup.times))

    def transfer(self, row: dict[str, Any]) -> None:
        source, target = row["from"], row["to"]
        prefixes = [self.document["regions"].get(one, {}).get("usagetype_prefix") for one in (source, target)]
        place = f"{source}/transfer/{target}"
        if None in prefixes:
            return self.keep(place, [row])
        usage = transfer_usage(prefixes[0], prefixes[1])
        lookup = Lookup("AWSDataTransfer", usage, GB)
        listed = self.listed(place, lookup, [usage], None)
        return self.keep(place, [row]) if listed is None else self.put(place, row, listed.fields(first_charged(listed), lookup.times))

    def listed(self, place: str, lookup: Lookup, usages: list[str], region: str | None) -> Listed | None:
        """The one price of an item, or None where the list has none."""
        for usage in usages:
            filters = {"usagetype": usage, **({"regionCode": region} if region else {})}
            if lookup.operation is not None:
                filters["operation"] = lookup.operation
            found = self.products(lookup.service, filters)
            if len(found) > 1:
                skus = ", ".join(sorted(str(one["product"]["sku"]) for one in found))
                self.problems.append(f"{place}: {len(found)} products of {lookup.service} fit {filters}: {skus}")
                return None
            if found:
                try:
                    return listed_price(found[0], lookup)
                except _Unclear as error:
                    self.problems.append(f"{place}: {error}")
                    return None
        return None

    def keep(self, place: str, entries: list[dict[str, Any]]) -> None:
        self.kept.append(place)
        for entry in entries:
            entry.setdefault("as_of", self.old_version)

    def put(self, place: str, entry: dict[str, Any], fields: dict[str, Any]) -> None:
        self.note(place, entry["price"], fields["price"])
        entry.update(fields)
        entry.pop("note", None)
        self.published.append(fields["as_of"])

    def put_tiers(self, place: str, node: dict[str, Any], item: str, listed: Listed, lookup: Lookup) -> None:
        parent, _, name = item.rpartition("/")
        for part in parent.split("/"):
            node = node[part]
        old = node[name] if isinstance(node[name], list) else [node[name]]
        head = {key: old[0][key] for key in ("currency", "unit", "usagetype") if key in old[0]}
        node[name] = [
            {**head, **listed.fields(rate, lookup.times), "from_gb": int(rate.start), "to_gb": None if rate.end is None else int(rate.end)}
            for rate in listed.rates
        ]
        self.note(place, " / ".join(str(one["price"]) for one in old), " / ".join(one["price"] for one in node[name]))
        self.published.append(listed.published)

    def note(self, place: str, old: Any, new: str) -> None:
        before = " / ".join(plain(Decimal(part)) for part in str(old).split(" / ")) if old is not None else "unknown"
        if before != new:
            self.changes.append((place, before, new))


def items_of(node: Any, path: str = "") -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The items of a Region with their entries."""
    if isinstance(node, dict) and "price" in node:
        yield path, [node]
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield from items_of(inner, f"{path}/{key}" if path else key)
    elif isinstance(node, list):
        yield path, node


def first_charged(listed: Listed) -> Rate:
    """The first tier that costs something; a free one before it is an allowance of the account, not a price."""
    return next(rate for rate in listed.rates if rate.amount)


def listed_price(product: Mapping[str, Any], lookup: Lookup) -> Listed:
    """The on-demand price of a product of the list, tiers in order. Raises _Unclear."""
    sku = str(product.get("product", {}).get("sku", "?"))
    terms = list(product.get("terms", {}).get("OnDemand", {}).values())
    if len(terms) != 1:
        raise _Unclear(f"SKU {sku} has {len(terms)} on-demand terms, one is expected")
    rates = sorted((_rate(one, lookup, sku) for one in terms[0]["priceDimensions"].values()), key=lambda rate: rate.start)
    if not any(rate.amount for rate in rates):
        raise _Unclear(f"SKU {sku} costs nothing, and this item never does")
    return Listed(sku, tuple(rates), str(terms[0]["effectiveDate"])[:10], str(product["publicationDate"])[:10])


def _rate(dimension: Mapping[str, Any], lookup: Lookup, sku: str) -> Rate:
    unit = dimension.get("unit")
    if unit not in lookup.units:
        raise _Unclear(f"SKU {sku} is priced a {unit}, expected {' or '.join(sorted(lookup.units))}")
    try:
        amount, start = Decimal(dimension["pricePerUnit"]["USD"]), Decimal(dimension.get("beginRange", "0"))
        end = dimension.get("endRange", "Inf")
        return Rate(amount, start, None if end == "Inf" else Decimal(end), str(dimension["rateCode"]))
    except (KeyError, InvalidOperation) as error:
        raise _Unclear(f"SKU {sku} has no readable price in USD") from error
