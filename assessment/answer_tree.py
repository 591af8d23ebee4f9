"""One pure view of questionnaire and answers: what is visible, answered, in force, open and next.

Screens, progress, rules and documents all read it, so that they cannot disagree.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assessment.engagement import Answer, Engagement, Workload
from assessment.labels import column_label
from assessment.questionnaire import Question, Questionnaire
from assessment.unary import holds
from assessment.values import write_value

UNSEEN, HIDDEN, ASKED = range(3)


@dataclass(frozen=True)
class Progress:
    """How many of the questions that are asked have an answer of any state, and how many of these say that it is unknown."""

    answered: int
    asked: int
    unknown: int = 0

    @property
    def known(self) -> int:
        """Questions with an answer that says something."""
        return self.answered - self.unknown

    @property
    def known_percent(self) -> int:
        return 100 * self.known // self.asked if self.asked else 100

    @property
    def percent(self) -> int:
        return 100 * self.answered // self.asked if self.asked else 100


@dataclass(frozen=True)
class Place:
    """Where a question is asked: workload key (None for the customer), section and question."""

    workload: str | None
    section: str
    question: str


class Scope:
    """The answers of the customer, or of one workload on top of the customer's."""

    def __init__(self, questionnaire: Questionnaire, engagement: Engagement, workload: Workload | None, parent: "Scope | None") -> None:
        self.questionnaire = questionnaire
        self.key = workload.key if workload else ""
        self.name = workload.name if workload else engagement.customer.name
        self._industry = engagement.customer.industry
        self._own = workload.answers if workload else engagement.answers
        self._scope = "workload" if workload else "customer"
        self._parent = parent
        # By the number of the question. A byte each: thousands of workloads with a dictionary each would weigh more than their answers.
        self._visible = bytearray(len(questionnaire.questions))

    def forget(self) -> None:
        """Works out anew which questions are asked, the next time that somebody wants to know."""
        self._visible = bytearray(len(self.questionnaire.questions))

    def _home(self, question: Question) -> "Scope":
        return self._parent if self._parent and question.scope == "customer" else self

    def answer(self, question_id: str) -> Answer | None:
        """The answer as it was given, also when it is hidden."""
        home = self._home(self.questionnaire.question(question_id))
        return home._own.get(question_id)

    def visible(self, question_id: str) -> bool:
        """Whether the question is asked: every condition holds, and a condition on a hidden question never does."""
        question = self.questionnaire.question(question_id)
        home = self._home(question)
        if home is not self:
            return home.visible(question_id)
        number = self.questionnaire.numbers[question_id]
        if self._visible[number] == UNSEEN:
            asked = all(self.visible(other) and holds(test, self.value(other)) for other, test in question.tests.items())
            self._visible[number] = ASKED if asked else HIDDEN
        return self._visible[number] == ASKED

    def state(self, question_id: str) -> str:
        """`hidden`, `unanswered`, or the state of the answer."""
        if not self.visible(question_id):
            return "hidden"
        answer = self.answer(question_id)
        return answer.state if answer else "unanswered"

    def value(self, question_id: str) -> Any:
        """The value in force: stated or assumed, else the default; None when there is none or the question is hidden."""
        if not self.visible(question_id):
            return None
        answer = self.answer(question_id)
        if answer is not None and answer.value is not None:
            return answer.value
        return self.default(question_id)

    def default(self, question_id: str) -> Any:
        """What is used when the question is open."""
        question = self.questionnaire.question(question_id)
        if question.default_from:
            return self.value(question.default_from)
        if question_id == "eng_industry" and self._industry:
            return self._industry
        return question.default

    def questions(self, section_id: str) -> Iterator[Question]:
        """The visible questions of a section; the name of a workload is its row, not a question to answer."""
        for question in self.questionnaire.section(section_id).questions:
            if question.id != "wl_name" and self.visible(question.id):
                yield question

    def sections(self) -> tuple[str, ...]:
        return tuple(section.id for section in self.questionnaire.of_scope(self._scope))


