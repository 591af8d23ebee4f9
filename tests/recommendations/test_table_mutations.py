"""Every shipped table, broken in every simple way: the verifier says what a slow second evaluation finds, no more, no less.

The second evaluation shares nothing with the proof: cells are asked one by one, over values on, beside and between all bounds.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.unary import IntervalTest, holds, literals
from recommendations.tables import load_rule_pack, problems_of
from recommendations.tables.compiler import compile_rows
from recommendations.tables.model import Input, Row, Table

TABLES = load_rule_pack().tables
SMALL = {"duration": timedelta(seconds=1), "integer": 1, "size": 1, "percent": Decimal("0.001")}
ZERO = {"duration": timedelta(0), "integer": 0, "size": 0, "percent": Decimal(0)}


def with_rows(table: Table, rows: list[Row]) -> Table:
    names = [item.name for item in table.inputs]
    return replace(table, rows=tuple(rows), compiled=compile_rows(names, [row.tests for row in rows], table.hit_policy == "first"))


def without(table: Table) -> Iterator[Table]:
    for position in range(len(table.rows)):
        yield with_rows(table, [*table.rows[:position], *table.rows[position + 1 :]])


def twice(table: Table) -> Iterator[Table]:
    for position, row in enumerate(table.rows):
        yield with_rows(table, [*table.rows[: position + 1], replace(row, id=f"{row.id}-again"), *table.rows[position + 1 :]])


def shifted(table: Table) -> Iterator[Table]:
    """Each bound of each interval moved by a little, and each end that belongs taken out or the reverse."""
    for position, row in enumerate(table.rows):
        for name, test in row.tests.items():
            if isinstance(test, IntervalTest):
                step = SMALL[next(item.type for item in table.inputs if item.name == name)]
                for other in (
                    replace(test, low=test.low + step) if test.low is not None else None,
                    replace(test, high=test.high + step) if test.high is not None else None,
                    replace(test, low_closed=not test.low_closed) if test.low is not None else None,
                    replace(test, high_closed=not test.high_closed) if test.high is not None else None,
                ):
                    if other is not None:
                        changed = replace(row, tests={**row.tests, name: other})
                        yield with_rows(table, [*table.rows[:position], changed, *table.rows[position + 1 :]])


def values_of(item: Input, table: Table) -> list[Any]:
    if item.type == "single":
        return [*([None] if item.optional else []), *item.options]
    if item.type == "boolean":
        return [*([None] if item.optional else []), True, False]
    bounds = {bound for row in table.rows if item.name in row.tests for bound in literals(row.tests[item.name])}
    step, zero = SMALL[item.type], ZERO[item.type]
    half = step / 2 if item.type in ("duration", "percent") else step
    near = {bound + by for bound in bounds for by in (-step, -half, step - step, half, step, 7 * step)} | {zero}
    return sorted(one for one in near if one >= zero)


def slow(table: Table) -> tuple[bool, bool, set[str]]:
    """(something meets no row, something meets two, rows that never fire), cell by cell."""
    gap = overlap = False
    never = {row.id for row in table.rows}
    names = [item.name for item in table.inputs]
    for combination in product(*[values_of(item, table) for item in table.inputs]):
        values = dict(zip(names, combination, strict=True))
        fitting = [row.id for row in table.rows if all(holds(test, values[name]) for name, test in row.tests.items())]
        gap |= not fitting
        overlap |= len(fitting) > 1
        never -= set(fitting[:1] if table.hit_policy == "first" else fitting)
    return gap, overlap, never


def agree(table: Table) -> set[str]:
    """The kinds of problems found, after the second evaluation has confirmed them and every example shows what it is said to show."""
    problems = problems_of(table)
    gap, overlap, never = slow(table)
    kinds = {problem.kind for problem in problems}
    assert ("gap" in kinds) == (gap and table.hit_policy != "collect")
    assert ("overlap" in kinds) == (overlap and table.hit_policy == "unique")
    assert {problem.rows[0] for problem in problems if problem.kind == "unreachable"} == never
    for problem in problems:
        fitting = [row.id for row in table.rows if problem.example and all(holds(t, problem.example.get(n)) for n, t in row.tests.items())]
        if problem.kind == "gap":
            assert fitting == []
        if problem.kind == "overlap":
            assert set(problem.rows) <= set(fitting)
        if problem.kind == "unreachable" and len(problem.rows) > 1:
            assert problem.rows[0] in fitting
            assert fitting[0] == problem.rows[1]
    return kinds


@pytest.mark.parametrize("name", TABLES)
def test_a_row_left_out_is_noticed_wherever_it_leaves_something_undecided(name: str) -> None:
    table = TABLES[name]
    found = [agree(one) for one in without(table)]
    if table.hit_policy == "unique":
        assert all("gap" in kinds for kinds in found)
    if table.hit_policy == "first":
        assert "gap" in found[-1]


@pytest.mark.parametrize("name", TABLES)
def test_a_row_that_stands_twice_is_noticed(name: str) -> None:
    table = TABLES[name]
    for one in twice(table):
        kinds = agree(one)
        assert "twin" in kinds
        assert {"unique": "overlap", "first": "unreachable", "collect": "twin"}[table.hit_policy] in kinds


@pytest.mark.parametrize("name", [name for name, table in TABLES.items() if any(True for _ in shifted(table))])
def test_a_shifted_bound_is_noticed_wherever_it_matters(name: str) -> None:
    assert all(agree(one) is not None for one in shifted(TABLES[name]))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True).map(sorted), st.data())
def test_stretches_that_are_cut_without_gap_pass_and_any_moved_cut_is_shown(cuts: list[int], data: st.DataObject) -> None:
    """A column cut into neighbouring stretches is complete; moving one end makes a gap or an overlap, whichever way it moves."""
    hours = [timedelta(hours=cut) for cut in cuts]
    column = Input("rpo", "duration", (), (), False)
    ends = [None, *hours, None]
    rows = [Row(f"r{i}", {"rpo": IntervalTest(ends[i], ends[i + 1], ends[i] is not None)}, {}, "-", "-") for i in range(len(ends) - 1)]
    table = with_rows(Table("t", "T", "t.yaml", "-", "unique", (column,), (), (), lambda value: ()), rows)
    assert problems_of(table) == []
    position = data.draw(st.integers(0, len(hours) - 1))
    by = data.draw(st.sampled_from([timedelta(minutes=-30), timedelta(seconds=-1), timedelta(seconds=1), timedelta(minutes=30)]))
    test = rows[position].tests["rpo"]
    assert isinstance(test, IntervalTest)
    moved = with_rows(
        table, [*rows[:position], replace(rows[position], tests={"rpo": replace(test, high=test.high + by)}), *rows[position + 1 :]]
    )
    assert agree(moved) >= {"gap" if by < timedelta(0) else "overlap"}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.data())
def test_what_is_proven_holds_for_values_that_nobody_chose(name: str, data: st.DataObject) -> None:
    """Random values: exactly one row decides, and the compiled table gives the rows that fit cell by cell."""
    table = TABLES[name]
    kinds = {
        "boolean": st.booleans(),
        "duration": st.timedeltas(timedelta(0), timedelta(days=4000)),
        "integer": st.integers(0, 10**6),
        "size": st.integers(0, 2**60),
        "percent": st.decimals(0, 100, places=3),
    }
    values = {item.name: data.draw(st.sampled_from(item.options) if item.options else kinds[item.type]) for item in table.inputs}
    fitting = [row.id for row in table.rows if all(holds(test, values[column]) for column, test in row.tests.items())]
    hits = [hit.row.id for hit in table.hits(values)]
    assert hits == (fitting[:1] if table.hit_policy == "first" else fitting)
    assert table.hit_policy == "collect" or len(hits) == 1
