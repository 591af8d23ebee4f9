"""What a workload keeps in its bucket: the data itself, or the copies of each kind under a prefix of their own, each with its lifecycle.

Grandfather-father-son copies are separate prefixes, because S3 ages objects and does not know which of them is the month's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from recommendations import recovery_figures as figures
from recommendations import storage as s3
from recommendations.facts import KINDS, CustomerFacts, WorkloadFacts, kept_days
from recommendations.inputs import DUMP_OBJECT
from recommendations.lifecycle import Lifecycle, search
from recommendations.lifecycle_cost import Band, Need
from recommendations.prices import PriceBook

# Horizon over which data without an expiry is taken to age (its share in each class); a planning figure.
FOR_EVER_DAYS = 3653
# Days a deleted or overwritten object can be brought back where no number was asked for.
OLD_VERSIONS_DAYS = 30
# The first day of an old version and the minimum durations of the archive classes: from then on moving it pays.
FAST_ARCHIVE_DAYS = 1 + s3.MIN_DAYS[s3.GLACIER_IR]
DEEP_ARCHIVE_DAYS = 1 + s3.MIN_DAYS[s3.DEEP_ARCHIVE]
# Steps in which growth is told apart, a hundredth of a percent a year.
GROWTH_STEP = Decimal("0.0001")
# Size of one log file (a planning figure, as that of a backup piece; both far above every minimum).
LOG_OBJECT = 64 * 2**20
LABELS: Mapping[str, str] = {
    "data": "Data",
    "logs": "Log backups",
    "hourly": "Hourly copies",
    "daily": "Daily copies",
    "weekly": "Weekly copies",
    "monthly": "Monthly copies",
    "yearly": "Yearly copies",
}


class Chosen(Protocol):
    """The part of `Decisions` that is read here."""

    @property
    def path(self) -> str: ...
    @property
    def replicated(self) -> bool: ...
    @property
    def versioned(self) -> bool: ...
    @property
    def lock(self) -> str | None: ...
    def value(self, table: str, output: str) -> str: ...


# Copies whose age counts for the RPO; only these are worth Replication Time Control.
NEWEST = frozenset({"data", "logs", "hourly", "daily"})


@dataclass(frozen=True, slots=True)
class Old:
    """What becomes of old versions: the rule deletes them `days` after they were replaced, whatever their number, the last one included.

    A lock may hold them longer: none is there after `held` days.
    """

    days: int
    held: int
    lifecycle: Lifecycle


@dataclass(frozen=True, slots=True)
class Track:
    """Objects under one prefix that age alike. `replica` is their lifecycle in the second Region, `old` that of their old versions."""

    id: str
    prefix: str
    need: Need
    lifecycle: Lifecycle
    old: Old | None
    replica: Lifecycle | None

    @property
    def label(self) -> str:
        return LABELS[self.id]


def tracks_of(
    workload: WorkloadFacts, customer: CustomerFacts, chosen: Chosen, bands: tuple[Band, ...], book: PriceBook
) -> tuple[Track, ...]:
    """The tracks of a workload's bucket, the newest data first. `bands` hold the classes that the rules leave, waits not yet applied."""
    make = _Maker(workload, customer, chosen, bands, book)
    if chosen.path in ("s3", "s3-landing"):
        return (make.data(),)
    if chosen.path == "dlm":
        return (make.logs(),)
    kinds = {kind: copies for kind, copies in workload.copies.items() if copies} or {"daily": 7}
    shipped = chosen.value("database_path", "log_shipping") == "archived-logs"
    # Shipped logs reach every moment of the daily copies, so hourly copies would add nothing.
    names = [kind for kind in KINDS if kind in kinds and not (kind == "hourly" and shipped)] or ["daily"]
    copies = tuple(make.copies(kind, kinds.get(kind, 7), names) for kind in names)
    return (*copies, make.logs()) if shipped else copies


