"""The facts become the inputs of the decision tables here and nowhere else: table -> input -> how it is read.

Each input is read by a function of its own, so that the answers behind it can be noted one by one (`recommendations.provenance`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Protocol

from recommendations import snapshot_tiers as tiers
from recommendations.facts import CustomerFacts, WorkloadFacts

BUCKET_PATHS = ("s3", "s3-landing", "database-dump", "export")
# Jobs of Data Lifecycle Manager and AWS Backup start within an hour of their time (aws-facts e, f): schedules are that much tighter.
START = timedelta(hours=1)
# Regimes that ask for a record of who accessed sensitive data (aws-facts section l: HIPAA 164.312(b), PCI DSS 10, SEC 17a-4 audit trail).
ACCESS_RECORDS = frozenset({"hipaa", "pci-dss", "sec-17a-4"})
# Size of one backup piece, where no access was asked for because copies are written, not objects (a planning figure).
DUMP_OBJECT = 2**30
SELDOM = ("almost-never",) * 4


class Asking(Protocol):
    """Facts, and what the tables before said about the workload."""

    workload: WorkloadFacts
    customer: CustomerFacts

    def value(self, table: str, output: str) -> str: ...


Inputs = Mapping[str, Callable[[Asking], Any]]


def started_in_time(workload: WorkloadFacts) -> timedelta:
    """The interval that keeps the RPO although a job starts up to an hour late; never longer than what was asked for."""
    return min(workload.interval, max(workload.rpo - START, timedelta(0)))


def abroad(a: Asking) -> bool:
    """Whether a copy stands in another Region."""
    return a.value("replication", "replication") != "none"


def elsewhere(a: Asking) -> bool:
    """Whether a copy stands in an account of its own."""
    return a.value("iam", "separation") == "account" and a.workload.xacct != "not-needed"


def ships_logs(a: Asking) -> bool:
    """Whether a database on volumes ships its log into a bucket, beside the snapshots."""
    return a.value("protection", "path") == "dlm" and a.value("database_path", "log_shipping") == "archived-logs"


def regional(a: Asking) -> bool:
    """Whether the targets for the loss of a Region count: what runs in AWS falls with it, what runs elsewhere recovers into AWS anyway."""
    return a.workload.where == "aws" and "region-loss" in a.customer.disruptions


def records_demanded(a: Asking) -> bool:
    """Whether a regime asks who read the data, and there is data of people or secrets to read."""
    c = a.customer
    return bool(ACCESS_RECORDS.intersection(c.regimes)) and bool(c.pii) and c.pii != ("none",)


INPUTS: Mapping[str, Inputs] = {
    "protection": {
        "kind": lambda a: a.workload.kind,
        "where": lambda a: a.workload.where,
        "db_host": lambda a: a.workload.db_host,
    },
    "database_path": {"engine": lambda a: a.workload.engine, "logs": lambda a: a.workload.logs},
    "replication": {
        "wanted": lambda a: a.workload.xregion,
        "region_loss": lambda a: "region-loss" in a.customer.disruptions,
        "dr_region": lambda a: a.customer.dr is not None,
        "reproduce": lambda a: a.workload.reproduce,
        "region_rpo": lambda a: a.workload.region_rpo,
        "objects": lambda a: a.value("protection", "path") in BUCKET_PATHS or ships_logs(a),
    },
    "iam": {"separate_account": lambda a: a.customer.separate_account},
    "encryption": {"enc": lambda a: a.customer.encryption, "copied": lambda a: abroad(a) or elsewhere(a)},
    "dr_strategy": {
        "reproduce": lambda a: a.workload.reproduce,
        "rto": lambda a: a.workload.region_rto if regional(a) else a.workload.rto,
        "rpo": lambda a: a.workload.region_rpo if regional(a) else a.workload.rpo,
    },
    "monitoring": {"path": lambda a: a.value("protection", "path"), "replicated": abroad},
    "drills": {
        "planned": lambda a: a.customer.drill,
        "tier": lambda a: a.workload.tier,
        "last_result": lambda a: a.customer.last_result,
    },
    "dlm": {"reproduce": lambda a: a.workload.reproduce, "interval": lambda a: started_in_time(a.workload)},
    "fast_restore": {
        "restored": lambda a: tiers.restored(a.workload, a.customer),
        "provisioned": lambda a: a.workload.provisioned,
        "ready": lambda a: tiers.ready(a.workload, a.value("dlm", "every_hours")),
    },
    "snapshot_archive": {
        "by_volume": lambda a: not a.workload.multi_volume,
        "left": lambda a: tiers.left_to_open(a.workload, a.customer),
        "monthly": lambda a: tiers.own_share("monthly", a.workload, a.value("dlm", "every_hours")),
        "yearly": lambda a: tiers.own_share("yearly", a.workload, a.value("dlm", "every_hours")),
    },
    "backup_plan": {
        "reproduce": lambda a: a.workload.reproduce,
        "continuous_possible": lambda a: a.workload.kind == "database" and a.workload.db_host in ("rds", "aurora"),
        "interval": lambda a: started_in_time(a.workload),
    },
    "vault_lock": {
        "rule": lambda a: a.customer.immutable,
        "wanted": lambda a: a.workload.immutable,
        "erasure": lambda a: a.workload.erasure,
    },
    "object_lock": {
        "rule": lambda a: a.customer.immutable,
        "wanted": lambda a: a.workload.immutable,
        "erasure": lambda a: a.workload.erasure,
        "reproduce": lambda a: a.workload.reproduce,
    },
    "versioning": {
        "replicated": abroad,
        "locked": lambda a: a.value("object_lock", "mode") != "none",
        "reproduce": lambda a: a.workload.reproduce,
        "versions": lambda a: a.workload.versions,
    },
    "logging": {
        "depth": lambda a: a.customer.log_depth,
        "critical": lambda a: a.workload.critical,
        "demanded": records_demanded,
    },
    "inventory": {
        "replication": lambda a: a.value("replication", "replication"),
        "locked": lambda a: a.value("object_lock", "mode") != "none",
    },
    "existing_objects": {"wanted": lambda a: a.workload.existing},
    "archive_tiers": {"latency": lambda a: a.workload.latency, "rto": lambda a: a.workload.rto},
    # Asked once for each age band, with the read rate of that band as `reads`.
    "storage_class": {
        "reads": lambda a: a.workload.reads or SELDOM,
        "any_unpredictable": lambda a: "unpredictable" in (a.workload.reads or SELDOM),
        "avail": lambda a: a.workload.avail,
        "reproduce": lambda a: a.workload.reproduce,
        "object_size": lambda a: a.workload.largest_object if a.workload.reads else DUMP_OBJECT,
        "restores_a_year": lambda a: a.customer.restores_a_year,
    },
}

CUSTOMER_INPUTS: Mapping[str, Mapping[str, Callable[[CustomerFacts], Any]]] = {
    "iam": {"separate_account": lambda c: c.separate_account},
    "trail": {"archive": lambda c: c.log_role == "log-archive", "rule": lambda c: c.immutable},
    "alerts": {"mailed": lambda c: bool(c.alerts), "otherwise": lambda c: bool(c.channels)},
    "keys": {
        "enc": lambda c: c.encryption,
        "owner": lambda c: c.key_owner,
        "listed": lambda c: any(account["account"] == c.key_account for account in c.accounts),
    },
    "public_access": {"open": lambda c: c.public},
    "residency": {
        "region_loss": lambda c: "region-loss" in c.disruptions,
        "wished": lambda c: c.dr is not None or bool(c.refused),
        "refused": lambda c: bool(c.refused),
        "left": lambda c: c.dr is not None,
    },
}

# Table -> input -> the tables whose decisions it is made from; drawn in the requirements diagram and held against the engine by a test.
FROM_TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "replication": {"objects": ("protection",)},
    "encryption": {"copied": ("replication", "iam")},
    "fast_restore": {"ready": ("dlm",)},
    "snapshot_archive": {"monthly": ("dlm",), "yearly": ("dlm",)},
    "monitoring": {"path": ("protection",), "replicated": ("replication",)},
    "versioning": {"replicated": ("replication",), "locked": ("object_lock",)},
    "inventory": {"replication": ("replication",), "locked": ("object_lock",)},
}
