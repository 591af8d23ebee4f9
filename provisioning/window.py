"""The time in which the customer lets changes be made (`aws_window`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def is_open(schedule: Any, now: datetime) -> bool:
    """Whether `now` (with zone) is inside of a schedule `{days, from, to, zone}`; a word or nothing means at any time.

    A window whose `to` comes before its `from` runs into the next day and belongs to the day on which it begins.
    """
    if not isinstance(schedule, Mapping):
        return True
    local = now.astimezone(ZoneInfo(schedule["zone"]))
    begin, end = time.fromisoformat(schedule["from"]), time.fromisoformat(schedule["to"])
    today, yesterday = DAYS[local.weekday()], DAYS[(local - timedelta(days=1)).weekday()]
    clock = local.time()
    if begin < end:
        return today in schedule["days"] and begin <= clock < end
    return (today in schedule["days"] and clock >= begin) or (yesterday in schedule["days"] and clock < end)


def window_of(design: Mapping[str, Any]) -> Any:
    """The schedule in a design's answers, the word, or None."""
    answer = design["answers"].get("answers", {}).get("aws_window")
    if isinstance(answer, Mapping) and "value" in answer:
        return answer["value"]
    return None if isinstance(answer, Mapping) and "state" in answer else answer


def next_opening(schedule: Any, now: datetime) -> datetime | None:
    """When a closed window opens next, in its own zone; None while it is open, or where there is none.

    On a day whose clock skips the opening hour, the window opens at the first moment after it.
    """
    if is_open(schedule, now):
        return None
    local = now.astimezone(ZoneInfo(schedule["zone"]))
    begin = time.fromisoformat(schedule["from"])
    for ahead in range(8):
        opening = datetime.combine(local.date() + timedelta(days=ahead), begin, tzinfo=local.tzinfo)
        if DAYS[opening.weekday()] in schedule["days"] and opening > now:
            return opening
    return None
