"""`manage.py refresh_prices`: a newer price book from the AWS Price List Query API. No database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.management.base import CommandParser

from accounts.headless import Failed, HeadlessCommand, Result, read_bytes, write_bytes
from recommendations.prices import PATH, PriceBookError, price_book_from
from recommendations.prices.refresh import PriceListError, Products, Refreshed, refresh

REGION = "us-east-1"  # the Query API answers for all Regions in a few of them


class Command(HeadlessCommand):
    help = (
        "Read the price of every item and Region of the price book from the AWS Price List and write a newer book, whole or not at all. "
        "What the list does not give is kept, marked with its old date, and listed."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", metavar="FILE", default=str(PATH), help="where the book goes; default: the one in use is replaced")
        parser.add_argument("--endpoint-url", metavar="URL", help="another address of the Price List API, such as a VPC endpoint")

    def run(self, options: dict[str, Any]) -> Result:
        document = json.loads(read_bytes(PATH), parse_float=str)
        try:
            found = refresh(document, price_list(options["endpoint_url"]))
            if not found.found:
                raise Failed("The price list gave no price at all; nothing was written.")
            price_book_from(found.text.encode())
        except PriceListError as error:
            raise Failed([*error.problems, "Nothing was written."], {"problems": error.problems}) from error
        except (BotoCoreError, ClientError) as error:
            raise Failed(f"The price list could not be read, nothing was written: {error}") from error
        except PriceBookError as error:
            raise Failed(f"What the price list gave makes no price book, nothing was written: {error}") from error
        write_bytes(options["out"], found.text.encode())
        data = {"version": found.version, "found": found.found, "changes": found.changes, "kept": found.kept, "file": options["out"]}
        return Result("\n".join(lines(found, options["out"])), data)


def lines(found: Refreshed, path: str) -> list[str]:
    """What changed and what did not."""
    changed = [f"{place}: {old} -> {new}" for place, old, new in found.changes]
    kept = [f"{place}: not in the price list, kept with its old date" for place in found.kept]
    end = f"Prices of {found.version}: {found.found} read, {len(changed)} changed, {len(kept)} kept. Written to {path}."
    return [*changed, *kept, end]


def price_list(endpoint_url: str | None) -> Products:
    """The products that fit all filters exactly, page by page."""
    config = Config(retries={"mode": "adaptive", "max_attempts": 8}, connect_timeout=10, read_timeout=60)
    pages = boto3.client("pricing", region_name=REGION, endpoint_url=endpoint_url, config=config).get_paginator("get_products")

    def products(service: str, filters: Mapping[str, str]) -> list[dict[str, Any]]:
        wanted = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in filters.items()]
        answers = pages.paginate(ServiceCode=service, Filters=wanted, FormatVersion="aws_v1")
        return [json.loads(one) for page in answers for one in page["PriceList"]]

    return products
