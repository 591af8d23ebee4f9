"""The ways in which one workload could be protected: every combination of the settings that move its cost, its RTO or its RPO.

What stays fixed: the way of the copies (it follows from kind and place of the data), how long copies, versions and locks last, the
Regions that the residency rule leaves, and the account. A lock is never weaker than designed. What an architect has overridden stays too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from itertools import product
from typing import Any

from recommendations import recovery_figures as figures
from recommendations import storage as s3
from recommendations.backups import PLANS
from recommendations.decisions import VAULT_PATHS, Asked
from recommendations.facts import INTERVALS, CustomerFacts, WorkloadFacts
from recommendations.inputs import BUCKET_PATHS
from recommendations.parts import Part
from recommendations.snapshot_tiers import ready
from recommendations.tables import Hit, RulePack

# Longest first everywhere: of equals the one that disturbs least is kept. Intervals of aws-facts e, and the weekly schedule.
DLM_HOURS = ("168", "24", "12", "8", "6", "4", "3", "2", "1")
OPENINGS = (timedelta(0), s3.WAIT[s3.GLACIER], s3.WAIT[s3.DEEP_ARCHIVE])
ANY = timedelta(days=3650)  # an opening time that rules no class out
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Mechanism:
    """One way to protect a workload. What its path does not have is at its first value (`none`, None, False).

    `every` is the time between copies into a bucket (zero: as it is written); `log` whether the database's log is shipped; `opens` how
    long the newest copies or the data may take to open, `opens_far` the same for the replica; `other_account` whether a vault is copied
    into the backup account; `fast` whether snapshots are kept ready to be read at full speed (fast snapshot restore).
    """

    snapshots: str = "none"
    plan: str = "none"
    every: timedelta | None = None
    log: bool = False
    replication: str = "none"
    lock: str = "none"
    opens: timedelta = timedelta(0)
    opens_far: timedelta = timedelta(0)
    other_account: bool = False
    fast: bool = False


NAMES = tuple(one.name for one in fields(Mechanism))


def designed(part: Part, customer: CustomerFacts) -> Mechanism:
    """The mechanism of the design itself."""
    d, facts = part.decisions, part.facts
    vault = d.path in VAULT_PATHS
    return Mechanism(
        snapshots=d.value("dlm", "every_hours"),
        plan=d.value("backup_plan", "plan"),
        every=facts.interval if d.path in BUCKET_PATHS and d.path != "s3" else None,
        log=d.value("database_path", "log_shipping") == "archived-logs",
        replication=d.value("replication", "replication"),
        lock=d.value("vault_lock", "lock") if vault else d.value("object_lock", "mode"),
        opens=opening(d.path, facts.rto) if d.in_bucket else timedelta(0),
        opens_far=facts.region_rto if d.in_bucket and d.replicated else timedelta(0),
        other_account=vault and beside(part),
        fast=d.value("fast_restore", "fast") == "on",
    )


def beside(part: Part) -> bool:
    """Whether the design copies into the backup account."""
    return part.decisions.value("iam", "separation") == "account" and part.facts.xacct != "not-needed"


def held(part: Part) -> frozenset[str]:
    """The settings of a mechanism that an architect has overridden: they are not for choice."""
    vault = part.decisions.path in VAULT_PATHS
    names = {"dlm": "snapshots", "backup_plan": "plan", "replication": "replication", "vault_lock" if vault else "object_lock": "lock"}
    return frozenset(names[one.setting] for one in part.facts.overrides if one.setting in names)


def share(path: str) -> int:
    """The part of the recovery time that an archive class may take: all of it for data, a quarter for copies (`tracks`)."""
    return 1 if path in ("s3", "s3-landing") else 4


def opening(path: str, rto: timedelta) -> timedelta:
    """The longest wait of a storage class that fits into a recovery time."""
    return max(wait for wait in OPENINGS if wait * share(path) <= rto)


def choices(part: Part, customer: CustomerFacts) -> Mapping[str, tuple[Any, ...]]:
    """The values of each setting that are weighed; the designed one is among them, and alone where it is overridden."""
    now, d, facts = designed(part, customer), part.decisions, part.facts
    found: dict[str, tuple[Any, ...]] = dict.fromkeys(NAMES, ())
    found["replication"] = ("none", "crr", "crr-rtc")
    if d.path == "dlm":
        found |= {"snapshots": ("none", *DLM_HOURS), "fast": (False, True)}
    if d.path in VAULT_PATHS:
        found |= {"plan": ("none", *reversed(tuple(PLANS)), "continuous"), "lock": ("none", "governance"), "other_account": (False, True)}
    if d.path in BUCKET_PATHS:
        found["lock"] = ("none", "GOVERNANCE")
        found["every"] = tuple(gap for gap in reversed(tuple(INTERVALS.values())) if gap >= shortest(part)) if d.path != "s3" else ()
    if facts.kind == "database" and d.hit("database_path"):
        found["log"] = (False, True)
    if d.in_bucket:
        found["opens"] = OPENINGS
        found["opens_far"] = (*OPENINGS[:1], *(2 * wait for wait in OPENINGS[1:]), ANY)
    fixed = held(part)
    return {name: tuple(dict.fromkeys((getattr(now, name), *(() if name in fixed else values)))) for name, values in found.items()}


def shortest(part: Part) -> timedelta:
    """The shortest time between copies into a bucket: a provider's export is not taken more often than designed, dumps take an hour."""
    if part.decisions.path == "export":
        return part.facts.interval
    return figures.DUMP_SHORTEST if part.decisions.path == "database-dump" else timedelta(0)


