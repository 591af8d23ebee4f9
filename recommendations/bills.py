"""What one workload costs a month: the design, and the same copies kept in S3 Standard without any lifecycle (`naive`).

Planning figures, printed as quantities of each line: bytes that change, snapshots that hold them, events that are logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from recommendations import storage as s3
from recommendations.backups import copy_places
from recommendations.costs import Bill, Tally
from recommendations.decisions import Decisions
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.lifecycle import Lifecycle
from recommendations.lifecycle_cost import READS
from recommendations.prices import PriceBook
from recommendations.schedules import Schedule
from recommendations.snapshot_tiers import GAPS, WARM_DAYS, archived_count, differs, fast_hours
from recommendations.tracks import NEWEST, Track, overwritten
from recommendations.uploads import ABANDONED_WORDS, abandoned_gib, put_requests

# AWS Backup bills each kind of resource by its own item.
VAULT_ITEMS = {"rds": "rds", "aurora": "aurora", "other-managed": "rds", "none": "rds"}
EVENTS_UNIT = 100_000


@dataclass(frozen=True, slots=True)
class Bills:
    """The design's bill and the naive one."""

    design: Bill
    naive: Bill


def bills_of(
    workload: WorkloadFacts,
    customer: CustomerFacts,
    decisions: Decisions,
    schedules: Sequence[Schedule],
    book: PriceBook,
    naive: Bill | None = None,
) -> Bills:
    """Both bills. Where a workload keeps nothing in buckets, no choice of class is made and both are the same.

    Of the naive one only the total is kept, unless `naive` is an empty bill that takes its lines.
    """
    bill = Bill()
    naive = Tally() if naive is None else naive
    for track in decisions.tracks:
        _track(bill, naive, track, workload, customer, decisions, book)
    if decisions.in_bucket and decisions.value("logging", "objects") == "logged":
        for one in (bill, naive):
            events(one, workload, customer, decisions, book)
    rest = Bill()
    if schedules:
        _snapshots(rest, workload, customer, decisions, schedules, book)
    if decisions.value("backup_plan", "plan") != "none":
        _vault(rest, workload, customer, decisions, book)
    alarms(rest, workload, customer, decisions, schedules, book)
    bill.extend(rest)
    naive.extend(rest)
    return Bills(bill, naive)


def _track(
    bill: Bill, naive: Bill, track: Track, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions, book: PriceBook
) -> None:
    region, dr = customer.primary, customer.dr
    name = "" if track.id == "data" else f"{track.label}: "
    _both(bill, naive, track.lifecycle, name, "storage_class")
    if track.old:
        _both(bill, naive, track.old.lifecycle, f"{name}Old versions: ", "versioning")
    arriving = written(track, workload)
    requests = put_requests(track.need, arriving) * s3.DAYS_A_MONTH / 1000
    # Counted alike in both, so that an assumption saves nothing.
    incomplete, label = abandoned_gib(track.need, arriving), f"{name}S3 Standard, {ABANDONED_WORDS}"
    for one in (bill, naive):
        one.add(book, region, "s3/STANDARD/put_1k", f"{name}S3 Standard, writes", requests, "1,000 requests", "storage_class")
        one.add(book, region, "s3/STANDARD/storage", label, incomplete, "GiB-month", "storage_class")
    if track.replica and dr:
        _both(bill, naive, track.replica, f"{name}Copy in {dr}: ", "replication")
        for storage_class, held in old_abroad(track, workload).items():
            label = f"{name}Copy in {dr}: old versions: "
            bill.add(
                book,
                dr,
                f"s3/{storage_class}/storage",
                f"{label}{s3.CLASS_LABELS[storage_class]}, storage",
                held,
                "GiB-month",
                "replication",
            )
            naive.add(book, dr, "s3/STANDARD/storage", f"{label}S3 Standard, storage", held, "GiB-month", "replication")
        sent = arriving * s3.DAYS_A_MONTH / s3.GIB
        for one in (bill, naive):
            one.add(book, dr, "s3/STANDARD/put_1k", f"{name}Copy in {dr}: writes", requests, "1,000 requests", "replication")
            one.add(book, region, f"transfer/{dr}", f"{name}Transfer to {dr}", sent, "GiB", "replication")
            if decisions.value("replication", "replication") == "crr-rtc" and track.id in NEWEST:
                one.add(book, region, "s3_replication/rtc_gb", f"{name}Replication Time Control", sent, "GiB", "replication")


def _both(bill: Bill, naive: Bill, lifecycle: Lifecycle, name: str, setting: str) -> None:
    """What a lifecycle costs, and the same data with the same reads in S3 Standard."""
    bill.take(lifecycle.lines, lifecycle.unknown, name, setting)
    naive.take(lifecycle.plain, lifecycle.plain_unknown, name, setting)


def old_abroad(track: Track, workload: WorkloadFacts) -> dict[str, Decimal]:
    """Storage class -> GiB of old versions that the replica holds: replication takes versions, not deletions, and each bucket ages its own.

    They stand in the class in which the replica was written, or in the class of the rule's step where S3 moves them on to that one.
    """
    if track.old is None or track.replica is None or track.id != "data":
        return {}
    first, steps, days = track.replica.steps[0][0], track.old.lifecycle.steps, track.old.held
    found: dict[str, Decimal] = {}
    for (name, start), end in zip(steps, [*(day for _, day in steps[1:]), days], strict=True):
        stands = name if name in s3.WATERFALL[first] else first
        found[stands] = found.get(stands, Decimal(0)) + overwritten(workload) * (end - start) / s3.GIB
    return found


