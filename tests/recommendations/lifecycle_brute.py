"""The cheapest lifecycle a second time, by looking at every day: from AWS's words and the price book, with none of the engine's sums.

An object that has reached an age costs something each month, by the class it is in; a lifecycle costs the sum over all ages, and a
request for each move. Sources: aws-facts sections a (minimum size and days, overhead of archived objects, tiers) and b (waterfall, ages).
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from math import inf

from recommendations.lifecycle_cost import Need
from recommendations.prices import PriceBook

MONTH = 30.4375
GIB = 2**30
SMALLEST = 128 * 1024
LARGE = 100 * 2**20
ONWARD = {
    "STANDARD": ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"],
    "STANDARD_IA": ["INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"],
    "INTELLIGENT_TIERING": ["ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"],
    "ONEZONE_IA": ["GLACIER", "DEEP_ARCHIVE"],
    "GLACIER_IR": ["GLACIER", "DEEP_ARCHIVE"],
    "GLACIER": ["DEEP_ARCHIVE"],
    "DEEP_ARCHIVE": [],
}
BILLED_DAYS = {"STANDARD_IA": 30, "ONEZONE_IA": 30, "GLACIER_IR": 90, "GLACIER": 90, "DEEP_ARCHIVE": 180}
# Planning figures as the design prints them: what part of the data of an age is read in a month, and where Intelligent-Tiering has it
# once 90 days have passed (frequent, infrequent, archive instant).
READ = {"daily": 3, "weekly": 1, "monthly": 0.25, "yearly": 0.02, "almost-never": 0.002, "unpredictable": 0.1}
TIER = {
    "daily": (1, 0, 0),
    "weekly": (1, 0, 0),
    "monthly": (0.5, 0.5, 0),
    "yearly": (0.05, 0.05, 0.9),
    "almost-never": (0, 0, 1),
    "unpredictable": (0.2, 0.2, 0.6),
}


class Days:
    """What a day's worth of objects costs a month at each age, in each class; sums over ages from the newest on."""

    def __init__(self, need: Need, book: PriceBook, *, full: bool = False) -> None:
        """A class may be left before its minimum, which is billed all the same; `full`: it may not."""
        self.need, self.book, self.full = need, book, full
        self.span = need.span
        weights = [(1 + float(need.growth)) ** (-age / 365) for age in range(self.span + 1)]
        self.weights = [one / sum(weights[: self.span]) for one in weights]  # what has an age, of all that is kept
        self.kinds = [(need.objects, (need.size - need.large) / GIB, need.object_size)]
        if need.large:
            self.kinds.append((need.large / LARGE, need.large / GIB, LARGE))
        self.reads: list[str] = []
        for age in range(self.span):
            band = next(one for one in need.bands if one.start <= age and (one.end is None or age < one.end))
            self.reads.append(band.reads)
        self.known: dict[str, float] = {}
        self.sums: dict[tuple[str, int], list[float]] = {}
        moving = sum(count for count, _, size in self.kinds if self.moves_it(size))
        self.until = [0.0, *accumulate(self.weights)]
        self.moves = {name: moving * MONTH / 1000 * self.price(f"{name}/transition_in_1k") for name in [*ONWARD][1:]}

    def moves_it(self, size: int) -> bool:
        """S3 moves no small object; one that is written into a class is there, whatever its size."""
        return size >= SMALLEST or self.need.placed

    def price(self, item: str) -> float:
        if item not in self.known:
            self.known[item] = float(self.book.price(self.need.region, f"s3/{item}"))
        return self.known[item]

    def day(self, name: str, age: int, phase: int) -> float:
        """What the objects of an age cost a month in a class, each kind where it really is."""
        cost = 0.0
        old = age >= 90 and self.need.restores > 0
        for count, gib, size in self.kinds:
            really = name if self.moves_it(size) else "STANDARD"
            held, objects = gib * self.weights[age], count * self.weights[age]
            part = READ[self.reads[age]]
            again = float(self.need.restores) * gib * GIB / self.need.size * self.weights[age] / (1 - self.until[90]) if old else 0.0
            read, asked = held * part + again, objects * part + again * GIB / size
            cost += self.storage(really, age, phase, held, objects, size) + self.reading(really, read, asked)
        return cost

    def storage(self, name: str, age: int, phase: int, gib: float, objects: float, size: int) -> float:
        """`phase`: 0 within 30 days of entering, 1 within 90, 2 after; only Intelligent-Tiering knows them."""
        if name == "INTELLIGENT_TIERING":
            frequent, infrequent, instant = TIER[self.reads[age]]
            parts = {0: (1, 0, 0), 1: (frequent, infrequent + instant, 0), 2: (frequent, infrequent, instant)}[phase]
            rates = [self.price(f"{name}/storage_{tier}") for tier in ("frequent", "infrequent", "archive_instant")]
            watched = objects / 1000 * self.price(f"{name}/monitoring_1k_objects_month")
            return gib * sum(part * rate for part, rate in zip(parts, rates, strict=True)) + watched
        if name in ("STANDARD_IA", "ONEZONE_IA", "GLACIER_IR") and size < SMALLEST:
            return objects * SMALLEST / GIB * self.price(f"{name}/storage")
        if name == "STANDARD":
            return 0.0  # by volume, so of a whole stage
        cost = gib * self.price(f"{name}/storage")
        if name in ("GLACIER", "DEEP_ARCHIVE"):
            cost += objects * 32 * 1024 / GIB * self.price(f"{name}/storage")
            cost += objects * 8 * 1024 / GIB * self.price("STANDARD/storage")
        return cost

    def reading(self, name: str, gib: float, objects: float) -> float:
        if name in ("GLACIER", "DEEP_ARCHIVE"):
            return gib * self.price(f"{name}/retrieval_gb/Standard") + objects / 1000 * self.price(f"{name}/retrieval_request_1k/Standard")
        return gib * self.price(f"{name}/retrieval_gb") + objects / 1000 * self.price(f"{name}/get_1k")

    def standard(self, gib: float) -> float:
        """Storage in Standard, whose price falls with the volume."""
        tiers = self.book.tiers(self.need.region, "s3/STANDARD/storage")
        ends = [float(start) for start, _ in tiers[1:]] + [inf]
        return sum(max(min(gib, end) - float(start), 0) * float(price.amount) for (start, price), end in zip(tiers, ends, strict=True))

    def sum(self, name: str, phase: int = 0) -> list[float]:
        """Costs of ages under each day, so that a stage is a difference."""
        found = self.sums.get((name, phase))
        if found is None:
            found = [0.0]
            for age in range(self.span):
                found.append(found[-1] + self.day(name, age, phase))
            self.sums[name, phase] = found
        return found

    def stage(self, name: str, start: int, end: int) -> float:
        """All that a class costs a month that holds objects from one age to another, the moves into it included."""
        if name == "INTELLIGENT_TIERING":
            cuts = [start, min(start + 30, end), min(start + 90, end), end]
            cost = sum(self.sum(name, phase)[high] - self.sum(name, phase)[low] for phase, (low, high) in enumerate(pairwise(cuts)))
        else:
            held = self.sum(name)
            cost = held[end] - held[start]
        here = sum(gib for _, gib, size in self.kinds if name == "STANDARD" or not self.moves_it(size))
        cost += self.standard(here * (self.until[end] - self.until[start]))
        for age in range(end, start + BILLED_DAYS.get(name, 0)):
            cost += self.unused(name, age)
        return cost + self.moves.get(name, 0.0) * self.weights[start]

    def unused(self, name: str, age: int) -> float:
        """What a class bills of a day on which the objects have left it."""
        part = self.weights[0] * (1 + float(self.need.growth)) ** (-age / 365)
        here = [kind for kind in self.kinds if self.moves_it(kind[2])]
        if name in ("GLACIER", "DEEP_ARCHIVE"):
            held = sum(gib + count * 32 * 1024 / GIB for count, gib, _ in here)
        else:
            held = sum(gib if size >= SMALLEST else count * SMALLEST / GIB for count, gib, size in here)
        return held * part * self.price(f"{name}/storage")

    def ends(self, name: str, start: int) -> tuple[int, int, bool]:
        """Which ages S3 and the needs let the class hold from an age on: (first end, last end, whether to the very end)."""
        need, billed = self.need, BILLED_DAYS.get(name, 0)
        nowhere = (1, 0, False)
        if name in ("STANDARD_IA", "ONEZONE_IA") and start < 30:
            return nowhere
        stay = billed if self.full else 1
        # A rule takes no move on the day on which it deletes; an old version moves on its first whole day at the soonest.
        if need.ruled is not None and name != "STANDARD" and max(start, 1) >= need.ruled:
            return nowhere
        # Where some are too small to move, the rest moves; written there, all are, and none moves on.
        fixed = (start > 0 or name == "INTELLIGENT_TIERING") if need.placed else not need.large
        if name != "STANDARD" and need.object_size < SMALLEST and fixed:
            return nowhere
        forbidden = [max(one.start, start) for one in need.bands if name not in one.classes and (one.end is None or one.end > start)]
        last = min(forbidden, default=inf)
        stays = last >= (inf if need.expire is None else self.span) and (need.expire is None or self.span - start >= stay)
        if name in ("STANDARD_IA", "ONEZONE_IA"):
            stay = 30  # demanded before any other class
        return start + max(stay, 1), int(min(last, self.span - 1)), stays


