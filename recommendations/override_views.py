"""Overrides on their page: what is in force, what was refused and why, and a form that offers what may be set otherwise."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from assessment.engagement import EngagementErrors, Problem
from assessment.models import Assessment
from recommendations.links import QuestionLinks
from recommendations.override_services import add_override, remove_override, rows_of, value_of
from recommendations.overrides import OFFERED, OverrideErrors, label_of, values_of, words_of
from recommendations.services import generate_design
from recommendations.tables import load_rule_pack

EVERYBODY = tuple(Role.values)
FIELDS = ("workload", "setting", "value", "days", "reason", "owner", "expires")


@require_GET
@role_required(*EVERYBODY)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The overrides of an assessment."""
    return shown(request, get_assessment(pk), request.GET.dict(), ())


@require_POST
@role_required(Role.CONSULTANT)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Puts an override in force and makes the next version, or says what is in the way."""
    assessment = get_assessment(pk)
    given = {name: request.POST.get(name, "").strip() for name in FIELDS}
    setting, _, value = given["value"].partition(":")
    if setting == "expire" and value == "days":
        value = given["days"]
    try:
        add_override(assessment, request.user, {**given, "setting": setting, "value": value})  # type: ignore[arg-type]
    except (OverrideErrors, EngagementErrors) as error:
        return shown(request, assessment, given, error.problems, 422)
    return made_again(request, assessment)


@require_POST
@role_required(Role.CONSULTANT)
def remove(request: HttpRequest, pk: int, override: int) -> HttpResponse:
    """Takes an override away and makes the next version."""
    assessment = get_assessment(pk)
    remove_override(assessment, override)
    return made_again(request, assessment)


def made_again(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """The next version; where answers or another override are in the way, the change stands and the page says so."""
    try:
        made = generate_design(assessment, request.user)  # type: ignore[arg-type]
        messages.success(request, f"Version {made.number} of the design is made.")
    except (OverrideErrors, EngagementErrors):
        messages.warning(request, "Stored. The design cannot be made again yet; the design page says why.")
    return redirect("recommendations:overrides", assessment.pk)


def get_assessment(pk: int) -> Assessment:
    return get_object_or_404(Assessment.objects.select_related("customer"), pk=pk)


def shown(
    request: HttpRequest, assessment: Assessment, given: dict[str, str], problems: Sequence[Problem], status: int = 200
) -> HttpResponse:
    """The page, with what was typed and what is wrong with it."""
    pack, today = load_rule_pack(), timezone.localdate()
    links = QuestionLinks(assessment)
    rows = [
        {
            "row": row,
            "name": links.names.get(row.workload, row.workload),
            "label": label_of(row.setting, pack),
            "display": words_of(value_of(row), pack),
            "over": row.expires < today,
        }
        for row in rows_of(assessment)
    ]
    context: dict[str, Any] = {
        "assessment": assessment,
        "tab": "design",
        "rows": rows,
        "workloads": links.names,
        "offers": [(setting, label_of(setting, pack), values_of(setting, pack)) for setting in OFFERED],
        "given": given,
        "problems": problems,
        "today": today,
    }
    return render(request, "recommendations/overrides.html", context, status=status)
