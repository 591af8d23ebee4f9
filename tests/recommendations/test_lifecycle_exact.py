"""The lifecycle search finds the cheapest lifecycle there is: a second reckoning looks at every day and any number of steps."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import cycle, islice, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommendations import storage as s3
from recommendations.costs import money
from recommendations.lifecycle import days_of_interest, search
from recommendations.lifecycle_cost import READS, TIERS, Band, Need
from recommendations.prices import load_price_book
from tests.recommendations.lifecycle_brute import BILLED_DAYS, ONWARD, READ, TIER, Days, every, least

BOOK = load_price_book()
ALL = frozenset(s3.CLASSES)
TIB = 2**40


def need(
    borders: tuple[int, ...],
    reads: tuple[str, ...],
    classes: tuple[frozenset[str], ...],
    expire: int | None,
    *,
    one: int = 2**20,
    size: int = TIB,
    region: str = "us-east-1",
    restores: int = 0,
    ruled: int | None = None,
    large: int = 0,
    placed: bool = False,
    growth: str = "0",
) -> Need:
    """Data whose reads and classes change at the `borders` of its age; `large` percent of its bytes are in objects of 100 MiB."""
    bands = tuple(
        Band(start, end, rate, timedelta(hours=48), names | {s3.STANDARD})
        for start, end, rate, names in zip(borders, (*borders[1:], None), reads, classes, strict=True)
    )
    rest = size * large // 100
    return Need(
        region,
        size,
        max((size - rest) // one, 1),
        one,
        expire or 3653,
        expire,
        bands,
        Decimal(restores),
        ruled,
        rest,
        placed,
        Decimal(growth),
    )


def hold(wanted: Need, on: list[int] | None = None) -> None:
    """The search has found what the second reckoning finds, cent for cent, and its own steps cost that there too."""
    found, days = search(wanted, BOOK), Days(wanted, BOOK)
    cost, steps = least(days, on)
    slack = 1e-7 * max(cost, 1)
    assert float(found.bill().exact()) == pytest.approx(cost, abs=slack), (found.steps, steps)
    ends = [day for _, day in found.steps[1:]] + [wanted.span]
    again = sum(days.stage(name, start, end) for (name, start), end in zip(found.steps, ends, strict=True))
    assert again == pytest.approx(cost, abs=slack)


def test_both_reckonings_start_from_the_same_planning_figures() -> None:
    assert {name: Decimal(str(rate)) for name, rate in READ.items()} == dict(READS)
    assert {name: tuple(Decimal(str(one)) for one in shares) for name, shares in TIER.items()} == dict(TIERS)
    assert {name: frozenset(after) for name, after in ONWARD.items()} == dict(s3.WATERFALL)
    assert {**dict.fromkeys(ONWARD, 0), **BILLED_DAYS} == dict(s3.MIN_DAYS)


RATES = st.sampled_from(sorted(READS))
CLASSES = st.one_of(st.just(ALL), st.frozensets(st.sampled_from(s3.CLASSES)), st.frozensets(st.sampled_from(s3.CLASSES)).map(ALL.__sub__))
OBJECTS = st.sampled_from([4096, 127 * 1024, 128 * 1024, 200 * 1024, 2**20, 2**30])
BORDERS = st.one_of(
    st.just((0, 30, 90, 365)), st.lists(st.integers(1, 260), min_size=3, max_size=3, unique=True).map(lambda d: (0, *sorted(d)))
)


def needs(expires: st.SearchStrategy[int]) -> st.SearchStrategy[Need]:
    return st.builds(
        lambda borders, reads, classes, expire, one, region, size, restores, lock, large, placed, growth: need(
            borders,
            reads,
            classes,
            expire,
            one=one,
            region=region,
            size=size,
            restores=restores,
            ruled=max(expire - lock, 1) if lock else None,
            large=large,
            placed=placed,
            growth=growth,
        ),
        BORDERS,
        st.tuples(*[RATES] * 4),
        st.tuples(*[CLASSES] * 4),
        expires,
        OBJECTS,
        st.sampled_from(sorted(BOOK.regions)),
        st.sampled_from([2**30, TIB, 30 * TIB]),
        st.sampled_from([0, 5, 500]),
        st.sampled_from([0, 0, 5, 60]),
        st.sampled_from([0, 0, 15, 90]),
        st.sampled_from([False, False, False, True]),
        st.sampled_from(["0", "0.12", "0.0001", "3", "-0.5"]),
    )


@settings(max_examples=60, deadline=None)
@given(needs(st.sampled_from([1, 29, 31, 45, 89, 91, 120, 181, 240])))
def test_no_lifecycle_on_any_day_with_any_number_of_steps_is_cheaper(wanted: Need) -> None:
    hold(wanted)


def sampled(wanted: Need) -> list[int] | None:
    """Every day up to 100; beyond, every tenth, and the days beside each that counts or is one or two minimum durations from one."""
    if wanted.span <= 100:
        return None
    anchors = {0, 30, wanted.span, wanted.ruled or wanted.span} | {band.start for band in wanted.bands}
    apart = {sum(gaps) for gaps in product((-180, -90, -30, 0, 30, 90, 180), repeat=2)}
    near = {day + by for day in anchors for by in apart} | {day + by for day in days_of_interest(wanted) for by in (-1, 1)}
    return sorted({*range(0, wanted.span, 10), *(day for day in near if 0 <= day < wanted.span)})


@pytest.mark.long
@settings(max_examples=600, deadline=None)
@given(needs(st.integers(1, 480)))
def test_no_lifecycle_on_any_day_is_cheaper_in_hundreds_of_cases(wanted: Need) -> None:
    hold(wanted, sampled(wanted))


SETS = (ALL, ALL - s3.ARCHIVES, ALL - {s3.INTELLIGENT, s3.ONEZONE_IA}, frozenset({s3.INTELLIGENT}), frozenset())


@pytest.mark.parametrize("expire", [20, 100])
def test_every_case_of_a_small_space_is_exact(expire: int) -> None:
    """Two bands, three rates, five sets of classes, two sizes of objects: all of them."""
    rates = ("monthly", "almost-never", "unpredictable")
    for first, second, early, late, one in product(rates, rates, SETS[:4:3], SETS, (64 * 1024, 2**20)):
        hold(need((0, 30), (first, second), (early, late), expire, one=one), sorted({0, 1, 10, 29, 30, 31, 59, 60, 61, 70, 90}))


@pytest.mark.long
@pytest.mark.parametrize("expire", [10, 35, 100, 190, 300, 400])
def test_every_other_case_of_a_larger_space_is_exact(expire: int) -> None:
    """Reads of three paces in every order, every set of classes, small and large objects; with and without growth, and under a lock."""
    sizes = ((64 * 1024, 0), (64 * 1024, 15), (2**30, 0))
    turns = cycle((("0", None), ("0.12", None), ("0", max(expire - 5, 1)), ("3", None)))
    space = product(product(("monthly", "unpredictable", "yearly"), repeat=2), product(SETS, repeat=2), sizes)
    for reads, classes, (one, large) in islice(space, 0, None, 2):
        growth, ruled = next(turns)
        wanted = need((0, 60), reads, classes, expire, one=one, large=large, growth=growth, ruled=ruled)
        hold(wanted, sampled(wanted))


@pytest.mark.parametrize(("size", "growth"), [(TIB, "0"), (TIB, "0.25"), (3000 * TIB, "0"), (3000 * TIB, "-0.2")])
@pytest.mark.parametrize("reads", [("daily", "monthly", "yearly", "almost-never"), ("unpredictable",) * 4])
def test_data_that_is_never_deleted_is_exact(reads: tuple[str, ...], size: int, growth: str) -> None:
    """Ten years of ages, by steps of some days and with the days beside each border; a large volume falls into Standard's lower tiers."""
    wanted = need((0, 30, 90, 365), reads, (ALL,) * 4, None, size=size, growth=growth)
    days = sorted({*range(0, 3653, 45), *(day + by for day in days_of_interest(wanted) for by in (-1, 0, 1) if 0 <= day + by < 3653)})
    hold(wanted, days)


