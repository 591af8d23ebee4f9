"""Overrides of an assessment as rows: put in force, taken away, and refused once their day is over."""

from collections.abc import Mapping
from dataclasses import fields

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from assessment.answer_tree import AnswerTree
from assessment.engagement import Problem
from assessment.models import Assessment
from assessment.questionnaire import load_questionnaire
from assessment.services import engagement_of
from recommendations.models import Override as Row
from recommendations.override_guards import checked
from recommendations.overrides import SCHEMA, Override, OverrideErrors, expired, expiry_problems, from_plain, plain_of
from recommendations.prices import load_price_book
from recommendations.tables import load_rule_pack


def rows_of(assessment: Assessment) -> list[Row]:
    """The overrides of an assessment, in a fixed order."""
    return list(Row.objects.filter(assessment=assessment).select_related("by"))


def value_of(row: Row) -> Override:
    """A row as the engine takes it."""
    return Override(row.workload, row.setting, row.value, row.reason, row.owner, row.expires)


def overrides_in_force(assessment: Assessment) -> tuple[Override, ...]:
    """What a design is made with today. Raises OverrideErrors when the day of one is over."""
    found = tuple(value_of(row) for row in rows_of(assessment))
    over = expired(found, timezone.localdate())
    if over:
        raise OverrideErrors(expiry_problems(found, over))
    return found


def add_override(assessment: Assessment, user: User | None, given: Mapping[str, str]) -> Row:
    """Puts an override in force beside those that are there. `given` has the fields of `Override` as texts.

    Raises OverrideErrors (nothing is stored), and EngagementErrors while the answers make no design.
    """
    row = {field.name: given.get(field.name, "") for field in fields(Override)}
    (one,) = from_plain({"schema": SCHEMA, "overrides": [row]})
    if one.expires < timezone.localdate():
        raise OverrideErrors([Problem(1, "overrides[0].expires", f"{one.expires} is over; name a day to come.")])
    others = [value_of(each) for each in rows_of(assessment)]
    tree = AnswerTree(load_questionnaire(), engagement_of(assessment))
    checked(tree, [one, *others], load_rule_pack(), load_price_book())
    stored = {**plain_of(one), "expires": one.expires, "organisation_id": assessment.organisation_id}
    try:
        with transaction.atomic():
            return Row.objects.create(assessment=assessment, by=user, **stored)
    except IntegrityError as error:
        raise OverrideErrors([Problem(1, "overrides[0]", f"{one.setting} of {one.workload} is overridden already.")]) from error


def remove_override(assessment: Assessment, pk: int) -> bool:
    """Takes an override away; False when it is gone already."""
    return bool(Row.objects.filter(assessment=assessment, pk=pk).delete()[0])
