"""The questionnaire as a custom lens of the AWS Well-Architected Tool, and answers that were given to that lens, back.

Source: Well-Architected Tool user guide, "Lens format specification": at most 500 KB, 10 pillars, 20 questions a pillar, 15 choices a
question, ids of 3 to 128 letters, digits and underscores, titles of 128 characters, texts of 2,048. Answers: the service's `ListAnswers`
and `GetAnswer` responses. Only questions about the customer with options to choose from have a place in a lens.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from assessment.questionnaire import Question, load_questionnaire
from assessment.unary import holds
from recommendations.design import Design
from recommendations.maturity import load_practices

TITLE = "Well-Architected custom lens"
TEXT = "The questions about the whole customer as a custom lens of the AWS Well-Architected Tool; `import_lens` takes its answers."
SUFFIX = ".lens.json"
MEDIA_TYPE = "application/json"

NAME_LIMIT, TEXT_LIMIT, QUESTION_LIMIT, CHOICE_LIMIT = 128, 2048, 20, 15
PILLARS = {
    "operationalExcellence": ("Operational excellence", ("engagement", "operations", "landing-zone")),
    "security": ("Security", ("security", "compliance")),
    "reliability": ("Reliability", ("recovery", "present")),
    "costOptimization": ("Cost optimization", ("cost",)),
}
BOOLEAN = (("true", "Yes"), ("false", "No"))


def write(design: Design) -> bytes:
    """The lens. It asks what the questionnaire asks, so it is the same for every design of that questionnaire."""
    return (json.dumps(lens(), indent=1, ensure_ascii=False) + "\n").encode()


@cache
def lens() -> dict[str, Any]:
    """The JSON of the lens. A pillar with more questions than a lens takes goes on in a second one."""
    questionnaire = load_questionnaire()
    pillars = []
    for pillar, (name, sections) in PILLARS.items():
        found = [lens_question(one) for one in asked() if one.section in sections]
        for start in range(0, len(found), QUESTION_LIMIT):
            more = f"_{start // QUESTION_LIMIT + 1}" if start else ""
            questions = found[start : start + QUESTION_LIMIT]
            pillars.append({"id": f"{pillar}{more}", "name": f"{name}{more.replace('_', ' ')}", "questions": questions})
    return {
        "schemaVersion": "2021-11-01",
        "name": "Stowplan: storage, backup and recovery",
        "description": f"Questions about the whole customer, questionnaire {questionnaire.version} ({questionnaire.digest[:12]}).",
        "pillars": pillars,
    }


def asked() -> Iterator[Question]:
    """The questions that a lens can ask, in their order."""
    for question in load_questionnaire().questions.values():
        if question.scope == "customer" and question.type in ("single", "multi", "boolean") and 0 < len(options(question)) <= CHOICE_LIMIT:
            yield question


def options(question: Question) -> tuple[tuple[str, str], ...]:
    """(value, label) of what can be chosen."""
    return BOOLEAN if question.type == "boolean" else tuple((one.value, one.label) for one in question.options)


def lens_question(question: Question) -> dict[str, Any]:
    choices = [
        {
            "id": choice_id(question, value),
            "title": cut(label, NAME_LIMIT),
            "helpfulResource": {"displayText": cut(question.why, TEXT_LIMIT)},
            "improvementPlan": {"displayText": cut(advice(question), TEXT_LIMIT)},
        }
        for value, label in options(question)
    ]
    return {
        "id": question.id,
        "title": cut(question.text, NAME_LIMIT),
        "description": cut(question.why, TEXT_LIMIT),
        "choices": choices,
        "riskRules": risk_rules(question),
    }


def risk_rules(question: Question) -> list[dict[str, str]]:
    """An answer that a practice of today's maturity asks for is no risk, another one is; without a practice any answer will do.

    Choices of a question with one answer exclude each other, which a lens cannot say: the worse one counts.
    """
    good = [choice_id(question, value) for value, _ in options(question) if mature(question, value)]
    bad = [choice_id(question, value) for value, _ in options(question) if choice_id(question, value) not in good]
    if not bad or question.type == "multi":
        return [{"condition": " || ".join(good + bad), "risk": "NO_RISK"}, {"condition": "default", "risk": "MEDIUM_RISK"}]
    if not good:
        return [{"condition": " || ".join(bad), "risk": "MEDIUM_RISK"}, {"condition": "default", "risk": "HIGH_RISK"}]
    return [
        {"condition": " || ".join(bad), "risk": "HIGH_RISK"},
        {"condition": " || ".join(good), "risk": "NO_RISK"},
        {"condition": "default", "risk": "MEDIUM_RISK"},
    ]


def mature(question: Question, value: str) -> bool:
    """Whether every practice that tests the answer is content with this one."""
    plain: Any = value == "true" if question.type == "boolean" else value
    return all(holds(practice.before[question.id], plain) for practice in testing(question))


def testing(question: Question) -> list[Any]:
    return [one for pillar in load_practices().pillars for one in pillar.practices if question.id in one.before]


def advice(question: Question) -> str:
    """What the practices say that test the answer."""
    return "; ".join(f"{one.label} ({one.source})" for one in testing(question)) or "Answer it; the design is made from the answers."


def choice_id(question: Question, value: str) -> str:
    """`sec_enc__cmk`: letters, digits and underscores only."""
    return f"{question.id}__{''.join(one if one.isalnum() and one.isascii() else '_' for one in value)}"


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


# ---------------------------------------------------------------------------------------------------------------- answers
REASONS = {
    "OUT_OF_SCOPE": "out-of-scope",
    "BUSINESS_PRIORITIES": "business-priority",
    "ARCHITECTURE_CONSTRAINTS": "technical-constraint",
    "OTHER": "other",
    "NONE": "other",
}


class LensError(ValueError):
    """Answers that do not fit the lens: all that is wrong, one line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def answers_of(document: Any) -> dict[str, dict[str, Any]]:
    """Answers as an engagement file has them, by question, from the service's `ListAnswers` response. Raises LensError.

    A question without a choice is left unanswered; one that does not apply says so, with its reason and notes.
    """
    rows = document.get("AnswerSummaries") if isinstance(document, Mapping) else None
    if not isinstance(rows, list):
        raise LensError(["$.AnswerSummaries: expected a list, as `aws wellarchitected list-answers` prints it"])
    known = {question.id: question for question in asked()}
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for place, row in enumerate(rows):
        path = f"$.AnswerSummaries[{place}]"
        name = row.get("QuestionId") if isinstance(row, Mapping) else None
        if not isinstance(name, str) or name not in known:
            problems.append(f"{path}.QuestionId: {str(name)[:80]!r} is no question of this lens")
        elif name in found:
            problems.append(f"{path}.QuestionId: {name} stands there twice")
        else:
            answer = answer_of(known[name], row, path, problems)
            if answer is not None:
                found[name] = answer
    if problems:
        raise LensError(problems)
    return found


def answer_of(question: Question, row: Mapping[str, Any], path: str, problems: list[str]) -> dict[str, Any] | None:
    """One answer; None where nothing was chosen."""
    note = {"note": row["Notes"]} if isinstance(row.get("Notes"), str) and row["Notes"].strip() else {}
    if row.get("IsApplicable") is False:
        reason = REASONS.get(str(row.get("Reason", "NONE")))
        if reason is None:
            problems.append(f"{path}.Reason: {row['Reason']!r} is none of {', '.join(REASONS)}")
        return {"state": "not-applicable", "reason": reason, **note}
    chosen = row.get("SelectedChoices", [])
    ids = {choice_id(question, value): value for value, _ in options(question)}
    if not isinstance(chosen, list) or any(not isinstance(one, str) or one not in ids for one in chosen):
        problems.append(f"{path}.SelectedChoices: expected choices of {question.id}: {', '.join(ids)}")
        return None
    if not chosen:
        return None
    values = [ids[one] for one in chosen]
    if question.type == "multi":
        return {"value": values, **note}
    if len(values) > 1:
        problems.append(f"{path}.SelectedChoices: {question.id} has one answer; {len(values)} are chosen")
        return None
    return {"value": values[0] == "true" if question.type == "boolean" else values[0], **note}
