"""Words for what a design sets: lifecycles, durations, lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from assessment.quantities import write_duration, year_days
from recommendations import storage as s3
from recommendations.lifecycle import Lifecycle


def days(count: int) -> str:
    """`35 days`, `7 years`: years where the days are exactly those of a number of years."""
    years = count * 4 // 1461
    if years and year_days(years) == count:
        return f"{years} year{'s' if years != 1 else ''}"
    return f"{count} day{'s' if count != 1 else ''}"


def lifecycle(found: Lifecycle) -> str:
    """`S3 Standard, then Glacier Instant Retrieval after 90 days; deleted after 11 years`."""
    first, *others = found.steps
    parts = [s3.CLASS_LABELS[first[0]]]
    parts += [f"then {s3.CLASS_LABELS[name].removeprefix('S3 ')} after {days(day)}" for name, day in others]
    end = f"; deleted after {days(found.expire)}" if found.expire is not None else "; never deleted"
    return ", ".join(parts) + end


def duration(value: timedelta) -> str:
    """`15m`, `4h`; rounded up to whole minutes."""
    rest = value % timedelta(minutes=1)
    return write_duration(value + timedelta(minutes=1) - rest if rest else value)


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