@settings(max_examples=25, deadline=None)
@given(needs(st.sampled_from([60, 200, 300])), st.lists(st.integers(1, 290), max_size=5, unique=True))
def test_the_second_reckoning_is_what_writing_out_every_lifecycle_gives(wanted: Need, days: list[int]) -> None:
    limit = min(wanted.span, wanted.ruled or wanted.span)
    on = sorted({0, 30, 90, 180, *days} & set(range(limit)))
    made = Days(wanted, BOOK)
    assert least(made, on)[0] == pytest.approx(every(made, on), rel=1e-12)


def test_intelligent_tiering_begins_early_enough_for_its_tiers_to_fit_the_reads() -> None:
    """Its coldest tier is reached 90 days after the move, so data that cools at day 126 moves at day 36, before it is cold."""
    wanted = need((0, 126), ("daily", "yearly"), (frozenset({s3.INTELLIGENT}),) * 2, 130, one=2**30)
    assert search(wanted, BOOK).steps == ((s3.STANDARD, 0), (s3.INTELLIGENT, 36))
    hold(wanted)


def test_old_versions_under_a_lock_move_before_the_day_on_which_the_rule_deletes() -> None:
    """The lock holds them 400 days, the rule deletes after 100: they move before that day, and no fee arises as the lock keeps them."""
    wanted = need((0,), ("almost-never",), (ALL - {s3.INTELLIGENT},), 400, one=2**30, ruled=100)
    found = search(wanted, BOOK)
    assert found.steps[-1][0] == s3.DEEP_ARCHIVE
    assert found.steps[-1][1] < 100
    assert not found.fee
    hold(wanted)
    assert search(replace(wanted, ruled=1), BOOK).steps == ((s3.STANDARD, 0),)