def written(track: Track, workload: WorkloadFacts) -> Decimal:
    """Bytes a day that arrive under a track: copies by their turnover, data by what changes or is added."""
    if track.id != "data":
        return track.need.size * track.need.passing(0)
    added = max(workload.growth, Decimal(0)) / 365 * workload.size
    return max(workload.change * workload.size, overwritten(workload) + added)


def events(bill: Bill, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions, book: PriceBook) -> None:
    """Data events of CloudTrail: each read of an object, and each request that writes one or a part of one, a month."""
    count = Decimal(0)
    for track in decisions.tracks:
        need = track.need
        objects = sum((kind.objects for kind in need.kinds()), Decimal(0))
        reads = sum((objects * need.share(band.start, band.end) * READS[band.reads] for band in need.bands), Decimal(0))
        count += reads + put_requests(need, written(track, workload)) * s3.DAYS_A_MONTH
    region = customer.primary
    bill.add(book, region, "cloudtrail/data_events_100k", "CloudTrail data events", count / EVENTS_UNIT, "100,000 events", "logging")


def alarms(
    bill: Bill, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions, schedules: Sequence[Schedule], book: PriceBook
) -> None:
    """The metrics that alarms watch: those of its replication rules and of its snapshot policy. A query is billed by what it reads.

    Workloads that share a tag share a policy and its alarms; each is reckoned with all of them. Alarms on vaults serve many workloads
    for three metrics a vault, and mails are few: neither is reckoned.
    """
    count = 0
    if decisions.in_bucket and decisions.replicated and customer.dr:
        count += len(decisions.tracks) * (2 if decisions.value("replication", "replication") == "crr-rtc" else 1)
    if schedules:
        # Failed, found nothing, none in time; and no copy in time.
        count += 4 if decisions.replicated and customer.dr else 3
    bill.add(
        book, customer.primary, "cloudwatch/standard_alarm_month", "CloudWatch alarms", Decimal(count), "alarm metric-month", "monitoring"
    )


def held_gib(workload: WorkloadFacts, schedules: Sequence[Schedule]) -> Decimal:
    """GiB of blocks that snapshots hold: one full copy, and for each kept snapshot the blocks that changed since the one before.

    What is archived counts until then.
    """
    share = Decimal(1)
    denser = 0
    for one in schedules:
        gap = GAPS[one.kind] if one.cron else 1
        days = min(one.days, WARM_DAYS) if one.archive_months else one.days
        share += differs(workload, gap) * Decimal(max(days - denser, 0)) / gap
        denser = max(denser, days)
    return Decimal(workload.size) / s3.GIB * share


def _snapshots(
    bill: Bill, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions, schedules: Sequence[Schedule], book: PriceBook
) -> None:
    held = held_gib(workload, schedules)
    bill.add(book, customer.primary, "ebs/snapshot_standard_gb_month", "EBS snapshots", held, "GiB-month", "dlm")
    full = Decimal(workload.size) / s3.GIB * sum(archived_count(one) for one in schedules if one.archive_months)
    item, label = "ebs/snapshot_archive_gb_month", "EBS snapshots, archive tier"
    bill.add(book, customer.primary, item, label, full, "GiB-month", "snapshot_archive")
    if decisions.value("fast_restore", "fast") == "on":
        hours = fast_hours(workload, customer)
        bill.add(book, customer.primary, "ebs/fsr_dsu_hour", "Fast snapshot restore", hours, "zone-hour", "fast_restore")
    if decisions.replicated and customer.dr:
        # Copies in another Region are not archived.
        held = held_gib(workload, [replace(one, archive_months=0) for one in schedules])
        _abroad(bill, workload, customer, held, "ebs/snapshot_standard_gb_month", "EBS snapshots", book)


def _abroad(bill: Bill, workload: WorkloadFacts, customer: CustomerFacts, held: Decimal, item: str, label: str, book: PriceBook) -> None:
    dr = customer.dr or ""
    bill.add(book, dr, item, f"Copy in {dr}: {label}", held, "GiB-month", "replication")
    moved = workload.change * workload.size * s3.DAYS_A_MONTH / s3.GIB
    bill.add(book, customer.primary, f"transfer/{dr}", f"Transfer to {dr}", moved, "GiB", "replication")


def _vault(bill: Bill, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions, book: PriceBook) -> None:
    """Recovery points in a vault, in the item of the price book for the kind of resource."""
    if workload.kind == "database":
        item = VAULT_ITEMS[workload.db_host]
    else:
        item = {"file-share": "efs", "container-volumes": "ebs"}.get(workload.kind, "vmware")
    name = f"aws_backup/{item}_warm_gb_month"
    held = vault_gib(workload, gateway=decisions.path == "backup-gateway")
    bill.add(book, customer.primary, name, "AWS Backup, recovery points", held, "GiB-month", "backup_plan")
    for place in copy_places(workload, customer, decisions):
        if place.region != customer.primary:
            _abroad(bill, workload, customer, held, name, "AWS Backup, recovery points", book)
        else:
            # Asked for by the separation of the whole engagement, whatever is copied to another Region.
            label = "Copy in the backup account: AWS Backup, recovery points"
            bill.add(book, customer.primary, name, label, held, "GiB-month", "iam")


def vault_gib(workload: WorkloadFacts, gateway: bool = False) -> Decimal:
    """GiB in a vault: the data once, plus what differs between kept recovery points; a point in a denser series counts there only.

    AWS bills snapshots of volumes, databases and file systems as they are used; only a gateway reduces what it sends.
    """
    share, denser = Decimal(1), 0
    for kind, gap in (("daily", 1), ("weekly", 7), ("monthly", 30), ("yearly", 365)):
        days = workload.copies[kind] * gap
        share += differs(workload, gap) * Decimal(max(days - denser, 0)) / gap
        denser = max(denser, days)
    return Decimal(workload.size) * (workload.reduction if gateway else 1) / s3.GIB * share
