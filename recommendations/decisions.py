"""What each decision table says about one workload, and the lifecycles of what it keeps in buckets.

`recommendations.inputs` makes the inputs of the tables from the facts; `USED` names the outputs that the design reads, for the verifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recommendations import storage as s3
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.inputs import BUCKET_PATHS, CUSTOMER_INPUTS, INPUTS, ships_logs
from recommendations.lifecycle import Lifecycle
from recommendations.lifecycle_cost import Band
from recommendations.overrides import binding, overridden
from recommendations.prices import PriceBook
from recommendations.tables import Hit, RulePack
from recommendations.tracks import Track, tracks_of

VAULT_PATHS = ("aws-backup", "backup-gateway")
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
    "fast_restore": frozenset({"fast"}),
    "snapshot_archive": frozenset({"archive"}),
    "backup_plan": frozenset({"plan"}),
    "vault_lock": frozenset({"lock"}),
    "dr_strategy": frozenset({"strategy"}),
    "logging": frozenset({"objects"}),
    "inventory": frozenset({"report"}),
    "existing_objects": frozenset({"job"}),
    "archive_tiers": frozenset({"tiers"}),
    "monitoring": frozenset({"watch"}),
    "drills": frozenset({"cadence", "first"}),
    "database_path": frozenset({"method", "log_shipping"}),
    "iam": frozenset({"separation"}),
    "trail": frozenset({"place", "lock"}),
    "keys": frozenset({"place"}),
    "public_access": frozenset({"block"}),
    "alerts": frozenset({"receivers"}),
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
    def archive_tiers(self) -> str:
        """Archive tiers of Intelligent-Tiering, `none` where the search did not choose that class."""
        tiered = any(name == s3.INTELLIGENT for track in self.tracks for name, _ in track.lifecycle.steps)
        return self.value("archive_tiers", "tiers") if tiered else "none"

    @property
    def in_bucket(self) -> bool:
        return bool(self.tracks)


def decide(workload: WorkloadFacts, customer: CustomerFacts, pack: RulePack, book: PriceBook) -> Decisions:
    """Asks every table that concerns the workload, then searches the lifecycle of everything it keeps in a bucket."""
    return conclude(Asked(workload, customer, pack), book)


def conclude(asked: Asked, book: PriceBook) -> Decisions:
    """What `decide` does, with somebody given who asks the tables."""
    asked.ask("protection")
    path = asked.value("protection", "path")
    if path != "aws-backup" and asked.workload.kind == "database":
        asked.ask("database_path")
    # The order counts: later tables read what earlier ones said.
    for table in ("replication", "iam", "encryption", "dr_strategy", "monitoring", "drills"):
        asked.ask(table)
    if path == "dlm":
        asked.ask("dlm")
        if asked.value("dlm", "every_hours") != "none":
            asked.ask("fast_restore")
            asked.ask("snapshot_archive")
    if path in VAULT_PATHS:
        asked.ask("backup_plan")
        asked.ask("vault_lock")
    if path not in BUCKET_PATHS and not ships_logs(asked):
        return Decisions(asked.hits)
    for table in ("object_lock", "versioning", "logging", "inventory", "archive_tiers"):
        asked.ask(table)
    if asked.workload.bucket and asked.value("replication", "replication") != "none":
        asked.ask("existing_objects")
    bands = asked.bands()
    tracks = tracks_of(asked.workload, asked.customer, Decisions(asked.hits), bands, book)
    return Decisions(asked.hits, tracks[0].lifecycle, tracks)


def decide_customer(customer: CustomerFacts, pack: RulePack) -> Decisions:
    """What the tables say about the whole engagement: logs, keys, Regions, separation of duties."""
    return Decisions(
        {table: pack[table].decide({name: read(customer) for name, read in inputs.items()}) for table, inputs in CUSTOMER_INPUTS.items()}
    )


class Asked:
    """Asks tables about one workload and keeps their answers by name."""

    def __init__(self, workload: WorkloadFacts, customer: CustomerFacts, pack: RulePack) -> None:
        self.workload, self.customer, self.pack = workload, customer, pack
        self.hits: dict[str, Hit | tuple[Hit, ...]] = {}
        self.overrides = {one.setting: one for one in workload.overrides}

    def inputs(self, table: str) -> dict[str, Any]:
        """What a table is asked about."""
        return {name: read(self) for name, read in INPUTS[table].items()}

    def ask(self, table: str) -> None:
        """Asks a table that gives one row, and keeps it."""
        hit = self.pack[table].decide(self.inputs(table))
        override = self.overrides.get(table)
        self.hits[table] = overridden(hit, override) if override else hit

    def value(self, table: str, output: str) -> str:
        """One output of a table asked before, `none` when it was not asked."""
        found = self.hits.get(table)
        return str(found[output]) if isinstance(found, Hit) else "none"

    def bands(self) -> tuple[Band, ...]:
        """The age bands with the classes that the rules leave; rows of `storage_class` that fired are kept in table order."""
        table, inputs = self.pack["storage_class"], self.inputs("storage_class")
        fired: dict[str, Hit] = {}
        bound = binding(self.workload.overrides, table)
        bands = []
        for start, end, rate in zip(BAND_DAYS, (*BAND_DAYS[1:], None), inputs["reads"], strict=True):
            hits = (*bound, *table.hits({**inputs, "reads": rate}))
            fired.update({hit.row.id: hit for hit in hits})
            why = {name: hit.row.because for hit in reversed(hits) for name in hit["forbids"]}
            classes = frozenset(name for name in s3.CLASSES if name not in why)
            bands.append(Band(start, end, rate, s3.WAIT[s3.DEEP_ARCHIVE], classes, tuple(sorted(why.items()))))
        self.hits["storage_class"] = (*bound, *(fired[row.id] for row in table.rows if row.id in fired))
        return tuple(bands)