class AnswerTree:
    """All scopes of one engagement."""

    def __init__(self, questionnaire: Questionnaire, engagement: Engagement) -> None:
        self.questionnaire = questionnaire
        self.engagement = engagement
        self.customer = Scope(questionnaire, engagement, None, None)

    @cached_property
    def workloads(self) -> tuple[Scope, ...]:
        return tuple(Scope(self.questionnaire, self.engagement, w, self.customer) for w in self.engagement.workloads)

    def scope(self, workload_key: str | None) -> Scope:
        """The scope of a workload, or of the customer for None; raises KeyError."""
        if workload_key is None:
            return self.customer
        return self._by_key[workload_key]

    @cached_property
    def _by_key(self) -> dict[str, Scope]:
        return {scope.key: scope for scope in self.workloads}

    def scopes(self) -> Iterator[tuple[str | None, Scope]]:
        yield None, self.customer
        for scope in self.workloads:
            yield scope.key, scope

    def progress(self, section_id: str, workload_key: str | None = None) -> Progress:
        """Progress of one section."""
        scope = self.scope(workload_key)
        answers = [scope.answer(question.id) for question in scope.questions(section_id)]
        given = [answer for answer in answers if answer]
        return Progress(len(given), len(answers), sum(answer.state == "unknown" for answer in given))

    def total_progress(self, workload_key: str | None = None, *, everything: bool = False) -> Progress:
        """Progress of one scope, or of the whole engagement."""
        scopes = self.scopes() if everything else [(workload_key, self.scope(workload_key))]
        parts = [self.progress(section, key) for key, scope in scopes for section in scope.sections()]
        return Progress(sum(p.answered for p in parts), sum(p.asked for p in parts), sum(p.unknown for p in parts))

    def places(self) -> Iterator[Place]:
        """Every question that is asked, in order."""
        for key, scope in self.scopes():
            for section in scope.sections():
                for question in scope.questions(section):
                    yield Place(key, section, question.id)

    def next_unanswered(self) -> Place | None:
        """The first visible question without an answer of any state."""
        return next((p for p in self.places() if self.scope(p.workload).answer(p.question) is None), None)

    def open_points(self) -> list[dict[str, Any]]:
        """What is unknown or unanswered, with the default in use; shapes as in design.json."""
        return [
            self._point(place, default=self._shown_default(place))
            for place in self.places()
            if self.scope(place.workload).state(place.question) in ("unknown", "unanswered")
        ]

    def assumptions(self) -> list[dict[str, Any]]:
        """What somebody assumed, and who confirms it by when."""
        points = []
        for place in self.places():
            scope = self.scope(place.workload)
            answer = scope.answer(place.question)
            if answer and answer.state == "assumed":
                question = self.questionnaire.question(place.question)
                confirm = answer.confirm_by.isoformat() if answer.confirm_by else None
                points.append(self._point(place, value=text_of(question, answer.value), confirm_by=confirm))
        return points

    def _shown_default(self, place: Place) -> str:
        question = self.questionnaire.question(place.question)
        default = self.scope(place.workload).default(place.question)
        return text_of(question, default) if default is not None else (question.if_unknown or "")

    def _point(self, place: Place, **more: Any) -> dict[str, Any]:
        answer = self.scope(place.workload).answer(place.question)
        return {
            "workload": place.workload,
            "question": place.question,
            "text": self.questionnaire.question(place.question).text,
            "note": answer.note if answer else None,
            "ask": answer.ask if answer else None,
            **more,
        }


def text_of(question: Question, value: Any) -> str:
    """A value as people read it: labels of options, canonical quantities, rows in words."""
    if value is None:
        return ""
    if question.type == "boolean":
        return "Yes" if value else "No"
    if isinstance(value, str):
        return question.label_of(value)
    if question.type in ("multi", "ranking", "regions", "countries", "workloads"):
        return ", ".join(question.label_of(item) for item in value) or "None"
    if question.type == "schedule":
        return f"{', '.join(value['days'])} {value['from']}-{value['to']} {value['zone']}"
    if question.type == "contact":
        return ", ".join(value.values())
    if question.type == "table":
        return text_of_table(question, value)
    return str(write_value(question, value))


def text_of_table(question: Question, value: Any) -> str:
    fields = {field.id: field for field in question.fields}

    def cells(row: dict[str, Any]) -> str:
        return ", ".join(f"{column_label(question, fields[name])} {text_of(fields[name], cell)}" for name, cell in row.items())

    if not question.rows:
        return "; ".join(cells(row) for row in value) or "None"
    if len(question.fields) == 1:
        parts = [f"{question.label_of(row)}: {text_of(question.fields[0], cell)}" for row, cell in value.items()]
    else:
        parts = [f"{question.label_of(row)}: {cells(cell)}" for row, cell in value.items()]
    return "; ".join(parts) or "None"
