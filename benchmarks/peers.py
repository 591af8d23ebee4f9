"""The peers of a decision table: its rules as the if/elif chain that one writes by hand, and as one expression of CEL's C++ runtime.

Both are written out from the cells, so that they stay the same decisions when a rule changes; `benchmarks.tables` compares their outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from assessment.unary import IntervalTest, InTest, NotTest, OrTest, UnaryTest
from recommendations.tables import Table

Chain = Callable[[Mapping[str, Any]], str]


def chain_text(table: Table, constants: dict[str, Any]) -> str:
    """A function of the values that gives the id of the row that fires; `constants` receives what stands for durations."""
    lines = [f"def {table.name}(v):"]
    for row in table.rows:
        tests = " and ".join(python(test, f"v[{name!r}]", constants) for name, test in row.tests.items())
        lines += [f"    if {tests}:", f"        return {row.id!r}"] if tests else [f"    return {row.id!r}"]
    return "\n".join(lines) + "\n"


def chain(table: Table) -> Chain:
    """The compiled chain."""
    names: dict[str, Any] = {}
    exec(chain_text(table, names), names)  # noqa: S102  (made from the rule pack that ships with Stowplan)
    return names[table.name]  # type: ignore[no-any-return]


def python(test: UnaryTest, value: str, constants: dict[str, Any]) -> str:
    def literal(one: Any) -> str:
        if not isinstance(one, timedelta):
            return repr(one)
        name = f"T{int(one.total_seconds())}"
        constants[name] = one
        return name

    match test:
        case InTest((True,)):
            return value
        case InTest((False,)):
            return f"not {value}"
        case InTest((one,)):
            return f"{value} == {literal(one)}"
        case InTest(values):
            return f"{value} in ({', '.join(literal(one) for one in values)})"
        case NotTest(InTest((one,))):
            return f"{value} != {literal(one)}"
        case NotTest(inner):
            return f"not ({python(inner, value, constants)})"
        case OrTest(tests):
            return f"({' or '.join(python(one, value, constants) for one in tests)})"
        case IntervalTest(low, high, low_closed, high_closed):
            left = "" if low is None else f"{literal(low)} {'<=' if low_closed else '<'} "
            right = "" if high is None else f" {'<=' if high_closed else '<'} {literal(high)}"
            return f"{left}{value}{right}"
    raise TypeError(f"{test!r} does not stand in these tables")


def cel_text(table: Table) -> str:
    """One ternary of CEL that gives the id of the row that fires, the fastest form that was measured for it; durations are minutes."""
    text = "'none'"
    for row in reversed(table.rows):
        tests = " && ".join(cel(test, name) for name, test in row.tests.items())
        text = f"{tests} ? '{row.id}' : ({text})" if tests else f"'{row.id}'"
    return text


def cel_rows(table: Table) -> list[str]:
    """One expression of CEL a row: whether it fits. What a trace of all rows takes."""
    return [" && ".join(cel(test, name) for name, test in row.tests.items()) or "true" for row in table.rows]


def cel(test: UnaryTest, name: str) -> str:
    def literal(one: Any) -> str:
        if isinstance(one, bool):
            return str(one).lower()
        if isinstance(one, timedelta):
            return str(one // timedelta(minutes=1))
        return f"'{one}'" if isinstance(one, str) else str(one)

    match test:
        case InTest((one,)):
            return f"{name} == {literal(one)}"
        case InTest(values):
            return f"{name} in [{', '.join(literal(one) for one in values)}]"
        case NotTest(inner):
            return f"!({cel(inner, name)})"
        case OrTest(tests):
            return f"({' || '.join(cel(one, name) for one in tests)})"
        case IntervalTest(low, high, low_closed, high_closed):
            parts = [] if low is None else [f"{name} {'>=' if low_closed else '>'} {literal(low)}"]
            parts += [] if high is None else [f"{name} {'<=' if high_closed else '<'} {literal(high)}"]
            return f"({' && '.join(parts)})"
    raise TypeError(f"{test!r} does not stand in these tables")
