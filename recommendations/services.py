"""Designs as rows: made from an assessment's answers, numbered, and compared with the answers of today."""

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.models import User
from assessment.engagement import EngagementErrors, Problem, engagement_from_document, engagement_to_document
from assessment.models import Assessment
from assessment.questionnaire import load_questionnaire
from assessment.services import engagement_of
from recommendations.compare import compare_answers
from recommendations.design import Design, canonical_json, load_design
from recommendations.evaluate import evaluate
from recommendations.measured import Measured, with_measured
from recommendations.models import DesignVersion, Measurement
from recommendations.override_services import overrides_in_force
from recommendations.overrides import OverrideErrors, overrides_of
from recommendations.prices import load_price_book
from recommendations.tables import load_rule_pack


def generate_design(assessment: Assessment, user: User | None) -> DesignVersion:
    """The design of the answers of now. The same digest as the latest version's gives that version.

    Raises EngagementErrors when the answers do not make a design yet, OverrideErrors when an override is over or refused: every problem
    with its path.
    """
    design = with_measured(evaluate(engagement_of(assessment), overrides=overrides_in_force(assessment)), measured_of(assessment))
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        latest = latest_design(assessment)
        if latest and latest.digest == design.digest:
            return latest
        return DesignVersion.objects.create(
            organisation_id=assessment.organisation_id,
            assessment=assessment,
            number=latest.number + 1 if latest else 1,
            digest=design.digest,
            document=design.document,
            created_by=user,
        )


def measured_of(assessment: Assessment) -> list[Measured]:
    """What restore drills measured, the newest last."""
    return [
        Measured(one.workload, one.disruption, one.on.isoformat(), str(one.seconds), one.bytes, one.count, one.way, one.passed)
        for one in Measurement.objects.filter(assessment=assessment)
    ]


def note_measurement(assessment: Assessment, measured: Measured) -> None:
    """Keep what a drill measured beside the assessment, for its next design."""
    fields = {**asdict(measured), "on": date.fromisoformat(measured.on), "seconds": Decimal(measured.seconds)}
    Measurement.objects.create(organisation_id=assessment.organisation_id, assessment=assessment, **fields)


def latest_design(assessment: Assessment) -> DesignVersion | None:
    """The design with the highest number."""
    return DesignVersion.objects.filter(assessment=assessment).order_by("-number").first()


def design_of(version: DesignVersion) -> Design:
    """The value in a row; raises DesignError when the row's document does not have the row's digest."""
    design = load_design(version.document)
    if design.digest != version.digest:
        raise ValueError(f"design {version.pk} has the digest {design.digest}, its row says {version.digest}")
    return design


@dataclass(frozen=True)
class Staleness:
    """What a design made now would know that this one did not: answers, and the `parts` (rules, prices, questions) that are newer.

    `problems` is how many answers keep a design from being made at present; `overrides` whether others are in force now, or one is over.
    """

    answers: list[dict[str, Any]]
    parts: tuple[str, ...] = ()
    problems: int = 0
    overrides: bool = False

    def __bool__(self) -> bool:
        return bool(self.answers or self.parts or self.problems or self.overrides)


def staleness_of(version: DesignVersion) -> Staleness:
    """What changed since the design was made."""
    parts, others = newer_parts(version.document), other_overrides(version)
    try:
        now = engagement_to_document(engagement_of(version.assessment))
    except EngagementErrors as error:
        return Staleness([], parts, len(error.problems), others)
    then = version.document["answers"]
    # Canonical text decides: the database and the document may order the same answers differently.
    return Staleness([] if canonical_json(now) == canonical_json(then) else compare_answers(then, now), parts, overrides=others)


def other_overrides(version: DesignVersion) -> bool:
    """Whether the overrides in force are others than those of the design, or the day of one is over."""
    try:
        return set(overrides_in_force(version.assessment)) != set(overrides_of(version.document))
    except OverrideErrors:
        return True


def newer_parts(document: dict[str, Any]) -> tuple[str, ...]:
    """Which of rules, prices and questions are others than those that the design was made with, by version or by content."""
    pack, book, asked = load_rule_pack(), load_price_book(), load_questionnaire()
    current = {
        "rule_pack": ("rules", pack.version, pack.digest),
        "price_book": ("prices", book.version, book.digest),
        "questionnaire": ("questions", str(asked.version), asked.digest),
    }
    return tuple(
        words
        for part, (words, version, digest) in current.items()
        if (str(document[part]["version"]), document[part]["hash"]) != (version, digest)
    )


def with_newer_parts(version: DesignVersion) -> tuple[Design | None, list[Problem]]:
    """The design that the rules, prices and questions of now make of the very answers of `version`; not stored.

    None, and what stands in the way, where the questions of now do not take those answers, or the rules of now its overrides.
    """
    try:
        return evaluate(engagement_from_document(version.document["answers"]), overrides=overrides_of(version.document)), []
    except (EngagementErrors, OverrideErrors) as error:
        return None, error.problems
