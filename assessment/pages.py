"""What the discovery pages show: sections with their progress, and the questions of one section as blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse

from assessment.answer_tree import Progress, Scope, text_of
from assessment.forms import AnswerForm
from assessment.models import Answer, Workload
from assessment.queries import Loaded
from assessment.questionnaire import Question, Section

HIDDEN_ROWS = ("wl_name",)


@dataclass
class Block:
    """One question on its page."""

    question: Question
    form: AnswerForm
    scope: Scope
    saved: bool = False

    @property
    def visible(self) -> bool:
        return self.scope.visible(self.question.id)

    @property
    def row(self) -> Answer | None:
        return self.form.row

    @property
    def wanted(self) -> str:
        """What the follow-up list lacks of an answer that is unknown: whom to ask, and what is known so far."""
        row = self.row
        if row is None or row.state != "unknown" or (row.ask and row.note):
            return ""
        lacks = [words for words, text in (("whom to ask", row.ask), ("what is known so far", row.note)) if not text]
        return f"Add {' and '.join(lacks)}: the follow-up list prints it."

    @property
    def default(self) -> str:
        """What is used when the question stays open, in words."""
        value = self.scope.default(self.question.id)
        return text_of(self.question, value) if value is not None else (self.question.if_unknown or "")

    @property
    def default_fits(self) -> bool:
        """Whether there is a default that can be taken over as the answer."""
        return self.scope.default(self.question.id) is not None

    @property
    def theirs(self) -> str:
        """In a conflict: what the other person's answer says."""
        row = self.row
        if row is None:
            return "nothing: the answer was taken back"
        answer = self.scope.answer(self.question.id)
        return text_of(self.question, answer.value) if answer and answer.value is not None else row.get_state_display()


@dataclass(frozen=True)
class SectionLink:
    """One line of the side navigation."""

    title: str
    url: str
    progress: Progress
    current: bool

    @property
    def hidden(self) -> bool:
        """None of its questions applies at present."""
        return not self.progress.asked

    @property
    def done(self) -> bool:
        return bool(self.progress.asked) and self.progress.answered == self.progress.asked


class SectionPage:
    """One section of the customer, or of a workload."""

    def __init__(self, loaded: Loaded, section: Section, workload: Workload | None) -> None:
        self.loaded = loaded
        self.section = section
        self.workload = workload
        self.key = loaded.keys[workload.pk] if workload else None
        self.scope = loaded.tree.scope(self.key)

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.loaded.workloads)

    def form(self, question: Question, data: Any = None) -> AnswerForm:
        return AnswerForm(question, self.scope, self.names, self.loaded.row(self.workload, question.id), data)

    def blocks(self, forms: Mapping[str, AnswerForm] | None = None) -> list[Block]:
        """Every question of the section, also those that do not show now; `forms` are those already filled in."""
        given = forms or {}
        asked = (question for question in self.section.questions if question.id not in HIDDEN_ROWS)
        return [Block(question, given.get(question.id) or self.form(question), self.scope) for question in asked]

    def url(self, section_id: str) -> str:
        pk = self.loaded.assessment.pk
        if self.key is None:
            return reverse("assessment:section", args=[pk, section_id])
        return reverse("assessment:workload_section", args=[pk, self.key, section_id])

    def links(self) -> list[SectionLink]:
        """The sections of this scope."""
        return section_links(self.loaded, self.key, self.section.id)

    def neighbours(self) -> tuple[SectionLink | None, SectionLink | None]:
        """The sections before and after this one that are not hidden."""
        links = self.links()
        at = next(index for index, link in enumerate(links) if link.current)
        before = next((link for link in reversed(links[:at]) if not link.hidden), None)
        return before, next((link for link in links[at + 1 :] if not link.hidden), None)

    @property
    def progress(self) -> Progress:
        return self.loaded.tree.progress(self.section.id, self.key)


def section_links(loaded: Loaded, key: str | None, current: str | None = None) -> list[SectionLink]:
    """The sections of the customer or of one workload, with progress."""
    links = []
    for section in loaded.questionnaire.of_scope("customer" if key is None else "workload"):
        args = [loaded.assessment.pk, section.id] if key is None else [loaded.assessment.pk, key, section.id]
        url = reverse("assessment:section" if key is None else "assessment:workload_section", args=args)
        links.append(SectionLink(section.title, url, loaded.tree.progress(section.id, key), section.id == current))
    return links


def question_url(pk: int, key: str | None, question: Question) -> str:
    """Where a question is answered."""
    if question.id == "wl_name":
        return reverse("assessment:workloads", args=[pk])
    args = [pk, question.section] if key is None else [pk, key, question.section]
    url = reverse("assessment:section" if key is None else "assessment:workload_section", args=args)
    return f"{url}#q-{question.id}"
