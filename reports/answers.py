"""The answers of an engagement as the documents print them: by section, in the questionnaire's words, each with its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessment.answer_tree import AnswerTree, Scope
from assessment.engagement import engagement_from_document
from assessment.labels import column_label
from assessment.questionnaire import Question
from reports.display import NOTHING, words
from reports.spoken import spoken_questionnaire, value_text
from reports.wording import day, language, tr

STATES = {
    "stated": "",
    "assumed": "Assumed",
    "unknown": "Unknown",
    "unanswered": "Not answered",
    "not-applicable": "Not applicable",
}


@dataclass(frozen=True)
class AnswerView:
    """One answer. `state` is empty for a plain statement; `lines` are the value's rows; `remarks` notes, people, dates, evidence."""

    id: str
    anchor: str
    text: str
    state: str
    lines: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class AnswerSection:
    """The visible answers of one section."""

    title: str
    answers: tuple[AnswerView, ...]


@dataclass(frozen=True)
class ScopeView:
    """All answers of the customer or of one workload; `unused` are kept but hidden by a condition, and no rule reads them."""

    name: str
    sections: tuple[AnswerSection, ...]
    unused: tuple[AnswerView, ...]


class AnswerBook:
    """Reads the engagement inside a design. `anchor` names where an answer is printed, the same in text and appendix."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.questionnaire = spoken_questionnaire(language())
        self.tree = AnswerTree(self.questionnaire, engagement_from_document(document["answers"]))
        self.places = {scope.key: number for number, scope in enumerate(self.tree.workloads, 1)}

    @cached_property
    def scopes(self) -> tuple[ScopeView, ...]:
        """The customer first, then each workload."""
        return tuple(self.scope_view(key, scope) for key, scope in self.tree.scopes())

    def scope_view(self, key: str | None, scope: Scope) -> ScopeView:
        sections = []
        for section_id in scope.sections():
            answers = tuple(self.view(key, scope, question) for question in scope.questions(section_id))
            if answers:
                sections.append(AnswerSection(self.questionnaire.section(section_id).title, answers))
        kind = "workload" if key else "customer"
        hidden = (q for q in self.questionnaire.questions.values() if q.scope == kind and q.id != "wl_name" and not scope.visible(q.id))
        unused = tuple(self.view(key, scope, question) for question in hidden if scope.answer(question.id))
        return ScopeView(scope.name, tuple(sections), unused)

    def view(self, key: str | None, scope: Scope, question: Question) -> AnswerView:
        answer = scope.answer(question.id)
        state = answer.state if answer else "unanswered"
        given = answer.value if answer and answer.value is not None else None
        if given is not None:
            lines = value_lines(question, given)
        else:
            default = scope.default(question.id)
            used = "; ".join(value_lines(question, default)) if default is not None else question.if_unknown or ""
            lines = (tr("Used instead: {used}").format(used=used),) if used else (NOTHING,)
        return AnswerView(question.id, self.anchor(key, question.id), question.text, tr(STATES[state]), lines, remarks_of(answer))

    def anchor(self, key: str | None, question_id: str) -> str:
        """The id of the printed answer, nothing where none is printed; customer questions are printed once."""
        question = self.questionnaire.questions.get(question_id)
        if question is None:
            return ""
        place = self.places.get(key or "", 0) if question.scope == "workload" else 0
        scope = self.tree.workloads[place - 1] if place else self.tree.customer
        if (question.scope == "workload" and not place) or not (scope.visible(question_id) or scope.answer(question_id)):
            return ""
        return f"answer-{place}-{question_id}"

    def short(self, key: str | None, question_id: str) -> str:
        """The value in force in one short line, for the reasons of a setting."""
        question = self.questionnaire.questions.get(question_id)
        scope = self.tree.scope(key if key in self.places else None)
        if question is None or (question.scope == "workload" and not key):
            return ""
        value = scope.value(question_id)
        text = value_text(question, value) if value is not None else tr("open")
        return text if len(text) <= 34 else f"{text[:33].rstrip()}…"

    def used(self, key: str | None, question_id: str) -> str:
        """The value in force, or what is used without one, on one line; nothing for what the questionnaire does not ask."""
        question = self.questionnaire.questions.get(question_id)
        if question is None:
            return ""
        scope = self.tree.scope(key if key in self.places and question.scope == "workload" else None)
        value = scope.value(question_id)
        return "; ".join(value_lines(question, value)) if value is not None else question.if_unknown or ""

    def label(self, question_id: str, value: Any) -> str:
        """The label of an option's value."""
        return self.questionnaire.question(question_id).label_of(value) if value else ""

    def known(self, question_id: str) -> bool:
        return question_id in self.questionnaire.questions


def value_lines(question: Question, value: Any) -> tuple[str, ...]:
    """A value as one or more printed lines: a table has one line a row."""
    if question.type != "table" or isinstance(value, str):
        unit = f" {question.unit}" if question.unit and value not in question.words else ""
        return tuple(f"{value_text(question, value)}{unit}".split("\n")) or (NOTHING,)
    fields = {field.id: field for field in question.fields}

    def cells(row: Mapping[str, Any]) -> str:
        return ", ".join(f"{tr(column_label(question, fields[name]))}: {value_text(fields[name], cell)}" for name, cell in row.items())

    if not question.rows:
        return tuple(cells(row) for row in value) or (tr("None"),)
    if len(question.fields) == 1:
        return tuple(f"{question.label_of(row)}: {value_text(question.fields[0], cell)}" for row, cell in value.items()) or (tr("None"),)
    return tuple(f"{question.label_of(row)} – {cells(cell)}" for row, cell in value.items()) or (tr("None"),)


def remarks_of(answer: Any) -> tuple[str, ...]:
    """Note, reason, whom to ask and by when, evidence: whatever there is."""
    if answer is None:
        return ()
    found = [answer.note or ""]
    if answer.reason:
        found.append(tr("Reason: {reason}").format(reason=tr(words(answer.reason))))
    if answer.ask:
        asked = tr("To be confirmed by {who}") if answer.state == "assumed" else tr("Ask {who}")
        found.append(asked.format(who=answer.ask))
    if answer.confirm_by:
        found.append(tr("Confirm by {date}").format(date=day(answer.confirm_by)))
    found += [
        tr("Evidence: {file} (SHA-256 {hash}…)").format(file=item.get("file", ""), hash=str(item.get("sha256", ""))[:16])
        for item in answer.evidence or ()
    ]
    return tuple(text for text in found if text)
