"""Uploads in parts: the requests that write an object, and what uploads that were never completed hold."""

from decimal import Decimal

import pytest

from recommendations.evaluate import evaluate
from recommendations.storage import GIB
from recommendations.uploads import ABANDONED_WORDS, abandoned_gib, put_requests, puts
from tests.recommendations.test_lifecycle import need
from tests.support.designs import example

MIB = 2**20


@pytest.mark.parametrize(
    ("size", "requests"),
    [(0, 1), (1, 1), (8 * MIB - 1, 1), (8 * MIB, 3), (8 * MIB + 1, 4), (16 * MIB, 4), (GIB, 130), (2**40, 10_002)],
)
def test_an_object_takes_one_request_or_one_for_each_part_and_two_more(size: int, requests: int) -> None:
    assert puts(size) == requests


def test_what_is_written_in_parts_is_counted_by_its_parts_and_leaves_incomplete_ones() -> None:
    bands = (0, None, "monthly", frozenset({"STANDARD"}))
    whole, parts = need(bands, one=4 * MIB), need(bands, one=64 * MIB)
    assert put_requests(whole, Decimal(GIB)) == 256
    assert put_requests(parts, Decimal(GIB)) == 16 * (8 + 2)
    assert abandoned_gib(whole, Decimal(GIB)) == 0
    # One of a hundred, half done, seven days: 1 GiB a day leaves 0.035 GiB at any time.
    assert abandoned_gib(parts, Decimal(GIB)) == Decimal("0.035")


def test_abandoned_uploads_are_a_line_of_their_own_and_save_nothing() -> None:
    document = evaluate(example("lumen-media")).document
    by_key = {one["key"]: one for one in document["workloads"]}
    lines = {line["item"]: line for line in by_key["master-archive"]["costs"]}
    line = lines[f"S3 Standard, {ABANDONED_WORDS}"]
    assert (line["quantity"], line["unit"], line["setting"]) == ("14.729", "GiB-month", "storage_class")
    assert Decimal(line["price"]) > 0
    # Frames of 200 KiB go up in one piece.
    assert not any(ABANDONED_WORDS in line["item"] for line in by_key["render-cache"]["costs"])
    # It stays in S3 Standard: then the design is the yardstick.
    assert by_key["render-cache"]["monthly_cost"] == by_key["render-cache"]["monthly_naive"]