def test_a_class_is_left_early_where_its_fee_is_less_and_both_figures_are_told() -> None:
    """Copies kept for 35 days: Deep Archive bills 180, which is still less than Standard for 35."""
    wanted = need((0,), ("almost-never",), (ALL - {s3.INTELLIGENT},), 35, one=2**30)
    found, days = search(wanted, BOOK), Days(wanted, BOOK)
    assert found.steps == ((s3.DEEP_ARCHIVE, 0),)
    unused = (TIB + 1024 * 32 * 1024) / 2**30 / 35 * (180 - 35) * float(BOOK.price("us-east-1", "s3/DEEP_ARCHIVE/storage"))
    (line,) = [one for one in found.lines if "early-delete fee" in one.item]
    assert float(line.monthly) == pytest.approx(unused, rel=1e-9)
    assert line.quantity * line.price == line.monthly
    assert line.source
    assert float(found.bill().exact()) == pytest.approx(days.stage(s3.DEEP_ARCHIVE, 0, 35), rel=1e-9)
    runner = next(one for one in found.runners if "no early-delete fee" in one.reason)
    assert runner.steps == ((s3.STANDARD, 0),)
    assert float(runner.monthly or 0) == pytest.approx(days.stage(s3.STANDARD, 0, 35), rel=1e-9)
    for figure in (line.monthly, found.bill().total(), runner.monthly):
        assert f"USD {money(figure)}" in found.fee
    assert "after 35 of the 180 days" in found.fee


def test_a_class_without_a_price_never_seems_to_be_free() -> None:
    items = {item: price for item, price in BOOK.regions["us-east-1"].items() if item != "s3/GLACIER_IR/storage"}
    book = replace(BOOK, digest="lacking", regions={**BOOK.regions, "eu-west-1": items}, _rates={})
    wanted = need((0,), ("yearly",), (ALL - s3.ARCHIVES - {s3.INTELLIGENT},), 400, one=2**30, region="eu-west-1")
    found = search(wanted, book)
    assert found.steps == search(replace(wanted, region="us-east-1"), BOOK).steps
    assert found.unknown == {"eu-west-1/s3/GLACIER_IR/storage"}
    assert found.bill().total() is None


def test_a_rule_that_deletes_before_the_lock_ends_is_exact() -> None:
    """Read daily until day 125, deleted by the rule on day 295 and held by the lock until day 300."""
    sets = (ALL - {s3.GLACIER, s3.GLACIER_IR, s3.STANDARD_IA, s3.INTELLIGENT, s3.DEEP_ARCHIVE}, ALL - {s3.STANDARD_IA}, ALL, ALL)
    wanted = need((0, 12, 84, 125), ("almost-never", "monthly", "daily", "yearly"), sets, 300, one=2**30, ruled=295)
    hold(wanted)


@settings(max_examples=25, deadline=None)
@given(needs(st.sampled_from([20, 35, 60, 100, 150, 240])))
def test_a_fee_is_told_just_where_a_class_is_left_early_with_the_cheapest_that_pays_none(wanted: Need) -> None:
    found = search(wanted, BOOK)
    ends = [day for _, day in found.steps[1:]] + [wanted.span]
    early = any(end - start < s3.MIN_DAYS[name] for (name, start), end in zip(found.steps, ends, strict=True))
    assert bool(found.fee) == early
    assert any("early-delete fee" in one.item for one in found.lines) == early
    if early:
        full = float(next(one.monthly or 0 for one in found.runners if "so pays no early-delete fee" in one.reason))
        assert full == pytest.approx(least(Days(wanted, BOOK, full=True))[0], rel=1e-7)
