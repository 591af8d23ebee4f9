"""The rule pack as a page shows it: tables in words, and how often each row fired for a design. Plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from recommendations.tables import RulePack, Table
from recommendations.tables.model import Row
from recommendations.trace_tables import aws_limits, test_words

POLICIES = {
    "unique": "Unique: exactly one row fits",
    "first": "First: the topmost row that fits decides",
    "collect": "Collect: every row that fits counts",
}
EVERYTHING = "All workloads"  # how settings of the whole customer are named among the workloads that a row fired for
Fired = Mapping[tuple[str, str], list[str]]


@dataclass(frozen=True)
class RowView:
    """One row: conditions in the order of the columns ("" for any), results, and the names of those it fired for."""

    id: str
    cells: tuple[tuple[str, str], ...]
    results: tuple[tuple[str, str], ...]
    because: str
    source: str
    fired: list[str]


@dataclass(frozen=True)
class TableView:
    """One table with its columns; `asked` says whether the design asked it."""

    name: str
    title: str
    policy: str
    source: str
    inputs: tuple[tuple[str, tuple[str, ...]], ...]
    outputs: tuple[str, ...]
    rows: tuple[RowView, ...]
    limits: tuple[Mapping[str, str], ...] = field(default=())

    @property
    def asked(self) -> bool:
        return any(row.fired for row in self.rows)

    @property
    def count(self) -> int:
        """How many rows fired."""
        return sum(1 for row in self.rows if row.fired)


def rule_pages(pack: RulePack, document: Mapping[str, Any] | None = None, workload: str = "") -> list[TableView]:
    """Every table of the pack, with the rows marked that fired for a design: for one of its workloads (a key) or for all."""
    fired = fired_rows(document, workload) if document is not None else {}
    return [_table(table, fired) for table in pack.tables.values()]


def fired_rows(document: Mapping[str, Any], workload: str = "") -> Fired:
    """(table, row) -> names of the workloads it fired for, in the design's order; the customer's own settings count as all of them."""
    found: dict[tuple[str, str], list[str]] = {}
    for name, setting in _settings(document, workload):
        for row in (setting["rule"], *setting.get("rules", ())):
            names = found.setdefault((setting["table"], row), [])
            if name not in names:
                names.append(name)
    return found


def _settings(document: Mapping[str, Any], workload: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not workload:
        yield from ((EVERYTHING, setting) for setting in document["settings"])
    for one in document["workloads"]:
        if workload in ("", one["key"]):
            yield from ((one["name"], setting) for setting in one["settings"])


def _table(table: Table, fired: Fired) -> TableView:
    return TableView(
        table.name,
        table.title,
        POLICIES[table.hit_policy],
        table.source,
        tuple((_words(item.name), item.answers) for item in table.inputs),
        tuple(output.setting or _words(output.name) for output in table.outputs),
        tuple(_row(table, row, fired.get((table.name, row.id), [])) for row in table.rows),
        aws_limits().get(table.name, ()),
    )


def _row(table: Table, row: Row, fired: list[str]) -> RowView:
    cells = tuple(
        (_words(item.name), test_words(row.tests[item.name], item.type) if item.name in row.tests else "") for item in table.inputs
    )
    results = []
    for output in table.outputs:
        given = row.then[output.name]
        values = given if output.many else (given,)
        results.append((output.setting or _words(output.name), ", ".join(output.display.get(one, one) for one in values)))
    return RowView(row.id, cells, tuple(results), row.because, row.source, fired)


def _words(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
