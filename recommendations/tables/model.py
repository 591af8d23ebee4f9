"""Decision tables as values: inputs, outputs, rows, and the rule pack that holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from operator import itemgetter
from typing import Any, Literal

from assessment.unary import UnaryTest
from recommendations.tables.compiler import Compiled, apart, compile_choice, compile_refusals

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
        positions = self.compiled(*self._given(values))
        if self.hit_policy != "collect":
            if not positions:
                raise NoHit(f"{self.file}: no row fits {self._shown(values)}")
            if len(positions) > 1:
                rows = ", ".join(self.rows[position].id for position in positions)
                raise DoubleHit(f"{self.file}: the rows {rows} all fit {self._shown(values)}")
        return tuple(self._ready[position] for position in positions)

    def decide(self, values: Mapping[str, Any]) -> Hit:
        """The one row that fires (`unique`, `first`)."""
        found = self._choice(values)
        return self.hits(values)[0] if found is None else found

    @cached_property
    def refusals(self) -> Callable[[Mapping[str, Any]], tuple[str | None, ...]]:
        """For each row the first input that keeps it from firing, None where all its tests hold."""
        return compile_refusals([row.tests for row in self.rows])

    @cached_property
    def _ready(self) -> tuple[Hit, ...]:
        """What each row decides, made once."""
        return tuple(Hit(self, row) for row in self.rows)

    @cached_property
    def _choice(self) -> Callable[[Mapping[str, Any]], Hit | None]:
        """The row that fires. Where two rows of a `unique` table may fire together, all of them are looked at, in `hits`."""
        rows = [row.tests for row in self.rows]
        if self.hit_policy == "first" or all(apart(one, other) for one, other in combinations(rows, 2)):
            return compile_choice(rows, self._ready)
        return lambda values: None

    @cached_property
    def _given(self) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
        """The values of the inputs, in their order."""
        names = [item.name for item in self.inputs]
        if len(names) > 1:
            return itemgetter(*names)
        return lambda values: tuple(values[name] for name in names)

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
