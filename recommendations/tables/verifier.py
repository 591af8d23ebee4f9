"""Proofs about tables: the bounds in its cells cut each input into regions that a table cannot tell apart; one value stands for all.

Checks completeness and overlap (`unique`), completeness and rows that can never fire (`first`), outputs and options that no row gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from assessment.unary import literals
from recommendations.tables.model import Input, RulePack, Table

LIMIT = 2_000_000
STEPS: Mapping[str, Any] = {"duration": timedelta(minutes=1), "integer": 1, "size": 1, "percent": Decimal("0.01")}


def check(pack: RulePack, used: Mapping[str, frozenset[str]]) -> list[str]:
    """Every problem of the pack, in words. `used` maps a table to the outputs that the engine reads."""
    problems = [problem for table in pack.tables.values() for problem in check_table(table)]
    for name, table in pack.tables.items():
        if name not in used:
            problems.append(f"{table.file}: no part of the design reads this table")
            continue
        unread = [output.name for output in table.outputs if not output.setting and output.name not in used[name]]
        problems += [f"{table.file}: output {output}: nobody reads it" for output in unread]
    absent = [name for name in used if name not in pack.tables]
    problems += [f"{name}: the design reads this table, but the rule pack has none of that name" for name in absent]
    return problems


def check_table(table: Table) -> list[str]:
    """Problems of one table."""
    problems = list(_outputs(table)) + list(_columns(table)) + list(_twins(table))
    inputs = [item for item in table.inputs if any(item.name in row.tests for row in table.rows)]
    regions = [representatives(item, table) for item in inputs]
    size = 1
    for values in regions:
        size *= len(values)
    if size > LIMIT:
        return [*problems, f"{table.file}: {size} regions are too many to prove; split the table"]
    others = {item.name: None for item in table.inputs if item not in inputs}
    return problems + list(_regions(table, inputs, regions, others))


def representatives(item: Input, table: Table) -> tuple[Any, ...]:
    """One value of each region of an input: options, both truths, or each bound with its neighbours; None where it may be missing."""
    missing: tuple[Any, ...] = (None,) if item.optional else ()
    if item.type == "single":
        return (*missing, *item.options)
    if item.type == "boolean":
        return (*missing, False, True)
    step = STEPS[item.type]
    zero = step - step
    bounds = {value for row in table.rows if item.name in row.tests for value in literals(row.tests[item.name])}
    near = {value for bound in bounds for value in (bound - step, bound, bound + step)} | {zero}
    return (*missing, *sorted(value for value in near if value >= zero))


def _regions(table: Table, inputs: list[Input], regions: list[tuple[Any, ...]], others: dict[str, None]) -> Iterator[str]:
    fired: set[int] = set()
    gap = overlap = ""
    order = [item.name for item in table.inputs]
    for combination in product(*regions):
        values = {**others, **dict(zip((item.name for item in inputs), combination, strict=True))}
        positions = table.compiled(*[values[name] for name in order])
        fired.update(positions)
        if table.hit_policy != "collect" and not positions and not gap:
            gap = f"{table.file}: no row fits {_shown(values)}"
        if len(positions) > 1 and table.hit_policy == "unique" and not overlap:
            rows = " and ".join(table.rows[position].id for position in positions[:2])
            overlap = f"{table.file}: the rows {rows} both fit {_shown(values)}"
    yield from (text for text in (gap, overlap) if text)
    for position, row in enumerate(table.rows):
        if position not in fired:
            yield f"{table.file}: row {row.id!r} can never fire"


def _shown(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items() if value is not None)


def _outputs(table: Table) -> Iterator[str]:
    for output in table.outputs:
        given: set[str] = set()
        for row in table.rows:
            value = row.then[output.name]
            given |= set(value) if output.many else {value}
        for value in output.values:
            if value not in given:
                yield f"{table.file}: output {output.name}: no row gives {value!r}"
        if output.setting and not output.many and set(output.display) != set(output.values):
            yield f"{table.file}: output {output.name}: words are missing for {', '.join(sorted(set(output.values) - set(output.display)))}"


def _columns(table: Table) -> Iterator[str]:
    for item in table.inputs:
        if not any(item.name in row.tests for row in table.rows):
            yield f"{table.file}: input {item.name}: no row asks for it"


def _twins(table: Table) -> Iterator[str]:
    seen: dict[str, str] = {}
    for row in table.rows:
        key = repr(sorted((name, repr(test)) for name, test in row.tests.items()))
        if key in seen:
            yield f"{table.file}: the rows {seen[key]} and {row.id} have the same conditions"
        seen[key] = row.id
