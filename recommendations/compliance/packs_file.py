"""Reads `packs/*.yaml` into checked packs. Every error names file, control and fact."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessment.unary import UnaryError, UnaryTest, literals, parse_test
from recommendations.compliance.facts import FACTS
from recommendations.tables.literals import PARSERS

PACKS = Path(__file__).parent / "packs"
VERSION = "1"
PACK_KEYS = {"regime", "title", "source", "controls"}
CONTROL_KEYS = {"id", "title", "demand", "met_when", "owed", "source"}


class PackError(ValueError):
    """A compliance pack that cannot be loaded."""


@dataclass(frozen=True)
class Control:
    """One demand of a regime. `tests` must all hold for the design to support it; without any it is the customer's own to meet."""

    id: str
    title: str
    demand: str
    tests: Mapping[str, UnaryTest]
    written: Mapping[str, str]
    owed: str
    source: str


@dataclass(frozen=True)
class Pack:
    regime: str
    title: str
    source: str
    controls: tuple[Control, ...]


@dataclass(frozen=True)
class Packs:
    """All packs of one version; `digest` is a hash over their files."""

    version: str
    digest: str
    packs: Mapping[str, Pack]


@cache
def load_packs() -> Packs:
    """The packs that ship with Stowplan, checked. Raises PackError."""
    return read_packs(PACKS)


def read_packs(folder: Path) -> Packs:
    """All packs of a folder. Raises PackError."""
    total = hashlib.sha256()
    packs: dict[str, Pack] = {}
    seen: dict[str, str] = {}
    for file in sorted(folder.glob("*.yaml")):
        data = file.read_bytes()
        total.update(file.name.encode() + b"\0" + data + b"\0")
        pack = read_pack(data, file.name)
        if pack.regime != file.stem:
            raise PackError(f"{file.name}: the regime is {pack.regime!r}; file and regime have one name")
        for control in pack.controls:
            if control.id in seen:
                raise PackError(f"{file.name}: control {control.id!r} also stands in {seen[control.id]}; ids are unique in all packs")
            seen[control.id] = file.name
        packs[pack.regime] = pack
    return Packs(VERSION, total.hexdigest(), packs)


def read_pack(data: bytes, file: str) -> Pack:
    """One pack. Raises PackError."""
    try:
        document = yaml.safe_load(data)
    except yaml.YAMLError as error:
        raise PackError(f"{file}: not YAML: {error}") from error
    if not isinstance(document, Mapping) or set(document) != PACK_KEYS or not isinstance(document["controls"], list):
        raise PackError(f"{file}: a pack is a map of {', '.join(sorted(PACK_KEYS))}, and controls is a list")
    controls = tuple(_control(item, str(document["source"]), file) for item in document["controls"])
    return Pack(str(document["regime"]), str(document["title"]), str(document["source"]), controls)


def _control(item: Any, source: str, file: str) -> Control:
    place = f"{file}: control {item.get('id', '?')!r}" if isinstance(item, Mapping) else f"{file}: a control"
    if not isinstance(item, Mapping) or set(item) - CONTROL_KEYS:
        raise PackError(f"{place}: only {', '.join(sorted(CONTROL_KEYS))} may stand here")
    for name in ("id", "title", "demand", "owed"):
        if not str(item.get(name) or "").strip():
            raise PackError(f"{place}: {name} is missing")
    written = {str(name): str(text) for name, text in (item.get("met_when") or {}).items()}
    tests = {name: _test(name, text, place) for name, text in written.items()}
    return Control(
        str(item["id"]), str(item["title"]), str(item["demand"]), tests, written, str(item["owed"]), str(item.get("source", source))
    )


def _test(name: str, text: str, place: str) -> UnaryTest:
    fact = FACTS.get(name)
    if fact is None:
        raise PackError(f"{place}: there is no fact {name!r}; facts are {', '.join(FACTS)}")
    try:
        test = parse_test(text, fact.type, PARSERS[fact.type])
    except UnaryError as error:
        raise PackError(f"{place}: fact {name}: {error}") from error
    for value in literals(test):
        if fact.options and value not in fact.options:
            raise PackError(f"{place}: fact {name}: {value!r} is none of {', '.join(fact.options)}")
    return test
