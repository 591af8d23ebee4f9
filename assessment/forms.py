"""Forms of the discovery pages: one for each question, built from its type, and those that make assessments and workloads."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import pycountry
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms

from assessment.answer_tree import Scope
from assessment.answers import REASONS
from assessment.documents import Unwritten
from assessment.labels import place_label
from assessment.models import Answer
from assessment.questionnaire import Question, load_questionnaire
from assessment.values import FORBIDDEN, countries
from assessment.widgets import AnswerWidget, ChoiceInput, ContactInput, EntryInput, GridInput, MultiInput, OrderedInput, ScheduleInput

FORM_ID = "section-form"
STATES = (("stated", "Stated"), ("assumed", "Assumed"), ("unknown", "Unknown"), ("not-applicable", "Not applicable"))
REASON_LABELS = {
    "out-of-scope": "Out of scope",
    "business-priority": "Business priority",
    "technical-constraint": "Technical constraint",
    "other": "Other",
}


def choices_of(question: Question, scope: Scope, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """What can be chosen: the question's options, rows of another answer, Regions, countries or other workloads."""
    if question.type == "boolean":
        return [("true", "Yes"), ("false", "No")]
    if question.options_from:
        table, _, column = question.options_from.partition(".")
        return [(row[column], row[column]) for row in scope.value(table) or ()]
    if question.type in ("region", "regions"):
        return [(name, f"{name}, {country_name(country)}") for name, country in load_questionnaire().regions.items()]
    if question.type == "countries":
        return sorted(((code, country_name(code)) for code in countries()), key=lambda pair: pair[1])
    if question.type == "workloads":
        return [(name, name) for name in names if name != scope.name]
    return [(option.value, option.label) for option in question.options]


def country_name(code: str) -> str:
    country = pycountry.countries.get(alpha_2=code)
    return getattr(country, "common_name", country.name) if country else code


def widget_of(question: Question, scope: Scope, names: tuple[str, ...]) -> AnswerWidget:
    """The widget of a question's type."""
    kind = question.type
    if kind in ("single", "boolean", "region"):
        return ChoiceInput(question, FORM_ID, choices_of(question, scope, names))
    if kind in ("multi", "workloads"):
        return MultiInput(question, FORM_ID, choices_of(question, scope, names))
    if kind in ("ranking", "regions", "countries"):
        return OrderedInput(question, FORM_ID, choices_of(question, scope, names))
    special = {"table": GridInput, "schedule": ScheduleInput, "contact": ContactInput}
    return special.get(kind, EntryInput)(question, FORM_ID)


