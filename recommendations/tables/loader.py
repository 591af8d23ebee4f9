"""Reads `rules/*.yaml` into checked, compiled tables. Every error names file, row and column."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessment.unary import InTest, UnaryError, UnaryTest, literals, parse_test
from recommendations.tables.compiler import compile_rows
from recommendations.tables.literals import PARSERS
from recommendations.tables.model import Input, Output, Row, RulePack, Table, TableError

RULES = Path(__file__).parent.parent / "rules"
VERSION = "1"
KEYS = {"table", "title", "drives", "source", "hit_policy", "inputs", "outputs", "rules"}


@cache
def load_rule_pack() -> RulePack:
    """The rule pack that ships with Stowplan, checked and compiled. Raises TableError."""
    return read_rule_pack(RULES)


def read_rule_pack(folder: Path) -> RulePack:
    """All tables of a folder. Raises TableError."""
    files = sorted(folder.glob("*.yaml"))
    total = hashlib.sha256()
    tables: dict[str, Table] = {}
    seen: dict[str, str] = {}
    for file in files:
        data = file.read_bytes()
        total.update(file.name.encode() + b"\0" + data + b"\0")
        table = read_table(data, file.name)
        if table.name != file.stem:
            raise TableError(f"{file.name}: the table is called {table.name!r}; file and table have one name")
        for row in table.rows:
            if row.id in seen:
                raise TableError(f"{file.name}: row {row.id!r} also stands in {seen[row.id]}; ids are unique in the rule pack")
            seen[row.id] = file.name
        tables[table.name] = table
    return RulePack(VERSION, total.hexdigest(), tables)


def read_table(data: bytes, file: str) -> Table:
    """One table. Raises TableError."""
    try:
        document = yaml.load(data, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe loaders
    except yaml.YAMLError as error:
        raise TableError(f"{file}: not YAML: {error}") from error
    if not isinstance(document, Mapping):
        raise TableError(f"{file}: a table is a map")
    if unknown := set(document) - KEYS:
        raise TableError(f"{file}: unknown: {', '.join(sorted(map(str, unknown)))}")
    if missing := KEYS - {"drives"} - set(document):
        raise TableError(f"{file}: missing: {', '.join(sorted(missing))}")
    policy = document["hit_policy"]
    if policy not in ("unique", "first", "collect"):
        raise TableError(f"{file}: hit_policy is {policy!r}, expected unique, first or collect")
    inputs = tuple(_input(item, file) for item in document["inputs"])
    outputs = tuple(_output(item, file) for item in document["outputs"])
    rows = tuple(_row(item, inputs, outputs, str(document["source"]), file) for item in document["rules"])
    compiled = compile_rows([item.name for item in inputs], [row.tests for row in rows], policy == "first")
    return Table(str(document["table"]), str(document["title"]), file, str(document["source"]), policy, inputs, outputs, rows, compiled)


def _input(item: Mapping[str, Any], file: str) -> Input:
    name = item.get("name", "?")
    if item.get("type") not in PARSERS:
        raise TableError(f"{file}: input {name}: type {item.get('type')!r} is none of {', '.join(sorted(PARSERS))}")
    options = tuple(item.get("options", ()))
    if (item["type"] == "single") != bool(options):
        raise TableError(f"{file}: input {name}: options belong to the type single, and only to it")
    return Input(name, item["type"], options, tuple(item.get("answers", ())), bool(item.get("optional", False)))


def _output(item: Mapping[str, Any], file: str) -> Output:
    values = tuple(str(value) for value in item.get("values", ()))
    display = {str(key): str(text) for key, text in (item.get("display") or {}).items()}
    if stray := set(display) - set(values):
        raise TableError(f"{file}: output {item.get('name')}: display for {', '.join(sorted(stray))}, which is no value of it")
    if not values:
        raise TableError(f"{file}: output {item.get('name')}: values are missing")
    return Output(item["name"], values, bool(item.get("many", False)), item.get("setting", ""), display)


def _row(item: Mapping[str, Any], inputs: tuple[Input, ...], outputs: tuple[Output, ...], source: str, file: str) -> Row:
    place = f"{file}: row {item.get('id', '?')!r}"
    if unknown := set(item) - {"id", "when", "then", "because", "source"}:
        raise TableError(f"{place}: unknown: {', '.join(sorted(unknown))}")
    if not item.get("id") or not str(item.get("because", "")).strip():
        raise TableError(f"{place}: an id and a because are needed")
    known = {column.name: column for column in inputs}
    tests = {}
    for name, text in (item.get("when") or {}).items():
        if name not in known:
            raise TableError(f"{place}: column {name!r} is no input; inputs are {', '.join(known)}")
        tests[name] = _cell(known[name], str(text), place)
    return Row(str(item["id"]), tests, _then(item.get("then") or {}, outputs, place), str(item["because"]), str(item.get("source", source)))


def _cell(column: Input, text: str, place: str) -> UnaryTest:
    try:
        test = parse_test(text, column.type, PARSERS[column.type])
    except UnaryError as error:
        raise TableError(f"{place}: column {column.name}: {error}") from error
    if column.options:
        for value in literals(test):
            if value not in column.options:
                raise TableError(f"{place}: column {column.name}: {value!r} is none of {', '.join(column.options)}")
        if isinstance(test, InTest) and set(test.values) == set(column.options):
            raise TableError(f"{place}: column {column.name}: names every option; leave the cell out instead")
    return test


def _then(given: Mapping[str, Any], outputs: tuple[Output, ...], place: str) -> dict[str, Any]:
    expected = {column.name: column for column in outputs}
    if set(given) != set(expected):
        raise TableError(f"{place}: then must give {', '.join(expected)}, it gives {', '.join(map(str, given)) or 'nothing'}")
    result: dict[str, Any] = {}
    for name, raw in given.items():
        column = expected[name]
        values = tuple(str(value) for value in raw) if isinstance(raw, list) else (str(raw),)
        if isinstance(raw, list) != column.many:
            raise TableError(f"{place}: column {name}: {'a list' if column.many else 'one value'} is expected")
        for value in values:
            if value not in column.values:
                raise TableError(f"{place}: column {name}: {value!r} is none of {', '.join(column.values)}")
        result[name] = values if column.many else values[0]
    return result
