"""Findings that need the computed design: objectives not met, minimum days wasted, snapshots that load, prices not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from assessment.answer_tree import AnswerTree
from assessment.checks import line_of, outside
from assessment.link import REDUCTION, seed_days
from assessment.quantities import parse_duration
from recommendations import remedies
from recommendations import storage as s3
from recommendations.findings_model import COST, PERFORMANCE, RELIABILITY, SEVERITIES, Finding, FindingParts, WorkloadPart, finding, joined
from recommendations.recovery_figures import words

EVENTS = {
    "deletion": ("deleted or corrupted data", ("versioning", "dlm", "backup_plan")),
    "hardware": ("a failed server or disk", ("protection",)),
    "site-loss": ("the loss of a zone or site", ("protection",)),
    "region-loss": ("the loss of the Region", ("replication",)),
    "ransomware": ("ransomware or a rogue administrator", ("object_lock", "vault_lock", "iam")),
    "account-loss": ("the loss of the AWS account", ("iam",)),
}
LOSSES = {
    "rpo-not-met": ("deletion", "hardware", "site-loss", "ransomware"),
    "region-rpo-not-met": ("region-loss",),
    "account-rpo-not-met": ("account-loss",),
}
SCHEDULES = ("dlm", "backup_plan", "database_path", "protection")
RTO_ANSWERS = ("wl_rto", "wl_size", "net_down", "wl_steps", "ops_hours", "wl_restore_where")
RPO_ANSWERS = ("wl_rpo", "wl_freq", "wl_log_backup", "wl_log_every")
LONG_SEED = 7  # days; aws-facts f: propose an offline seed above it
FOR_EVER = 3650  # days; no date is worked out for a copy that takes ten years
TIB = 1024**4


def design_findings(tree: AnswerTree, parts: FindingParts) -> Iterator[Finding]:
    """Everything that needs figures, but the budget (findings_budget)."""
    for part in parts.workloads:
        yield from missing_copies(part, parts)
        yield from recovery_times(part, parts)
        yield from lost_work(part, parts)
        yield from wasted(part)
        yield from initialisation(part, parts)
        yield from chain(part, parts)
    yield from unknown_prices(parts)
    yield from first_copy(tree)


def severity_of(part: WorkloadPart) -> str:
    """How bad it is that no copy is left, by tier."""
    return {"mission-critical": "critical", "important": "high"}.get(part.facts.tier, "medium")


def missing_copies(part: WorkloadPart, parts: FindingParts) -> Iterator[Finding]:
    """Events after which nothing is left."""
    lost = [entry for entry in part.recovery if entry["rpo"] is None]
    if not lost:
        return
    names = [EVENTS[entry["disruption"]][0] for entry in lost]
    tables = [table for entry in lost for table in EVENTS[entry["disruption"]][1]]
    sentence = f"No copy is left after {joined(names)}."
    fix = " ".join(dict.fromkeys(entry["note"] for entry in lost))
    answers = ("rec_disrupt", "wl_xregion", "wl_xacct", "wl_immut")
    yield finding("no-copy-for-event", severity_of(part), RELIABILITY, part.key, sentence, fix, answers, parts.setting(tables, part.key))


def recovery_times(part: WorkloadPart, parts: FindingParts) -> Iterator[Finding]:
    """Recovery that takes longer than its target: the slowest near event, and the loss of the Region."""
    for region, check in ((False, "rto-below-estimate"), (True, "region-rto-below-estimate")):
        late = [e for e in part.recovery if e["rpo"] is not None and not e["rto_met"] and (e["disruption"] == "region-loss") is region]
        if not late:
            continue
        worst = max(late, key=lambda e: parse_duration(e["rto"]) if e["rto"] is not None else timedelta.max)
        target = words(parse_duration(worst["rto_target"]))
        names = joined([EVENTS[entry["disruption"]][0] for entry in late])
        if worst["rto"] is None:
            sentence = f"After {names} the data cannot come back: the line carries too little; the target is {target}."
        else:
            sentence = f"Recovery takes about {words(parse_duration(worst['rto']))} after {names}; the target is {target}."
        answers = (*RTO_ANSWERS, "wl_region_rto") if region else RTO_ANSWERS
        fix = remedies.faster(worst["disruption"], part, parts)
        yield finding(check, "high", RELIABILITY, part.key, sentence, fix, answers, parts.setting(("dr_strategy",), part.key))


def lost_work(part: WorkloadPart, parts: FindingParts) -> Iterator[Finding]:
    """More work lost than allowed: the worst near event, the loss of the Region, and that of the account, which weighs less."""
    for check, events in LOSSES.items():
        over = [e for e in part.recovery if e["disruption"] in events and e["rpo"] is not None and not e["rpo_met"]]
        if not over:
            continue
        worst = max(over, key=lambda e: parse_duration(e["rpo"]))
        target = parse_duration(worst["rpo_target"])
        names = joined([EVENTS[entry["disruption"]][0] for entry in over])
        sentence = (
            f"Up to {words(parse_duration(worst['rpo']))} of work is lost after {names}; {words(target) if target else 'none'} may be."
        )
        severity = SEVERITIES[(1 if part.facts.critical else 2) + (check == "account-rpo-not-met")]
        answers = (*RPO_ANSWERS, "wl_region_rpo") if check == "region-rpo-not-met" else RPO_ANSWERS
        tables = ("replication", *SCHEDULES) if check == "region-rpo-not-met" else SCHEDULES
        fix = remedies.fresher(worst["disruption"], part, target, parts)
        yield finding(check, severity, RELIABILITY, part.key, sentence, fix, answers, parts.setting(tables, part.key))


def wasted(part: WorkloadPart) -> Iterator[Finding]:
    """A class that holds data for less than its minimum, or bills more per object than there is."""
    lifecycle = part.decisions.lifecycle
    if lifecycle is None:
        return
    for index, (name, start) in enumerate(lifecycle.steps):
        end = lifecycle.steps[index + 1][1] if index + 1 < len(lifecycle.steps) else lifecycle.expire
        label, least = s3.CLASS_LABELS[name], s3.MIN_DAYS[name]
        # Where the search leaves a class early, that is the cheapest with its fee, and the setting says so.
        short = not lifecycle.fee and end is not None and end - start < least
        small = name in s3.BILLS_128K and part.facts.largest_object < s3.SMALL_OBJECT
        if short or small:
            minimum, actual = (
                (f"{least} days", f"{(end or 0) - start} days") if short else ("128 KiB an object", f"{part.facts.object_bytes} bytes")
            )
            sentence = f"{label} bills at least {minimum}; this data gives it {actual}."
            fix = "Keep the data in the warmer class, or pack small objects."
            answers = ("wl_expire", "wl_obj_size", "wl_access")
            yield finding("minimum-days-or-size-wasted", "medium", COST, part.key, sentence, fix, answers, "storage_class")
            return


def initialisation(part: WorkloadPart, parts: FindingParts) -> Iterator[Finding]:
    """Large volumes that have to be fast within an hour, where the design has no fast snapshot restore; never an initialisation rate."""
    facts = part.facts
    volumes = facts.kind == "ebs-volumes" or (facts.kind == "database" and facts.db_host == "ec2")
    if not volumes or facts.where != "aws" or facts.rto >= timedelta(hours=1) or facts.provisioned <= TIB:
        return
    if part.decisions.value("fast_restore", "fast") == "on":
        return
    price = remedies.fast_restore_price(part, parts)
    told = f"USD {price} a month" if price else "the price is not known for this Region"
    size = f"{(Decimal(facts.provisioned) / TIB).quantize(Decimal('0.1'))} TiB"
    slow = f"{size} from a snapshot is not at full speed within {words(facts.rto)}"
    sentence = f"{slow} without fast snapshot restore or a paid initialisation rate: {told}."
    fix = "Add fast snapshot restore or an initialisation rate."
    answers = ("wl_kind", "wl_rto", "wl_size", "wl_prov")
    yield finding("snapshot-initialisation", "medium", PERFORMANCE, part.key, sentence, fix, answers, parts.setting(("dlm",), part.key))


def estimate(part: WorkloadPart) -> timedelta:
    """The longest near recovery that ends."""
    near = [parse_duration(e["rto"]) for e in part.recovery if e["rto"] is not None and e["disruption"] != "region-loss"]
    return max(near, default=timedelta(0))


def chain(part: WorkloadPart, parts: FindingParts) -> Iterator[Finding]:
    """Workloads that have to be up first, each with its target, and then this one's own recovery."""
    waiting, names = longest_chain(part, parts.by_name)
    together = waiting + estimate(part)
    if names and together > part.facts.rto:
        told = ", then ".join(names)
        sentence = f"{part.facts.name} waits for {told}; together they need {words(together)}, the target is {words(part.facts.rto)}."
        fix = "Tighten the dependencies' targets or relax this one."
        yield finding(
            "dependency-chain",
            "high",
            RELIABILITY,
            part.key,
            sentence,
            fix,
            ("wl_deps", "wl_rto"),
            parts.setting(("dr_strategy",), part.key),
        )


