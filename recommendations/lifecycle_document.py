"""The `lifecycle` of a workload in design.json: the newest data first, every prefix as a track, and what was weighed and not taken."""

from __future__ import annotations

from typing import Any

from recommendations.costs import money
from recommendations.lifecycle import Runner
from recommendations.parts import Part
from recommendations.resources.buckets import ABORT_DAYS
from recommendations.resources.build import bucket_key
from recommendations.settings import steps_of
from recommendations.tracks import Old, Track


def lifecycle_document(part: Part) -> dict[str, Any] | None:
    """None where a workload keeps nothing in a bucket."""
    tracks = part.decisions.tracks
    if not tracks:
        return None
    first = tracks[0]
    return {
        "bucket": bucket_key(part.key),
        **track_document(first),
        "noncurrent": old_document(first.old),
        "abort_multipart_days": ABORT_DAYS,
        "tracks": [
            {"id": one.id, "label": one.label, "prefix": one.prefix, "size_bytes": one.need.size, **track_document(one)} for one in tracks
        ],
    }


def track_document(track: Track) -> dict[str, Any]:
    found = track.lifecycle
    return {
        "steps": steps_of(found.steps),
        "expire_day": found.expire,
        "monthly_cost": money(found.bill().total()),
        "runners_up": [runner_document(one) for one in found.runners],
        "replica": {"steps": steps_of(track.replica.steps), "monthly_cost": money(track.replica.bill().total())} if track.replica else None,
    }


def runner_document(runner: Runner) -> dict[str, Any]:
    return {"steps": steps_of(runner.steps), "monthly_cost": money(runner.monthly), "reason": runner.reason}


def old_document(old: Old | None) -> dict[str, Any] | None:
    if old is None:
        return None
    return {
        "steps": steps_of(old.lifecycle.steps),
        "expire_days": old.days,
        "held_days": old.held,
        "keep": None,
        "monthly_cost": money(old.lifecycle.bill().total()),
    }
