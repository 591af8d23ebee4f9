"""Cells of a table as FEEL texts (OMG DMN 1.3, section 9 S-FEEL), as an engine or editor of others reads them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from assessment.unary import AnyTest, ContainsTest, IntervalTest, InTest, NotTest, NullTest, OrTest, UnaryTest

# Types of our columns as DMN names them; sizes are numbers of bytes.
TYPES = {
    "single": "string",
    "boolean": "boolean",
    "integer": "number",
    "size": "number",
    "percent": "number",
    "duration": "dayTimeDuration",
}


def word(text: str) -> str:
    """A string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def value(one: Any) -> str:
    """A literal of any type of our columns: `"a"`, `true`, `12`, `duration("PT1H30M")`."""
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, timedelta):
        return f'duration("{_iso(one)}")'
    if isinstance(one, int | Decimal):
        return str(one)
    if isinstance(one, tuple):
        return f"[{', '.join(value(part) for part in one)}]"
    return word(str(one))


def test(cell: UnaryTest | None) -> str:
    """The unary tests of a cell; one that is left out is `-`."""
    match cell:
        case None | AnyTest():
            return "-"
        case NullTest():
            return "null"
        case InTest(values):
            return ", ".join(value(one) for one in values)
        case NotTest(inner):
            return f"not({test(inner)})"
        case OrTest(tests):
            return ", ".join(test(one) for one in tests)
        case ContainsTest(values):
            return f"some one in ? satisfies list contains({value(values)}, one)"
        case IntervalTest(low, high, low_closed, high_closed):
            return _interval(low, high, low_closed, high_closed)
    raise TypeError(f"{cell!r} is no unary test")


def _interval(low: Any, high: Any, low_closed: bool, high_closed: bool) -> str:
    if low is None:
        return f"<{'=' if high_closed else ''} {value(high)}"
    if high is None:
        return f">{'=' if low_closed else ''} {value(low)}"
    return f"{'[' if low_closed else '('}{value(low)}..{value(high)}{']' if high_closed else ')'}"


def _iso(one: timedelta) -> str:
    """`P1D`, `PT1H30M`, `PT0S`."""
    minutes, seconds = divmod(one.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    day = f"{one.days}D" if one.days else ""
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    return f"P{day}T{time}" if time else f"P{day}" if day else "PT0S"
