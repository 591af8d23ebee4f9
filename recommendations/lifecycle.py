"""The cheapest lifecycle that S3 and the needs of the data allow, by exact search over classes and ages.

The cost of a stage is linear in the data that it holds between the ages at which something changes, so an optimum has its transitions
at the ends of age bands or exactly a minimum duration from another such day; those days are the search space. A minimum duration is only
billed: S3 takes rules that leave a class earlier, so its fee is weighed like any other cost (decision 0007).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from recommendations import storage as s3
from recommendations.costs import Bill, Line
from recommendations.lifecycle_cost import Band, Need, Stretch, stage_bill, stage_cost, stretch_of
from recommendations.lifecycle_fee import Step, dearer, fee_told, left_early, no_fee, with_fee
from recommendations.prices import PriceBook

PROXY_REGION = "us-east-1"  # orders the classes where a Region has no prices; its figures are never shown for that Region
MAX_STEPS = 4
ALL = frozenset(s3.CLASSES)


@dataclass(frozen=True, slots=True)
class Runner:
    """A lifecycle that was weighed and not taken, and why."""

    steps: tuple[Step, ...]
    monthly: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Steps by age (the first is always Standard at day 0 or a class entered at day 0), expiry in days, monthly cost lines.

    `plain` is what the same data costs in S3 Standard without any step, the yardstick of each design; its unknown prices are its own.
    `fee` tells what is paid for leaving classes before their minimum, and what paying none would cost; empty where nothing leaves early.
    """

    steps: tuple[Step, ...]
    expire: int | None
    lines: tuple[Line, ...]
    unknown: frozenset[str]
    runners: tuple[Runner, ...]
    plain: tuple[Line, ...]
    plain_unknown: frozenset[str]
    fee: str = ""

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


@lru_cache(maxsize=512)
def _search(need: Need, _digest: str, held: _Held) -> Lifecycle:
    book = held.book
    # Where one class had no price it would seem to cost nothing.
    priced = need if _priced(need.region, _digest, held) else replace(need, region=PROXY_REGION)
    costs = _Costs(priced, book)
    ranked = _Search(priced, costs).ranked()
    steps, best = ranked[0]
    bill = steps_bill(need, book, steps)
    known = bill.total() is not None
    runners = [Runner(other, cost if known else None, dearer(cost - best, known) + with_fee(need, other)) for other, cost in ranked[1:4]]
    runners += _forbidden(priced, costs, best, known)
    told = ""
    if left_early(need, steps):
        full = _Search(priced, costs, full=True).ranked()[0]
        told = fee_told(need, steps, bill, full[1])
        instead = Runner(full[0], full[1] if known else None, no_fee(full[1] - best, bill, known))
        runners = [instead, *(one for one in runners if one.steps != instead.steps)]
    plain = steps_bill(need, book, ((s3.STANDARD, 0),))
    return Lifecycle(
        steps, need.expire, tuple(bill.lines), frozenset(bill.unknown), tuple(runners), tuple(plain.lines), frozenset(plain.unknown), told
    )


@lru_cache(maxsize=64)
def _priced(region: str, _digest: str, held: _Held) -> bool:
    """Whether a Region has a price for all that any class charges."""
    band = Band(0, None, "monthly", timedelta(0), ALL)
    sample = Need(region, s3.GIB * 1024, 1024, s3.GIB, 3653, None, (band,), Decimal(1))
    return not any(stage_bill(sample, held.book, name, 0, None).unknown for name in s3.CLASSES)


def steps_bill(need: Need, book: PriceBook, steps: tuple[Step, ...]) -> Bill:
    """The monthly cost of a lifecycle, stage by stage."""
    bill = Bill()
    for index, (storage_class, start) in enumerate(steps):
        end = steps[index + 1][1] if index + 1 < len(steps) else need.expire
        bill.extend(stage_bill(need, book, storage_class, start, end))
    return bill


def days_of_interest(need: Need) -> tuple[int, ...]:
    """Ages at which a transition can be worth it: band borders and the end, and those a minimum duration before or after them; the tiers of
    Intelligent-Tiering begin 30 and 90 days after it too."""
    borders = {0, 30} | {band.start for band in need.bands}
    days = borders | {border + gap for border in borders for gap in (30, 90, 180)}
    days |= {last - gap for last in (need.expire, need.ruled) if last is not None for gap in (30, 90, 180)}
    # A class that is left at a border costs no fee from its minimum before it; Intelligent-Tiering has its tiers by then.
    days |= {border - gap for border in borders for gap in (30, 90, 180)}
    limit = min(need.span, need.expire or need.span, need.ruled or need.span)
    return tuple(sorted(day for day in days if 0 <= day < limit))


def allowed(need: Need, storage_class: str, start: int, end: int | None, *, full: bool = False) -> bool:
    """Whether S3 and the data's needs let `storage_class` hold it from day `start` to day `end`.

    S3 refuses a move into an IA class before day 30 and one out of it within 30 days (aws-facts b), and a move on or after the day of the
    rule's expiry. `full`: and no day of the class's minimum, which is billed and not demanded, is left.
    """
    gap = s3.MIN_AGE.get(storage_class, 0)
    if start < gap or (end is not None and end != need.expire and end - start < gap):
        return False
    if full and end is not None and end - start < s3.MIN_DAYS[storage_class]:
        return False
    if need.ruled is not None and storage_class != s3.STANDARD and max(start, 1) >= need.ruled:
        return False
    if not _moves(need, storage_class, start):
        return False
    return all(storage_class in band.classes for band in need.bands if _touches(band, start, end))


