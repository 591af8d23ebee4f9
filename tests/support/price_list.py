"""A small Price List Query API over HTTP: answers GetProducts for products in the documented shape, two on a page."""

from __future__ import annotations

import contextlib
import copy
import json
import threading
from collections.abc import Iterator, Mapping
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from recommendations.prices.catalog import CATALOG, Lookup, transfer_usage
from recommendations.prices.refresh import items_of

SHAPES: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "recommendations" / "price_list.json").read_text())
Product = dict[str, Any]


def shape(service: str, usage: str) -> Product:
    """The recorded product of a service whose usage type is most like this one."""
    of_service = [one for one in SHAPES if one["serviceCode"] == service]
    fitting = [
        one
        for one in of_service
        if usage.endswith(one["product"]["attributes"]["usagetype"].removeprefix("us-east-1-").removeprefix("USE1-"))
    ]
    return copy.deepcopy((fitting or [one for one in of_service if len(dimensions(one)) == 1])[0])


def dimensions(product: Product) -> dict[str, Any]:
    (term,) = product["terms"]["OnDemand"].values()
    return term["priceDimensions"]


def product(number: int, lookup: Lookup, usage: str, region: str | None, price: str) -> Product:
    """A product with one price a unit, in the recorded shape of its service."""
    made = shape(lookup.service, usage)
    sku = f"{number:04d}STOWPLANTEST"
    text = json.dumps(made).replace(made["product"]["sku"], sku)
    made = json.loads(text)
    attributes = made["product"]["attributes"]
    attributes.update(usagetype=usage, operation=lookup.operation or attributes["operation"])
    if region:
        attributes["regionCode"] = region
    last = [*dimensions(made).values()][-1]
    last["pricePerUnit"]["USD"] = price
    last["unit"] = last["unit"] if last["unit"] in lookup.units else sorted(lookup.units)[0]
    return made


def products_of(document: Mapping[str, Any]) -> list[Product]:
    """A price list that says what the book says, for all that the catalog knows; volume tiers as recorded for us-east-1."""
    made: list[Product] = []
    for region, node in document["regions"].items():
        for item, entries in items_of(node):
            lookup, price = CATALOG.get(item), entries[-1]["price"]
            if lookup and price is not None:
                usage = f"{region}-{lookup.usage}" if lookup.service == "awskms" else f"{node['usagetype_prefix']}{lookup.usage}"
                one = product(len(made), lookup, usage, region, f"{Decimal(str(price)) / lookup.times:.13f}")
                if lookup.tiers:
                    for dimension, entry in zip(dimensions(one).values(), entries, strict=True):
                        dimension["pricePerUnit"]["USD"] = str(entry["price"])
                made.append(one)
    prefixes = {region: node["usagetype_prefix"] for region, node in document["regions"].items()}
    for row in document["inter_region_transfer"]:
        if row["from"] in prefixes and row["to"] in prefixes and row["price"] is not None:
            usage = transfer_usage(prefixes[row["from"]], prefixes[row["to"]])
            made.append(product(len(made), Lookup("AWSDataTransfer", usage, frozenset({"GB"})), usage, None, str(row["price"])))
    return made


class _Api(BaseHTTPRequestHandler):
    products: ClassVar[list[Product]] = []

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["X-Amz-Target"] == "AWSPriceListService.GetProducts"
        found = [json.dumps(one) for one in self.products if fits(one, asked)]
        start = int(asked.get("NextToken", 0))
        answer = {"FormatVersion": "aws_v1", "PriceList": found[start : start + 2]}
        if start + 2 < len(found):
            answer["NextToken"] = str(start + 2)
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Silent."""


def fits(one: Product, asked: Mapping[str, Any]) -> bool:
    attributes = one["product"]["attributes"]
    return one["serviceCode"] == asked["ServiceCode"] and all(attributes.get(f["Field"]) == f["Value"] for f in asked.get("Filters", ()))


@contextlib.contextmanager
def running_price_list(products: list[Product]) -> Iterator[str]:
    """The API on loopback; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Api", (_Api,), {"products": products}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
