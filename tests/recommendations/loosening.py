"""Answers that demand less than others do, and what may not happen when one is loosened: the least cost of the design never rises.

The least cost is that of the cheapest design for the same data. Two kinds of answers change the data itself, and are compared only where
they do not: how long something is kept (S3 bills 30, 90 or 180 days of a cold class at least, so what lives shorter may have to stay in a
dearer one), and the age at which data goes (`wl_size` says how much there is: the same bytes with a shorter life are newer bytes).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assessment.answer_tree import AnswerTree
from recommendations.parts import Part
from tests.recommendations.lifecycle_rules import BILLED

# From the strictest to the loosest.
ORDERS: dict[str, tuple[str, ...]] = {
    "cmp_immutable": ("strict", "governance", "none"),
    "sec_log": ("all-objects", "critical-objects", "management"),
    "wl_avail": ("99-99", "99-95", "99-9", "99-5", "99-0"),
    "wl_latency": ("milliseconds", "minutes", "up-to-12h", "up-to-48h"),
    "wl_reproduce": ("not-possible", "slowly", "within-rto"),
    "wl_immut": ("needed", "company-rule", "not-needed"),
    "wl_xregion": ("needed", "company-rule", "not-needed"),
    "wl_xacct": ("needed", "company-rule", "not-needed"),
    "wl_freq": ("continuous", "15m", "hourly", "4h", "12h", "daily", "weekly"),
}
LONGER = ("wl_rto", "wl_rpo", "wl_region_rto", "wl_region_rpo", "wl_log_every")
SHORTER = ("sec_log_keep", "wl_versions_keep")
OTHERS = ("wl_retain", "cmp_retention_tbl", "rec_disrupt")


def loosened(tree: AnswerTree) -> list[tuple[str, Any, int | None]]:
    """(question, looser value, index of the workload or None) of everything that is asked and can be loosened."""
    found: list[tuple[str, Any, int | None]] = []
    for index, scope in [(None, tree.customer), *enumerate(tree.workloads)]:
        for question in (*ORDERS, *LONGER, *SHORTER, *OTHERS):
            own = tree.questionnaire.question(question).scope == "customer"
            if own is (index is None) and scope.visible(question) and (value := scope.value(question)) is not None:
                found += [(question, looser, index) for looser in looser_than(question, value)]
    return found


def looser_than(question: str, value: Any) -> list[Any]:
    """Every value that demands less."""
    if question in ORDERS:
        return list(ORDERS[question][ORDERS[question].index(value) + 1 :])
    if question in LONGER:
        return [max(value * factor, timedelta(minutes=5)) for factor in (2, 8) if value * factor <= timedelta(days=30)]
    if question in SHORTER:
        return [max(value / 2, timedelta(days=90 if question == "sec_log_keep" else 1))] if isinstance(value, timedelta) else []
    if question == "wl_retain":
        return [{kind: -(-count // 2) for kind, count in value.items()}]
    if question == "rec_disrupt":
        return [tuple(one for one in value if one != left) for left in value if len(value) > 1]
    return [tuple({**row, "min": max(row["min"] / 2, timedelta(days=1))} for row in value)]


def comparable(before: Part, after: Part) -> bool:
    """Whether the same data is kept in the same places: nothing lives for another time than before, or only in classes whose minimum
    days the shorter life still fills; no kind of snapshot was added because the shortest interval kept none; no copy that has to stand
    in another account moved to a Region with other prices, because the one in the second Region is not needed any more; no copy came
    back from that account, where its neighbours still need the key; and no recovery time that nothing could keep, because snapshots that
    dense are never ready for fast restore, is kept now that they are sparser; and no copies that old versions cut short live on."""
    if fast_restore(before) == "fr-not-ready" and fast_restore(after) == "fr-on":
        return False
    if {one.kind for one in after.schedules} - {one.kind for one in before.schedules}:
        return False
    if before.decisions.replicated and not after.decisions.replicated and elsewhere(after):
        return False
    if after.decisions.replicated and elsewhere(before) and not elsewhere(after):
        return False
    if [track.id for track in before.decisions.tracks] != [track.id for track in after.decisions.tracks]:
        return True
    for old, new in zip(before.decisions.tracks, after.decisions.tracks, strict=True):
        if old.id == "data" and old.lifecycle.expire != new.lifecycle.expire:
            return False
        if old.lifecycle.expire is not None and (new.lifecycle.expire is None or new.lifecycle.expire > old.lifecycle.expire):
            return False
        if not filled(old.lifecycle.steps, new.lifecycle.expire):
            return False
        if old.replica and new.replica and not filled(old.replica.steps, new.replica.expire):
            return False
        if old.old and new.old and not filled(noncurrent(old.old.lifecycle.steps), new.old.days):
            return False
    return True


def elsewhere(part: Part) -> bool:
    """Whether a copy in an account of its own is wanted."""
    return part.decisions.value("iam", "separation") == "account" and part.facts.xacct != "not-needed"


def fast_restore(part: Part) -> str:
    """Id of the row that decided on fast restore."""
    hit = part.decisions.hit("fast_restore")
    return hit.row.id if hit else ""


def noncurrent(steps: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Steps of old versions: S3 moves one after a day at the soonest."""
    return tuple((name, max(day, 1)) for name, day in steps)


def filled(steps: tuple[tuple[str, int], ...], end: int | None) -> bool:
    """Whether a life until day `end` fills the minimum days of every class of `steps`."""
    ends = [day for _, day in steps[1:]] + [end]
    return all(until is None or until - start >= BILLED.get(name, 0) for (name, start), until in zip(steps, ends, strict=True))
