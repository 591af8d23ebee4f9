"""One widget for each shape of answer. A widget turns posted fields into plain data as an engagement file has it, and back.

`value_from_datadict` gives None where nothing was entered, and whatever was entered otherwise, right or wrong: the checks are
`assessment.values`' business, and what was typed is shown again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from assessment.entry import read_entry, show_entry
from assessment.labels import column_label, hint, unit_after, unit_before
from assessment.questionnaire import Question
from assessment.values import WEEKDAYS, zones

MANY = 6
CHECKED = "on"


class AnswerWidget(forms.Widget):
    """Renders a template of the project. `group` says that there are several controls, which need a legend instead of a label."""

    group = True

    def __init__(self, question: Question, form_id: str) -> None:
        self.question = question
        self.form_id = form_id
        self.wrong: frozenset[str] = frozenset()
        super().__init__()

    def render(self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None) -> SafeString:
        attrs = {**self.attrs, **(attrs or {})}
        context = {
            "name": name,
            "id": attrs.get("id") or f"id_{name}",
            "form": self.form_id,
            "describedby": attrs.get("aria-describedby", ""),
            "wrong": self.wrong,
            "question": self.question,
            **self.parts(name, value),
        }
        return mark_safe(render_to_string(self.template_name, context))  # noqa: S308 - a template's output, escaped there

    def parts(self, name: str, value: Any) -> dict[str, Any]:
        """What the template needs of the value."""
        raise NotImplementedError

    def control(self, name: str, steps: tuple[Any, ...]) -> str:
        """The name of the control in which a problem stands; `steps` lead from the answer to it."""
        return f"{name}-{steps[0]}" if steps and isinstance(steps[0], str) else name

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


class EntryInput(AnswerWidget):
    """One line or a box of text; with a checkbox for each word that stands instead of a value."""

    template_name = "assessment/widgets/entry.html"
    group = False

    def parts(self, name: str, value: Any) -> dict[str, Any]:
        word = value if value in self.question.words else None
        return {
            "text": "" if word else show_entry(self.question, value),
            "word": word,
            "long": self.question.type == "text" and (self.question.max or 0) > 200,
            "kind": "date" if self.question.type == "date" else "text",
            "numeric": self.question.type in ("integer", "percent", "money"),
            "hint": hint(self.question),
            "before": unit_before(self.question),
            "after": unit_after(self.question),
            "none_possible": self.question.default == "",
            "none": value == "",
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        word = data.get(f"{name}-word")
        entered = word if word in self.question.words else read_entry(self.question, data.get(name, ""))
        return "" if entered is None and self.question.default == "" and data.get(f"{name}-none") else entered


class ChoiceInput(AnswerWidget):
    """One of several: radio buttons, or a list where there are many."""

    template_name = "assessment/widgets/choice.html"

    def __init__(self, question: Question, form_id: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(question, form_id)
        self.choices = choices
        self.group = len(choices) <= MANY

    def parts(self, name: str, value: Any) -> dict[str, Any]:
        text = show_entry(self.question, value)
        known = [choice for choice, _ in self.choices]
        extra = [(text, text)] if text and text not in known else []
        return {"choices": [*self.choices, *extra], "value": text, "radios": self.group}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return read_entry(self.question, data.get(name, ""))


class ListAnswerWidget(AnswerWidget):
    """Base of lists: where none is a possible answer, a checkbox says so, which is not the same as no answer."""

    def none_possible(self) -> bool:
        return not self.question.min

    def list_parts(self, value: Any) -> dict[str, Any]:
        empty = isinstance(value, list | tuple | dict) and not value
        word = value if isinstance(value, str) and value in self.question.words else None
        return {"none_possible": self.none_possible(), "none": empty, "word": word}

    def or_none(self, found: Any, data: Any, name: str, empty: Any) -> Any:
        word = data.get(f"{name}-word")
        if word in self.question.words:
            return word
        return empty if not found and data.get(f"{name}-none") and self.none_possible() else (found or None)


class MultiInput(ListAnswerWidget):
    """Any number of several, as checkboxes."""

    template_name = "assessment/widgets/multi.html"

    def __init__(self, question: Question, form_id: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(question, form_id)
        self.choices = choices

    def parts(self, name: str, value: Any) -> dict[str, Any]:
        chosen = items_of(value)
        known = {choice for choice, _ in self.choices}
        exclusive = {option.value for option in self.question.options if option.exclusive}
        listed = [*self.choices, *((item, item) for item in chosen if item not in known)]
        choices = [(choice, label, choice in chosen, choice in exclusive) for choice, label in listed]
        return {"choices": choices, "many": len(choices) > 12, **self.list_parts(value)}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return self.or_none(data.getlist(name), data, name, [])


class OrderedInput(ListAnswerWidget):
    """A list in order, as one select for each place."""

    template_name = "assessment/widgets/ordered.html"

    def __init__(self, question: Question, form_id: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(question, form_id)
        self.choices = choices

    def parts(self, name: str, value: Any) -> dict[str, Any]:
        chosen = items_of(value)
        fixed = self.question.type == "ranking"
        most = int(self.question.max or len(self.choices))
        length = most if fixed and most <= 10 else len(chosen) + 1
        known = {choice for choice, _ in self.choices}
        choices = [*self.choices, *((item, item) for item in chosen if item not in known)]
        places = [chosen[index] if index < len(chosen) else "" for index in range(max(length, len(chosen)))]
        return {"choices": choices, "places": places, "fixed": fixed, **self.list_parts(value)}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return self.or_none([item for item in data.getlist(name) if item], data, name, [])


class GridInput(ListAnswerWidget):
    """A table: fixed rows, or rows that can be added and removed. Cells are named `NAME-ROW-FIELD`."""

    template_name = "assessment/widgets/grid.html"

    def __init__(self, question: Question, form_id: str) -> None:
        super().__init__(question, form_id)
        self.numbers: list[int] = []
        self.one_more = False

    def control(self, name: str, steps: tuple[Any, ...]) -> str:
        if not steps:
            return name
        first = steps[0]
        row = str(self.numbers[first]) if isinstance(first, int) and first < len(self.numbers) else str(first)
        column = steps[1] if len(steps) > 1 else self.question.fields[0].id
        return f"{name}-{row}-{column}"

    def none_possible(self) -> bool:
        return not self.question.complete and not self.question.min

    @property
    def fixed(self) -> bool:
        return bool(self.question.rows)

    def parts(self, name: str, value: Any) -> dict[str, Any]:
        columns = [(field, column_label(self.question, field)) for field in self.question.fields]
        if self.fixed:
            given = value if isinstance(value, Mapping) else {}
            rows = [self.row(name, row.value, row.label, self.cells_of(given.get(row.value))) for row in self.question.rows]
        else:
            given = list(value) if isinstance(value, list | tuple) else []
            given += [{}] * (self.one_more + (value is None))
            rows = [self.row(name, str(index), "", self.cells_of(cells)) for index, cells in enumerate(given)]
        template = self.row(name, "__row__", "", {}) if not self.fixed else None
        return {"columns": columns, "rows": rows, "template": template, "fixed": self.fixed, **self.list_parts(value)}

    def cells_of(self, given: Any) -> Mapping[str, Any]:
        """A row's cells by field id; a table with fixed rows and one field has the bare value."""
        if self.fixed and len(self.question.fields) == 1:
            return {self.question.fields[0].id: given}
        return given if isinstance(given, Mapping) else {}

    def row(self, name: str, key: str, label: str, cells: Mapping[str, Any]) -> dict[str, Any]:
        made = [
            {
                "name": f"{name}-{key}-{field.id}",
                "id": f"id_{name}-{key}-{field.id}",
                "field": field,
                "label": column_label(self.question, field),
                "text": show_entry(field, cells.get(field.id)),
                "checked": cells.get(field.id) is True,
                "numeric": field.type in ("integer", "percent", "money"),
                "hint": hint(field).partition(",")[0],
            }
            for field in self.question.fields
        ]
        return {"key": key, "label": label, "cells": made}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if self.fixed:
            keys: Iterable[str] = [row.value for row in self.question.rows]
            rows = {key: self.read_row(data, name, key) for key in keys}
            return self.or_none({key: row for key, row in rows.items() if row is not None}, data, name, {})
        pattern = re.compile(rf"{re.escape(name)}-(\d{{1,5}})-\w+")
        self.one_more = f"{name}-new-row" in data
        numbers = sorted({int(found[1]) for key in data if (found := pattern.fullmatch(key))})
        read = {number: row for number in numbers if (row := self.read_row(data, name, str(number))) is not None}
        self.numbers = list(read)
        return self.or_none(list(read.values()), data, name, [])

    def read_row(self, data: Any, name: str, key: str) -> Any:
        """The cells with something in them; None for a row in which nothing was entered."""
        cells: dict[str, Any] = {}
        for field in self.question.fields:
            posted = data.get(f"{name}-{key}-{field.id}", "")
            cells[field.id] = posted == CHECKED if field.type == "boolean" else read_entry(field, posted)
        if all(cell is None or cell is False for cell in cells.values()):
            return None
        for field in self.question.fields:
            # An empty text is a value where the pattern allows it, as the value of a tag.
            if (
                cells[field.id] is None
                and field.type == "text"
                and not field.optional
                and field.pattern
                and re.fullmatch(field.pattern, "")
            ):
                cells[field.id] = ""
        filled = {field: cell for field, cell in cells.items() if cell is not None}
        return filled[self.question.fields[0].id] if self.fixed and len(self.question.fields) == 1 else filled


