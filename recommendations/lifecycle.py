"""The cheapest lifecycle that S3 and the needs of the data allow, by exact search over classes and ages.

The cost of a stage is linear in its days between the ages at which something changes, so an optimum has its transitions at the
ends of age bands or exactly a minimum duration after another such day; those days are the search space.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from recommendations import storage as s3
from recommendations.costs import Bill, Line, money
from recommendations.lifecycle_cost import Band, Need, stage_bill
from recommendations.prices import PriceBook

PROXY_REGION = "us-east-1"  # orders the classes where a Region has no prices; its figures are never shown for that Region
MAX_STEPS = 4

Step = tuple[str, int]  # (storage class, from day)


@dataclass(frozen=True)
class Runner:
    """A lifecycle that was weighed and not taken, and why."""

    steps: tuple[Step, ...]
    monthly: Decimal | None
    reason: str


@dataclass(frozen=True)
class Lifecycle:
    """Steps by age (the first is always Standard at day 0 or a class entered at day 0), expiry in days, monthly cost lines."""

    steps: tuple[Step, ...]
    expire: int | None
    lines: tuple[Line, ...]
    unknown: frozenset[str]
    runners: tuple[Runner, ...]

    def bill(self) -> Bill:
        return Bill(list(self.lines), set(self.unknown))


def search(need: Need, book: PriceBook) -> Lifecycle:
    """The cheapest lifecycle for `need`. Where its Region has no prices, classes are ordered by another Region's and no cost is given."""
    return _search(need, book.digest, _Held(book))


class _Held:
    """Carries the price book through the cache without being part of its key (the digest is)."""

    def __init__(self, book: PriceBook) -> None:
        self.book = book

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=4096)
def _search(need: Need, _digest: str, held: _Held) -> Lifecycle:
    book = held.book
    probe = stage_bill(need, book, s3.STANDARD, 0, need.expire)
    priced = need if not probe.unknown else _in_region(need, PROXY_REGION)
    ranked = _ranked(priced, book, constrained=True)
    steps, best = ranked[0]
    bill = steps_bill(need, book, steps)
    known = bill.total() is not None
    runners = [Runner(other, cost if known else None, _dearer(cost - best, known)) for other, cost in ranked[1:4]]
    runners += _forbidden(priced, book, best, steps, known)
    return Lifecycle(steps, need.expire, tuple(bill.lines), frozenset(bill.unknown), tuple(runners))


def _in_region(need: Need, region: str) -> Need:
    return replace(need, region=region)


def _dearer(difference: Decimal, known: bool) -> str:
    return f"USD {money(difference)} a month more" if known else "Dearer in every Region whose prices are known"


def steps_bill(need: Need, book: PriceBook, steps: tuple[Step, ...]) -> Bill:
    """The monthly cost of a lifecycle, stage by stage."""
    bill = Bill()
    for index, (storage_class, start) in enumerate(steps):
        end = steps[index + 1][1] if index + 1 < len(steps) else need.expire
        bill.extend(stage_bill(need, book, storage_class, start, end))
    return bill


def days_of_interest(need: Need) -> tuple[int, ...]:
    """Ages at which a transition can be worth it: band borders, and those plus the minimum durations."""
    borders = {0, 30} | {band.start for band in need.bands}
    days = borders | {border + gap for border in borders for gap in (30, 90, 180)}
    if need.expire is not None:
        days |= {need.expire - gap for gap in (30, 90, 180)}
    limit = min(need.span, need.expire or need.span, need.latest or need.span)
    return tuple(sorted(day for day in days if 0 <= day < limit))


def allowed(need: Need, storage_class: str, start: int, end: int | None) -> bool:
    """Whether the data's needs let `storage_class` hold it from day `start` to day `end`, minimum duration and small objects included."""
    if end is not None and end - start < s3.MIN_DAYS[storage_class]:
        return False
    if start < s3.MIN_AGE.get(storage_class, 0):
        return False
    small = need.object_size < s3.SMALL_OBJECT
    if small and storage_class not in s3.ARCHIVES | {s3.STANDARD}:
        return False
    return all(storage_class in band.classes for band in need.bands if _touches(band, start, end))


def _touches(band: Band, start: int, end: int | None) -> bool:
    return (end is None or band.start < end) and (band.end is None or start < band.end)


def paths(need: Need, constrained: bool = True) -> Iterator[tuple[Step, ...]]:
    """Every lifecycle of the search space that obeys S3's rules (and, if `constrained`, the needs)."""
    days = days_of_interest(need)
    seen: dict[tuple[str, int, int | None], bool] = {}
    free = need if constrained else replace(need, bands=())

    def fits(storage_class: str, start: int, end: int | None) -> bool:
        key = (storage_class, start, end)
        if key not in seen:
            seen[key] = allowed(free, storage_class, start, end)
        return seen[key]

    def grow(path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
        last, since = path[-1]
        if fits(last, since, need.expire):
            yield path
        if len(path) == MAX_STEPS:
            return
        for day in days:
            at_once = day == since == 0 and last == s3.STANDARD
            if not at_once and (day <= since or not fits(last, since, day)):
                continue
            kept = () if at_once else path
            for following in sorted(s3.WATERFALL[last]):
                yield from grow((*kept, (following, day)))

    yield from grow(((s3.STANDARD, 0),))


def _ranked(need: Need, book: PriceBook, constrained: bool) -> list[tuple[tuple[Step, ...], Decimal]]:
    """The cheapest lifecycle of each class sequence, cheapest first; ties go to fewer steps."""
    stages: dict[tuple[str, int, int | None], Decimal] = {}

    def cost(storage_class: str, start: int, end: int | None) -> Decimal:
        key = (storage_class, start, end)
        if key not in stages:
            stages[key] = stage_bill(need, book, storage_class, start, end).exact()
        return stages[key]

    best: dict[tuple[str, ...], tuple[Decimal, int, tuple[Step, ...]]] = {}
    for path in paths(need, constrained):
        total = Decimal(0)
        for index, (storage_class, start) in enumerate(path):
            total += cost(storage_class, start, path[index + 1][1] if index + 1 < len(path) else need.expire)
        names = tuple(step[0] for step in path)
        candidate = (total, len(path), path)
        if names not in best or candidate < best[names]:
            best[names] = candidate
    return [(path, total) for total, _, path in sorted(best.values())]


def _forbidden(need: Need, book: PriceBook, best: Decimal, steps: tuple[Step, ...], known: bool) -> list[Runner]:
    """The cheapest lifecycle that the needs rule out, with the first need that does."""
    free = _ranked(need, book, constrained=False)
    path, cost = free[0]
    if cost >= best or path == steps:
        return []
    for index, (storage_class, start) in enumerate(path):
        end = path[index + 1][1] if index + 1 < len(path) else need.expire
        for band in need.bands:
            if _touches(band, start, end) and storage_class not in band.classes:
                return [Runner(path, cost if known else None, _reason(band, storage_class))]
    return []


def _reason(band: Band, storage_class: str) -> str:
    """The need that keeps `storage_class` from holding the data of `band`."""
    for name, sentence in band.why:
        if name == storage_class:
            return sentence
    hours = int(s3.WAIT[storage_class].total_seconds() // 3600)
    return f"{s3.CLASS_LABELS[storage_class]} needs up to {hours} hours to open; data {band.start} days old may not take that long"
