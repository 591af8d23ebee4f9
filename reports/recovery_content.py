"""The recovery figures of a workload as templates see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recommendations.measured import sentence_of
from reports import display
from reports.drawings.recovery import Mark
from reports.sentences import told

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class RecoveryView:
    """One disruption: what brings the data back, and what that gives against what was asked for."""

    disruption: str
    mechanism: str
    rpo: str
    rpo_target: str
    rpo_met: bool
    rto: str
    rto_target: str
    rto_met: bool
    steps: tuple[tuple[str, str], ...]
    longest: tuple[tuple[str, str], ...]
    note: str
    measured: str = ""  # what a restore drill showed, beside the estimate


def recovery_view(entry: Plain) -> RecoveryView:
    return RecoveryView(
        disruption=display.disruption_text(entry["disruption"]),
        mechanism=told(entry.get("mechanism") or ""),
        rpo=display.duration_text(entry.get("rpo")),
        rpo_target=display.duration_text(entry.get("rpo_target")),
        rpo_met=entry.get("rpo_met") is not False,
        rto=display.duration_text(entry.get("rto")),
        rto_target=display.duration_text(entry.get("rto_target")),
        rto_met=entry.get("rto_met") is not False,
        steps=tuple((told(step["what"]), display.duration_text(step.get("duration"))) for step in entry.get("steps") or ()),
        longest=longest_steps(entry.get("steps") or ()),
        note=told(entry.get("note") or ""),
        measured=told(sentence_of(entry["measured"])) if entry.get("measured") else "",
    )


def longest_steps(steps: Any) -> tuple[tuple[str, str], ...]:
    """The three longest steps in their own order; the operations guide lists them all. A step without a figure counts as long."""
    ranked = sorted(steps, key=lambda step: display.duration_of(step.get("duration")) or display.ENDLESS, reverse=True)[:3]
    return tuple((told(step["what"]), display.duration_text(step.get("duration"))) for step in steps if step in ranked)


def marks_of(workload: Plain) -> tuple[Mark, ...]:
    """Two rows of the chart for each disruption: time to recover, then data lost."""
    found = []
    for entry in workload.get("recovery") or ():
        label = display.disruption_text(entry["disruption"])
        for kind, key in (("RTO", "rto"), ("RPO", "rpo")):
            estimate, target = display.duration_of(entry.get(key)), display.duration_of(entry.get(f"{key}_target"))
            if target is not None:
                found.append(Mark(label, kind, estimate, target, entry.get(f"{key}_met") is not False))
    return tuple(found)
