"""Decision tables as values: inputs, outputs, rows, and the rule pack that holds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assessment.unary import UnaryTest
from recommendations.tables.compiler import Compiled

HitPolicy = Literal["unique", "first", "collect"]


class TableError(ValueError):
    """A decision table that cannot be loaded. The message names file, row and column."""


class NoHit(LookupError):
    """No row of a table fits the inputs."""


class DoubleHit(LookupError):
    """More than one row of a `unique` table fits the inputs."""


@dataclass(frozen=True)
class Input:
    """One column of conditions. `answers` are the questions that the value comes from; `optional` values may be missing."""

    name: str
    type: str
    options: tuple[str, ...]
    answers: tuple[str, ...]
    optional: bool


@dataclass(frozen=True)
class Output:
    """One column of results. `setting` is the label under which it is printed, `display` the words for each value."""

    name: str
    values: tuple[str, ...]
    many: bool
    setting: str
    display: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """One rule. `tests` maps an input to its parsed test; an input that is not there may be anything."""

    id: str
    tests: Mapping[str, UnaryTest]
    then: Mapping[str, Any]
    because: str
    source: str


@dataclass(frozen=True, slots=True)
class Hit:
    """What a table decided: the row that fired, and its outputs."""

    table: Table
    row: Row

    def __getitem__(self, output: str) -> Any:
        return self.row.then[output]

    @property
    def answers(self) -> tuple[str, ...]:
        """The questions behind the conditions of the row that fired."""
        found = [answer for item in self.table.inputs if item.name in self.row.tests for answer in item.answers]
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Rejected:
    """A row that did not fire, and the first input that kept it from firing."""

    row: str
    column: str
    value: Any


@dataclass(frozen=True)
class Trace:
    """Rows that fired, and for every other one why not."""

    fired: tuple[str, ...]
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True)
class Table:
    """One decision. `decide` is the compiled function of the input values: the positions of the rows that fire."""

    name: str
    title: str
    file: str
    source: str
    hit_policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    compiled: Compiled = field(repr=False, compare=False)

    def hits(self, values: Mapping[str, Any]) -> tuple[Hit, ...]:
        """Every row that fires, in table order. For `unique` and `first` that is exactly one.

        Raises NoHit, DoubleHit, and KeyError where `values` lacks an input.
        """
        positions = self.compiled(*[values[item.name] for item in self.inputs])
        if self.hit_policy != "collect":
            if not positions:
                raise NoHit(f"{self.file}: no row fits {self._shown(values)}")
            if len(positions) > 1:
                rows = ", ".join(self.rows[position].id for position in positions)
                raise DoubleHit(f"{self.file}: the rows {rows} all fit {self._shown(values)}")
        return tuple(Hit(self, self.rows[position]) for position in positions)

    def decide(self, values: Mapping[str, Any]) -> Hit:
        """The one row that fires (`unique`, `first`)."""
        return self.hits(values)[0]

    def _shown(self, values: Mapping[str, Any]) -> str:
        return ", ".join(f"{item.name}={values[item.name]}" for item in self.inputs)


@dataclass(frozen=True)
class RulePack:
    """All tables of one version; `digest` is a hash over their files."""

    version: str
    digest: str
    tables: Mapping[str, Table]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]
