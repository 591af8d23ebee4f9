"""Which copy a disruption leaves: its mechanism in words, how old it may be, and where and how it has to be brought back from.

Sources: aws-facts sections a (restore tiers), c (replication), e (snapshots), f (AWS Backup, databases), j (objectives).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from recommendations import recovery_figures as figures
from recommendations import snapshot_tiers as tiers
from recommendations import storage as s3
from recommendations.backups import PLANS, continuous_days, copied_every, copy_places, in_vault
from recommendations.decisions import Decisions
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.lifecycle import Lifecycle

Way = Literal["nothing", "rebuild", "versions", "bucket", "files", "dump", "volumes", "instance", "machines"]
BUCKET_WAYS = ("versions", "bucket", "files", "dump")
NOTHING = timedelta(0)
# A restore to now needs the newest full copy and what follows it; full copies are at most a week apart, and a drill's delay is allowed for.
NEWEST_DAYS = 14
NEWEST_TRACKS = ("hourly", "daily", "weekly", "logs")
METHODS = {
    "rman-file-gateway": "RMAN backup sets through an S3 File Gateway",
    "native-backup-file-gateway": "Native SQL Server backups through an S3 File Gateway",
    "pgbackrest": "pgBackRest base backups in the bucket",
    "xtrabackup": "XtraBackup streams in the bucket",
    "dump-file-gateway": "The engine's own dumps through an S3 File Gateway",
}
# How long a standard restore from the archive tiers of Intelligent-Tiering takes at most (aws-facts section a).
ARCHIVE_TIERS = {"archive": timedelta(hours=5), "archive-and-deep": timedelta(hours=12)}
NO_PROMISE = "S3 promises no time for replication without Replication Time Control; an hour is planned."
HANDED_OVER = "The copy in the other account is handed over, not made by apply."


@dataclass(frozen=True)
class Copy:
    """A copy that the disruption leaves. `rpo` is the work lost at most; `wait` the time until its storage class opens.

    `gap` is the interval of the schedule behind it (zero where nothing is scheduled); `elsewhere` a copy in another Region or account;
    `fast` whether its volumes are at full speed at once.
    """

    mechanism: str
    rpo: timedelta
    way: Way
    region: str
    gap: timedelta = NOTHING
    wait: timedelta = NOTHING
    elsewhere: bool = False
    fast: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """No copy that this disruption leaves, and what would leave one."""

    mechanism: str
    why: str


def copy_for(disruption: str, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy that is left after `disruption` (an option of rec_disrupt, provider-exit excepted)."""
    if decisions.value("dr_strategy", "strategy") == "rebuild":
        note = "The customer states that the data is made again within the recovery time; nothing is calculated."
        return Copy("Made again from its source", NOTHING, "rebuild", customer.primary, notes=(note,))
    near = near_copy(workload, customer, decisions)
    if isinstance(near, Missing):
        return near
    if disruption in ("hardware", "site-loss") and near.way == "versions":
        words = "S3 keeps every object in at least three zones; nothing has to be recovered"
        return replace(near, mechanism=words, way="nothing", wait=NOTHING)
    if disruption == "region-loss":
        return far_copy(near, workload, customer, decisions)
    if disruption == "ransomware":
        return safe_copy(near, workload, customer, decisions)
    if disruption == "account-loss":
        return foreign_copy(near, workload, customer, decisions)
    return near


