"""The lifecycle of a workload as templates see it: what ages together, and what was weighed and not chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import display
from reports.sentences import told
from reports.wording import tr

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class TrackView:
    """Objects that age together: all of a bucket, or those below one prefix."""

    label: str
    prefix: str
    size: str
    steps: str
    replica: str
    expiry: str
    cost: str


@dataclass(frozen=True)
class RunnerView:
    """A lifecycle that was weighed and not taken."""

    track: str
    steps: str
    cost: str
    reason: str


def tracks_of(lifecycle: Plain | None) -> tuple[Plain, ...]:
    """What ages by itself; a lifecycle without prefixes is one track."""
    if not lifecycle:
        return ()
    return tuple(lifecycle.get("tracks") or ({**lifecycle, "label": "Data", "prefix": ""},))


def track_view(track: Plain) -> TrackView:
    replica = track.get("replica")
    expire = track.get("expire_day")
    return TrackView(
        label=tr(track["label"]),
        prefix=track.get("prefix") or "",
        size=display.size_text(track.get("size_bytes")),
        steps=steps_text(track["steps"]),
        replica=steps_text(replica["steps"]) if replica else tr("none"),
        expiry=display.days_text(expire) if expire else tr("never"),
        cost=display.money_text(track.get("monthly_cost")),
    )


def runners_of(lifecycle: Plain | None) -> tuple[RunnerView, ...]:
    """All alternatives of a single track, the nearest one of each of several."""
    tracks = tracks_of(lifecycle)
    each = None if len(tracks) == 1 else 1
    return tuple(
        RunnerView(
            tr(track["label"]),
            steps_text(runner["steps"]),
            display.money_text(runner.get("monthly_cost")),
            told(runner.get("reason") or ""),
        )
        for track in tracks
        for runner in (track.get("runners_up") or ())[:each]
    )


def steps_text(steps: Any) -> str:
    """`S3 Standard, Glacier Deep Archive from day 90`."""
    parts = []
    for step in steps:
        name, day = (step["storage_class"], step["from_day"]) if isinstance(step, Mapping) else step
        label = display.class_text(name)
        parts.append(label if not day else tr("{storage_class} from day {day}").format(storage_class=label.removeprefix("S3 "), day=day))
    return ", ".join(parts)
