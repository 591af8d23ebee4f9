"""Which copy a disruption leaves: its mechanism in words, how old it may be, and where and how it has to be brought back from.

Sources: aws-facts sections a (restore tiers), c (replication), e (snapshots), f (AWS Backup, databases), j (objectives).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from recommendations import recovery_figures as figures
from recommendations import storage as s3
from recommendations.facts import CustomerFacts, WorkloadFacts

if TYPE_CHECKING:
    from recommendations.decisions import Decisions

Way = Literal["nothing", "rebuild", "versions", "bucket", "files", "dump", "volumes", "database", "machines"]
BUCKET_WAYS = ("versions", "bucket", "files", "dump")
NOTHING = timedelta(0)
METHODS = {
    "rman-file-gateway": "RMAN backup sets through an S3 File Gateway",
    "native-backup-file-gateway": "native SQL Server backups through an S3 File Gateway",
    "pgbackrest": "pgBackRest base backups in the bucket",
    "xtrabackup": "XtraBackup streams in the bucket",
    "dump-file-gateway": "the engine's own dumps through an S3 File Gateway",
}


@dataclass(frozen=True)
class Copy:
    """A copy that the disruption leaves. `rpo` is the work lost at most; `wait` the time until its storage class opens."""

    mechanism: str
    rpo: timedelta
    way: Way
    region: str
    wait: timedelta = NOTHING
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Missing:
    """No copy that this disruption leaves, and what would leave one."""

    mechanism: str
    why: str


def choice(decisions: Decisions, table: str, output: str) -> str | None:
    """One output of a table for this workload as text; None when the table was not asked."""
    hit = decisions.hits.get(table)
    return None if hit is None or isinstance(hit, tuple) else str(hit[output])


def copy_for(disruption: str, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy that is left after `disruption` (an option of rec_disrupt, provider-exit excepted)."""
    if choice(decisions, "dr_strategy", "strategy") == "rebuild":
        note = "The customer states that the data is made again within the recovery time; nothing is calculated."
        return Copy("Made again from its source", NOTHING, "rebuild", customer.primary, notes=(note,))
    near = near_copy(workload, customer, decisions)
    if isinstance(near, Missing):
        return near
    if disruption in ("hardware", "site-loss") and near.way == "versions":
        return replace(
            near, mechanism="S3 keeps every object in at least three zones; nothing has to be recovered", rpo=NOTHING, way="nothing"
        )
    if disruption == "region-loss":
        return far_copy(near, workload, customer, decisions)
    if disruption == "ransomware":
        return safe_copy(near, workload, customer, decisions)
    if disruption == "account-loss":
        return foreign_copy(near, workload, decisions)
    return near


