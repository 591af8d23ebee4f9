"""What may be done with an assessment: make it, answer it, take an engagement in. Views and commands call these."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from assessment import engagement as pure
from assessment.answers import read_answer
from assessment.engagement_checks import cross_checks
from assessment.models import Answer, Assessment, Customer, Workload
from assessment.queries import load_all, pure_answers
from assessment.questionnaire import Question, load_questionnaire
from assessment.values import write_value

__all__ = [
    "AnswerConflict",
    "InvalidAnswer",
    "clear_answer",
    "create_assessment",
    "draft_of",
    "engagement_of",
    "save_answer",
    "store_engagement",
]

BATCH = 500
# Questions whose answers are checked against other answers when they are saved.
CROSS_CHECKED = ("aws_dr", "wl_deps")


class InvalidAnswer(ValueError):
    """An answer was not saved: (steps below the question, message) pairs; steps as in an engagement file."""

    def __init__(self, problems: list[tuple[tuple[Any, ...], str]]) -> None:
        super().__init__("; ".join(message for _, message in problems))
        self.problems = problems


class AnswerConflict(Exception):
    """Somebody else has saved this answer since it was seen. `current` is the row of now, None when it was cleared."""

    def __init__(self, current: Answer | None) -> None:
        super().__init__("This answer was changed in the meantime.")
        self.current = current


def engagement_of(assessment: Assessment) -> pure.Engagement:
    """The engagement in the rows, complete and checked; raises EngagementErrors with what is missing or does not fit."""
    return pure.engagement_from_document(pure.engagement_to_document(draft_of(assessment)))


def draft_of(assessment: Assessment) -> pure.Engagement:
    """The engagement as far as it has come: required answers may be missing."""
    return load_all(assessment).engagement


def customer_named(organisation: Organisation, name: str, industry: str) -> Customer:
    """The organisation's customer of that name and industry, made if need be."""
    found = Customer.objects.filter(organisation=organisation, name=name, industry=industry).first()
    return found or Customer.objects.create(organisation=organisation, name=name, industry=industry)


def create_assessment(organisation: Organisation, customer: str, industry: str, user: User | None, title: str = "") -> Assessment:
    """An empty assessment."""
    return Assessment.objects.create(
        organisation=organisation,
        customer=customer_named(organisation, customer, industry),
        title=(title or customer)[:150],
        questionnaire_version=str(load_questionnaire().version),
        created_by=user,
    )


def store_engagement(organisation: Organisation, engagement: pure.Engagement, user: User | None, title: str = "") -> Assessment:
    """A new assessment with everything that an engagement holds; all of it or nothing."""
    with transaction.atomic():
        customer = engagement.customer
        assessment = create_assessment(organisation, customer.name, customer.industry or "", user, title)
        workloads = Workload.objects.bulk_create(
            [
                Workload(organisation=organisation, assessment=assessment, identifier=one.id or "", name=one.name, position=index)
                for index, one in enumerate(engagement.workloads)
            ],
            batch_size=BATCH,
        )
        rows = answer_rows(assessment, None, engagement.answers, user)
        for row, one in zip(workloads, engagement.workloads, strict=True):
            rows += answer_rows(assessment, row, one.answers, user)
        Answer.objects.bulk_create(rows, batch_size=BATCH)
    return assessment


def answer_rows(assessment: Assessment, workload: Workload | None, answers: Mapping[str, pure.Answer], user: User | None) -> list[Answer]:
    questions = load_questionnaire()
    return [
        Answer(
            organisation_id=assessment.organisation_id,
            assessment=assessment,
            workload=workload,
            question=name,
            state=one.state,
            value=write_value(questions.question(name), one.value),
            note=one.note or "",
            ask=one.ask or "",
            confirm_by=one.confirm_by,
            reason=one.reason or "",
            evidence=[dict(item) for item in one.evidence],
            updated_by=user,
        )
        for name, one in answers.items()
    ]


def save_answer(
    assessment: Assessment,
    workload: Workload | None,
    question_id: str,
    raw: Any,
    *,
    user: User | None,
    state: str = "stated",
    note: str = "",
    ask: str = "",
    confirm_by: datetime.date | str | None = None,
    reason: str = "",
    seen_version: int | None = None,
) -> Answer:
    """Check and store one answer. `raw` is plain data as an engagement file has it.

    `seen_version` is the version that the person saw, 0 for none; None does not look. Raises InvalidAnswer, or AnswerConflict
    when the answer was changed since; nothing is stored then. An answer that says what is stored already keeps its version.
    """
    question = load_questionnaire().question(question_id)
    given = statement(raw, state, note, ask, confirm_by, reason)
    read = checked_answer(question, given)
    fields = {
        "state": read.state,
        "value": write_value(question, read.value),
        "note": read.note or "",
        "ask": read.ask or "",
        "confirm_by": read.confirm_by,
        "reason": read.reason or "",
    }
    with transaction.atomic():
        current = lock_answer(assessment, workload, question_id)
        if current and all(getattr(current, name) == value for name, value in fields.items()):
            return current
        check_version(current, seen_version)
        if question_id in CROSS_CHECKED or question.options_from:
            check_together(assessment, workload, question_id, read)
        return write_row(assessment, workload, question_id, current, fields, user)


