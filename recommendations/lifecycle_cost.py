"""What one stage of a lifecycle costs a month: storage, minimum sizes, archive overhead, monitoring, transitions, reads.

Steady state: data enters evenly and lives `span` days, so a stage from day a to day b holds (b - a) / span of all of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from recommendations import storage as s3
from recommendations.costs import Bill, tiered
from recommendations.prices import PriceBook, UnknownPrice

# Share of the data of an age that is read in a month, by the answer of wl_access. Planning figures, printed with the design.
READS: Mapping[str, Decimal] = {
    "daily": Decimal(3),
    "weekly": Decimal(1),
    "monthly": Decimal("0.25"),
    "yearly": Decimal("0.02"),
    "almost-never": Decimal("0.002"),
    "unpredictable": Decimal("0.1"),
}
# Where Intelligent-Tiering holds data, by reads: shares of the Frequent, Infrequent and Archive Instant tiers once 90 days have passed.
TIERS: Mapping[str, tuple[Decimal, Decimal, Decimal]] = {
    "daily": (Decimal(1), Decimal(0), Decimal(0)),
    "weekly": (Decimal(1), Decimal(0), Decimal(0)),
    "monthly": (Decimal("0.5"), Decimal("0.5"), Decimal(0)),
    "yearly": (Decimal("0.05"), Decimal("0.05"), Decimal("0.9")),
    "almost-never": (Decimal(0), Decimal(0), Decimal(1)),
    "unpredictable": (Decimal("0.2"), Decimal("0.2"), Decimal("0.6")),
}
OLD = 90  # age in days from which the yearly restores of the archive (bud_restore_*) are taken


@dataclass(frozen=True, slots=True)
class Band:
    """Data of an age from `start` day up to `end` (None: without end): how it is read and which classes may hold it.

    `why` are (class, sentence) of the rules that forbid a class.
    """

    start: int
    end: int | None
    reads: str
    wait: timedelta
    classes: frozenset[str]
    why: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """What a lifecycle has to satisfy. `size` in bytes; `span` in days; `restores` in GiB a month of data older than 90 days;
    `ruled` is the day on which the rule deletes, where a lock holds the data until `expire` (None: the same)."""

    region: str
    size: int
    objects: int
    object_size: int
    span: int
    expire: int | None
    bands: tuple[Band, ...]
    restores: Decimal = Decimal(0)
    ruled: int | None = None

    def share(self, start: int, end: int | None) -> Decimal:
        """The part of all data whose age lies in [start, end)."""
        upper = self.span if end is None else min(end, self.span)
        return Decimal(max(upper - start, 0)) / self.span

    def gib(self, share: Decimal) -> Decimal:
        return Decimal(self.size) / s3.GIB * share


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is held of a need from one day of its age to another, in whatever class: the part of all data, its GiB and objects, and what
    is read of it a month."""

    share: Decimal
    gib: Decimal
    objects: Decimal
    read_gib: Decimal
    read_objects: Decimal


def stretch_of(need: Need, start: int, end: int | None) -> Stretch:
    """The data whose age lies in [start, end)."""
    share = need.share(start, end)
    gib, objects = Decimal(0), Decimal(0)
    for band, low, high in _bands(need, start, end):
        part = need.share(low, high) * READS[band.reads]
        gib += need.gib(part)
        objects += need.objects * part
    old_all, old_here = need.share(OLD, None), need.share(max(start, OLD), end)
    if old_all > 0 and need.restores > 0:
        restored = need.restores * old_here / old_all
        gib += restored
        objects += restored * s3.GIB / max(need.object_size, 1)
    return Stretch(share, need.gib(share), need.objects * share, gib, objects)


# Part of the price-book item, words, quantity and unit of one charge.
Charge = tuple[str, str, Decimal, str]


def stage_bill(need: Need, book: PriceBook, storage_class: str, start: int, end: int | None) -> Bill:
    """Monthly cost of keeping data in `storage_class` from day `start` to day `end` of its age, entering included."""
    bill = Bill()
    label = s3.CLASS_LABELS[storage_class]
    for item, words, quantity, unit in charges(need, storage_class, start, end, stretch_of(need, start, end)):
        bill.add(book, need.region, item, f"{label}, {words}", quantity, unit)
    return bill


