"""What each decision table says about one workload, and the lifecycles of what it keeps in buckets.

The facts become the inputs of the tables here and nowhere else; `USED` names the outputs that the design reads, for the verifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from recommendations import storage as s3
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.lifecycle import Lifecycle
from recommendations.lifecycle_cost import Band
from recommendations.prices import PriceBook
from recommendations.tables import Hit, RulePack
from recommendations.tracks import DUMP_OBJECT, Track, tracks_of

BUCKET_PATHS = ("s3", "s3-landing", "database-dump", "export")
VAULT_PATHS = ("aws-backup", "backup-gateway")
# Jobs of Data Lifecycle Manager and AWS Backup start within an hour of their time (aws-facts e, f): schedules are that much tighter.
START = timedelta(hours=1)
# Regimes that ask for a record of who accessed sensitive data (aws-facts section l: HIPAA 164.312(b), PCI DSS 10, SEC 17a-4 audit trail).
ACCESS_RECORDS = frozenset({"hipaa", "pci-dss", "sec-17a-4"})
BAND_DAYS = (0, 30, 90, 365)

# Table -> outputs that the engine reads (outputs with a `setting` are printed as well).
USED: Mapping[str, frozenset[str]] = {
    "protection": frozenset({"path"}),
    "storage_class": frozenset({"forbids"}),
    "versioning": frozenset({"versioning"}),
    "encryption": frozenset({"mode"}),
    "replication": frozenset({"replication"}),
    "object_lock": frozenset({"mode"}),
    "dlm": frozenset({"every_hours"}),
    "backup_plan": frozenset({"plan"}),
    "vault_lock": frozenset({"lock"}),
    "dr_strategy": frozenset({"strategy"}),
    "logging": frozenset({"objects"}),
    "monitoring": frozenset({"watch"}),
    "drills": frozenset({"cadence", "first"}),
    "database_path": frozenset({"method", "log_shipping"}),
    "iam": frozenset({"separation"}),
    "trail": frozenset({"place", "lock"}),
    "keys": frozenset({"place"}),
    "residency": frozenset({"regions"}),
}


@dataclass(frozen=True)
class Decisions:
    """What was decided for one workload.

    `hits` maps a table's name to the row that fired (`storage_class`: a tuple of rows); a table that was not asked is absent.
    `lifecycle` is that of the newest data or copies in the bucket, the first of `tracks`; both are empty without a bucket.
    """

    hits: Mapping[str, Hit | tuple[Hit, ...]]
    lifecycle: Lifecycle | None = None
    tracks: tuple[Track, ...] = ()

    def hit(self, table: str) -> Hit | None:
        """The row of a table that gives one; None when the table was not asked."""
        found = self.hits.get(table)
        return found if isinstance(found, Hit) else None

    def value(self, table: str, output: str) -> str:
        """One output as text, `none` when the table was not asked."""
        found = self.hit(table)
        return str(found[output]) if found else "none"

    @property
    def path(self) -> str:
        return self.value("protection", "path")

    @property
    def replicated(self) -> bool:
        return self.value("replication", "replication") != "none"

    @property
    def lock(self) -> str | None:
        """Mode of Object Lock, None for no lock."""
        mode = self.value("object_lock", "mode")
        return None if mode == "none" else mode

    @property
    def versioned(self) -> bool:
        return self.value("versioning", "versioning") == "enabled"

    @property
    def in_bucket(self) -> bool:
        return bool(self.tracks)


def decide(workload: WorkloadFacts, customer: CustomerFacts, pack: RulePack, book: PriceBook) -> Decisions:
    """Asks every table that concerns the workload, then searches the lifecycle of everything it keeps in a bucket."""
    asked = _Asked(workload, customer, pack)
    path = asked.ask("protection", kind=workload.kind, where=workload.where, db_host=workload.db_host)["path"]
    if workload.kind == "database" and path != "aws-backup":
        asked.ask("database_path", engine=workload.engine, logs=workload.logs)
    abroad = asked.replication(path in BUCKET_PATHS)
    asked.common(path, abroad)
    if path == "dlm":
        asked.ask("dlm", reproduce=workload.reproduce, interval=started_in_time(workload))
    if path in VAULT_PATHS:
        asked.backup()
    ships_logs = path == "dlm" and asked.value("database_path", "log_shipping") == "archived-logs"
    if path not in BUCKET_PATHS and not ships_logs:
        return Decisions(asked.hits)
    asked.bucket(abroad)
    bands = asked.bands()
    tracks = tracks_of(workload, customer, Decisions(asked.hits), bands, book)
    return Decisions(asked.hits, tracks[0].lifecycle, tracks)


def decide_customer(customer: CustomerFacts, pack: RulePack) -> Decisions:
    """What the tables say about the whole engagement: logs, keys, Regions, separation of duties."""
    listed = any(account["account"] == customer.key_account for account in customer.accounts)
    asked: dict[str, Mapping[str, Any]] = {
        "iam": {"separate_account": customer.separate_account},
        "trail": {"archive": customer.log_role == "log-archive", "rule": customer.immutable},
        "keys": {"enc": customer.encryption, "owner": customer.key_owner, "listed": listed},
        "residency": {
            "region_loss": "region-loss" in customer.disruptions,
            "wished": customer.dr is not None or bool(customer.refused),
            "refused": bool(customer.refused),
            "left": customer.dr is not None,
        },
    }
    return Decisions({table: pack[table].decide(values) for table, values in asked.items()})


def started_in_time(workload: WorkloadFacts) -> timedelta:
    """The interval that keeps the RPO although a job starts up to an hour late; never longer than what was asked for."""
    return min(workload.interval, max(workload.rpo - START, timedelta(0)))


class _Asked:
    """Asks tables and keeps their answers by name."""

    def __init__(self, workload: WorkloadFacts, customer: CustomerFacts, pack: RulePack) -> None:
        self.workload, self.customer, self.pack = workload, customer, pack
        self.hits: dict[str, Hit | tuple[Hit, ...]] = {}

    def ask(self, table: str, **values: Any) -> Hit:
        hit = self.pack[table].decide(values)
        self.hits[table] = hit
        return hit

    def value(self, table: str, output: str) -> str:
        return Decisions(self.hits).value(table, output)

    def replication(self, objects: bool) -> bool:
        w, c = self.workload, self.customer
        hit = self.ask(
            "replication",
            wanted=w.xregion,
            region_loss="region-loss" in c.disruptions,
            dr_region=c.dr is not None,
            reproduce=w.reproduce,
            region_rpo=w.region_rpo,
            objects=objects,
        )
        return bool(hit["replication"] != "none")

    def common(self, path: str, abroad: bool) -> None:
        w, c = self.workload, self.customer
        separation = self.ask("iam", separate_account=c.separate_account)["separation"]
        elsewhere = separation == "account" and w.xacct != "not-needed"
        self.ask("encryption", enc=c.encryption, copied=abroad or elsewhere)
        # What runs in AWS falls with its Region, so the targets for that event count; what runs elsewhere recovers into AWS at any event.
        regional = w.where == "aws" and "region-loss" in c.disruptions
        rto, rpo = (w.region_rto, w.region_rpo) if regional else (w.rto, w.rpo)
        self.ask("dr_strategy", reproduce=w.reproduce, rto=rto, rpo=rpo)
        self.ask("monitoring", path=path, replicated=abroad)
        self.ask("drills", planned=c.drill, tier=w.tier, last_result=c.last_result)

    def backup(self) -> None:
        w, c = self.workload, self.customer
        continuous = w.kind == "database" and w.db_host in ("rds", "aurora")
        self.ask("backup_plan", reproduce=w.reproduce, continuous_possible=continuous, interval=started_in_time(w))
        self.ask("vault_lock", rule=c.immutable, wanted=w.immutable, erasure=w.erasure)

    def bucket(self, replicated: bool) -> None:
        w, c = self.workload, self.customer
        lock = self.ask("object_lock", rule=c.immutable, wanted=w.immutable, erasure=w.erasure, reproduce=w.reproduce)["mode"]
        self.ask("versioning", replicated=replicated, locked=lock != "none", reproduce=w.reproduce, versions=w.versions)
        demanded = bool(ACCESS_RECORDS.intersection(c.regimes)) and bool(c.pii) and c.pii != ("none",)
        self.ask("logging", depth=c.log_depth, critical=w.critical, demanded=demanded)

    def bands(self) -> tuple[Band, ...]:
        """The age bands with the classes that the rules leave; rows of `storage_class` that fired are kept in table order."""
        w = self.workload
        reads = w.reads or ("almost-never",) * 4
        ends: tuple[int | None, ...] = (*BAND_DAYS[1:], None)
        fired: dict[str, Hit] = {}
        bands = []
        for start, end, rate in zip(BAND_DAYS, ends, reads, strict=True):
            hits = self.pack["storage_class"].hits(
                {
                    "reads": rate,
                    "any_unpredictable": "unpredictable" in reads,
                    "avail": w.avail,
                    "reproduce": w.reproduce,
                    "object_size": w.object_bytes if w.reads else DUMP_OBJECT,
                    "restores_a_year": self.customer.restores_a_year,
                }
            )
            fired.update({hit.row.id: hit for hit in hits})
            why = {name: hit.row.because for hit in reversed(hits) for name in hit["forbids"]}
            classes = frozenset(name for name in s3.CLASSES if name not in why)
            bands.append(Band(start, end, rate, s3.WAIT[s3.DEEP_ARCHIVE], classes, tuple(sorted(why.items()))))
        order = [row.id for row in self.pack["storage_class"].rows]
        self.hits["storage_class"] = tuple(fired[name] for name in order if name in fired)
        return tuple(bands)
