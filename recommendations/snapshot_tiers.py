"""What fast snapshot restore and the archive tier of EBS snapshots can do for a workload (aws-facts e). Facts in, figures out.

Fast snapshot restore takes snapshots of at most 16 TiB, is switched on a zone and billed by the hour. An archived snapshot is a full
copy, is billed for at least 90 days, and takes up to 72 hours to open; Data Lifecycle Manager archives volume by volume, from schedules
of 28 days or more, and never a copy in another Region.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from recommendations import recovery_figures as figures
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.schedules import Schedule, Start, schedules_of

TIB = 1024**4
LARGEST_FAST = 16 * TIB  # bytes
HOURS_A_MONTH = 730
# EC2 User Guide, fast snapshot restore: a snapshot is optimised for an hour a TiB before its volumes are at full speed.
READY_A_TIB = timedelta(hours=1)
# What is lost leaves the snapshots of the own Region, and hand work of today that comes after (recovery.manual_after).
LOCAL: Mapping[str, tuple[str, ...]] = {"deletion": (), "hardware": (), "site-loss": ("rebuild-network", "restore-keys")}
# The first two zones of most Regions are a and b; these have others.
ZONES: Mapping[str, str] = {"ap-northeast-1": "ac", "us-west-1": "bc"}

ARCHIVE_OPENS = timedelta(hours=72)
# The newest snapshot of a schedule stays where it opens at once, until about the next one.
WARM_MONTHS, WARM_DAYS = 1, 31
# Three months may have 89 days, and the archive wants 90.
ARCHIVE_MONTHS = 4
MOST_ARCHIVED = 25  # archived snapshots a volume, default quota
MONTHS: Mapping[str, int] = {"MONTHS": 1, "YEARS": 12}
# Archive tiers by what the table says.
ARCHIVED: Mapping[str, tuple[str, ...]] = {"none": (), "yearly": ("yearly",), "monthly": ("monthly", "yearly")}

# The part of volumes and databases that changes fall on; the rest is written once (a planning figure).
HOT = Decimal("0.3")
# Days between two snapshots of a schedule, whatever the unit in which it counts how long they are kept.
GAPS: Mapping[str, int] = {"weekly": 7, "monthly": 30, "yearly": 365}


def differs(workload: WorkloadFacts, days: int) -> Decimal:
    """The share of the data that differs between two copies `days` apart.

    Changes fall at random on the HOT part of the data, so that part is changed by 1 - (1 - c / HOT)^d; growth comes on top.
    """
    hot = max(HOT, workload.change)
    changed = hot * (1 - (1 - workload.change / hot) ** days) if hot else Decimal(0)
    return min(changed + max(workload.growth, Decimal(0)) * days / 365, Decimal(1))


# ---------------------------------------------------------------------------- fast snapshot restore
def restored(workload: WorkloadFacts, customer: CustomerFacts) -> str:
    """Whether volumes from the snapshots of the own Region are back within the RTO: `in-time` though they load as they are read,
    `fast-only` where after some disruption only fast snapshot restore makes it, else `never`."""
    found = {_restored(one, workload, customer) for one in LOCAL if one in customer.disruptions}
    return next((state for state in ("fast-only", "never") if state in found), "in-time")


def _restored(disruption: str, workload: WorkloadFacts, customer: CustomerFacts) -> str:
    apart = _beside_loading(disruption, workload, customer)
    if apart > workload.rto:
        return "never"
    load = figures.initialise(figures.wanted_bytes(disruption, workload))
    return "in-time" if apart + load <= workload.rto else "fast-only"


def _beside_loading(disruption: str, workload: WorkloadFacts, customer: CustomerFacts) -> timedelta:
    """What a restore from snapshots takes before and after the loading."""
    hand = [figures.MANUAL_STEPS[name][1] for name in LOCAL[disruption] if name in customer.manual_steps]
    own = [timedelta(minutes=row["minutes"]) for row in workload.steps]
    return sum([*hand, *own], figures.STAFF_WAIT[customer.staff] + figures.FIND_COPY + figures.CREATE_VOLUMES)


def ready_after(workload: WorkloadFacts) -> timedelta:
    """How long a new snapshot of a volume is optimised; space is taken to be one volume as far as one can be that large."""
    return READY_A_TIB * -(-min(workload.provisioned, LARGEST_FAST) // TIB)


def ready(workload: WorkloadFacts, every_hours: str) -> bool:
    """Whether a snapshot is ready before the next one takes its place. `every_hours` as the table of snapshots says it."""
    return every_hours != "none" and ready_after(workload) < timedelta(hours=int(every_hours))


def zones(customer: CustomerFacts) -> tuple[str, ...]:
    """The zones in which volumes come back: one, and a second where the loss of one counts."""
    names = ZONES.get(customer.primary, "ab")
    return tuple(f"{customer.primary}{name}" for name in names[: 2 if "site-loss" in customer.disruptions else 1])


def fast_hours(workload: WorkloadFacts, customer: CustomerFacts) -> Decimal:
    """Hours a month that are billed: of the newest snapshot of each volume (one, or as many as must be), in each zone."""
    return Decimal(HOURS_A_MONTH * -(-workload.provisioned // LARGEST_FAST) * len(zones(customer)))


# ---------------------------------------------------------------------------- archive tier
def left_to_open(workload: WorkloadFacts, customer: CustomerFacts) -> timedelta:
    """What the RTO leaves for opening an old snapshot, beside all that a restore of everything takes."""
    apart = _beside_loading("site-loss", workload, customer) + figures.initialise(workload.size)
    return max(workload.rto - apart, timedelta(0))


def own_share(kind: str, workload: WorkloadFacts, every_hours: str) -> Decimal:
    """Percent of a monthly or yearly snapshot that no other one holds; 0 where there are none, or none that the archive takes."""
    if every_hours == "none":
        return Decimal(0)
    found = [one for one in schedules_of(workload, int(every_hours), Start(0, 0, "SUN")) if one.kind in GAPS and _long_kept(one)]
    # Yearly snapshots are archived with the monthly ones, so both count for the quota.
    count = sum(archived_count(one) for one in found if one.kind == "yearly" or kind == "monthly")
    if count > MOST_ARCHIVED or not any(one.kind == kind for one in found):
        return Decimal(0)
    return differs(workload, GAPS[kind]) * 100


def _long_kept(one: Schedule) -> bool:
    """Whether a schedule is of the archive's kind, and its snapshots are kept for longer than the archive bills at least."""
    return one.kind in ("monthly", "yearly") and one.count * MONTHS.get(one.unit, 0) >= WARM_MONTHS + ARCHIVE_MONTHS


def archived_count(one: Schedule) -> int:
    """Snapshots of a schedule that are in the archive at a time."""
    months = one.count * MONTHS[one.unit] - WARM_MONTHS
    return months if one.kind == "monthly" else -(-months // 12)


def archived(schedules: Sequence[Schedule], tier: str) -> tuple[Schedule, ...]:
    """The schedules with those marked, and no others, whose old snapshots are archived; `tier` as the table says it."""
    months = [one.count * MONTHS[one.unit] - WARM_MONTHS if one.kind in ARCHIVED[tier] and _long_kept(one) else 0 for one in schedules]
    return tuple(replace(one, archive_months=count) for one, count in zip(schedules, months, strict=True))