def mechanisms(part: Part, customer: CustomerFacts) -> Iterator[Mechanism]:
    """Every combination, the designed one first; those that `broken` names are among them."""
    values = choices(part, customer)
    for combination in product(*(values[name] for name in NAMES)):
        yield Mechanism(*combination)


def broken(one: Mechanism, part: Part, customer: CustomerFacts) -> str | None:
    """The rule that a combination breaks: of AWS, of the retention, of the lock, or of what the workload can do; None when it stands."""
    now = designed(part, customer)
    return None if one == now else aws_rule(one, part, customer) or promise_rule(one, now, part)


def aws_rule(one: Mechanism, part: Part, customer: CustomerFacts) -> str | None:
    """What AWS does not offer."""
    facts, path = part.facts, part.decisions.path
    if one.replication != "none" and customer.dr is None:
        return "no second Region is named that the residency rule allows"
    if one.replication == "crr-rtc" and path not in BUCKET_PATHS:
        return "Replication Time Control is for objects only"
    if unversioned(part) and (one.replication != "none" or one.lock != "none"):
        return "replication and Object Lock need versioning, which an override leaves out"
    if one.replication == "none" and one.opens_far:
        return "without a replica there is none to open"
    if one.plan == "continuous" and not (facts.kind == "database" and facts.db_host in ("rds", "aurora")):
        return "continuous backup is for RDS and Aurora"
    if one.fast and (one.snapshots == "none" or facts.where != "aws"):
        return "fast snapshot restore needs EBS snapshots"
    if one.fast and not ready(facts, one.snapshots):
        return "a snapshot is not ready for fast restore before the next one takes its place"
    if one.other_account and (part.decisions.value("iam", "separation") != "account" or one.plan == "none"):
        return "the copy in the backup account needs that account, and something to copy"
    if one.log and not facts.logs:
        return "the log of this database cannot be backed up"
    return None


def unversioned(part: Part) -> bool:
    """Whether an override keeps the versions of a bucket away."""
    return any(one.setting == "versioning" and one.value != "enabled" for one in part.facts.overrides)


def promise_rule(one: Mechanism, now: Mechanism, part: Part) -> str | None:
    """What was promised and is not for sale: copies as long and as dense as they are to be kept, and no weaker lock."""
    copies, path = part.facts.copies, part.decisions.path
    if (now.snapshots != "none" == one.snapshots) or (now.plan != "none" == one.plan):
        return "the retention asks for copies"
    if now.lock != "none" and one.lock != now.lock:
        return "a lock is not weakened"
    longest = DAY if copies["daily"] else WEEK if copies["weekly"] else ANY
    gap = interval(one)
    if path != "s3-landing" and gap is not None and gap > longest and gap != interval(now):
        return "the retention asks for denser copies"
    return None


def interval(one: Mechanism) -> timedelta | None:
    """The time between scheduled copies; None where nothing is scheduled."""
    if one.snapshots != "none":
        return timedelta(hours=int(one.snapshots))
    if one.plan in PLANS:
        return timedelta(hours=PLANS[one.plan])
    return one.every


