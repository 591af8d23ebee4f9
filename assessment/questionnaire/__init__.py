"""The questionnaire: data in questionnaire.yaml, loaded and checked once."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from assessment.documents import read_document
from assessment.questionnaire.checker import TYPES, check
from assessment.questionnaire.model import Check, Option, Question, Questionnaire, Section
from assessment.unary import UnaryError, parse_test
from assessment.values import SCALARS, ValueProblems, parse_literal, parse_value

__all__ = [
    "Check",
    "Option",
    "Question",
    "Questionnaire",
    "QuestionnaireError",
    "Section",
    "build",
    "load_questionnaire",
]

FILE = Path(__file__).with_name("questionnaire.yaml")
SCHEMA = "stowplan/questionnaire/1"


class QuestionnaireError(ValueError):
    """Everything that is wrong with a questionnaire, one line each."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


@cache
def load_questionnaire() -> Questionnaire:
    """The questionnaire that ships with this version."""
    data = FILE.read_bytes()
    return build(read_document(data).value, hashlib.sha256(data).hexdigest())


def build(document: Mapping[str, Any], digest: str) -> Questionnaire:
    """A checked questionnaire from its plain data; raises QuestionnaireError."""
    errors: list[str] = []
    if document.get("schema") != SCHEMA:
        raise QuestionnaireError([f"schema: expected {SCHEMA}"])
    regions = document["regions"]
    sections = tuple(section_of(item, tuple(regions), errors) for item in document["sections"])
    checks = tuple(
        Check(c["id"], c["severity"], c["where"], tuple(c["reads"]), c["message"], c["when"], c.get("fix", "")) for c in document["checks"]
    )
    raw = Questionnaire(document["version"], digest, tuple(document["tables"]), regions, sections, checks)
    finished = with_tests(raw, errors)
    errors += check(finished)
    if errors:
        raise QuestionnaireError(errors)
    return finished


def section_of(item: Mapping[str, Any], regions: tuple[str, ...], errors: list[str]) -> Section:
    questions = tuple(question_of({**q, "scope": item["scope"], "section": item["id"]}, regions, errors) for q in item["questions"])
    return Section(item["id"], item["title"], item["scope"], questions)


def question_of(item: Mapping[str, Any], regions: tuple[str, ...], errors: list[str]) -> Question:
    """A question without its conditions, which need all the others; bounds and default are typed here."""
    data = dict(item)
    where = f"{data.get('section', 'field')}.{data['id']}"
    for name in ("options", "rows"):
        data[name] = tuple(Option(**option) for option in data.get(name, ()))
    data["fields"] = tuple(question_of(field, regions, errors) for field in data.get("fields", ()))
    for name in ("words", "reads"):
        data[name] = tuple(data.get(name, ()))
    if data["type"] in ("region", "regions"):
        data["regions"] = regions
    default = data.pop("default", None)
    try:
        for name in ("min", "max"):
            if name in data and data["type"] in SCALARS:
                data[name] = SCALARS[data["type"]](data[name])
        question = Question(**data)
        # A default of an unknown type cannot be read; the checker names the type.
        if default is None or question.type not in TYPES:
            return question
        return Question(**{**data, "default": parse_value(question, default)})
    except (TypeError, ValueProblems, ValueError) as error:
        errors.append(f"{where}: {error}")
        return Question(id=data["id"], type=data["type"], scope=data.get("scope", ""), section=data.get("section", ""))


def with_tests(questionnaire: Questionnaire, errors: list[str]) -> Questionnaire:
    """The same questionnaire with every `show_if` parsed against the type of the question it asks about."""

    def finish(question: Question) -> Question:
        tests = {}
        for other, text in question.show_if.items():
            target = questionnaire.questions.get(other)
            if target is None:
                errors.append(f"{question.id}.show_if: there is no question {other}")
                continue
            try:
                tests[other] = parse_test(text, target.type, parse_literal(target.type))
            except UnaryError as error:
                errors.append(f"{question.id}.show_if.{other}: {error}")
        return Question(**{**{name: getattr(question, name) for name in Question.__dataclass_fields__}, "tests": tests})

    sections = tuple(Section(s.id, s.title, s.scope, tuple(finish(question) for question in s.questions)) for s in questionnaire.sections)
    return Questionnaire(
        questionnaire.version,
        questionnaire.digest,
        questionnaire.tables,
        questionnaire.regions,
        sections,
        questionnaire.checks,
    )
