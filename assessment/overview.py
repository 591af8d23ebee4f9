"""How far an assessment has come: figures and lists for its first page."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assessment.answer_tree import AnswerTree, Progress
from assessment.checks import run_checks
from assessment.engagement import Engagement, Problem
from assessment.pages import SectionLink, question_url, section_links
from assessment.queries import Loaded, blockers, place_of

SHOWN = 12
ROUNDS = 6
FOLLOW_UP = 40
SEVERITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True)
class WorkloadLine:
    """One workload with its progress."""

    name: str
    key: str
    url: str
    progress: Progress


class Overview:
    """Everything is computed from the one tree, so that the figures cannot disagree."""

    def __init__(self, loaded: Loaded, today: date | None = None) -> None:
        self.loaded = loaded
        self.tree = loaded.tree
        self.pk = loaded.assessment.pk
        self.today = today or timezone.localdate()

    @cached_property
    def total(self) -> Progress:
        return self.tree.total_progress(everything=True)

    @cached_property
    def sections(self) -> list[SectionLink]:
        return section_links(self.loaded, None)

    @cached_property
    def workloads(self) -> list[WorkloadLine]:
        return workload_lines(self.loaded)

    @cached_property
    def next_url(self) -> str | None:
        place = self.tree.next_unanswered()
        return self.url(place.workload, place.question) if place else None

    @cached_property
    def problems(self) -> list[Problem]:
        return blockers(self.loaded.engagement)

    @cached_property
    def blockers(self) -> list[dict[str, Any]]:
        """What is still needed for a design: {text, where, url}, each problem once."""
        found = []
        for problem in self.problems:
            key, question_id = place_of(problem.path, self.loaded.engagement)
            known = question_id in self.loaded.questionnaire.questions
            url = self.url(key, str(question_id)) if known else reverse("assessment:workloads", args=[self.pk])
            text = "Add at least one workload." if problem.path == "workloads" else problem.message
            found.append({"text": text, "where": self.name_of(key), "url": url})
        return found

    @cached_property
    def open_points(self) -> list[dict[str, Any]]:
        """Unknown answers first: somebody has said that they do not know."""
        points = self.tree.open_points()
        points.sort(key=lambda point: self.tree.scope(point["workload"]).state(point["question"]) != "unknown")
        return points

    @cached_property
    def first_open_points(self) -> list[dict[str, Any]]:
        return [self.linked(point) for point in self.open_points[:SHOWN]]

    @cached_property
    def more_open_points(self) -> int:
        return max(0, len(self.open_points) - SHOWN)

    @cached_property
    def assumptions(self) -> list[dict[str, Any]]:
        return [self.linked(point) for point in self.tree.assumptions()]

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        """The findings of the answers alone, the worst first."""
        sound = sound_part(self.loaded.engagement, self.problems)
        if sound is None:
            return []
        tree = AnswerTree(self.loaded.questionnaire, sound)
        found = sorted(run_checks(tree, self.today), key=lambda one: SEVERITIES.index(one.severity))
        return [
            {
                "severity": one.severity,
                "sentence": one.sentence,
                "fix": one.fix,
                "where": self.name_of(one.workload),
                "url": self.url(one.workload, one.answers[0]) if one.answers else None,
            }
            for one in found
        ]

    def linked(self, point: dict[str, Any]) -> dict[str, Any]:
        state = self.tree.scope(point["workload"]).state(point["question"])
        url = self.url(point["workload"], point["question"])
        text = self.in_context(point["question"])
        return {**point, "text": text, "where": self.name_of(point["workload"]), "url": url, "state": state}

    def in_context(self, question_id: str) -> str:
        """The text of a question; a short follow-up has the question that it follows in front."""
        question = self.loaded.questionnaire.question(question_id)
        before = self.loaded.questionnaire.questions.get(question.part_of or "")
        return f"{before.text} {question.text}" if before and len(question.text) <= FOLLOW_UP else question.text

    def name_of(self, key: str | None) -> str:
        return self.tree.scope(key).name if key else ""

    def url(self, key: str | None, question_id: str) -> str:
        question = self.loaded.questionnaire.question(question_id)
        return question_url(self.pk, key if question.scope == "workload" else None, question)


def sound_part(engagement: Engagement, problems: list[Problem]) -> Engagement | None:
    """The engagement without the workloads that are not complete, which no check understands; None where the customer's part is not.

    A workload that waits for one that is left out is left out, too.
    """
    for _ in range(ROUNDS):
        if not problems:
            return engagement
        unsound = {place_of(problem.path, engagement)[0] for problem in problems}
        if None in unsound:
            return None
        engagement = replace(engagement, workloads=tuple(one for one in engagement.workloads if one.key not in unsound))
        problems = blockers(engagement)
    return None


def workload_lines(loaded: Loaded) -> list[WorkloadLine]:
    """Every workload with its progress."""
    lines = []
    for row in loaded.workloads:
        key = loaded.keys[row.pk]
        url = reverse("assessment:workload_start", args=[loaded.assessment.pk, key])
        lines.append(WorkloadLine(row.name, key, url, loaded.tree.total_progress(key)))
    return lines
