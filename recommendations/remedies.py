"""The cheapest change that would meet an objective, with its price where AWS charges for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from recommendations import recovery_figures as figures
from recommendations import storage as s3
from recommendations.costs import money
from recommendations.findings_model import FindingParts, WorkloadPart
from recommendations.prices import UnknownPrice
from recommendations.recovery import Step, steps_of
from recommendations.recovery_copies import BUCKET_WAYS, Copy, age_elsewhere, copy_for, replication_lag, timed
from recommendations.snapshot_tiers import fast_hours, ready, zones

DLM_HOURS = (24, 12, 8, 6, 4, 3, 2, 1)
VAULT_HOURS = (24, 12, 4, 1)
INTERVALS = tuple(timedelta(minutes=m) for m in (1440, 720, 240, 60, 15, 5, 1))
WIDEST = 10**10  # bit/s; a wider line than the usual dedicated port is not proposed

Change = tuple[str, Callable[[Step], timedelta]]


def fast_restore_price(part: WorkloadPart, parts: FindingParts) -> str | None:
    """USD a month of fast snapshot restore in its zones for all volumes (each up to 16 TiB); None when the price is unknown."""
    try:
        hour = parts.book.price(parts.customer.primary, "ebs/fsr_dsu_hour")
    except UnknownPrice:
        return None
    return money(hour * fast_hours(part.facts, parts.customer))


def faster(disruption: str, part: WorkloadPart, parts: FindingParts) -> str:
    """What would bring the recovery time under its target: one change if one is enough, else the first ones together that are."""
    facts = part.facts
    copy = copy_for(disruption, facts, parts.customer, part.decisions)
    target = facts.region_rto if disruption == "region-loss" else facts.rto
    if not isinstance(copy, Copy):
        return standby(disruption, part)
    steps = steps_of(disruption, copy, facts, parts.customer)
    changes = possible(disruption, steps, target, part, parts)
    for change in changes:
        if shortened(steps, [change]) <= target:
            return f"{change[0]}."
    for count in range(2, len(changes) + 1):
        if shortened(steps, changes[:count]) <= target:
            return "; ".join([changes[0][0], *(words[0].lower() + words[1:] for words, _ in changes[1:count])]) + "."
    return standby(disruption, part)


def shortened(steps: list[Step], changes: list[Change]) -> timedelta:
    return sum((min((apply(step) for _, apply in changes), default=length(step)) for step in steps), timedelta(0))


def length(step: Step) -> timedelta:
    return step.duration if step.duration is not None else timedelta(days=36500)


def standby(disruption: str, part: WorkloadPart) -> str:
    """The strategy that the targets ask for (thresholds of aws-facts j)."""
    facts = part.facts
    rto, rpo = (facts.region_rto, facts.region_rpo) if disruption == "region-loss" else (facts.rto, facts.rpo)
    strategy = "warm standby" if rto < timedelta(minutes=30) or rpo < timedelta(minutes=5) else "pilot light"
    return f"No faster restore is enough: build a {strategy}, whose price depends on its servers, or accept a longer target."


def possible(disruption: str, steps: list[Step], target: timedelta, part: WorkloadPart, parts: FindingParts) -> list[Change]:
    """Changes in order of price: people, code, the line, a warmer class, fast snapshots."""
    kinds = {step.kind for step in steps}
    found: list[Change] = []
    if "staff" in kinds and parts.customer.staff != "always":
        found.append(("Have somebody on call day and night", only("staff", figures.STAFF_WAIT["always"])))
    if "manual" in kinds:
        found.append(("Build servers, applications and network from code instead of by hand", only("manual", timedelta(0))))
    if "line" in kinds:
        found += line_changes(disruption, steps, target, part)
    if "requests" in kinds:
        found += prefix_changes(steps, target)
    if "archive" in kinds:
        found.append((warmer(part, parts), only("archive", timedelta(0))))
    if "load" in kinds and part.decisions.path == "dlm" and ready(part.facts, part.decisions.value("dlm", "every_hours")):
        price = fast_restore_price(part, parts)
        where = "one zone" if len(zones(parts.customer)) == 1 else "two zones"
        told = f"USD {price} a month in {where}" if price else "price not known for this Region"
        found.append((f"Turn on fast snapshot restore ({told})", only("load", timedelta(0))))
    return found


def only(kind: str, limit: timedelta) -> Callable[[Step], timedelta]:
    """Steps of one kind take at most `limit`, all others what they take."""
    return lambda step: min(limit, length(step)) if step.kind == kind else length(step)


def line_changes(disruption: str, steps: list[Step], target: timedelta, part: WorkloadPart) -> list[Change]:
    """A line that is wide enough, or a restore inside AWS."""
    found: list[Change] = []
    count = figures.wanted_bytes(disruption, part.facts)
    if part.decisions.path in ("database-dump", "export"):
        count = int(Decimal(count) * part.facts.reduction)
    left = target - sum((length(step) for step in steps if step.kind != "line"), timedelta(0))
    seconds = left // timedelta(seconds=1)
    if seconds > 0 and (bits := Decimal(count) * 8 / figures.USABLE / seconds) <= WIDEST:
        found.append((f"Have {rate(bits)} free for the restore", only("line", left)))
    if figures.goes_outside(part.facts):
        inside = figures.transfer(count, figures.AWS_BITS) or timedelta(0)
        found.append(("Restore inside AWS instead of over the line", only("line", inside)))
    return found


def prefix_changes(steps: list[Step], target: timedelta) -> list[Change]:
    """S3 counts requests by prefix, so several prefixes are restored side by side."""
    left = target - sum((length(step) for step in steps if step.kind != "requests"), timedelta(0))
    if left < figures.MINUTE:
        return []
    prefixes = -(-sum((length(step) for step in steps if step.kind == "requests"), timedelta(0)) // left)
    return [(f"Spread the objects over {prefixes} prefixes or more, and restore them side by side", only("requests", left))]


def rate(bits: Decimal) -> str:
    """Bandwidth in whole Mbit/s, or tenths of Gbit/s, rounded up."""
    if bits <= 10**9:
        return f"{(bits / 10**6).to_integral_value(ROUND_CEILING)} Mbit/s"
    return f"{(bits / 10**9).quantize(Decimal('0.1'), ROUND_CEILING)} Gbit/s"


def warmer(part: WorkloadPart, parts: FindingParts) -> str:
    """Glacier Instant Retrieval instead of the archive classes, and what all of it costs more a month in storage."""
    region = parts.customer.primary
    text = "Keep old data in S3 Glacier Instant Retrieval instead of an archive class"
    # The archive class may be that of another prefix than the newest copies', or of the replica alone.
    archive = next((name for track in part.decisions.tracks for name, _ in track.lifecycle.steps if name in s3.ARCHIVES), None)
    if archive is None:
        return text
    try:
        gap = parts.book.price(region, f"s3/{s3.GLACIER_IR}/storage") - parts.book.price(region, f"s3/{archive}/storage")
    except UnknownPrice:
        return text
    return f"{text} (at most USD {money(gap * Decimal(part.facts.size) / s3.GIB)} a month more)"


def fresher(disruption: str, part: WorkloadPart, target: timedelta, parts: FindingParts) -> str:
    """The schedule or mechanism that would keep the loss under `target`."""
    facts, path = part.facts, part.decisions.path
    copy = copy_for(disruption, facts, parts.customer, part.decisions)
    elsewhere = isinstance(copy, Copy) and copy.elsewhere
    if isinstance(copy, Copy) and copy.elsewhere and copy.way in BUCKET_WAYS:
        return replicated(part, copy, target)
    if path in ("dlm", "aws-backup", "backup-gateway"):
        return scheduled(part, target, elsewhere)
    if path == "database-dump" and facts.logs:
        return (
            f"Ship the log at least every {figures.words(target)}."
            if target
            else "Replicate the database as it writes (AWS DMS or its own way)."
        )
    if path == "database-dump":
        return "Turn on log backup (archive log mode, full recovery model, WAL archiving) and ship the log."
    return f"Copy it at least every {figures.words(target)}." if target else "Write it to the bucket directly."


def scheduled(part: WorkloadPart, target: timedelta, elsewhere: bool) -> str:
    """The longest interval that keeps the loss under `target`, start and way included; else what is faster than schedules."""
    snapshots = part.decisions.path == "dlm"
    for hours in DLM_HOURS if snapshots else VAULT_HOURS:
        gap = timedelta(hours=hours)
        if (age_elsewhere(part.facts, gap) if elsewhere else gap + figures.DLM_START) <= target:
            way = ", an hour until it starts and the copying included" if elsewhere else ", an hour until it starts included"
            return f"{'Take a snapshot' if snapshots else 'Back it up'} every {hours} h: that stays under the target{way}."
    return "No schedule is that short: replicate all the time (a replica, or AWS Elastic Disaster Recovery), or accept a larger loss."


def replicated(part: WorkloadPart, copy: Copy, target: timedelta) -> str:
    """Replication Time Control, a shorter interval before it, or what is faster than both."""
    lag = replication_lag(part.decisions)
    before = copy.rpo - lag
    if not timed(part.decisions) and before + figures.RTC_LAG <= target:
        return "Ask for at most an hour of loss with the Region (wl_region_rpo): Replication Time Control then keeps it."
    fitting = next((gap for gap in INTERVALS if gap + lag <= target), None)
    if before and fitting:
        return f"Copy it every {figures.words(fitting)} instead of every {figures.words(before)}."
    if part.facts.kind == "database":
        return "No copy of files is that fast: replicate the database as it writes (its own standby, or AWS DMS), or accept a larger loss."
    return "No replication of S3 is that fast: write to both places, or accept a larger loss."
