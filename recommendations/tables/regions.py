"""The regions into which the bounds in a table's cells cut its inputs: within one of them no cell changes its mind.

One value stands for each region: every option of a word, both truths, each bound of an ordered input, and a value strictly between
two neighbouring bounds and outside the first and the last. What holds for the product of these values holds for all values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise, product
from math import prod
from typing import Any

from assessment.unary import AnyTest, literals
from recommendations.tables.model import Input, Table

LIMIT = 2_000_000
# A round distance from a bound, for counter-examples that read well. Only whole numbers have nothing between two neighbours.
STEPS: Mapping[str, Any] = {"duration": timedelta(minutes=1), "integer": 1, "size": 1, "percent": Decimal("0.01")}
WHOLE = frozenset({"integer", "size"})


class TooLarge(ValueError):
    """More regions than can be looked at."""


def asked(table: Table) -> list[Input]:
    """The inputs that a cell asks for; `-` asks nothing."""
    return [item for item in table.inputs if any(not isinstance(row.tests.get(item.name, AnyTest()), AnyTest) for row in table.rows)]


def regions_of(table: Table) -> Iterator[dict[str, Any]]:
    """One set of input values for each region of the table. Raises TooLarge before the first one."""
    inputs = asked(table)
    values = [representatives(item, table) for item in inputs]
    if (size := prod(len(one) for one in values)) > LIMIT:
        raise TooLarge(f"{size} regions are too many to prove; split the table")
    others = {item.name: representatives(item, table)[0] for item in table.inputs if item not in inputs}
    names = [item.name for item in inputs]
    return ({**others, **dict(zip(names, combination, strict=True))} for combination in product(*values))


def representatives(item: Input, table: Table) -> tuple[Any, ...]:
    """One value of each region of an input; None first where the value may be missing."""
    missing: tuple[Any, ...] = (None,) if item.optional else ()
    if item.type == "single":
        return (*missing, *item.options)
    if item.type == "boolean":
        return (*missing, False, True)
    bounds = sorted({value for row in table.rows if item.name in row.tests for value in literals(row.tests[item.name])})
    return (*missing, *_ordered(item.type, bounds))


def _ordered(kind: str, bounds: list[Any]) -> Iterator[Any]:
    """Zero (no input is negative), the bounds, and a value inside each stretch that they leave."""
    step = STEPS[kind]
    zero = step - step
    points = sorted({zero, *(bound for bound in bounds if bound > zero)})
    for low, high in pairwise(points):
        yield low
        if (inside := _between(kind, low, high, step)) is not None:
            yield inside
    yield points[-1]
    yield points[-1] + step


def _between(kind: str, low: Any, high: Any, step: Any) -> Any | None:
    if low + step < high:
        return low + step
    return None if kind in WHOLE else low + (high - low) / 2
