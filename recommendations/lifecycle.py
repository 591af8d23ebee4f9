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
from recommendations.costs import Bill, Line, Sum, money
from recommendations.lifecycle_cost import Band, Need, stage_bill
from recommendations.prices import PriceBook

PROXY_REGION = "us-east-1"  # orders the classes where a Region has no prices; its figures are never shown for that Region
MAX_STEPS = 4
ALL = frozenset(s3.CLASSES)

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
    costs: dict[Stage, Decimal] = {}
    ranked = _ranked(priced, book, costs)
    steps, best = ranked[0]
    bill = steps_bill(need, book, steps)
    known = bill.total() is not None
    runners = [Runner(other, cost if known else None, _dearer(cost - best, known)) for other, cost in ranked[1:4]]
    free = _ranked(replace(priced, bands=tuple(replace(band, classes=ALL) for band in priced.bands)), book, costs)
    runners += _forbidden(priced, free[0], best, steps, known)
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
    limit = min(need.span, need.expire or need.span, need.ruled or need.span)
    return tuple(sorted(day for day in days if 0 <= day < limit))


def allowed(need: Need, storage_class: str, start: int, end: int | None) -> bool:
    """Whether the data's needs let `storage_class` hold it from day `start` to day `end`, minimum duration and small objects included."""
    if end is not None and end - start < s3.MIN_DAYS[storage_class]:
        return False
    if start < s3.MIN_AGE.get(storage_class, 0):
        return False
    if need.ruled is not None and s3.MIN_DAYS[storage_class] and max(start, 1) + s3.MIN_DAYS[storage_class] > need.ruled:
        return False
    small = need.object_size < s3.SMALL_OBJECT
    if small and storage_class not in s3.ARCHIVES | {s3.STANDARD}:
        return False
    return all(storage_class in band.classes for band in need.bands if _touches(band, start, end))


def _touches(band: Band, start: int, end: int | None) -> bool:
    return (end is None or band.start < end) and (band.end is None or start < band.end)


def sequences() -> tuple[tuple[str, ...], ...]:
    """Every order of classes that S3's waterfall allows, at most MAX_STEPS long. Objects are written to Standard, or moved at day 0."""
    found: list[tuple[str, ...]] = [(s3.STANDARD,), *((name,) for name in sorted(s3.WATERFALL[s3.STANDARD]))]
    for path in found:
        if len(path) < MAX_STEPS:
            found += [(*path, following) for following in sorted(s3.WATERFALL[path[-1]])]
    return tuple(found)


SEQUENCES = sequences()
Stage = tuple[str, int, int | None]
Found = tuple[Decimal, tuple[Step, ...]]


class _Stages:
    """Stages of one need, costed once each, and the cheapest days for each remaining order of classes, found from the end backwards."""

    def __init__(self, need: Need, book: PriceBook, costs: dict[Stage, Decimal]) -> None:
        self.need, self.book, self.costs = need, book, costs
        self.own: dict[Stage, Decimal | None] = {}
        self.days = days_of_interest(need)
        self.known: dict[tuple[tuple[str, ...], int], Found | None] = {}

    def cost(self, storage_class: str, start: int, end: int | None) -> Decimal | None:
        """USD a month of a stage; None where it is not allowed."""
        key = (storage_class, start, end)
        if key not in self.own:
            if not allowed(self.need, storage_class, start, end):
                self.own[key] = None
            else:
                if key not in self.costs:
                    self.costs[key] = stage_bill(self.need, self.book, storage_class, start, end, Sum()).exact()
                self.own[key] = self.costs[key]
        return self.own[key]

    def best(self, classes: tuple[str, ...], start: int) -> Found | None:
        """The cheapest days for `classes` from day `start` to the end; of equals the earliest days."""
        key = (classes, start)
        if key not in self.known:
            self.known[key] = min(self._candidates(classes, start), default=None)
        return self.known[key]

    def _candidates(self, classes: tuple[str, ...], start: int) -> Iterator[Found]:
        first, rest = classes[0], classes[1:]
        if not rest:
            cost = self.cost(first, start, self.need.expire)
            if cost is not None:
                yield cost, ((first, start),)
            return
        for day in self.days:
            if day > start and (cost := self.cost(first, start, day)) is not None:
                following = self.best(rest, day)
                if following is not None:
                    yield cost + following[0], ((first, start), *following[1])


def preference(found: Found) -> tuple[Decimal, int, list[tuple[int, int]]]:
    """Order of lifecycles: cheaper first; of equals the one with fewer steps, then the one in warmer classes."""
    total, path = found
    return total, len(path), [(s3.CLASSES.index(name), day) for name, day in path]


def _ranked(need: Need, book: PriceBook, costs: dict[Stage, Decimal]) -> list[tuple[tuple[Step, ...], Decimal]]:
    """The cheapest lifecycle of each order of classes, cheapest first; ties go to fewer steps. `costs` keeps what stages cost."""
    stages = _Stages(need, book, costs)
    found = [best for classes in SEQUENCES if (best := stages.best(classes, 0)) is not None]
    return [(path, total) for total, path in sorted(found, key=preference)]


def _forbidden(need: Need, free: tuple[tuple[Step, ...], Decimal], best: Decimal, steps: tuple[Step, ...], known: bool) -> list[Runner]:
    """The lifecycle that would be cheapest without the needs, where they rule it out, with the first need that does."""
    path, cost = free
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
