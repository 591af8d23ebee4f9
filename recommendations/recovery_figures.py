"""Planning figures of recovery and the arithmetic on them. Every figure names its source; none is a promise of AWS.

Durations are whole minutes, always rounded up, so that a sum of steps is never shorter than what it stands for.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from recommendations.facts import WorkloadFacts

MINUTE = timedelta(minutes=1)
ITEMS = frozenset({"single-item", "mailbox"})
MIB = 1024**2

# aws-facts e: DLM starts within an hour of its time.
DLM_START = timedelta(hours=1)
# aws-facts f: the start window of a backup rule is at least an hour; the design uses the shortest.
BACKUP_START = timedelta(hours=1)
# aws-facts j: continuous backup of RDS and Aurora is about five minutes behind.
PITR_LAG = timedelta(minutes=5)
# aws-facts c: Replication Time Control is designed for 99.99 % of new objects in 15 minutes.
RTC_LAG = timedelta(minutes=15)
# aws-facts j: without it minutes are typical and nothing is promised; an hour is planned for.
CRR_LAG = timedelta(hours=1)
# A File Gateway uploads as it is written to; a quarter of an hour is planned for.
GATEWAY_LAG = timedelta(minutes=15)
# Shortest time between two incremental dumps that is planned for where a database's log cannot be shipped.
DUMP_SHORTEST = timedelta(hours=1)

# Working hours are 08:00 to 18:00 (assessment.link); extended ones are taken as 06:00 to 22:00. The longest wait of a working week's night.
STAFF_WAIT = {"business": timedelta(hours=14), "extended": timedelta(hours=8), "always": timedelta(minutes=15)}
WEEKEND_WAIT = {"business": timedelta(hours=62), "extended": timedelta(hours=56)}
FIND_COPY = timedelta(minutes=15)
CREATE_VOLUMES = timedelta(minutes=10)
CREATE_DATABASE = timedelta(minutes=20)
SWITCH_REGION = timedelta(minutes=30)
# Hand work that stays, where the customer says it is done by hand today. Experience figures, to be replaced by the first drill's.
MANUAL_STEPS = {
    "build-server": ("Build the server", timedelta(hours=2)),
    "reinstall-application": ("Reinstall the application", timedelta(hours=2)),
    "rebuild-network": ("Rebuild DNS and network", timedelta(hours=1)),
    "restore-keys": ("Restore keys and certificates", timedelta(minutes=30)),
}

USABLE = Decimal("0.8")  # of a line's bandwidth, as for uploads (assessment.link)
LONGEST_SECONDS = Decimal(100 * 366 * 86400)
AWS_BITS = 5 * 10**9  # bit/s between S3 and one instance: EC2 User Guide, single-flow and baseline limits of general instances
SNAPSHOT_BYTES = 300 * MIB  # bytes/s: upper end of VolumeInitializationRate (aws-facts e), taken for all that loads from a snapshot
COPIES_A_SECOND = 3500  # S3 User Guide: COPY, PUT, DELETE requests per second and prefix
RESTORES_A_SECOND = 1000  # aws-facts a: RestoreObject requests per second, account and Region


def wanted_bytes(disruption: str, workload: WorkloadFacts) -> int:
    """All of it; where people only ask single items back, after a deletion a day's changes."""
    if disruption == "deletion" and workload.restore_units and set(workload.restore_units) <= ITEMS:
        return min(workload.size, max(workload.object_bytes, int(Decimal(workload.size) * workload.change)))
    return workload.size


def goes_outside(workload: WorkloadFacts) -> bool:
    """Whether the data leaves AWS: on premises was named, or the same place and that is not AWS."""
    return workload.restore_where == "on-premises" or (workload.restore_where == "same-place" and workload.where != "aws")


def minutes_up(seconds: Decimal) -> timedelta:
    """`seconds` as whole minutes, rounded up."""
    return timedelta(minutes=int((seconds / 60).to_integral_value(ROUND_CEILING)))


def transfer(count: int, bits: int) -> timedelta | None:
    """Time to move `count` bytes over a line of `bits` bit/s at 80 % use; None when that is over a hundred years, or never."""
    if count == 0:
        return timedelta(0)
    seconds = Decimal(count) * 8 / (Decimal(bits) * USABLE) if bits else LONGEST_SECONDS
    return minutes_up(seconds) if seconds < LONGEST_SECONDS else None


def initialise(count: int) -> timedelta:
    """Time until `count` bytes have been read once from a snapshot."""
    return minutes_up(Decimal(count) / SNAPSHOT_BYTES)


def requests(count: int, a_second: int) -> timedelta:
    """Time to send `count` requests; a hundred years where that is longer still."""
    return minutes_up(min(Decimal(count) / a_second, LONGEST_SECONDS))


def words(value: timedelta) -> str:
    """A duration in words of at most two parts: `45 min`, `3 h 20 min`, `2 d 4 h`."""
    total = int((Decimal(value // timedelta(seconds=1)) / 60).to_integral_value(ROUND_CEILING))
    hours, minutes = divmod(total, 60)
    if hours >= 48:
        days, hours = divmod(hours + (1 if minutes else 0), 24)
        return f"{days} d {hours} h" if hours else f"{days} d"
    parts = [f"{hours} h"] if hours else []
    return " ".join([*parts, f"{minutes} min"] if minutes or not parts else parts)