class _Maker:
    def __init__(self, workload: WorkloadFacts, customer: CustomerFacts, chosen: Chosen, bands: tuple[Band, ...], book: PriceBook) -> None:
        self.workload, self.customer, self.chosen, self.bands, self.book = workload, customer, chosen, bands, book

    def data(self) -> Track:
        """The data itself: one track for the whole bucket."""
        w = self.workload
        wait = min(w.latency, opens_within(w, self.customer))
        expire, versions_days = expiry_and_versions(w, self.chosen.versioned, self.chosen.lock is not None)
        need = replace(self._need(w.size, w.objects, w.object_bytes, expire, wait, self.restores()), large=w.large_bytes)
        return self._track("data", "", need, versions_days, overwritten(w), wait)

    def copies(self, kind: str, count: int, kinds: list[str]) -> Track:
        """Copies of one kind. With weekly full copies the daily ones are increments, and the chain of the oldest must still be there."""
        w = self.workload
        full = int(w.size * w.reduction)
        days = max(kept_days(kind, count), 1)
        if kind == "hourly":
            size = int(full * w.change / 24 * count)
        elif kind == "daily":
            size = int(full * w.change * count) if "weekly" in kinds else full * count
        else:
            size = full * count
        if kind == "weekly" and "daily" in kinds:
            days = max(days, kept_days("daily", w.copies["daily"]) + 7)
        if self.chosen.versioned:
            # Copies that expire earlier than was asked for are fewer at any time.
            asked, days = days, with_version(w, days)
            size = size * days // asked
        size = max(size, 1)
        wait = self.newest(w.rto / 4, w.rto) if kind in ("hourly", "daily", "weekly") else max(w.rto, s3.WAIT[s3.DEEP_ARCHIVE])
        need = self._need(size, max(size // DUMP_OBJECT, 1), min(DUMP_OBJECT, size), days, wait, Decimal(0))
        return self._track(kind, f"{kind}/", need, OLD_VERSIONS_DAYS, Decimal(0), wait)

    def logs(self) -> Track:
        """Shipped logs: together with the daily copies they reach every moment of the days for which daily copies are kept."""
        w = self.workload
        days = max(kept_days("daily", w.copies["daily"]), 7)
        size = max(int(w.size * w.reduction * w.change * days), 1)
        wait = self.newest(w.rto / 4, w.rto)
        need = self._need(size, max(size // LOG_OBJECT, 1), min(LOG_OBJECT, size), days, wait, Decimal(0))
        return self._track("logs", "logs/", need, OLD_VERSIONS_DAYS, Decimal(0), wait)

    def newest(self, wait: timedelta, rto: timedelta) -> timedelta:
        """How long copies that a recovery starts from may take to open: at once where it waits for other workloads already, each with its
        whole target, and where logs follow snapshots, which open at once. No longer than the rest of the recovery leaves."""
        if self.workload.deps or self.chosen.path == "dlm":
            return timedelta(0)
        return max(min(wait, left_for_copies(self.workload, self.customer, rto)), timedelta(0))

    def saves_account(self) -> bool:
        """Whether the replica is what is left when the account is lost or taken over, and that was named: the RTO holds for it then."""
        apart = self.chosen.value("iam", "separation") == "account" and self.workload.xacct != "not-needed"
        return apart and not {"account-loss", "ransomware"}.isdisjoint(self.customer.disruptions)

    def restores(self) -> Decimal:
        """GiB a month that are read back from this workload's old data: its share, by size, of what the customer expects."""
        c = self.customer
        share = Decimal(self.workload.size) / max(c.bucket_bytes, self.workload.size)
        return Decimal(c.restores_a_year) * c.restore_bytes / s3.GIB / 12 * share

    def _need(self, size: int, objects: int, one: int, expire: int | None, wait: timedelta, restores: Decimal) -> Need:
        region = self.customer.primary
        bands, growth = waiting(self.bands, wait), self.workload.growth.quantize(GROWTH_STEP)
        return Need(region, size, objects, one, expire or FOR_EVER_DAYS, expire, bands, restores, growth=growth)

    def _track(self, name: str, prefix: str, need: Need, old_days: int, overwritten_a_day: Decimal, wait: timedelta) -> Track:
        old = self._old(need, old_days, overwritten_a_day, wait) if self.chosen.versioned else None
        replica = self._replica(need, name) if self.chosen.replicated else None
        return Track(name, prefix, need, search(need, self.book), old, replica)

    def _old(self, need: Need, days: int, overwritten_a_day: Decimal, wait: timedelta) -> Old:
        """Old versions leave by rule after `days`, but no sooner than their lock ends: that is how long they cost."""
        w = self.workload
        held = days if self.chosen.lock is None else max(days, lock_days(w, need.expire, days))
        size = int(overwritten_a_day * held)
        large = size * need.large // need.size
        objects = (size - large) // max(need.object_size, 1)
        bands = waiting(rare(self.bands), wait)
        old = Need(need.region, size, objects, need.object_size, held, held, bands, ruled=days, large=large, growth=need.growth)
        return Old(days, held, search(old, self.book))

    def _replica(self, need: Need, name: str) -> Lifecycle:
        """The replica is read after the loss of a Region, or of the account where it stands in another one, so its class follows from
        how fast it must open then."""
        w = self.workload
        # Asking for longer than the whole recovery may take leaves no time to wait, however much longer it is.
        asking = timedelta(seconds=min(need.objects // figures.RESTORES_A_SECOND, int(w.region_rto.total_seconds())))
        if name in ("monthly", "yearly"):
            wait = max(w.region_rto, timedelta(hours=12))
        else:
            wait = w.region_rto / 2 - asking
            if self.saves_account():
                left = left_for_data(w, self.customer) if name == "data" else left_for_copies(w, self.customer, w.rto) - asking
                wait = min(wait, left)
            wait = max(wait, timedelta(0)) if name == "data" else self.newest(wait, w.region_rto - figures.SWITCH_REGION)
        bands = waiting(rare(self.bands), wait)
        far = replace(need, region=self.customer.dr or need.region, bands=bands, restores=Decimal(0), placed=True)
        return search(far, self.book)


def opens_within(workload: WorkloadFacts, customer: CustomerFacts) -> timedelta:
    """How long a class may take to open: what the RTO leaves beside the wait for staff, the search for the copy, the requests for all
    objects and the steps after it.

    A restore that starts from an archive class waits all its hours (aws-facts section a), so a class that opens in exactly the RTO
    breaks it. Where people alone take longer than the RTO, no class keeps it, and the RTO itself is the limit.
    """
    left = left_for_data(workload, customer)
    # Requests alone never make the wait longer again.
    people = left + requested(workload)
    return workload.rto if people < timedelta(0) else max(left, timedelta(0))


def requested(workload: WorkloadFacts) -> timedelta:
    """How long it takes to ask for all objects, and to bring them back."""
    asking = [figures.requests(workload.objects, a_second) for a_second in (figures.RESTORES_A_SECOND, figures.COPIES_A_SECOND)]
    return sum(asking, timedelta(0))


def left_for_data(workload: WorkloadFacts, customer: CustomerFacts) -> timedelta:
    """What the RTO leaves beside staff, the search, the steps and the requests for all objects; under zero where it is missed anyway."""
    steps = sum((timedelta(minutes=row["minutes"]) for row in workload.steps), timedelta(0))
    return workload.rto - figures.STAFF_WAIT[customer.staff] - figures.FIND_COPY - steps - requested(workload)


def left_for_copies(workload: WorkloadFacts, customer: CustomerFacts, rto: timedelta) -> timedelta:
    """What `rto` leaves beside staff, the search, all hand work and steps, and the way back of a full copy; under zero where it is missed
    however fast the copy opens."""
    by_hand = [took for name, (_, took) in figures.MANUAL_STEPS.items() if name in customer.manual_steps]
    steps = [timedelta(minutes=row["minutes"]) for row in workload.steps]
    bits = customer.download if figures.goes_outside(workload) else figures.AWS_BITS
    way = figures.transfer(int(workload.size * workload.reduction), bits)
    known = figures.STAFF_WAIT[customer.staff] + figures.FIND_COPY + sum([*by_hand, *steps], timedelta(0))
    return rto - known - (rto if way is None else way)


@lru_cache(maxsize=1024)
def waiting(bands: tuple[Band, ...], wait: timedelta) -> tuple[Band, ...]:
    """The bands with only those classes that open within `wait`."""
    return tuple(replace(band, wait=wait, classes=frozenset(name for name in band.classes if s3.WAIT[name] <= wait)) for band in bands)


@lru_cache(maxsize=1024)
def rare(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    """One band for what is read in an emergency only: every class but Intelligent-Tiering, and One Zone-IA where the rules allow it."""
    single = any(s3.ONEZONE_IA in band.classes for band in bands)
    classes = frozenset(s3.CLASSES) - {s3.INTELLIGENT} - (frozenset() if single else {s3.ONEZONE_IA})
    return (Band(0, None, "almost-never", timedelta(0), classes),)


def overwritten(workload: WorkloadFacts) -> Decimal:
    """Bytes a day that become old versions: what changes beyond growth. Archives are added to, never overwritten."""
    if workload.kind == "archive-set":
        return Decimal(0)
    return max(workload.change - workload.growth / 365, Decimal(0)) * workload.size


def expiry_and_versions(workload: WorkloadFacts, versioned: bool, locked: bool) -> tuple[int | None, int]:
    """(days until the current object goes, days that an old version stays).

    An expired object leaves a version, so where a class has a maximum both together may not be longer than it: first the versions
    are kept for less, then objects expire that much earlier; never under the class's minimum.
    """
    days = versions_days(workload, locked)
    expire, most = workload.expire_days, workload.class_max_days
    if expire is None or not versioned:
        return expire, days
    if most is not None and expire + days > most:
        days = max(most - expire, min(days, FAST_ARCHIVE_DAYS if locked else OLD_VERSIONS_DAYS))
        expire = max(min(expire, most - days), workload.class_min_days or 1, 1)
    return expire, days


def with_version(workload: WorkloadFacts, days: int) -> int:
    """Days after which a copy expires. It leaves an old version (aws-facts section b), and where a class has a maximum (section l) both
    together keep within it, as for data: the copy goes that much earlier. What was asked for beyond the maximum is a conflict, told apart.
    """
    most = workload.class_max_days
    if most is None or not most - OLD_VERSIONS_DAYS < days <= most:
        return days
    return max(most - OLD_VERSIONS_DAYS, workload.class_min_days or 1, 1)


def versions_days(workload: WorkloadFacts, locked: bool = False) -> int:
    """Days that old versions are kept: as asked; a synchronised share keeps them as long as its oldest copy; else 30 days.

    What a lock holds for longer anyway is kept long enough for the cheapest class to be worth it.
    """
    if workload.kind == "file-share":
        asked = max(OLD_VERSIONS_DAYS, *(kept_days(kind, count) for kind, count in workload.copies.items()))
    elif workload.versions:
        asked = max(workload.versions_days, 1)
    else:
        asked = OLD_VERSIONS_DAYS
    if locked and lock_days(workload, workload.expire_days, asked) >= DEEP_ARCHIVE_DAYS:
        return max(asked, DEEP_ARCHIVE_DAYS)
    return asked


def lock_days(workload: WorkloadFacts, expire: int | None, versions: int) -> int:
    """Default retention of Object Lock in days: the class's minimum; without a class, or where people may ask for erasure, as long as
    old versions are kept. Never longer than the objects live."""
    days = versions if workload.erasure or not workload.class_min_days else workload.class_min_days
    return max(1, min(days, expire) if expire is not None else days)
