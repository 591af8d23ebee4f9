"""Proofs about tables, over the regions into which their cells cut the inputs (`recommendations.tables.regions`).

Every input must meet a row (`unique`, `first`) and no two (`unique`); in a `collect` table several rows, or none, may fire. Under every
policy each row must be able to fire, each cell must say something, and each input, output and option must count. What fails is told
with its rows and with values that show it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from assessment.quantities import write_duration, write_size
from assessment.unary import AnyTest, holds
from recommendations.tables.model import Row, RulePack, Table
from recommendations.tables.regions import TooLarge, asked, regions_of, representatives


@dataclass(frozen=True)
class Problem:
    """What is wrong with a table, and where: the rows concerned, and input values that show it (empty where none are needed).

    `kind`: gap, overlap, unreachable, cell, twin, input, output, size.
    """

    kind: str
    text: str
    rows: tuple[str, ...] = ()
    example: Mapping[str, Any] = field(default_factory=dict)


def check(
    pack: RulePack, used: Mapping[str, frozenset[str]], given: Mapping[str, Collection[str]] | None = None, questions: Collection[str] = ()
) -> list[str]:
    """Every problem of the pack, in words. `used` maps a table to the outputs that the engine reads, `given` to the inputs that it
    fills (None: not checked); `questions` are the ids that an input may name as its answers (empty: not checked)."""
    found = [problem for table in pack.tables.values() for problem in check_table(table)]
    for name, table in pack.tables.items():
        if name not in used:
            found.append(f"{table.file}: no part of the design reads this table")
            continue
        unread = [output.name for output in table.outputs if not output.setting and output.name not in used[name]]
        found += [f"{table.file}: output {output}: nobody reads it" for output in unread]
        absent = sorted(used[name] - {output.name for output in table.outputs})
        found += [f"{table.file}: the design reads the output {output}, and the table has none of that name" for output in absent]
        found += _wiring(table, None if given is None else given.get(name, ()), questions)
    return found + [
        f"{name}: the design reads this table, but the rule pack has none of that name" for name in used if name not in pack.tables
    ]


def _wiring(table: Table, given: Collection[str] | None, questions: Collection[str]) -> Iterator[str]:
    names = [item.name for item in table.inputs]
    if given is not None:
        yield from (f"{table.file}: input {name}: the design never fills it" for name in names if name not in given)
        yield from (
            f"{table.file}: the design fills the input {name}, and the table has none of that name" for name in given if name not in names
        )
    for item in table.inputs:
        yield from (
            f"{table.file}: input {item.name}: {one!r} is no question" for one in item.answers if questions and one not in questions
        )


def check_table(table: Table) -> list[str]:
    """Problems of one table, in words."""
    return [problem.text for problem in problems_of(table)]


def problems_of(table: Table) -> list[Problem]:
    """Problems of one table."""
    found = [*_outputs(table), *_inputs(table), *_twins(table), *_cells(table)]
    try:
        return found + list(_regions(table))
    except TooLarge as error:
        return [*found, Problem("size", f"{table.file}: {error}")]


def _regions(table: Table) -> Iterator[Problem]:
    fired: set[int] = set()
    gaps: list[dict[str, Any]] = []
    overlaps: dict[tuple[int, int], dict[str, Any]] = {}
    for values in regions_of(table):
        positions = table.compiled(*[values[item.name] for item in table.inputs])
        fired.update(positions)
        if not positions:
            gaps.append(values)
        if len(positions) > 1:
            overlaps.setdefault((positions[0], positions[1]), values)
    if gaps and table.hit_policy != "collect":
        more = f", nor {len(gaps) - 1} further cases" if len(gaps) > 1 else ""
        yield Problem("gap", f"{table.file}: no row fits {shown(table, gaps[0])}{more}", (), gaps[0])
    if table.hit_policy == "unique":
        for pair, values in overlaps.items():
            rows = tuple(table.rows[position].id for position in pair)
            yield Problem("overlap", f"{table.file}: the rows {' and '.join(rows)} both fit {shown(table, values)}", rows, values)
    yield from (_unreachable(table, position) for position in range(len(table.rows)) if position not in fired)


def _unreachable(table: Table, position: int) -> Problem:
    """Why a row never fires: nothing fits its cells, or rows above it take all that does."""
    row = table.rows[position]
    above: dict[str, dict[str, Any]] = {}
    for values in regions_of(table):
        if _fits(row, values):
            above.setdefault(next(one.id for one in table.rows if _fits(one, values)), values)
    if not above:
        return Problem("unreachable", f"{table.file}: row {row.id!r} can never fire: nothing fits all of its cells", (row.id,))
    first, values = next(iter(above.items()))
    takers = " and ".join(above)
    text = f"{table.file}: row {row.id!r} can never fire: {takers} above it take all that fits, such as {shown(table, values)} ({first})"
    return Problem("unreachable", text, (row.id, *above), values)


def _fits(row: Row, values: Mapping[str, Any]) -> bool:
    return all(holds(test, values[name]) for name, test in row.tests.items())


def shown(table: Table, values: Mapping[str, Any]) -> str:
    """Input values as cells write them: `kind=b, rpo=1h`."""
    types = {item.name: item.type for item in table.inputs}
    return ", ".join(f"{name}={_written(value, types[name])}" for name, value in values.items() if value is not None) or "the empty input"


def _written(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, timedelta):
        return write_duration(value)
    return write_size(value) if kind == "size" else str(value)


def _outputs(table: Table) -> Iterator[Problem]:
    for output in table.outputs:
        given: set[str] = set()
        for row in table.rows:
            value = row.then[output.name]
            given |= set(value) if output.many else {value}
        for value in output.values:
            if value not in given:
                yield Problem("output", f"{table.file}: output {output.name}: no row gives {value!r}")
        lacking = sorted(set(output.values) - set(output.display))
        if output.setting and not output.many and lacking:
            yield Problem("output", f"{table.file}: output {output.name}: words are missing for {', '.join(lacking)}")


def _inputs(table: Table) -> Iterator[Problem]:
    for item in table.inputs:
        if item not in asked(table):
            yield Problem("input", f"{table.file}: input {item.name}: no row asks for it")


def _cells(table: Table) -> Iterator[Problem]:
    """Cells that hold for every value of their column, or for none: a mistake, or words that say nothing."""
    columns = {item.name: (item, representatives(item, table)) for item in table.inputs}
    for row in table.rows:
        for name, test in row.tests.items():
            item, values = columns[name]
            fitting = [value for value in values if holds(test, value)]
            place = f"{table.file}: row {row.id!r}: column {name}"
            if not fitting:
                yield Problem("cell", f"{place}: no {item.type} fits it", (row.id,), {name: values[0]})
            elif len(fitting) == len(values) and not isinstance(test, AnyTest):
                yield Problem("cell", f"{place}: every {item.type} fits it; leave the cell out instead", (row.id,))


def _twins(table: Table) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for row in table.rows:
        key = repr(sorted((name, repr(test)) for name, test in row.tests.items() if not isinstance(test, AnyTest)))
        if key in seen:
            yield Problem("twin", f"{table.file}: the rows {seen[key]} and {row.id} have the same conditions", (seen[key], row.id))
        seen.setdefault(key, row.id)