class AnswerForm(forms.Form):
    """One answer with its state. It reads what was entered; whether that is right is said by `assessment.services`."""

    state = forms.ChoiceField(choices=STATES, required=False, widget=forms.RadioSelect)
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}))
    ask = forms.CharField(required=False, label="Whom to ask")
    confirm_by = forms.CharField(required=False, label="Confirm by", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.ChoiceField(
        required=False, label="Why it does not apply", choices=[("", "Choose…"), *((one, REASON_LABELS[one]) for one in REASONS)]
    )

    def __init__(self, question: Question, scope: Scope, names: tuple[str, ...], row: Answer | None, data: Any = None) -> None:
        super().__init__(data, prefix=question.id, initial=initial_of(row))
        self.question = question
        self.row = row
        self.problems: list[str] = []
        self.wrong: list[str] = []
        self.missing = False
        self.conflict = False
        self.fields["value"] = forms.Field(required=False, label=question.text, widget=widget_of(question, scope, names))
        for field in self.fields.values():
            field.widget.attrs["form"] = FORM_ID
        self.fields["value"].widget.attrs["aria-describedby"] = f"why-{question.id} errors-{question.id}"

    @property
    def helper(self) -> FormHelper:
        """Laid out by one template: the field, its state and the words that go with each state."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = Layout(Field("value", template="assessment/question_fields.html"))
        return helper

    @property
    def group(self) -> bool:
        return bool(self.fields["value"].widget.group)

    @property
    def shown_state(self) -> str:
        return str(self["state"].value() or "stated")

    def entry(self) -> dict[str, Any]:
        """What was entered: `raw` (plain data or None), `state`, `note`, `ask`, `confirm_by`, `reason`."""
        widget = self.fields["value"].widget
        given = {name: str(self.data.get(self.add_prefix(name), "")).strip() for name in ("note", "ask", "confirm_by", "reason")}
        given = {name: text.replace("\r\n", "\n") for name, text in given.items()}
        state = self.data.get(self.add_prefix("state")) or "stated"
        if state != "not-applicable":
            given["reason"] = ""
        raw = widget.value_from_datadict(self.data, {}, self.add_prefix("value"))
        return {"raw": self.in_stored_order(raw), "state": state, **given}

    def in_stored_order(self, raw: Any) -> Any:
        """Checkboxes know no order: the same choices stay in the order in which they were stored."""
        stored = self.row.value if self.row and self.question.type in ("multi", "workloads") else None
        same = isinstance(stored, list) and isinstance(raw, list) and sorted(stored) == sorted(raw)
        return stored if same else raw

    def touched(self) -> bool:
        """Whether something else stands there than what the page was given with."""
        return digest_of_entry(self.entry()) != self.data.get(self.add_prefix("was"))

    def seen_version(self) -> int | None:
        version = str(self.data.get(self.add_prefix("version"), ""))
        return int(version) if version.isdecimal() and len(version) < 10 else None

    def reject(self, problems: list[tuple[tuple[Any, ...], str]]) -> None:
        """Show what is wrong: sentences with the place in front, and the names of the controls."""
        self.missing = all(message.endswith("is missing.") for _, message in problems)
        widget = self.fields["value"].widget
        for steps, message in problems:
            steps = tuple(step for step in steps if not isinstance(step, Unwritten))
            if steps and steps[0] in ("note", "ask", "confirm_by", "reason", "state"):
                self.wrong.append(self.add_prefix(str(steps[0])))
                # The words of an engagement file are not those of the list on the page.
                self.problems.append("Say why it does not apply: choose it from the list." if steps[0] == "reason" else message)
                continue
            place = place_label(self.question, steps)
            self.problems.append(f"{place}: {message}" if place else message)
            self.wrong.append(widget.control(self.add_prefix("value"), steps))
        widget.wrong = frozenset(self.wrong)

    def refuse(self, current: Answer | None) -> None:
        """Somebody else saved in between: what was entered stays, and saving again means it."""
        self.conflict = True
        self.row = current

    def keys(self) -> dict[str, Any]:
        """`version` and `was` as the page shall send them next time."""
        if self.is_bound and not self.conflict:
            return {name: self.data.get(self.add_prefix(name), "") for name in ("version", "was")}
        initial = initial_of(self.row)
        return {"version": initial["version"], "was": digest_of_entry(initial)}


def initial_of(row: Answer | None) -> dict[str, Any]:
    """The entry that would give this row. A question without an answer begins as `stated` with nothing."""
    if row is None:
        return {"value": None, "state": "stated", "note": "", "ask": "", "confirm_by": "", "reason": "", "version": 0}
    confirm_by = row.confirm_by.isoformat() if row.confirm_by else ""
    own = {"value": row.value, "state": row.state, "note": row.note, "ask": row.ask, "reason": row.reason}
    return {**own, "confirm_by": confirm_by, "version": row.version}


def digest_of_entry(entry: Mapping[str, Any]) -> str:
    """Short, equal for equal entries; takes an entry or an initial."""
    names = ("state", "note", "ask", "confirm_by", "reason")
    raw = entry.get("raw", entry.get("value")) if entry["state"] in ("stated", "assumed") else None
    plain = [raw, *(entry[name] for name in names)]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:16]


class NameField(forms.CharField):
    """A name of 1 to 100 characters on one line, as the engagement file has it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=100, **more)

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if "\n" in name or FORBIDDEN.search(name):
            raise forms.ValidationError("A name is on one line, without control or bidirectional characters.")
        return name


class NewAssessmentForm(forms.Form):
    """Who the customer is, and the one customer answer without which there is no design."""

    customer = NameField(label="Customer", help_text="As it should stand on the cover of the design document.")
    industry = forms.ChoiceField(label="Industry", required=False)
    title = forms.CharField(
        label="Title of the assessment", required=False, max_length=150, help_text="Left empty, it is the customer's name."
    )
    region = forms.ChoiceField(label="AWS Region of the primary copy", help_text="Can be changed later.")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        questionnaire = load_questionnaire()
        industries = [(option.value, option.label) for option in questionnaire.question("eng_industry").options]
        regions = [(name, f"{name}, {country_name(country)}") for name, country in questionnaire.regions.items()]
        self.fields["industry"].choices = [("", "Not known yet"), *industries]  # type: ignore[attr-defined]
        self.fields["region"].choices = [("", "Choose…"), *regions]  # type: ignore[attr-defined]


class ImportForm(forms.Form):
    """An engagement file."""

    file = forms.FileField(
        label="Engagement file or document",
        help_text="YAML or JSON (stowplan/engagement/1), or a PDF of Stowplan with the design inside; at most 32 MiB.",
    )
    title = forms.CharField(label="Title of the assessment", required=False, max_length=150)


class WorkloadForm(forms.Form):
    """The name of a workload."""

    name = NameField(label="Name of the workload")
