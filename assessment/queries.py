"""Rows as the pure engagement: the whole of an assessment, or only the part that one page needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from assessment import engagement as pure
from assessment.answer_tree import AnswerTree
from assessment.answers import steps_of
from assessment.models import Answer, Assessment, Workload
from assessment.questionnaire import Questionnaire, load_questionnaire
from assessment.values import parse_value


def pure_answer(row: Answer, questionnaire: Questionnaire) -> pure.Answer:
    """The answer in a row; the value is parsed from its canonical form."""
    value = parse_value(questionnaire.question(row.question), row.value) if row.value is not None else None
    return pure.Answer(
        state=row.state,
        value=value,
        note=row.note or None,
        ask=row.ask or None,
        confirm_by=row.confirm_by,
        reason=row.reason or None,
        evidence=tuple(row.evidence),
    )


def pure_answers(rows: Iterable[Answer], questionnaire: Questionnaire) -> dict[str, pure.Answer]:
    """Answers by question id. One to a question that this version of the questionnaire does not have is left out."""
    return {row.question: pure_answer(row, questionnaire) for row in rows if row.question in questionnaire.questions}


@dataclass(frozen=True)
class Loaded:
    """The rows behind one page, and the engagement in them. `answers` maps (workload id or None, question id) to the row."""

    assessment: Assessment
    workloads: tuple[Workload, ...]
    keys: Mapping[int, str]
    answers: Mapping[tuple[int | None, str], Answer]
    questionnaire: Questionnaire

    @cached_property
    def engagement(self) -> pure.Engagement:
        grouped: dict[int | None, list[Answer]] = {}
        for row in self.answers.values():
            grouped.setdefault(row.workload_id, []).append(row)
        customer = pure.Customer(self.assessment.customer.name, self.assessment.customer.industry or None)
        workloads = tuple(
            pure.Workload(self.keys[one.pk], one.name, one.identifier or None, pure_answers(grouped.get(one.pk, ()), self.questionnaire))
            for one in self.workloads
        )
        return pure.Engagement(customer, pure_answers(grouped.get(None, ()), self.questionnaire), workloads)

    @cached_property
    def tree(self) -> AnswerTree:
        return AnswerTree(self.questionnaire, self.engagement)

    def row(self, workload: Workload | None, question_id: str) -> Answer | None:
        return self.answers.get((workload.pk if workload else None, question_id))

    def workload(self, key: str) -> Workload | None:
        """The workload with this key."""
        return next((one for one in self.workloads if self.keys[one.pk] == key), None)


def load_all(assessment: Assessment) -> Loaded:
    """Every answer: two queries."""
    return loaded(assessment, Answer.objects.filter(assessment=assessment))


def load_part(assessment: Assessment, key: str | None) -> Loaded:
    """The customer's answers and those of one workload: what a page of either needs. The other workloads have no answers in it."""
    workloads = tuple(Workload.objects.filter(assessment=assessment))
    chosen = [pk for pk, name in keys_of(workloads).items() if name == key]
    rows = Answer.objects.filter(Q(workload__isnull=True) | Q(workload__in=chosen), assessment=assessment)
    return loaded(assessment, rows, workloads)


def loaded(assessment: Assessment, rows: QuerySet[Answer], workloads: tuple[Workload, ...] | None = None) -> Loaded:
    workloads = tuple(Workload.objects.filter(assessment=assessment)) if workloads is None else workloads
    answers = {(row.workload_id, row.question): row for row in rows}
    return Loaded(assessment, workloads, keys_of(workloads), answers, load_questionnaire())


def keys_of(workloads: Iterable[Workload]) -> dict[int, str]:
    """The key of each workload by its primary key."""
    listed = list(workloads)
    keys = pure.workload_keys([(one.identifier or None, one.name) for one in listed])
    return dict(zip((one.pk for one in listed), keys, strict=True))


def blockers(engagement: pure.Engagement) -> list[pure.Problem]:
    """Why these answers make no design yet: what a reader of the engagement file would say."""
    try:
        pure.engagement_from_document(pure.engagement_to_document(engagement))
    except pure.EngagementErrors as error:
        return error.problems
    return []


def place_of(path: str, engagement: pure.Engagement) -> tuple[str | None, str | None]:
    """(workload key, question id) of a path such as `workloads[3].answers.wl_rto`; None where it has none."""
    steps: tuple[Any, ...] = steps_of(path)
    key = None
    if steps[:1] == ("workloads",) and len(steps) > 1 and isinstance(steps[1], int) and steps[1] < len(engagement.workloads):
        key, steps = engagement.workloads[steps[1]].key, steps[2:]
    return key, steps[1] if steps[:1] == ("answers",) and len(steps) > 1 else None
