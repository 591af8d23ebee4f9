"""The questionnaire as typed, immutable records. What each key means stands at the top of questionnaire.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assessment.unary import UnaryTest


@dataclass(frozen=True)
class Option:
    """One choice of a question, or one row of a table."""

    value: str
    label: str
    exclusive: bool = False
    interval: str | None = None


@dataclass(frozen=True, eq=False)
class Question:
    """One question, or one field of a table. `min`, `max` and `default` are typed values; counts for lists and tables."""

    id: str
    type: str
    text: str = ""
    why: str = ""
    help: str = ""
    scope: str = ""
    section: str = ""
    options: tuple[Option, ...] = ()
    options_from: str | None = None
    unit: str | None = None
    min: Any = None
    max: Any = None
    pattern: str | None = None
    words: tuple[str, ...] = ()
    fields: tuple["Question", ...] = ()
    rows: tuple[Option, ...] = ()
    complete: bool = False
    key: str | None = None
    required: bool = False
    optional: bool = False
    default: Any = None
    default_from: str | None = None
    if_unknown: str | None = None
    show_if: Mapping[str, str] = field(default_factory=dict)
    tests: Mapping[str, UnaryTest] = field(default_factory=dict)
    reads: tuple[str, ...] = ()
    part_of: str | None = None
    basis: str = ""
    depth: str = "core"
    regions: tuple[str, ...] = ()

    @cached_property
    def option_values(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)

    def label_of(self, value: str) -> str:
        """The label of an option's value, else the value itself."""
        return next((o.label for o in (*self.options, *self.rows) if o.value == value), value)


@dataclass(frozen=True, eq=False)
class Section:
    """Questions asked together: once (`customer`) or per workload (`workload`)."""

    id: str
    title: str
    scope: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Check:
    """A cross-answer check, in words; `assessment.checks` and `recommendations.findings` compute it."""

    id: str
    severity: str
    where: str
    reads: tuple[str, ...]
    message: str
    when: str
    fix: str


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """All that is asked, versioned. `regions` maps Region to country; `digest` is the SHA-256 of the file."""

    version: int
    digest: str
    tables: tuple[str, ...]
    regions: Mapping[str, str]
    sections: tuple[Section, ...]
    checks: tuple[Check, ...]

    @cached_property
    def questions(self) -> dict[str, Question]:
        """Every question by id, in the order they are asked."""
        return {question.id: question for section in self.sections for question in section.questions}

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of every question among all, from 0."""
        return {question_id: number for number, question_id in enumerate(self.questions)}

    def question(self, question_id: str) -> Question:
        return self.questions[question_id]

    def section(self, section_id: str) -> Section:
        return next(section for section in self.sections if section.id == section_id)

    def of_scope(self, scope: str) -> tuple[Section, ...]:
        return tuple(section for section in self.sections if section.scope == scope)
