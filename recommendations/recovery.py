"""Recovery of one workload, disruption by disruption: what is lost (RPO) and how long it takes (RTO), step by step, against the targets.

An objective that is not met stays visible: `rpo` and `rto` are null where no copy is left or no line carries it back, and never met then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from assessment.quantities import write_duration, write_size
from recommendations import recovery_figures as figures
from recommendations.decisions import Decisions
from recommendations.facts import CustomerFacts, WorkloadFacts
from recommendations.recovery_copies import Copy, Missing, copy_for

Kind = Literal["own", "staff", "manual", "archive", "line", "load", "requests"]
DISRUPTIONS = ("deletion", "hardware", "site-loss", "region-loss", "ransomware", "account-loss")


@dataclass(frozen=True)
class Step:
    """One step; `duration` None when it never ends (a line that carries next to nothing). `kind` says what could make it shorter."""

    what: str
    duration: timedelta | None
    kind: Kind = "own"


def recovery_of(workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> list[dict[str, Any]]:
    """The `recovery` entries of design.json: one for each disruption that the customer names (an exit from the provider is handed over)."""
    return [entry(one, workload, customer, decisions) for one in DISRUPTIONS if one in customer.disruptions]


def entry(disruption: str, workload: WorkloadFacts, customer: CustomerFacts, decisions: Decisions) -> dict[str, Any]:
    """One entry. Durations are written as in an engagement file (`3h`, `95m`)."""
    region = disruption == "region-loss"
    rpo_target, rto_target = (workload.region_rpo, workload.region_rto) if region else (workload.rpo, workload.rto)
    copy = copy_for(disruption, workload, customer, decisions)
    if isinstance(copy, Missing):
        return record(disruption, copy.mechanism, None, rpo_target, None, rto_target, [], [copy.why])
    steps = steps_of(disruption, copy, workload, customer)
    rto = total(steps) if copy.way != "rebuild" else rto_target
    notes = [*copy.notes, *remarks(copy, steps, workload, customer, rto, rto_target, decisions.value("dr_strategy", "strategy"))]
    return record(disruption, copy.mechanism, copy.rpo, rpo_target, rto, rto_target, steps, notes)


def record(
    disruption: str,
    mechanism: str,
    rpo: timedelta | None,
    rpo_target: timedelta,
    rto: timedelta | None,
    rto_target: timedelta,
    steps: list[Step],
    notes: list[str],
) -> dict[str, Any]:
    return {
        "disruption": disruption,
        "mechanism": mechanism,
        "rpo": None if rpo is None else write_duration(rpo),
        "rpo_target": write_duration(rpo_target),
        "rpo_met": rpo is not None and rpo <= rpo_target,
        "rto": None if rto is None else write_duration(rto),
        "rto_target": write_duration(rto_target),
        "rto_met": rto is not None and rto <= rto_target,
        "steps": [{"what": s.what, "duration": None if s.duration is None else write_duration(s.duration)} for s in steps],
        "note": " ".join(notes),
    }


def total(steps: list[Step]) -> timedelta | None:
    """The sum of the steps; None when one never ends."""
    durations = [step.duration for step in steps if step.duration is not None]
    return sum(durations, timedelta(0)) if len(durations) == len(steps) else None


def steps_of(disruption: str, copy: Copy, workload: WorkloadFacts, customer: CustomerFacts) -> list[Step]:
    """What has to happen, in order, until the workload works again."""
    if copy.way in ("nothing", "rebuild"):
        return []
    return [
        Step(f"Somebody is there to act ({STAFF[customer.staff]})", figures.STAFF_WAIT[customer.staff], "staff"),
        Step("Find and choose the last good copy", figures.FIND_COPY),
        *([Step(f"Decide to move, and switch to {copy.region}", figures.SWITCH_REGION)] if disruption == "region-loss" else []),
        *manual_before(disruption, copy, customer),
        *opening_steps(disruption, copy, workload),
        *move_steps(disruption, copy, workload, customer),
        *manual_after(disruption, copy, customer),
        *(Step(row["step"], timedelta(minutes=row["minutes"])) for row in workload.steps),
    ]


STANDBYS = {"pilot-light": "pilot light", "warm-standby": "warm standby", "multi-site": "second site"}
STAFF = {"business": "business hours", "extended": "extended hours", "always": "day and night"}


def manual_before(disruption: str, copy: Copy, customer: CustomerFacts) -> list[Step]:
    """A server that is lost with its disks has to stand again first, unless whole machines or volumes come back."""
    lost = disruption in ("hardware", "site-loss", "account-loss") and copy.way in ("dump", "files")
    return manual(customer, ("build-server",) if lost else ())


def manual_after(disruption: str, copy: Copy, customer: CustomerFacts) -> list[Step]:
    """Hand work of today that the design does not take away."""
    names: tuple[str, ...] = ()
    if disruption in ("hardware", "site-loss", "account-loss") and copy.way == "dump":
        names += ("reinstall-application",)
    if disruption in ("site-loss", "region-loss", "account-loss"):
        names += ("rebuild-network", "restore-keys")
    return manual(customer, names)


def manual(customer: CustomerFacts, names: tuple[str, ...]) -> list[Step]:
    return [
        Step(f"{what} by hand, as today", took, "manual")
        for name, (what, took) in figures.MANUAL_STEPS.items()
        if name in names and name in customer.manual_steps
    ]


def wanted_objects(count: int, workload: WorkloadFacts) -> int:
    return max(1, int(Decimal(workload.objects) * count / workload.size))


def opening_steps(disruption: str, copy: Copy, workload: WorkloadFacts) -> list[Step]:
    """Restore requests and the wait of an archive class."""
    if not copy.wait:
        return []
    objects = 1 if copy.way == "dump" else wanted_objects(figures.wanted_bytes(disruption, workload), workload)
    return [
        Step(f"Ask the archive class for {objects:,} objects", figures.requests(objects, figures.RESTORES_A_SECOND)),
        Step("Wait until the archive class has opened them", copy.wait, "archive"),
    ]


def move_steps(disruption: str, copy: Copy, workload: WorkloadFacts, customer: CustomerFacts) -> list[Step]:
    """Bring the data back to where it works."""
    count = figures.wanted_bytes(disruption, workload)
    if copy.way == "bucket":
        return []
    if copy.way == "versions":
        objects = wanted_objects(count, workload)
        return [Step(f"Bring {objects:,} previous versions back", figures.requests(objects, figures.COPIES_A_SECOND), "requests")]
    if copy.way == "volumes":
        load = Step(f"Load {shown_size(count)} from the snapshots at 300 MiB/s", figures.initialise(count), "load")
        return [Step("Create the volumes from their snapshots", figures.CREATE_VOLUMES), *([] if copy.fast else [load])]
    outside = figures.goes_outside(workload)
    if copy.way == "instance" or (copy.way == "machines" and not outside):
        return [
            Step("Create the new instance from the backup", figures.CREATE_DATABASE),
            Step(f"Load {shown_size(count)} from the backup at 300 MiB/s", figures.initialise(count), "load"),
        ]
    if copy.way == "dump":
        count = int(Decimal(count) * workload.reduction)
    bits = customer.download if outside else figures.AWS_BITS
    line = "over the line to you" if outside else "inside AWS"
    return [Step(f"Copy {shown_size(count)} {line}", figures.transfer(count, bits), "line" if outside else "own")]


def shown_size(count: int) -> str:
    """Bytes with at most one decimal."""
    for unit, factor in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20)):
        if count >= factor:
            return f"{(Decimal(count) / factor).quantize(Decimal('0.1'))} {unit}".replace(".0 ", " ")
    return write_size(count)


def remarks(
    copy: Copy, steps: list[Step], workload: WorkloadFacts, customer: CustomerFacts, rto: timedelta | None, target: timedelta, strategy: str
) -> list[str]:
    """What a reader has to know about the figure."""
    found = []
    if steps and customer.staff in figures.WEEKEND_WAIT:
        found.append(f"At a weekend the wait for staff is up to {figures.words(figures.WEEKEND_WAIT[customer.staff])}.")
    if rto is None:
        found.append("The line carries too little for a restore (net_down): the data cannot come back over it.")
    elif rto > target and steps:
        longest = max(steps, key=lambda step: step.duration or timedelta(0))
        found.append(f"The target of {figures.words(target)} is missed; the longest step is: {longest.what}.")
        if strategy in STANDBYS:
            found.append(
                f"The {STANDBYS[strategy]} of the recovery strategy has to be built apart; once it runs, this restore is the second way."
            )
    if copy.way in ("volumes", "instance") and not copy.fast:
        found.append(
            "Usable from the start, but slow until every block has been read once; counted for one volume, several load side by side."
        )
    return found
