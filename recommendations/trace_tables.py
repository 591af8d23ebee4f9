"""One table of a trace, in words: what it was asked, which rows fired, and the cell that kept each other row from firing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessment.quantities import write_duration, write_size
from assessment.unary import AnyTest, ContainsTest, IntervalTest, InTest, NotTest, NullTest, OrTest, UnaryTest
from recommendations.provenance import InputTrace
from recommendations.tables import Table, trace

LIMITS = Path(__file__).parent / "aws_limits.yaml"


@cache
def aws_limits() -> Mapping[str, tuple[dict[str, str], ...]]:
    """What AWS says behind each table: `limit` and `page`, by table."""
    return {table: tuple(rows) for table, rows in yaml.safe_load(LIMITS.read_text()).items()}


def table_trace(table: Table, inputs: Iterable[InputTrace], case: str = "") -> dict[str, Any]:
    """One asking of a table as plain data. `case` says what was asked about, where a table is asked more than once."""
    values = {one.name: one.value for one in inputs}
    types = {column.name: column.type for column in table.inputs}
    found, rows = trace(table, values), {row.id: row for row in table.rows}
    return {
        "table": table.name,
        "title": table.title,
        "case": case,
        "hit_policy": table.hit_policy,
        "inputs": [
            {"input": one.name, "value": value_words(one.value, types[one.name]), "answers": pairs(one.sources), "tables": list(one.tables)}
            for one in inputs
        ],
        "fired": [{"rule": name, "because": rows[name].because, "source": rows[name].source} for name in found.fired],
        "rejected": [
            {
                "rule": one.row,
                "because": rows[one.row].because,
                "input": one.column or None,
                "value": value_words(one.value, types[one.column]) if one.column else None,
                "needs": test_words(rows[one.row].tests[one.column], types[one.column]) if one.column else None,
                "after": None if one.column else str(one.value),
            }
            for one in found.rejected
        ],
    }


def pairs(sources: Iterable[tuple[str | None, str]]) -> list[dict[str, str | None]]:
    """Sources as plain data, the customer's first."""
    return [{"workload": key, "question": name} for key, name in sorted(sources, key=lambda one: (one[0] or "", one[1]))]


def value_words(value: Any, kind: str) -> str:
    """The value of an input as people read it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, timedelta):
        return write_duration(value)
    if kind == "size" and isinstance(value, int):
        return write_size(value)
    if kind == "percent" and isinstance(value, Decimal):
        return f"{value} %"
    return str(value)


def test_words(test: UnaryTest, kind: str) -> str:
    """What a cell asks for, in words."""
    match test:
        case AnyTest():
            return "anything"
        case NullTest():
            return "nothing"
        case InTest(values):
            return " or ".join(value_words(one, kind) for one in values)
        case ContainsTest(values):
            return f"one of {', '.join(value_words(one, kind) for one in values)}"
        case NotTest(inner):
            return f"not {test_words(inner, kind)}"
        case OrTest(tests):
            return " or ".join(test_words(one, kind) for one in tests)
        case IntervalTest(low, high, low_closed, high_closed):
            least = f"{'at least' if low_closed else 'more than'} {value_words(low, kind)}" if low is not None else ""
            most = f"{'at most' if high_closed else 'less than'} {value_words(high, kind)}" if high is not None else ""
            return " and ".join(one for one in (least, most) if one)
    raise TypeError(f"{test!r} is no unary test")
