"""The questionnaire and its values in the document's language. Conditions, defaults and checks stay those of the questionnaire."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from assessment.answer_tree import text_of
from assessment.labels import column_label
from assessment.questionnaire import Option, Question, Questionnaire, load_questionnaire
from reports import display
from reports.languages import DEFAULT
from reports.wording import day, language, number, tr

FIGURES = ("size", "bandwidth", "integer", "percent", "money")
LISTS = ("multi", "ranking", "regions", "countries", "workloads")


@cache
def spoken_questionnaire(name: str) -> Questionnaire:
    """The questionnaire with its texts in the language `name`, which is the one being spoken."""
    plain = load_questionnaire()
    if name == DEFAULT:
        return plain
    sections = tuple(
        replace(section, title=tr(section.title), questions=tuple(spoken(question) for question in section.questions))
        for section in plain.sections
    )
    return replace(plain, sections=sections)


def spoken(question: Question) -> Question:
    return replace(
        question,
        text=tr(question.text),
        unit=tr(question.unit) if question.unit else question.unit,
        if_unknown=tr(question.if_unknown) if question.if_unknown else question.if_unknown,
        options=labelled(question.options),
        rows=labelled(question.rows),
        fields=tuple(spoken(field) for field in question.fields),
        default=spoken_default(question),
    )


def spoken_default(question: Question) -> Any:
    """A default, with the texts in the rows of a table in the language."""
    if question.type != "table" or not isinstance(question.default, list | tuple):
        return question.default
    texts = {field.id for field in question.fields if field.type == "text"}
    return [{name: tr(cell) if name in texts else cell for name, cell in row.items()} for row in question.default]


def labelled(options: tuple[Option, ...]) -> tuple[Option, ...]:
    return tuple(replace(option, label=tr(option.label)) for option in options)


def value_text(question: Question, value: Any) -> str:
    """A value as people read it, as `text_of` writes it in English. `question` is one of a spoken questionnaire."""
    if language() == DEFAULT or value is None:
        return text_of(question, value)
    if isinstance(value, str):
        return tr(value) if value in question.words else question.label_of(value)
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if isinstance(value, datetime.timedelta):
        return display.duration_text(value)
    if isinstance(value, datetime.date):
        return day(value)
    if question.type in FIGURES:
        return number(text_of(question, value))
    if question.type in LISTS:
        return ", ".join(question.label_of(one) for one in value) or tr("None")
    if question.type == "schedule":
        return f"{', '.join(tr(one) for one in value['days'])} {value['from']}–{value['to']} {value['zone']}"
    return table_text(question, value) if question.type == "table" else text_of(question, value)


def table_text(question: Question, value: Any) -> str:
    """A table on one line."""
    fields = {field.id: field for field in question.fields}

    def cells(row: Mapping[str, Any]) -> str:
        return ", ".join(f"{tr(column_label(question, fields[name]))} {value_text(fields[name], cell)}" for name, cell in row.items())

    if not question.rows:
        return "; ".join(cells(row) for row in value) or tr("None")
    single = len(question.fields) == 1
    parts = [f"{question.label_of(row)}: {value_text(question.fields[0], cell) if single else cells(cell)}" for row, cell in value.items()]
    return "; ".join(parts) or tr("None")