class Forced(Asked):
    """Asks the tables, but says what a mechanism says where they decide it."""

    def __init__(self, workload: WorkloadFacts, customer: CustomerFacts, pack: RulePack, outputs: Mapping[tuple[str, str], str]) -> None:
        super().__init__(workload, customer, pack)
        self.outputs = outputs

    def ask(self, table: str) -> None:
        super().ask(table)
        hit = self.hits[table]
        forced = {output: value for (name, output), value in self.outputs.items() if name == table}
        if forced and isinstance(hit, Hit):
            self.hits[table] = Hit(hit.table, replace(hit.row, then={**hit.row.then, **forced}))


def outputs_of(one: Mechanism, part: Part) -> dict[tuple[str, str], str]:
    """What the tables have to say for a mechanism."""
    return {
        ("dlm", "every_hours"): one.snapshots,
        ("fast_restore", "fast"): "on" if one.fast else "none",
        ("backup_plan", "plan"): one.plan,
        ("database_path", "log_shipping"): "archived-logs" if one.log else "none",
        ("replication", "replication"): one.replication,
        ("object_lock", "mode"): one.lock,
        ("vault_lock", "lock"): one.lock,
        # The recovery strategy follows from the targets, which stay.
        ("dr_strategy", "strategy"): part.decisions.value("dr_strategy", "strategy"),
    }


def lived(one: Mechanism, part: Part) -> WorkloadFacts:
    """The facts of the workload as they are under a mechanism; its targets stay."""
    facts = part.facts
    interval_of = facts.interval if one.every is None else one.every
    vault = part.decisions.path in VAULT_PATHS
    xacct = ("needed" if one.other_account else "not-needed") if vault else facts.xacct
    return replace(facts, interval=interval_of, xacct=xacct)


def stored(one: Mechanism, facts: WorkloadFacts, path: str) -> WorkloadFacts:
    """The facts from which storage classes are chosen: times that leave just the classes that open as fast as the mechanism says."""
    return replace(facts, rto=one.opens * share(path), region_rto=one.opens_far)


WORDS = {
    "every": "Copies",
    "log": "Log shipping",
    "lock": "Lock",
    "opens": "Old data opens",
    "opens_far": "Copy abroad opens",
    "other_account": "Copy in the backup account",
    "fast": "Fast snapshot restore",
}
LOCKS = {"none": "none", "governance": "governance", "compliance": "compliance"}
REPLICATION = {"none": "none", "crr": "yes, without a promised time", "crr-rtc": "within 15 minutes (Replication Time Control)"}


def shown(name: str, value: Any, customer: CustomerFacts) -> tuple[str, str]:
    """(setting, value) in words."""
    if name == "replication":
        return f"Copy in {customer.dr or 'another Region'}", REPLICATION[value]
    if name == "snapshots":
        return "Snapshots", "none" if value == "none" else f"every {figures.words(timedelta(hours=int(value)))}"
    if name == "plan":
        plans = {"none": "none", "continuous": "continuous"}
        return "AWS Backup", plans.get(value) or f"every {figures.words(timedelta(hours=PLANS[value]))}"
    if name == "lock":
        return WORDS[name], LOCKS[value.lower()]
    if isinstance(value, bool):
        return WORDS[name], "yes" if value else "no"
    if name == "every":
        return WORDS[name], f"every {figures.words(value)}" if value else "as it is written"
    return WORDS[name], "at once" if not value else "in any time" if value == ANY else f"within {figures.words(value)}"


@dataclass(frozen=True)
class Change:
    """One setting that a mechanism has otherwise than the design, in words."""

    what: str
    before: str
    after: str


def changes(one: Mechanism, now: Mechanism, customer: CustomerFacts) -> tuple[Change, ...]:
    """What differs from the design. The replica's opening time is told only where both have a replica."""
    found = []
    for name in NAMES:
        old, new = getattr(now, name), getattr(one, name)
        if old == new or (name == "opens_far" and "none" in (one.replication, now.replication)):
            continue
        what, after = shown(name, new, customer)
        found.append(Change(what, shown(name, old, customer)[1], after))
    return tuple(found)
