"""What one stage of a lifecycle costs a month: storage, minimum sizes, archive overhead, monitoring, transitions, reads.

Steady state: data lives `span` days, and what enters a day grows by `growth` a year. So of what is held, the part of an age is
proportional to (1 + growth) ** (-age / 365), and a stage from day a to day b holds (b - a) / span of all of it where nothing grows.

Objects are of one average size, or of two kinds: those of the usual size, and the rest of the bytes in objects of
`storage.LARGE_OBJECT`. S3 does not move objects under 128 KiB (aws-facts b, `all_storage_classes_128K`, which every bucket of a design
sets): beside larger ones they stay in Standard, and cost what they cost there, until they expire.

Requests that write, and parts of uploads that were never completed, cost the same under every lifecycle: `recommendations.uploads` has
them, and the bill.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Context, Decimal
from functools import lru_cache
from itertools import chain

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
# `power` may miss its last digit, so it is worked out with more than are kept.
PRECISE, WORKING = Context(prec=40), Context(prec=28)
# Words of the bill line for the days that a class bills at least and the data is not there (aws-facts a, minimum days).
FEE = "early-delete fee: days billed after the data left"
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
    `ruled` is the day on which the rule deletes, where a lock holds the data until `expire` (None: the same).

    `objects` are those of `object_size`; `large` bytes of `size` are in objects of `storage.LARGE_OBJECT` instead. `placed`: objects are
    written into their first class (replicas), so small ones too. `growth` is a fraction a year, above -1.
    """

    region: str
    size: int
    objects: int
    object_size: int
    span: int
    expire: int | None
    bands: tuple[Band, ...]
    restores: Decimal = Decimal(0)
    ruled: int | None = None
    large: int = 0
    placed: bool = False
    growth: Decimal = Decimal(0)

    @property
    def small(self) -> bool:
        """Whether the usual object is one that S3 does not move."""
        return self.object_size < s3.SMALL_OBJECT

    @property
    def moved(self) -> Decimal:
        """The part of all bytes that S3 moves: all of them, or beside small objects those in large ones."""
        return Decimal(self.large) / self.size if self.large and self.small and not self.placed else Decimal(1)

    def share(self, start: int, end: int | None) -> Decimal:
        """The part of all data whose age lies in [start, end)."""
        upper = self.span if end is None else min(end, self.span)
        return self.part(start, upper) if upper > start else Decimal(0)

    def passing(self, day: int) -> Decimal:
        """The part of all data that reaches an age in a day."""
        return self.part(day, day + 1)

    def part(self, start: int, end: int) -> Decimal:
        """What has an age in [start, end), where all of it is one; days beyond `span` go on the same curve."""
        if not self.growth:
            return Decimal(end - start) / self.span
        return (remains(self.growth, start) - remains(self.growth, end)) / (1 - remains(self.growth, self.span))

    def gib(self, share: Decimal) -> Decimal:
        return Decimal(self.size) / s3.GIB * share

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of object, the usual one first."""
        if not self.large:
            return (Kind(Decimal(1), Decimal(self.objects), self.object_size),)
        part = Decimal(self.large) / self.size
        return (
            Kind(1 - part, Decimal(self.objects), self.object_size),
            Kind(part, Decimal(self.large) / s3.LARGE_OBJECT, s3.LARGE_OBJECT),
        )

    def count(self, size: Decimal) -> Decimal:
        """Objects that `size` bytes of this data are."""
        return sum((size * one.part / max(one.object_size, 1) for one in self.kinds()), Decimal(0))


@lru_cache(maxsize=8192)
def remains(growth: Decimal, days: int) -> Decimal:
    """(1 + growth) ** (-days / 365): how much less came in a day, so many days ago. The same on every machine: 28 digits of 40."""
    return WORKING.plus(PRECISE.power(1 + growth, PRECISE.divide(Decimal(-days), Decimal(365))))


@dataclass(frozen=True, slots=True)
class Kind:
    """Objects of one size: their part of all bytes, and how many there are."""

    part: Decimal
    objects: Decimal
    object_size: int


@dataclass(frozen=True, slots=True)
class Held:
    """GiB and objects that a stage holds, `billed` GiB with each object as 128 KiB at least; what is read of them a month; the objects
    that reach its first day in a month."""

    gib: Decimal
    billed: Decimal
    objects: Decimal
    read_gib: Decimal
    read_objects: Decimal
    entering: Decimal

    def __add__(self, other: Held) -> Held:
        return Held(
            self.gib + other.gib,
            self.billed + other.billed,
            self.objects + other.objects,
            self.read_gib + other.read_gib,
            self.read_objects + other.read_objects,
            self.entering + other.entering,
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is held of a need from one day of its age to another: what S3 moves, and what it leaves in Standard whatever the class."""

    moved: Held
    left: Held | None


def stretch_of(need: Need, start: int, end: int | None) -> Stretch:
    """The data whose age lies in [start, end)."""
    share, read = need.share(start, end), Decimal(0)
    for band, low, high in _bands(need, start, end):
        read += need.share(low, high) * READS[band.reads]
    restored = Decimal(0)
    if need.restores > 0 and (old := need.share(OLD, None)) > 0:
        restored = need.restores * need.share(max(start, OLD), end) / old
    found = []
    for kind in need.kinds():
        again = restored * kind.part
        gib, objects = need.gib(share * kind.part), kind.objects * share
        found.append(
            Held(
                gib,
                objects * s3.SMALL_OBJECT / s3.GIB if kind.object_size < s3.SMALL_OBJECT else gib,
                objects,
                need.gib(read * kind.part) + again,
                kind.objects * read + again * s3.GIB / max(kind.object_size, 1),
                kind.objects * s3.DAYS_A_MONTH * need.passing(start) if start < need.span else Decimal(0),
            )
        )
    if len(found) == 1:
        return Stretch(found[0], None)
    usual, large = found
    return Stretch(large, usual) if need.small and not need.placed else Stretch(usual + large, None)


