"""`refresh_prices` against a Price List API on loopback that answers in recorded shapes, and every cost line held against the book."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from recommendations.prices import PATH, price_book_from
from recommendations.prices.catalog import CATALOG
from recommendations.prices.refresh import PriceListError, items_of, refresh
from tests.support.price_list import SHAPES, dimensions, fits, products_of, running_price_list

ROOT = Path(__file__).resolve().parents[2]
BOOK: dict[str, Any] = json.loads(PATH.read_bytes(), parse_float=str)
SIA = "eu-central-1/s3/STANDARD_IA/storage"


def asked(products: list[dict[str, Any]]) -> Callable[[str, Any], list[dict[str, Any]]]:
    """The price list without the network between."""
    by_usage: dict[str, list[dict[str, Any]]] = {}
    for one in products:
        by_usage.setdefault(one["product"]["attributes"]["usagetype"], []).append(one)
    return lambda service, filters: [
        one
        for one in by_usage.get(filters["usagetype"], ())
        if fits(one, {"ServiceCode": service, "Filters": [{"Field": k, "Value": v} for k, v in filters.items()]})
    ]


@pytest.fixture(scope="module")
def same() -> str:
    """A price list that says what the book says."""
    return json.dumps(products_of(BOOK))


@pytest.fixture
def products(same: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(same)
    return found


def of(products: list[dict[str, Any]], usage: str, region: str | None = None) -> dict[str, Any]:
    return next(
        one
        for one in products
        if one["product"]["attributes"]["usagetype"] == usage and region in (None, one["product"]["attributes"].get("regionCode"))
    )


def test_the_recorded_shapes_cover_every_service_that_is_asked() -> None:
    assert {one["serviceCode"] for one in SHAPES} == {lookup.service for lookup in CATALOG.values()} | {"AWSDataTransfer"}
    assert all({"product", "serviceCode", "terms", "version", "publicationDate"} == set(one) for one in SHAPES)


def test_every_item_of_the_catalog_stands_in_the_book() -> None:
    items = {item for node in BOOK["regions"].values() for item, _ in items_of(node)}
    assert set(CATALOG) <= items


def test_a_list_that_says_the_same_changes_no_price_and_gives_each_its_source(products: list[dict[str, Any]]) -> None:
    found = refresh(BOOK, asked(products))
    assert found.changes == ()
    assert found.version == "2026-11-18"
    old, new = price_book_from(PATH.read_bytes()), price_book_from(found.text.encode())
    assert {region: set(items) for region, items in new.regions.items()} == {region: set(items) for region, items in old.regions.items()}
    for region, items in new.regions.items():
        for item, price in items.items():
            assert price.amount == old.price(region, item), (region, item)
            assert new.tiers(region, item) == () or [one.amount for _, one in new.tiers(region, item)] == [
                one.amount for _, one in old.tiers(region, item)
            ]
            assert price.source.startswith("AWS price list, SKU") == (item in CATALOG), (region, item)
    assert {place for place in found.kept if place.partition("/")[2] in CATALOG} == set()


@pytest.mark.parametrize("item", CATALOG)
def test_each_item_takes_the_price_of_its_own_line_and_no_other(products: list[dict[str, Any]], item: str) -> None:
    lookup, region = CATALOG[item], "eu-central-1"
    usage = f"{region}-{lookup.usage}" if lookup.service == "awskms" else f"EUC1-{lookup.usage}"
    one = next(
        p
        for p in products
        if p["serviceCode"] == lookup.service
        and p["product"]["attributes"]["usagetype"] == usage
        and lookup.operation in (None, p["product"]["attributes"]["operation"])
    )
    [*dimensions(one).values()][-1]["pricePerUnit"]["USD"] = "0.1234500000"
    found = refresh(BOOK, asked(products))
    assert [place for place, _, _ in found.changes] == [f"{region}/{item}"]
    new = price_book_from(found.text.encode())
    got = new.tiers(region, item)[-1][1] if lookup.tiers else new.entry(region, item)
    assert got.amount == Decimal("0.12345") * lookup.times
    assert one["product"]["sku"] in got.source


def test_two_products_for_one_item_are_an_error_that_names_region_item_and_both(products: list[dict[str, Any]]) -> None:
    twin = json.loads(json.dumps(of(products, "EUC1-TimedStorage-SIA-ByteHrs")))
    twin["product"]["sku"] = "TWIN"
    with pytest.raises(PriceListError) as error:
        refresh(BOOK, asked([*products, twin]))
    assert len(error.value.problems) == 1
    assert error.value.problems[0].startswith(f"{SIA}: 2 products of AmazonS3")
    assert "TWIN" in error.value.problems[0]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("unit", "Hrs", "is priced a Hrs, expected GB-Mo"),
        ("pricePerUnit", {"USD": "0.0000000000"}, "costs nothing, and this item never does"),
        ("pricePerUnit", {"CNY": "0.1"}, "has no readable price in USD"),
        ("pricePerUnit", {"USD": "cheap"}, "has no readable price in USD"),
    ],
)
def test_a_price_that_cannot_be_taken_is_an_error_and_never_zero(
    products: list[dict[str, Any]], field: str, value: Any, message: str
) -> None:
    next(iter(dimensions(of(products, "EUC1-TimedStorage-SIA-ByteHrs")).values()))[field] = value
    with pytest.raises(PriceListError, match=message) as error:
        refresh(BOOK, asked(products))
    assert error.value.problems[0].startswith(f"{SIA}: SKU ")


def test_what_the_list_does_not_give_is_kept_with_its_old_date(products: list[dict[str, Any]]) -> None:
    products.remove(of(products, "EUC1-TimedStorage-SIA-ByteHrs"))
    found = refresh(BOOK, asked(products))
    assert SIA in found.kept
    entry = json.loads(found.text)["regions"]["eu-central-1"]["s3"]["STANDARD_IA"]["storage"]
    assert (entry["as_of"], entry["price"]) == (BOOK["as_of"], "0.0135")


# ------------------------------------------------------------------------------------------------------------- the command
def manage(*arguments: str) -> subprocess.CompletedProcess[str]:
    env = {
        **os.environ,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_MAX_ATTEMPTS": "1",
    }
    return subprocess.run(
        [sys.executable, "manage.py", "refresh_prices", *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    listed = products_of(BOOK)
    with running_price_list(listed) as url:
        yield url, listed


def test_the_command_writes_a_newer_book_and_prints_what_changed(served: tuple[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    url, listed = served
    price = next(iter(dimensions(of(listed, "EUC1-TimedStorage-SIA-ByteHrs")).values()))["pricePerUnit"]
    before, price["USD"] = price["USD"], "0.0140000000"
    try:
        done = manage("--out", str(tmp_path / "book.json"), "--endpoint-url", url)
    finally:
        price["USD"] = before
    assert done.returncode == 0, done.stderr
    assert f"{SIA}: 0.0135 -> 0.014" in done.stdout.splitlines()
    assert "us-east-1/cloudtrail/insights_100k: not in the price list, kept with its old date" in done.stdout.splitlines()
    book = price_book_from((tmp_path / "book.json").read_bytes())
    assert (book.version, book.price("eu-central-1", "s3/STANDARD_IA/storage")) == ("2026-11-18", Decimal("0.014"))
    assert [one.name for one in tmp_path.iterdir()] == ["book.json"]


def test_an_unclear_list_leaves_the_old_book_as_it_was(served: tuple[str, list[dict[str, Any]]], tmp_path: Path) -> None:
    url, listed = served
    twin = json.loads(json.dumps(of(listed, "EUC1-TimedStorage-SIA-ByteHrs")))
    target = tmp_path / "book.json"
    target.write_text("old")
    listed.extend([twin, twin])
    try:
        done = manage("--out", str(target), "--endpoint-url", url, "--json")
    finally:
        del listed[-2:]
    assert done.returncode == 1
    assert json.loads(done.stdout)["problems"][0].startswith(f"{SIA}: 3 products")
    assert target.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["book.json"]


def test_a_list_that_cannot_be_reached_or_is_empty_writes_nothing(tmp_path: Path) -> None:
    with running_price_list([]) as url:
        empty = manage("--out", str(tmp_path / "book.json"), "--endpoint-url", url)
    assert (empty.returncode, empty.stderr.strip()) == (1, "The price list gave no price at all; nothing was written.")
    away = manage("--out", str(tmp_path / "book.json"), "--endpoint-url", "http://127.0.0.1:9")
    assert away.returncode == 1
    assert "could not be read, nothing was written" in away.stderr
    assert "Traceback" not in away.stderr
    assert list(tmp_path.iterdir()) == []


# -------------------------------------------------------------------------------------------------------------- cost lines
@pytest.mark.parametrize("name", ["northwind-clinics", "baltic-bank", "lumen-media"])
def test_every_figure_of_the_goldens_is_quantity_times_price_of_a_named_source(name: str) -> None:
    """Quantity and price are rounded as they are printed; the product may differ by what that rounding can make, and by a cent."""
    design = json.loads((ROOT / "tests" / "golden" / f"{name}.design.json").read_text())
    lines = [*design["costs"]["shared"], *(line for workload in design["workloads"] for line in workload["costs"])]
    assert lines
    for line in lines:
        if line["price"] is None:
            assert (line["quantity"], line["monthly"]) == (None, None)
            assert "/" in line["item"], "an unknown price names Region and item"
            continue
        quantity, price, monthly = Decimal(line["quantity"]), Decimal(line["price"]), Decimal(line["monthly"])
        assert line["source"].strip()
        assert line["unit"].strip()
        slack = Decimal("0.0005") * price + Decimal("0.00000005") * quantity + Decimal("0.005")
        assert abs(quantity * price - monthly) <= slack, line
        assert price > 0, line
    for workload in design["workloads"]:
        known = [Decimal(line["monthly"]) for line in workload["costs"] if line["monthly"] is not None]
        if workload["monthly_cost"] is not None:
            assert sum(known).quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(workload["monthly_cost"])