def stage_cost(need: Need, book: PriceBook, storage_class: str, start: int, end: int | None, held: Stretch) -> Decimal:
    """What `stage_bill` comes to, unrounded and without what has no price: for comparing thousands of lifecycles."""
    total = Decimal(0)
    for item, _, quantity, _ in charges(need, storage_class, start, end, held):
        if quantity > 0:
            try:
                total += tiered(book, need.region, item, quantity)
            except UnknownPrice:
                continue
    return total


def charges(need: Need, storage_class: str, start: int, end: int | None, held: Stretch) -> Iterator[Charge]:
    """Everything that a stage is charged for; `held` is the data of its days."""
    base = f"s3/{storage_class}"
    if storage_class == s3.INTELLIGENT:
        yield from _intelligent(need, start, end, held)
    else:
        small = storage_class in s3.BILLS_128K and need.object_size < s3.SMALL_OBJECT
        yield f"{base}/storage", "storage", held.objects * s3.SMALL_OBJECT / s3.GIB if small else held.gib, "GiB-month"
    if storage_class in s3.ARCHIVES:
        yield f"{base}/storage", "index of the objects", held.objects * s3.OVERHEAD_CLASS / s3.GIB, "GiB-month"
        yield "s3/STANDARD/storage", "names of the objects", held.objects * s3.OVERHEAD_STANDARD / s3.GIB, "GiB-month"
    if (start > 0 or storage_class != s3.STANDARD) and start < need.span:
        entering = Decimal(need.objects) * s3.DAYS_A_MONTH / need.span / 1000
        yield f"{base}/transition_in_1k", "transitions", entering, "1,000 requests"
    if storage_class in s3.ARCHIVES:
        yield f"{base}/retrieval_gb/Standard", "retrieval", held.read_gib, "GiB"
        yield f"{base}/retrieval_request_1k/Standard", "restore requests", held.read_objects / 1000, "1,000 requests"
    else:
        if storage_class in s3.BILLS_128K:
            yield f"{base}/retrieval_gb", "retrieval", held.read_gib, "GiB"
        yield f"{base}/get_1k", "reads", held.read_objects / 1000, "1,000 requests"


def _intelligent(need: Need, start: int, end: int | None, held: Stretch) -> Iterator[Charge]:
    gib = [Decimal(0)] * 3
    for band, low, high in _bands(need, start, end):
        shares = TIERS[band.reads]
        for cut_low, cut_high, tiers in (
            (start, start + 30, (Decimal(1), Decimal(0), Decimal(0))),
            (start + 30, start + 90, (shares[0], shares[1] + shares[2], Decimal(0))),
            (start + 90, None, shares),
        ):
            part_low = max(low, cut_low)
            part_high = high if cut_high is None else (cut_high if high is None else min(high, cut_high))
            if part_high is None or part_high > part_low:
                part = need.gib(need.share(part_low, part_high))
                gib = [amount + part * tier for amount, tier in zip(gib, tiers, strict=True)]
    names = ("storage_frequent", "storage_infrequent", "storage_archive_instant")
    words = ("Frequent tier", "Infrequent tier", "Archive Instant tier")
    for amount, name, word in zip(gib, names, words, strict=True):
        yield f"s3/INTELLIGENT_TIERING/{name}", word, amount, "GiB-month"
    if need.object_size >= s3.SMALL_OBJECT:
        watched = held.objects / 1000
        yield "s3/INTELLIGENT_TIERING/monitoring_1k_objects_month", "monitoring", watched, "1,000 objects"


def _bands(need: Need, start: int, end: int | None) -> list[tuple[Band, int, int | None]]:
    found = []
    for band in need.bands:
        low = max(start, band.start)
        high = band.end if end is None else (end if band.end is None else min(end, band.end))
        if high is None or high > low:
            found.append((band, low, high))
    return found
