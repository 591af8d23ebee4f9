"""Decision tables against their peers on the same decisions in the same run: `python -m benchmarks.tables [WORKLOADS]`.

A decision is the row of each of eight tables for one workload. Ours gives the row with its reason, answers and source; or the whole
trace: for every row the input that refused it, nothing for the one that fires. The peers give the row's id alone. Outcomes are compared
on random workloads before anything is timed; values lie on the bounds of the cells on purpose. Five passes, all sides in each; the ratios
are medians of paired passes.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from statistics import median
from time import process_time
from typing import Any

from benchmarks.peers import cel_rows, cel_text, chain
from recommendations.tables import Table, load_rule_pack
from recommendations.tables.verifier import representatives

try:
    from cel_expr_python import cel
except ImportError:  # the runtime has no wheel for this platform
    cel = None

NAMES = ("protection", "database_path", "encryption", "replication", "object_lock", "versioning", "dr_strategy", "drills")
PASSES = 5
Values = Mapping[str, Any]
Side = Callable[[Values], Any]


def workloads(tables: list[Table], count: int) -> list[dict[str, Any]]:
    """Random values for every input of the tables."""
    dice = random.Random(7)  # noqa: S311
    choices: dict[str, list[Any]] = {}
    for table in tables:
        for item in table.inputs:
            choices.setdefault(item.name, []).extend(one for one in representatives(item, table) if one is not None)
    return [{name: dice.choice(values) for name, values in choices.items()} for _ in range(count)]


def cel_sides(tables: list[Table], rows: list[dict[str, Any]]) -> tuple[Side, Side, list[dict[str, Any]]]:
    """All tables as one ternary each, and as one expression a row, over one activation a workload; and the workloads, durations in
    minutes."""
    kinds = {str: cel.Type.STRING, bool: cel.Type.BOOL, int: cel.Type.INT}
    given = [{k: v // timedelta(minutes=1) if isinstance(v, timedelta) else v for k, v in row.items()} for row in rows]
    environment = cel.NewEnv(variables={name: kinds[type(value)] for name, value in given[0].items()})
    ternaries = [environment.compile(cel_text(table)) for table in tables]
    single = [environment.compile(text) for table in tables for text in cel_rows(table)]

    def side(expressions: list[Any]) -> Side:
        def decide(values: Values) -> list[Any]:
            activation = environment.Activation(values)
            return [one.eval(activation).value() for one in expressions]

        return decide

    return side(ternaries), side(single), given


def timed(side: Side, rows: list[dict[str, Any]]) -> float:
    """Microseconds of CPU time a workload, so that other work on the machine weighs less."""
    start = process_time()
    for row in rows:
        side(row)
    return (process_time() - start) / len(rows) * 1e6


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    tables = [load_rule_pack()[name] for name in NAMES]
    rows = workloads(tables, count)
    chains, ours = [chain(table) for table in tables], [table.decide for table in tables]
    traced = [table.refusals for table in tables]
    sides: dict[str, tuple[Side, list[dict[str, Any]]]] = {
        "if/elif": (lambda row: [one(row) for one in chains], rows),
        "tables": (lambda row: [one(row) for one in ours], rows),
        "tables, whole trace": (lambda row: [one(row) for one in traced], rows),
    }
    if cel is not None:
        decide, every, given = cel_sides(tables, rows)
        sides["CEL C++"] = (decide, given[: count // 5])
        sides["CEL C++, every row"] = (every, given[: count // 10])
    for index, row in enumerate(rows[:2000]):
        expected = [one(row) for one in chains]
        assert [one(row).row.id for one in ours] == expected, row
        assert cel is None or decide(given[index]) == expected, row
    passes = [{name: timed(*side) for name, side in sides.items()} for _ in range(PASSES)]
    rules = sum(len(table.rows) for table in tables)
    print(f"{len(tables)} tables, {rules} rules, {count:,} workloads; the outcomes of {min(2000, count):,} agree")
    for name in sides:
        ratio = median(one[name] / one["if/elif"] for one in passes)
        print(f"  {name}: {median(one[name] for one in passes):.2f} us a workload, {ratio:.2f} x if/elif")
    if cel is not None:
        for peer, name in (("CEL C++", "tables"), ("CEL C++, every row", "tables, whole trace"), ("CEL C++", "tables, whole trace")):
            print(f"  {peer} / {name}: {median(one[peer] / one[name] for one in passes):.1f}")


if __name__ == "__main__":
    main()