Found = tuple[float, tuple[tuple[str, int], ...]]


def least(days: Days, on: list[int] | None = None) -> Found:
    """The cheapest of all lifecycles of any number of classes that change on any day (or on the days `on`), with its steps."""
    limit = min(days.span, days.need.ruled or days.span)
    starts = [day for day in (on or range(limit)) if day < limit]
    best: dict[tuple[str, int], Found] = {}
    later: dict[tuple[str, int], Found] = {}
    for position in reversed(range(len(starts))):
        start = starts[position]
        for name in ONWARD:
            first, last, stays = days.ends(name, start)
            found: Found = (days.stage(name, start, days.span), ((name, start),)) if stays else (inf, ())
            for end in starts[position + 1 :]:
                if first <= end <= last and (rest := later[name, end])[0] < inf:
                    cost = days.stage(name, start, end) + rest[0]
                    if cost < found[0] - 1e-12:
                        found = (cost, ((name, start), *rest[1]))
            best[name, start] = found
        for name, after in ONWARD.items():
            later[name, start] = min((best[one, start] for one in after), key=lambda one: one[0], default=(inf, ()))
    return min((best[name, 0] for name in ONWARD), key=lambda one: one[0])


def every(days: Days, on: list[int]) -> float:
    """The same by writing out each lifecycle there is on a few days, none left out and nothing remembered."""

    def onward(name: str, start: int) -> float:
        first, last, stays = days.ends(name, start)
        cost = days.stage(name, start, days.span) if stays else inf
        for end in on:
            if first <= end <= last:
                cost = min(cost, days.stage(name, start, end) + min((onward(after, end) for after in ONWARD[name]), default=inf))
        return cost

    return min(onward(name, 0) for name in ONWARD)
