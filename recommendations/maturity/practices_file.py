"""Reads `practices.yaml` into checked practices. Every error names the practice and the test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assessment.questionnaire import load_questionnaire
from assessment.unary import UnaryError, UnaryTest, parse_test
from assessment.values import parse_literal
from recommendations.compliance.facts import FACTS
from recommendations.findings_model import PILLARS
from recommendations.tables.literals import PARSERS

FILE = Path(__file__).parent / "practices.yaml"
KEYS = {"id", "label", "weight", "source", "before", "after", "findings"}
HEAVIEST = 3
Tests = Mapping[str, UnaryTest]


class PracticeError(ValueError):
    """Practices that cannot be loaded."""


@dataclass(frozen=True)
class Practice:
    """One practice: tests of answers for today, of facts and answers for the design, and checks whose findings deny it."""

    id: str
    label: str
    weight: int
    source: str
    before: Tests
    after: Tests
    findings: tuple[str, ...]


@dataclass(frozen=True)
class Pillar:
    """A pillar with its practices; `area` is its row of `mat_pillars`."""

    pillar: str
    area: str
    practices: tuple[Practice, ...]


@dataclass(frozen=True)
class Practices:
    """All pillars in the framework's order, and the checks that tell of the design rather than of today."""

    pillars: tuple[Pillar, ...]
    of_the_design: frozenset[str]


@cache
def load_practices() -> Practices:
    """The practices that ship with Stowplan, checked. Raises PracticeError."""
    return read_practices(FILE.read_bytes())


def read_practices(data: bytes) -> Practices:
    """Practices from YAML. Raises PracticeError."""
    try:
        document = yaml.safe_load(data)
    except yaml.YAMLError as error:
        raise PracticeError(f"not YAML: {error}") from error
    if not isinstance(document, Mapping) or set(document) != {"of_the_design", "pillars"}:
        raise PracticeError("expected a map of of_the_design and pillars")
    pillars = tuple(_pillar(item) for item in document["pillars"])
    if tuple(one.pillar for one in pillars) != PILLARS:
        raise PracticeError(f"pillars are {', '.join(PILLARS)}, in this order")
    ids = [practice.id for one in pillars for practice in one.practices]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise PracticeError(f"{twice[0]}: stands there twice")
    return Practices(pillars, frozenset(document["of_the_design"]))


def _pillar(item: Mapping[str, Any]) -> Pillar:
    practices = tuple(_practice(one) for one in item["practices"])
    if not practices:
        raise PracticeError(f"{item['pillar']}: has no practice")
    return Pillar(str(item["pillar"]), str(item["area"]), practices)


def _practice(item: Any) -> Practice:
    place = str(item.get("id", "?")) if isinstance(item, Mapping) else "?"
    if not isinstance(item, Mapping) or set(item) != KEYS:
        raise PracticeError(f"{place}: a practice is a map of {', '.join(sorted(KEYS))}")
    weight = item["weight"]
    if type(weight) is not int or not 1 <= weight <= HEAVIEST:
        raise PracticeError(f"{place}: weight is a whole number from 1 to {HEAVIEST}")
    if not item["after"]:
        raise PracticeError(f"{place}: after needs a test")
    before = {name: _test(name, str(text), place, facts=False) for name, text in item["before"].items()}
    after = {name: _test(name, str(text), place, facts=True) for name, text in item["after"].items()}
    return Practice(place, str(item["label"]), weight, str(item["source"]), before, after, tuple(item["findings"]))


def _test(name: str, text: str, place: str, *, facts: bool) -> UnaryTest:
    try:
        if name in FACTS and facts:
            kind = FACTS[name].type
            return parse_test(text, kind, PARSERS[kind])
        question = load_questionnaire().questions.get(name)
        if question is None:
            raise PracticeError(f"{place}: {name} is no question" + (" and no fact of a design" if facts else ""))
        return parse_test(text, question.type, parse_literal(question.type))
    except UnaryError as error:
        raise PracticeError(f"{place}: {name}: {error}") from error