def statement(raw: Any, state: str, note: str, ask: str, confirm_by: Any, reason: str) -> dict[str, Any]:
    """An answer as the map that an engagement file would have."""
    given: dict[str, Any] = {} if state == "stated" else {"state": state}
    if state in ("stated", "assumed"):
        given["value"] = raw
    if isinstance(confirm_by, datetime.date):
        confirm_by = confirm_by.isoformat()
    more = {"note": note, "ask": ask, "confirm_by": confirm_by, "reason": reason}
    return {**given, **{name: value for name, value in more.items() if value}}


def checked_answer(question: Question, given: Mapping[str, Any]) -> pure.Answer:
    answer, problems = read_answer(question, given)
    if question.required and answer and answer["state"] in ("unknown", "not-applicable"):
        problems.append((("state",), "This question needs a value, stated or assumed."))
    if problems or answer is None:
        raise InvalidAnswer(problems)
    return pure.Answer(**answer)


def lock_answer(assessment: Assessment, workload: Workload | None, question_id: str) -> Answer | None:
    rows = Answer.objects.select_for_update().filter(assessment=assessment, workload=workload, question=question_id)
    return rows.first()


def check_version(current: Answer | None, seen: int | None) -> None:
    if seen is not None and seen != (current.version if current else 0):
        raise AnswerConflict(current)


def check_together(assessment: Assessment, workload: Workload | None, question_id: str, answer: pure.Answer) -> None:
    """The cross checks that this answer takes part in, against the other answers of now."""
    questionnaire = load_questionnaire()
    table = str(questionnaire.question(question_id).options_from or "").partition(".")[0]
    rows = Answer.objects.filter(assessment=assessment, question__in=["aws_primary", table, "wl_deps"])
    grouped: dict[int | None, list[Answer]] = {}
    for row in rows:
        grouped.setdefault(row.workload_id, []).append(row)
    customer = pure_answers(grouped.get(None, ()), questionnaire)
    customer.update({question_id: answer} if workload is None else {})
    workloads, at = [], -1
    for index, row in enumerate(Workload.objects.filter(assessment=assessment)):
        answers = {name: one for name, one in pure_answers(grouped.get(row.pk, ()), questionnaire).items() if name == "wl_deps"}
        if workload and row.pk == workload.pk:
            answers[question_id], at = answer, index
        workloads.append(pure.Workload(str(row.pk), row.name, None, answers))
    found = cross_checks(pure.Engagement(pure.Customer("-"), customer, tuple(workloads)), questionnaire)
    here = ("answers", question_id) if workload is None else ("workloads", at, "answers", question_id)
    # A cycle is reported at the first workload in it: any cycle that appears with this answer is this answer's.
    mine = [(path[len(here) :], message) for path, message in found if path[: len(here)] == here]
    mine += [((), message) for path, message in found if question_id == "wl_deps" and path[-1] == "wl_deps" and path[: len(here)] != here]
    if mine:
        raise InvalidAnswer(mine)


def write_row(
    assessment: Assessment, workload: Workload | None, question_id: str, current: Answer | None, fields: dict[str, Any], user: User | None
) -> Answer:
    if current is None:
        row = Answer(organisation_id=assessment.organisation_id, assessment=assessment, workload=workload, question=question_id)
    else:
        row, row.version = current, current.version + 1
    for name, value in fields.items():
        setattr(row, name, value)
    row.updated_by = user
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise AnswerConflict(lock_answer(assessment, workload, question_id)) from error
    touch(assessment)
    return row


def touch(assessment: Assessment) -> None:
    """The assessment has changed; without a log entry for it, which the answer's own has."""
    Assessment.objects.filter(pk=assessment.pk).update(updated_at=timezone.now())


def clear_answer(assessment: Assessment, workload: Workload | None, question_id: str, *, seen_version: int | None = None) -> None:
    """Take an answer back: the question is unanswered again. Raises AnswerConflict as save_answer does."""
    with transaction.atomic():
        current = lock_answer(assessment, workload, question_id)
        if current is None:
            return
        check_version(current, seen_version)
        current.delete()
        touch(assessment)