def near_copy(workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy in the primary Region."""
    path = choice(decisions, "protection", "path") or ""
    wait = opening(path, decisions)
    if path == "s3":
        if choice(decisions, "versioning", "versioning") != "enabled":
            return Missing("No previous versions", "Versioning is not designed, so an overwritten or deleted object is gone; turn it on.")
        return Copy("Previous versions in the bucket", NOTHING, "versions", customer.primary, wait)
    if path in ("s3-landing", "export"):
        gap = workload.interval or figures.RTC_LAG
        what = "Export" if path == "export" else "Copy of the files"
        way: Way = "dump" if path == "export" else "files"
        return Copy(f"{what} into a versioned bucket every {figures.words(gap)}", gap, way, customer.primary, wait)
    if path == "database-dump":
        return database_copy(workload, customer, decisions, wait)
    if path == "dlm":
        return volume_copy(workload, customer, decisions)
    return backup_copy(path, workload, customer, decisions)


def opening(path: str, decisions: Decisions) -> timedelta:
    """How long the slowest class that holds the copy takes to open; of dumps and exports the newest counts, so the first class."""
    if decisions.lifecycle is None:
        return NOTHING
    steps = decisions.lifecycle.steps
    classes = [steps[0][0]] if path in ("database-dump", "export") else [name for name, _ in steps]
    return max(s3.WAIT[name] for name in classes)


def database_copy(workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions, wait: timedelta) -> Copy:
    method = METHODS.get(choice(decisions, "database_path", "method") or "", "dumps in the bucket")
    shipped = choice(decisions, "database_path", "log_shipping") == "archived-logs" and workload.log_every is not None
    if shipped and workload.log_every is not None:
        words = f"{method[0].upper()}{method[1:]}, with the log shipped every {figures.words(workload.log_every)}"
        return Copy(words, workload.log_every, "dump", customer.primary, wait)
    gap = max(workload.interval, figures.DUMP_SHORTEST)
    note = "The log cannot be shipped, so all work since the last dump is lost."
    return Copy(f"{method[0].upper()}{method[1:]} every {figures.words(gap)}", gap, "dump", customer.primary, wait, (note,))


def volume_copy(workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    hours = choice(decisions, "dlm", "every_hours")
    if hours in (None, "none"):
        return Missing("No snapshots", "No EBS snapshots are designed for this workload.")
    gap = timedelta(hours=int(hours or 0))
    if choice(decisions, "database_path", "log_shipping") == "archived-logs" and workload.log_every is not None:
        words = f"EBS snapshots every {figures.words(gap)}, with the log shipped every {figures.words(workload.log_every)}"
        return Copy(words, workload.log_every, "volumes", customer.primary)
    return Copy(f"EBS snapshots every {figures.words(gap)}, started within an hour", gap + figures.DLM_START, "volumes", customer.primary)


def backup_copy(path: str, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    plan = choice(decisions, "backup_plan", "plan")
    way: Way = "machines" if path == "backup-gateway" else "database"
    if plan == "continuous":
        return Copy("Continuous backup to any second of the last 35 days", figures.PITR_LAG, way, customer.primary)
    if plan in ("hourly", "daily"):
        gap = timedelta(hours=1 if plan == "hourly" else 24)
        words = f"AWS Backup every {figures.words(gap)}, started within an hour"
        return Copy(words, gap + figures.BACKUP_START, way, customer.primary)
    return Missing("No backup", "No backup plan is designed for this workload.")


def far_copy(near: Copy, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy in the second Region."""
    mode = choice(decisions, "replication", "replication")
    if customer.dr is None or mode in (None, "none"):
        if customer.dr is None:
            why = "Name a recovery Region that the residency rule allows (aws_dr)."
        else:
            why = "A copy in another Region is not designed for this workload (wl_xregion)."
        return Missing("No copy outside the Region", why)
    notes = near.notes
    if workload.where != "aws":
        notes += (f"What runs outside AWS goes on; this is the time of a restore from the copy in {customer.dr}.",)
    if near.way in BUCKET_WAYS:
        lag = figures.RTC_LAG if mode == "crr-rtc" else figures.CRR_LAG
        if mode == "crr":
            notes += ("S3 promises no time for replication without Replication Time Control; an hour is planned.",)
        way: Way = "bucket" if near.way == "versions" else near.way
        words = f"{near.mechanism}, replicated to {customer.dr}" if way != "bucket" else f"Replica of the bucket in {customer.dr}"
        return replace(near, mechanism=words, rpo=near.rpo + lag, way=way, region=customer.dr, notes=notes)
    return snapshots_abroad(near, workload, customer, notes)


def snapshots_abroad(near: Copy, workload: WorkloadFacts, customer: CustomerFacts, notes: tuple[str, ...]) -> Copy:
    """Snapshots and recovery points are copied after each run: interval, start and the time that the changes take."""
    gap = near.rpo
    if near.mechanism.startswith(("Continuous", "EBS snapshots")) and gap < timedelta(hours=2):
        gap = timedelta(hours=1) + figures.BACKUP_START
        notes += ("Neither continuous backup nor shipped logs leave the Region; copies of hourly snapshots do.",)
    changed = int(Decimal(workload.size) * workload.change * Decimal(gap // figures.MINUTE) / 1440)
    moved = figures.transfer(changed, figures.AWS_BITS) or NOTHING
    words = f"Copies of the snapshots in {customer.dr}" if near.way == "volumes" else f"Copies of the recovery points in {customer.dr}"
    return replace(near, mechanism=words, rpo=gap + moved, region=customer.dr or "", notes=notes)


def safe_copy(near: Copy, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> Copy | Missing:
    """The copy that a stolen administrator of the account cannot delete."""
    late = "Counted from the last copy before the attack; an attack that is noticed late costs the work since."
    mode = choice(decisions, "object_lock", "mode") if near.way in BUCKET_WAYS else choice(decisions, "vault_lock", "lock")
    if near.way != "volumes" and mode not in (None, "none"):
        strict = str(mode).upper() == "COMPLIANCE"
        lock = "a lock that nobody can lift" if strict else "a lock that only named people can lift"
        return replace(near, mechanism=f"{near.mechanism}, under {lock}", notes=(*near.notes, late))
    second = foreign_copy(near, workload, decisions)
    if isinstance(second, Copy):
        return replace(second, notes=(*second.notes, late))
    return Missing(
        "No copy out of an administrator's reach",
        f"{near.mechanism}: but an administrator of the account can delete all of it; a lock or a copy in another account would hold.",
    )


def foreign_copy(near: Copy, workload: WorkloadFacts, decisions: Decisions) -> Copy | Missing:
    """The copy in another account."""
    if choice(decisions, "iam", "separation") == "account" and workload.xacct != "not-needed":
        what = "A second copy of the bucket" if near.way == "versions" else near.mechanism
        return replace(near, mechanism=f"{what}, copied to the backup account")
    return Missing(
        "No copy in another account",
        "Every copy lives in the account that is lost; allow a separate account (sec_separate_acct, wl_xacct).",
    )