def _moves(need: Need, storage_class: str, start: int) -> bool:
    """Whether any object comes into a class on a day: S3 moves none under 128 KiB, which can only be written there."""
    if not need.small or storage_class == s3.STANDARD:
        return True
    if need.placed:
        return start == 0 and storage_class != s3.INTELLIGENT
    return need.large > 0


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
# What is left of an order of classes once its first one is left, as a position in SEQUENCES; None for a single class.
_NUMBER = {classes: number for number, classes in enumerate(SEQUENCES)}
_REST = tuple(_NUMBER[classes[1:]] if len(classes) > 1 else None for classes in SEQUENCES)
Found = tuple[Decimal, tuple[Step, ...]]


class _Costs:
    """What stages of one need cost, each worked out once, whichever classes its bands allow."""

    def __init__(self, need: Need, book: PriceBook) -> None:
        self.need, self.book = need, book
        self.held: dict[tuple[int, int | None], Stretch] = {}
        self.known: dict[tuple[str, int, int | None], Decimal] = {}

    def cost(self, storage_class: str, start: int, end: int | None) -> Decimal:
        """USD a month of a stage."""
        key = (storage_class, start, end)
        if (known := self.known.get(key)) is not None:
            return known
        held = self.held.get((start, end))
        if held is None:
            held = self.held[start, end] = stretch_of(self.need, start, end)
        return self.known.setdefault(key, stage_cost(self.need, self.book, storage_class, start, end, held))


Rows = list[tuple[Decimal, int] | None]


class _Search:
    """The cheapest days for each order of classes, found from the end backwards; days are positions in `days`.

    `limit`: only what costs less is wanted. `full`: no class may be left before its minimum.
    """

    def __init__(self, need: Need, costs: _Costs, limit: Decimal | None = None, *, full: bool = False) -> None:
        self.need, self.costs, self.limit, self.full = need, costs, limit, full
        self.days = days_of_interest(need)
        self.own: dict[tuple[str, int], list[tuple[int, Decimal]]] = {}
        # For each order of classes and each day: cost from that day to the end, and the position of the next change.
        self.rows: list[Rows] = []

    def ranked(self) -> list[tuple[tuple[Step, ...], Decimal]]:
        """The cheapest lifecycle of each order of classes, cheapest first; ties go to fewer steps."""
        for number, classes in enumerate(SEQUENCES):
            # Nothing stands before Standard or before a full order, so these begin on the first day only.
            starts = 1 if classes[0] == s3.STANDARD or len(classes) == MAX_STEPS else len(self.days)
            rest = _REST[number]
            self.rows.append(self.ends(classes[0], starts) if rest is None else self.changes(classes[0], self.rows[rest], starts))
        found = [(best[0], self.path(number)) for number, row in enumerate(self.rows) if (best := row[0]) is not None]
        return [(path, total) for total, path in sorted(found, key=preference)]

    def ends(self, name: str, starts: int) -> Rows:
        """`name` from each day to the end."""
        end = self.need.expire
        fitting = [allowed(self.need, name, start, end, full=self.full) for start in self.days[:starts]]
        return [(self.costs.cost(name, self.days[at], end), -1) if fits else None for at, fits in enumerate(fitting)]

    def changes(self, name: str, later: Rows, starts: int) -> Rows:
        """`name` from each day to the best day on which what comes `later` takes over; of equals the earliest."""
        rows: Rows = []
        for at in range(starts):
            least: tuple[Decimal, int] | None = None
            for following, cost in self.stages(name, at):
                rest = later[following]
                if rest is not None and (least is None or cost + rest[0] < least[0]):
                    least = (cost + rest[0], following)
            rows.append(least)
        return rows

    def stages(self, name: str, at: int) -> list[tuple[int, Decimal]]:
        """Every day until which `name` may hold the data from a day on, with what that costs."""
        key = (name, at)
        found = self.own.get(key)
        if found is None:
            start = self.days[at]
            ends = [(one, self.days[one]) for one in range(at + 1, len(self.days))]
            fitting = [(one, end) for one, end in ends if allowed(self.need, name, start, end, full=self.full)]
            found = [(one, self.costs.cost(name, start, end)) for one, end in fitting]
            if self.limit is not None:
                found = [one for one in found if one[1] < self.limit]
            self.own[key] = found
        return found

    def path(self, number: int) -> tuple[Step, ...]:
        """The steps of the cheapest lifecycle of an order of classes."""
        steps: list[Step] = []
        at, left = 0, number
        while (found := self.rows[left][at]) is not None:
            steps.append((SEQUENCES[left][0], self.days[at]))
            rest = _REST[left]
            if rest is None:
                break
            at, left = found[1], rest
        return tuple(steps)


def preference(found: Found) -> tuple[Decimal, int, list[tuple[int, int]]]:
    """Order of lifecycles: cheaper first; of equals the one with fewer steps, then the one in warmer classes."""
    total, path = found
    return total, len(path), [(s3.CLASSES.index(name), day) for name, day in path]


def _forbidden(need: Need, costs: _Costs, best: Decimal, known: bool) -> list[Runner]:
    """The lifecycle that would be cheapest without the needs, where they rule it out, with the first need that does."""
    if all(band.classes == ALL for band in need.bands):
        return []
    unbound = replace(need, bands=tuple(replace(band, classes=ALL) for band in need.bands))
    path, cost = next(iter(_Search(unbound, costs, best).ranked()), ((), best))
    if cost >= best:
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
