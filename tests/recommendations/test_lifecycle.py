"""The lifecycle search: equal to brute force, obedient to needs, and honest about what it did not take."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations import storage as s3
from recommendations.facts import large_bytes
from recommendations.lifecycle import Step, allowed, days_of_interest, search, steps_bill
from recommendations.lifecycle_cost import READS, Band, Need
from recommendations.prices import load_price_book
from tests.recommendations.cases import case

BOOK = load_price_book()
ALL = frozenset(s3.CLASSES)
GIB = 2**30


def need(*bands: tuple[int, int | None, str, set[str] | frozenset[str]], expire: int | None = None, one: int = 10 * 2**20) -> Need:
    """A tebibyte with the given bands of (start, end, reads, classes)."""
    made = tuple(Band(start, end, reads, timedelta(hours=48), frozenset(classes)) for start, end, reads, classes in bands)
    return Need("us-east-1", 1024 * GIB, 1024 * GIB // one, one, expire or 3653, expire, made)


def brute(wanted: Need) -> Decimal:
    """The least cost over every order of up to three classes on every choice of days; shares only prices and limits with the search."""
    days = [day for day in days_of_interest(wanted) if day]
    least = None
    for count in range(3):
        for chosen in combinations(days, count):
            for first in (s3.STANDARD, *s3.WATERFALL[s3.STANDARD]):
                for path in paths(((first, 0),), chosen):
                    if fits(wanted, path):
                        cost = steps_bill(wanted, BOOK, path).exact()
                        least = cost if least is None else min(least, cost)
    assert least is not None
    return least


def paths(path: tuple[Step, ...], days: tuple[int, ...]) -> list[tuple[Step, ...]]:
    if not days:
        return [path]
    return [one for name in s3.WATERFALL[path[-1][0]] for one in paths((*path, (name, days[0])), days[1:])]


def fits(wanted: Need, path: tuple[Step, ...]) -> bool:
    ends = [day for _, day in path[1:]] + [wanted.expire]
    return all(allowed(wanted, name, start, end) for (name, start), end in zip(path, ends, strict=True))


needs = st.builds(
    lambda reads, classes, expire, one: need(
        (0, 30, reads[0], ALL),
        (30, 90, reads[1], classes[0] | {s3.STANDARD}),
        (90, None, reads[2], classes[1] | {s3.STANDARD}),
        expire=expire,
        one=one,
    ),
    st.tuples(*[st.sampled_from(sorted(READS))] * 3),
    st.tuples(*[st.sets(st.sampled_from(s3.CLASSES))] * 2),
    st.sampled_from([None, 20, 45, 100, 200, 400]),
    st.sampled_from([4 * 1024, 200 * 1024, 2**20, GIB]),
)


@settings(max_examples=40, deadline=None)
@given(needs)
def test_nothing_of_up_to_three_classes_is_cheaper_than_what_was_found(wanted: Need) -> None:
    found = search(wanted, BOOK)
    assert fits(wanted, found.steps)
    cost = found.bill().exact()
    assert cost == steps_bill(wanted, BOOK, found.steps).exact()
    least = brute(wanted)
    assert cost <= least
    assert len(found.steps) > 3 or cost == least


@settings(max_examples=60, deadline=None)
@given(needs, st.sampled_from(s3.CLASSES))
def test_forbidding_a_class_never_makes_it_cheaper(wanted: Need, name: str) -> None:
    less = replace(wanted, bands=tuple(replace(band, classes=(band.classes - {name}) | {s3.STANDARD}) for band in wanted.bands))
    assert search(less, BOOK).bill().exact() >= search(wanted, BOOK).bill().exact()


@settings(max_examples=60, deadline=None)
@given(needs)
def test_runners_up_cost_no_less_unless_a_need_forbids_them(wanted: Need) -> None:
    found = search(wanted, BOOK)
    for runner in found.runners:
        assert runner.reason
        if fits(wanted, runner.steps):
            assert steps_bill(wanted, BOOK, runner.steps).exact() >= found.bill().exact()
        else:
            assert not runner.reason.startswith("USD")


def test_data_that_goes_within_days_stays_in_standard_and_in_weeks_the_fee_pays() -> None:
    """A day in Standard costs what 23 days in Deep Archive do, which bills 180: from the eighth day on the fee is less."""
    cold = need((0, None, "almost-never", ALL - {s3.INTELLIGENT}), expire=6)
    assert search(cold, BOOK).steps == ((s3.STANDARD, 0),)
    assert search(replace(cold, expire=25, span=25), BOOK).steps == ((s3.DEEP_ARCHIVE, 0),)


def test_small_objects_are_not_moved_into_classes_that_bill_128_kib() -> None:
    found = search(need((0, None, "yearly", ALL - s3.ARCHIVES), one=8 * 1024), BOOK)
    assert found.steps == ((s3.STANDARD, 0),)


def test_archives_of_large_objects_go_to_deep_archive_at_once_where_nobody_waits() -> None:
    assert search(need((0, None, "almost-never", ALL), one=GIB), BOOK).steps == ((s3.DEEP_ARCHIVE, 0),)


@pytest.mark.parametrize(
    ("size", "count", "usual", "large"),
    [
        (100 * GIB, None, 2**20, 0),
        (100 * GIB, 10**6, 2**20, 0),
        (100 * GIB, 95 * 1024, 2**20, 0),  # a rounded answer
        (100 * GIB, 10**5, 64 * 1024, 100 * GIB - 10**5 * 64 * 1024),
        (100 * GIB, 10, 200 * 2**20, 0),
        (50 * 2**20, 10, 2**20, 0),
    ],
)
def test_bytes_that_usual_objects_do_not_make_up_are_in_large_ones(size: int, count: int | None, usual: int, large: int) -> None:
    assert large_bytes(size, count, usual) == large


def test_small_objects_stay_in_standard_while_the_large_ones_beside_them_move() -> None:
    """A tebibyte, half of it in objects of 64 KiB: S3 leaves those where they are, and only the other half is read back and retrieved."""
    half = 512 * GIB
    wanted = replace(need((0, None, "almost-never", ALL)), object_size=64 * 1024, objects=half // (64 * 1024), large=half)
    found = search(wanted, BOOK)
    assert found.steps == ((s3.DEEP_ARCHIVE, 0),)
    lines = {line.item: line for line in found.lines}
    assert lines["S3 Standard, objects under 128 KiB"].quantity == 512
    assert lines["S3 Glacier Deep Archive, storage"].quantity == 512
    moved = Decimal(half) / s3.LARGE_OBJECT
    assert lines["S3 Glacier Deep Archive, index of the objects"].quantity == moved * s3.OVERHEAD_CLASS / GIB
    assert lines["S3 Glacier Deep Archive, transitions"].quantity == moved * s3.DAYS_A_MONTH * (Decimal(1) / 3653) / 1000


def test_small_objects_alone_are_not_moved_but_may_be_written_elsewhere_and_bill_128_kib() -> None:
    wanted = need((0, None, "almost-never", ALL), one=100 * 1024)
    assert search(wanted, BOOK).steps == ((s3.STANDARD, 0),)
    found = search(replace(wanted, placed=True), BOOK)
    assert found.steps == ((s3.GLACIER_IR, 0),)
    assert found.lines[0].quantity == Decimal(wanted.objects) * 128 * 1024 / GIB


def test_a_design_moves_large_objects_beside_small_ones() -> None:
    """A million objects of 10 KiB are 10 GB of 2 TiB: the rest is large, and what moves is what the finding says."""
    rare = dict.fromkeys(("0-30d", "31-90d", "91-365d", "over-365d"), "almost-never")
    answers = {"wl_size": "2 TiB", "wl_obj_size": "10 KiB", "wl_access": rare, "wl_avail": "99-9", "wl_expire": "7y"}
    mixed, small = case("object-data", wl_objs=10**6, **answers), case("object-data", wl_objs=None, **answers)
    assert small.parts[0].decisions.lifecycle.steps == ((s3.STANDARD, 0),)
    assert len(mixed.parts[0].decisions.lifecycle.steps) > 1 or mixed.parts[0].decisions.lifecycle.steps[0][0] != s3.STANDARD
    assert "99 % of the bytes" in mixed.finding("small-objects")["sentence"]
    assert "it stays in S3 Standard" in small.finding("small-objects")["sentence"]


def test_younger_data_weighs_more_where_it_grows() -> None:
    """Twice as much comes each year: of two years, the last is two thirds."""
    even = need((0, None, "almost-never", ALL), expire=730)
    doubling = replace(even, growth=Decimal(1))
    assert even.share(0, 365) == Decimal("0.5")
    assert round(doubling.share(0, 365), 20) == round(Decimal(2) / 3, 20)
    assert round(doubling.share(0, 365) + doubling.share(365, None), 20) == 1
    assert doubling.passing(0) > even.passing(0) > doubling.passing(729)
    assert round(doubling.passing(0) / doubling.passing(365), 20) == 2


def test_growth_keeps_more_of_the_data_in_its_first_class() -> None:
    wanted = need((0, 90, "daily", ALL), (90, None, "almost-never", ALL), expire=3653)
    storage = [
        next(line.quantity for line in search(replace(wanted, growth=rate), BOOK).lines if line.item == "S3 Standard, storage")
        for rate in (Decimal("-0.2"), Decimal(0), Decimal("0.3"))
    ]
    assert storage == sorted(set(storage))