class ScheduleInput(AnswerWidget):
    """Days, from, to and a time zone, or a word."""

    template_name = "assessment/widgets/schedule.html"

    def parts(self, name: str, value: Any) -> dict[str, Any]:
        given = value if isinstance(value, Mapping) else {}
        days = [(day, day.capitalize(), day in given.get("days", ())) for day in WEEKDAYS]
        word = value if isinstance(value, str) and value in self.question.words else None
        return {
            "days": days,
            "from": given.get("from", ""),
            "to": given.get("to", ""),
            "zone": given.get("zone", ""),
            "zones": zone_names(),
            "word": word,
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        if data.get(f"{name}-word") in self.question.words:
            return data[f"{name}-word"]
        days = data.getlist(f"{name}-days")
        rest = {part: data.get(f"{name}-{part}", "").strip() for part in ("from", "to", "zone")}
        if not days and not rest["from"] and not rest["to"]:
            return None
        return {"days": days, **{part: text for part, text in rest.items() if text}}


class ContactInput(AnswerWidget):
    """Name, e-mail address and telephone number of a person."""

    template_name = "assessment/widgets/contact.html"

    def parts(self, name: str, value: Any) -> dict[str, Any]:
        given = value if isinstance(value, Mapping) else {}
        kinds = (("name", "Name", "text"), ("email", "E-mail", "email"), ("phone", "Telephone (optional)", "tel"))
        return {
            "fields": [
                {"part": part, "name": f"{name}-{part}", "label": label, "kind": kind, "text": given.get(part, "")}
                for part, label, kind in kinds
            ]
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        given = {part: data.get(f"{name}-{part}", "").strip() for part in ("name", "email", "phone")}
        return {part: text for part, text in given.items() if text} or None


def items_of(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def zone_names() -> list[str]:
    """Time zones that people choose from: places, and UTC."""
    return ["UTC", *sorted(name for name in zones() if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/")))]
