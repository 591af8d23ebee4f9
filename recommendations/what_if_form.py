"""The form of a what-if: the answers of one workload that make its promise, as fields to try other values in."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from assessment.answer_tree import Scope, text_of
from assessment.labels import place_label
from assessment.questionnaire import Question
from assessment.values import ValueProblems, parse_value, write_value
from assessment.widgets import AnswerWidget, ChoiceInput, EntryInput, GridInput

# What can be tried, with a short label; the question itself stands below it.
TRIED = {
    "wl_rpo": "Data lost, at most (RPO)",
    "wl_rto": "Back within (RTO)",
    "wl_region_rpo": "Data lost with the Region",
    "wl_region_rto": "Back without the Region",
    "wl_freq": "How often it is copied",
    "wl_growth": "Growth",
    "wl_immut": "Immutable copy",
    "wl_expire": "Deleted at an age of",
    "wl_retain": "Copies kept",
}


def widget_of(question: Question, form_id: str) -> AnswerWidget:
    """The widget of a question that can be tried."""
    if question.type == "table":
        return GridInput(question, form_id)
    if question.type == "single":
        return ChoiceInput(question, form_id, [(option.value, option.label) for option in question.options])
    return EntryInput(question, form_id)


class WhatIfForm(forms.Form):
    """One field for each question of TRIED that this workload is asked. `scope` holds the design's answers."""

    def __init__(self, scope: Scope, data: Any = None) -> None:
        self.scope = scope
        self.form_id = f"what-if-{scope.key}"
        self.questions = {name: scope.questionnaire.question(name) for name in TRIED if scope.visible(name)}
        super().__init__(data, auto_id=f"{self.form_id}-%s", initial={name: self.written(name) for name in self.questions})
        for name, question in self.questions.items():
            widget = widget_of(question, self.form_id)
            widget.attrs["aria-describedby"] = f"{self.form_id}-{name}-help"
            self.fields[name] = forms.Field(required=False, label=TRIED[name], help_text=question.text, widget=widget)

    def written(self, name: str) -> Any:
        """The answer in force as plain data."""
        return write_value(self.scope.questionnaire.question(name), self.scope.value(name))

    def clean(self) -> dict[str, Any]:
        """Typed values of what differs from the design; `wrong` fields are reported each by its own message."""
        changed: dict[str, Any] = {}
        for name, question in self.questions.items():
            raw = self.cleaned_data.get(name)
            if raw is None or raw == "":
                if question.required:
                    self.add_error(name, "A value is needed here.")
                elif self.scope.value(name) is not None and self.scope.value(name) != self.scope.default(name):
                    changed[name] = None
                continue
            try:
                value = parse_value(question, raw)
            except ValueProblems as found:
                for problem in found.problems:
                    self.reject(name, question, problem)
                continue
            if value != self.scope.value(name):
                changed[name] = value
        self.changed = changed
        return changed

    def reject(self, name: str, question: Question, problem: tuple[str, str]) -> None:
        """One problem of a field, with the place in it (`.daily`)."""
        path, message = problem
        steps = tuple(step for step in re.split(r"[.\[\]]+", path) if step)
        place = place_label(question, steps)
        self.add_error(name, f"{place}: {message}" if place else message)
        widget = self.fields[name].widget
        widget.wrong = frozenset({*widget.wrong, widget.control(self.add_prefix(name), steps)})  # type: ignore[attr-defined]

    def shown_changes(self) -> list[Mapping[str, str]]:
        """What was changed, before and after, in words."""
        return [
            {
                "label": TRIED[name],
                "before": text_of(self.questions[name], self.scope.value(name)) or "open",
                "after": "open" if value is None else text_of(self.questions[name], value),
            }
            for name, value in self.changed.items()
        ]