def longest_chain(part: WorkloadPart, by_name: Mapping[str, WorkloadPart]) -> tuple[timedelta, list[str]]:
    """(sum of targets, names from first to last) of the slowest chain before a workload. The reader refuses cycles."""
    best: tuple[timedelta, list[str]] = (timedelta(0), [])
    for name in part.facts.deps:
        before, names = longest_chain(by_name[name], by_name)
        candidate = (before + by_name[name].facts.rto, [*names, name])
        if candidate[0] > best[0]:
            best = candidate
    return best


def unknown_prices(parts: FindingParts) -> Iterator[Finding]:
    if parts.unknown:
        shown = ", ".join(parts.unknown[:3]) + (f" and {len(parts.unknown) - 3} more" if len(parts.unknown) > 3 else "")
        sentence = f"Prices are not known for {shown}, so the cost is incomplete."
        fix = "Add them to the price book, or choose a Region whose prices are known."
        yield finding("prices-unknown", "medium", COST, None, sentence, fix, ("aws_primary", "aws_dr"), None)


def first_copy(tree: AnswerTree) -> Iterator[Finding]:
    """A first copy over the line that takes longer than a week."""
    total: Any = sum(int(Decimal(s.value("wl_size")) * REDUCTION[s.value("wl_reduce")]) for s in outside(tree))
    if not total or tree.customer.value("net_device"):
        return
    days = seed_days(line_of(tree), total)
    if days is None or days > LONG_SEED:
        sentence = f"The first copy takes about {days} days over the line." if days else "No line carries the first copy."
        fix = "Let the first copy travel on a device, or phase the workloads."
        answers = ("net_bw", "net_bw_off", "net_device", "wl_size")
        yield finding("first-copy-slow", "medium", PERFORMANCE, None, sentence, fix, answers, None)
        yield from deadline(tree, days)


def deadline(tree: AnswerTree, days: int | None) -> Iterator[Finding]:
    """The last day on which a slow first copy may begin; a design knows no today, so it says the day instead of how late it is."""
    due = tree.customer.value("eng_deadline")
    if due is None or days is None or days > FOR_EVER:
        return
    begin = due - timedelta(days=days)
    sentence = f"The first copy takes about {days} days, so it has to begin by {begin.isoformat()} to be in place on {due.isoformat()}."
    fix = "Begin by that day, allow a device, or phase the workloads."
    answers = ("eng_deadline", "net_bw", "net_bw_off", "net_device", "wl_size")
    yield finding("seed-misses-deadline", "medium", PERFORMANCE, None, sentence, fix, answers, None)