# Part of the price-book item, words, quantity and unit of one charge.
Charge = tuple[str, str, Decimal, str]


def stage_bill(need: Need, book: PriceBook, storage_class: str, start: int, end: int | None) -> Bill:
    """Monthly cost of keeping data in `storage_class` from day `start` to day `end` of its age, entering included."""
    bill = Bill()
    label = s3.CLASS_LABELS[storage_class]
    held = stretch_of(need, start, end)
    for item, words, quantity, unit in charges(need, storage_class, start, end, held):
        bill.add(book, need.region, item, f"{label}, {words}", quantity, unit)
    for item, words, quantity, unit in unmoved(storage_class, held):
        bill.add(book, need.region, item, f"{s3.CLASS_LABELS[s3.STANDARD]}, {words}", quantity, unit)
    return bill


def stage_cost(need: Need, book: PriceBook, storage_class: str, start: int, end: int | None, held: Stretch) -> Decimal:
    """What `stage_bill` comes to, unrounded and without what has no price: for comparing thousands of lifecycles."""
    total = Decimal(0)
    for item, _, quantity, _ in chain(charges(need, storage_class, start, end, held), unmoved(storage_class, held)):
        if quantity > 0:
            try:
                total += tiered(book, need.region, item, quantity)
            except UnknownPrice:
                continue
    return total


def unmoved(storage_class: str, stretch: Stretch) -> Iterator[Charge]:
    """What the small objects cost in Standard while the larger ones are in another class."""
    held = stretch.left
    if held is not None and storage_class != s3.STANDARD:
        yield "s3/STANDARD/storage", "objects under 128 KiB", held.gib, "GiB-month"
        yield "s3/STANDARD/get_1k", "reads of objects under 128 KiB", held.read_objects / 1000, "1,000 requests"


def charges(need: Need, storage_class: str, start: int, end: int | None, stretch: Stretch) -> Iterator[Charge]:
    """Everything that a stage is charged for in its class; `stretch` is the data of its days."""
    base, held = f"s3/{storage_class}", stretch.moved
    if storage_class == s3.STANDARD and stretch.left is not None:
        held = held + stretch.left
    if storage_class == s3.INTELLIGENT:
        yield from _intelligent(need, start, end, held)
    else:
        yield f"{base}/storage", "storage", held.billed if storage_class in s3.BILLS_128K else held.gib, "GiB-month"
    if storage_class in s3.ARCHIVES:
        yield f"{base}/storage", "index of the objects", held.objects * s3.OVERHEAD_CLASS / s3.GIB, "GiB-month"
        yield "s3/STANDARD/storage", "names of the objects", held.objects * s3.OVERHEAD_STANDARD / s3.GIB, "GiB-month"
    if end is not None and end < start + s3.MIN_DAYS[storage_class] and start < end:
        yield f"{base}/storage", FEE, _unused(need, storage_class, start, end, held), "GiB-month"
    if start > 0 or storage_class != s3.STANDARD:
        yield f"{base}/transition_in_1k", "transitions", held.entering / 1000, "1,000 requests"
    if storage_class in s3.ARCHIVES:
        yield f"{base}/retrieval_gb/Standard", "retrieval", held.read_gib, "GiB"
        yield f"{base}/retrieval_request_1k/Standard", "restore requests", held.read_objects / 1000, "1,000 requests"
    else:
        if storage_class in s3.BILLS_128K:
            yield f"{base}/retrieval_gb", "retrieval", held.read_gib, "GiB"
        yield f"{base}/get_1k", "reads", held.read_objects / 1000, "1,000 requests"


def _unused(need: Need, storage_class: str, start: int, end: int, held: Held) -> Decimal:
    """GiB-months of the days that a class bills and the data is not there (aws-facts a), reckoned on the days that they are."""
    billed = held.billed if storage_class in s3.BILLS_128K else held.gib
    if storage_class in s3.ARCHIVES:
        billed += held.objects * s3.OVERHEAD_CLASS / s3.GIB
    return billed * need.part(end, start + s3.MIN_DAYS[storage_class]) / need.part(start, end)


def _intelligent(need: Need, start: int, end: int | None, held: Held) -> Iterator[Charge]:
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
                part = need.gib(need.share(part_low, part_high) * need.moved)
                gib = [amount + part * tier for amount, tier in zip(gib, tiers, strict=True)]
    names = ("storage_frequent", "storage_infrequent", "storage_archive_instant")
    words = ("Frequent tier", "Infrequent tier", "Archive Instant tier")
    for amount, name, word in zip(gib, names, words, strict=True):
        yield f"s3/INTELLIGENT_TIERING/{name}", word, amount, "GiB-month"
    # Objects under 128 KiB, which carry no fee for monitoring, never come here.
    yield "s3/INTELLIGENT_TIERING/monitoring_1k_objects_month", "monitoring", held.objects / 1000, "1,000 objects"


def _bands(need: Need, start: int, end: int | None) -> list[tuple[Band, int, int | None]]:
    found = []
    for band in need.bands:
        low = max(start, band.start)
        high = band.end if end is None else (end if band.end is None else min(end, band.end))
        if high is None or high > low:
            found.append((band, low, high))
    return found