def near_copy(workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy in the primary Region."""
    path, region = decisions.path, customer.primary
    wait = opening(decisions)
    if path == "s3":
        if not decisions.versioned:
            return Missing("No previous versions", "Versioning is not designed, so an overwritten or deleted object is gone; turn it on.")
        return Copy("Previous versions in the bucket", NOTHING, "versions", region, wait=wait)
    if path in ("s3-landing", "export"):
        gap = workload.interval or figures.GATEWAY_LAG
        what = "Export" if path == "export" else "Copy of the files"
        way: Way = "dump" if path == "export" else "files"
        return Copy(f"{what} into a versioned bucket every {figures.words(gap)}", gap, way, region, gap, wait)
    if path == "database-dump":
        return database_copy(workload, region, decisions, wait)
    if path == "dlm":
        return volume_copy(workload, region, decisions)
    return backup_copy(path, region, decisions, workload)


def opening(decisions: Decisions, far: bool = False) -> timedelta:
    """How long the slowest class that holds the copy takes to open: of data all ages count, of copies and logs the newest."""
    waits = [NOTHING]
    for track in decisions.tracks:
        if track.id != "data" and track.id not in NEWEST_TRACKS:
            continue
        limit = None if track.id == "data" else NEWEST_DAYS
        found: list[Lifecycle | None] = (
            [track.replica] if far else [track.lifecycle, track.old.lifecycle if track.old and limit is None else None]
        )
        waits += [s3.WAIT[name] for one in found if one for name, start in one.steps if limit is None or start <= limit]
    if not far and (tiers := decisions.archive_tiers) != "none":
        # Only the workload's own bucket has archive tiers.
        waits.append(ARCHIVE_TIERS[tiers])
    return max(waits)


def shipped_every(workload: WorkloadFacts, decisions: Decisions) -> timedelta | None:
    """Interval of the log shipping, None where no log is shipped."""
    return workload.log_every if decisions.value("database_path", "log_shipping") == "archived-logs" else None


def database_copy(workload: WorkloadFacts, region: str, decisions: Decisions, wait: timedelta) -> Copy:
    method = METHODS.get(decisions.value("database_path", "method"), "Dumps in the bucket")
    shipped = shipped_every(workload, decisions)
    if shipped is not None:
        words = f"{method}, with the log shipped every {figures.words(shipped)}"
        return Copy(words, shipped, "dump", region, shipped, wait)
    gap = max(workload.interval, figures.DUMP_SHORTEST)
    note = "The log is not shipped, so all work since the last dump is lost."
    return Copy(f"{method} every {figures.words(gap)}", gap, "dump", region, gap, wait, notes=(note,))


def volume_copy(workload: WorkloadFacts, region: str, decisions: Decisions) -> Copy | Missing:
    hours = decisions.value("dlm", "every_hours")
    if hours == "none":
        return Missing("No snapshots", "No EBS snapshots are designed for this workload.")
    gap = timedelta(hours=int(hours))
    words = f"EBS snapshots every {figures.words(gap)}, started within an hour"
    rpo, shipped = gap + figures.DLM_START, shipped_every(workload, decisions)
    if shipped is not None and shipped < rpo:
        words, rpo = f"{words}, with the log shipped every {figures.words(shipped)}", shipped
    fast = decisions.value("fast_restore", "fast") == "on"
    return Copy(words, rpo, "volumes", region, gap, fast=fast, notes=tuple(volume_notes(workload, decisions, fast)))


def volume_notes(workload: WorkloadFacts, decisions: Decisions, fast: bool) -> Iterator[str]:
    """What snapshots that are kept ready, or put away, mean for a restore."""
    if fast:
        took = figures.words(tiers.ready_after(workload))
        yield f"A new snapshot needs about {took} until it is ready for fast restore; until then its volumes load as they are read."
    kinds = tiers.ARCHIVED[decisions.value("snapshot_archive", "archive")]
    if kinds:
        yield f"Where only an archived snapshot is left ({' or '.join(kinds)}), it takes up to 72 hours more to open."


def backup_copy(path: str, region: str, decisions: Decisions, workload: WorkloadFacts) -> Copy | Missing:
    plan = decisions.value("backup_plan", "plan")
    way: Way = "machines" if path == "backup-gateway" else "instance"
    if plan == "continuous":
        return Copy(f"Continuous backup to any second of the last {continuous_days(workload)} days", figures.PITR_LAG, way, region)
    if plan in PLANS:
        gap = timedelta(hours=PLANS[plan])
        words = f"AWS Backup every {figures.words(gap)}, started within an hour"
        return Copy(words, gap + figures.BACKUP_START, way, region, gap)
    return Missing("No backup", "No backup plan is designed for this workload.")


def far_copy(near: Copy, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy in the second Region."""
    if customer.dr is None:
        return Missing("No copy outside the Region", "Name a recovery Region that the residency rule allows (aws_dr).")
    if not decisions.replicated:
        return Missing("No copy outside the Region", "A copy in another Region is not designed for this workload (wl_xregion).")
    notes = near.notes
    if workload.where != "aws":
        notes += (f"What runs outside AWS goes on; this is the time of a restore from the copy in {customer.dr}.",)
    if near.way in BUCKET_WAYS:
        return replica(replace(near, notes=notes), customer.dr, customer.dr, decisions)
    near = replace(near, notes=notes)
    return copies(near, workload, decisions, customer.dr, customer.dr, workload.region_rpo)


def foreign_copy(near: Copy, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy in another account: the replica, where there is one, else a copy beside."""
    if decisions.value("iam", "separation") != "account" or workload.xacct == "not-needed":
        why = "Every copy lives in the account that is lost; allow a separate account (sec_separate_acct, wl_xacct)."
        return Missing("No copy in another account", why)
    vault = in_vault(decisions)
    region = customer.dr if customer.dr and decisions.replicated else customer.primary
    if vault:
        region = next(place.region for place in copy_places(workload, customer, decisions) if place.role == "backup")
    notes = near.notes if vault or (near.way in BUCKET_WAYS and decisions.replicated) else (*near.notes, HANDED_OVER)
    near = replace(near, notes=notes)
    if near.way in BUCKET_WAYS:
        return replica(near, "the backup account", region, decisions)
    return copies(near, workload, decisions, "the backup account", region, workload.rpo)


def replica(near: Copy, where: str, region: str, decisions: Decisions) -> Copy:
    """A replica of the bucket: the data is in place, only the work since the last replication is lost in addition."""
    notes = near.notes if timed(decisions) else (*near.notes, NO_PROMISE)
    way: Way = "bucket" if near.way == "versions" else near.way
    words = f"Replica of the bucket in {where}" if way == "bucket" else f"{near.mechanism}, replicated to {where}"
    wait = opening(decisions, far=decisions.replicated)
    rpo = near.rpo + replication_lag(decisions)
    return replace(near, mechanism=words, rpo=rpo, way=way, region=region, wait=wait, elsewhere=True, notes=notes)


def timed(decisions: Decisions) -> bool:
    """Whether Replication Time Control is on."""
    return decisions.value("replication", "replication") == "crr-rtc"


def replication_lag(decisions: Decisions) -> timedelta:
    return figures.RTC_LAG if timed(decisions) else figures.CRR_LAG


def copies(near: Copy, workload: WorkloadFacts, decisions: Decisions, where: str, region: str, target: timedelta) -> Copy:
    """Snapshots and recovery points are copied after each run; a shipped log follows them through the replica of its bucket."""
    gap, notes = near.gap or copied_every(target), near.notes
    what = "snapshots" if near.way == "volumes" else "recovery points"
    words = f"Copies of the {what} in {where}, every {figures.words(gap)}"
    rpo, shipped = age_elsewhere(workload, gap), shipped_every(workload, decisions)
    if near.way == "volumes" and shipped is not None and shipped + replication_lag(decisions) < rpo:
        words += f", with the log shipped every {figures.words(shipped)} and replicated"
        rpo = shipped + replication_lag(decisions)
        notes = notes if timed(decisions) else (*notes, NO_PROMISE)
    elif near.gap == NOTHING:
        notes += (f"Continuous backup stays where it is: recovery points are copied every {figures.words(gap)}.",)
    return replace(near, mechanism=words, rpo=rpo, region=region, elsewhere=True, fast=False, notes=notes)


def age_elsewhere(workload: WorkloadFacts, gap: timedelta) -> timedelta:
    """How old the newest copy elsewhere may be: the interval, its start, and the time that the changes of the interval take."""
    changed = int(Decimal(workload.size) * workload.change * Decimal(gap // figures.MINUTE) / 1440)
    return gap + figures.BACKUP_START + (figures.transfer(changed, figures.AWS_BITS) or NOTHING)


def safe_copy(near: Copy, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy that a stolen administrator of the account cannot delete."""
    late = "Counted from the last copy before the attack; an attack that is noticed late costs the work since."
    mode = (decisions.lock or "none") if near.way in BUCKET_WAYS else decisions.value("vault_lock", "lock")
    if mode != "none":
        lock = "a lock that nobody can lift" if mode.upper() == "COMPLIANCE" else "a lock that only named people can lift"
        return replace(near, mechanism=f"{near.mechanism}, under {lock}", notes=(*near.notes, late))
    second = foreign_copy(near, workload, customer, decisions)
    if isinstance(second, Copy):
        return replace(second, notes=(*second.notes, late))
    why = f"{near.mechanism}: but an administrator of the account can delete all of it; a lock or a copy in another account would hold."
    return Missing("No copy out of an administrator's reach", why)
