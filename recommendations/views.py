"""The design page: what was decided and why, its versions, and what changed between them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from assessment.engagement import EngagementErrors
from assessment.models import Assessment
from recommendations.compare import compare_designs
from recommendations.design_schema import DESIGN_SCHEMA
from recommendations.links import QuestionLinks
from recommendations.models import DesignVersion
from recommendations.overrides import OverrideErrors
from recommendations.pages import DesignPage
from recommendations.services import design_of, generate_design, latest_design, staleness_of

EVERYBODY = tuple(Role.values)


@require_GET
@role_required(*EVERYBODY)
def design(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest design of an assessment, or the way to the first one."""
    assessment = get_object_or_404(Assessment.objects.select_related("customer"), pk=pk)
    latest = latest_design(assessment)
    if latest is None:
        return render(request, "recommendations/no_design.html", {"assessment": assessment, "tab": "design"})
    return _page(request, latest)


@require_GET
@role_required(*EVERYBODY)
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """One design of any age."""
    return _page(request, get_version(pk))


def _page(request: HttpRequest, found: DesignVersion) -> HttpResponse:
    assessment = found.assessment
    versions = list(assessment.designs.select_related("created_by").defer("document"))
    previous = next((one for one in versions if one.number < found.number), None)
    context: dict[str, Any] = {
        "assessment": assessment,
        "tab": "design",
        "version": found,
        "latest": versions[0],
        "versions": versions,
        "previous": previous,
        "page": DesignPage(found.document, QuestionLinks(assessment)),
        "traces": True,
        "today": timezone.localdate().isoformat(),
        "stale": staleness_of(found) if found.pk == versions[0].pk else None,
    }
    return render(request, "recommendations/design.html", context)


def get_version(pk: int) -> DesignVersion:
    """The design with what its page needs, or 404; a foreign one looks absent."""
    return get_object_or_404(DesignVersion.objects.select_related("assessment__customer", "created_by"), pk=pk)


@require_POST
@role_required(Role.CONSULTANT)
def generate(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the design of today's answers, or list what the answers lack."""
    assessment = get_object_or_404(Assessment.objects.select_related("customer"), pk=pk)
    before = latest_design(assessment)
    try:
        made = generate_design(assessment, request.user)  # type: ignore[arg-type]
    except OverrideErrors as error:
        messages.error(request, " ".join(problem.message for problem in error.problems))
        return redirect("recommendations:overrides", assessment.pk)
    except EngagementErrors as error:
        links = QuestionLinks(assessment)
        context = {"assessment": assessment, "tab": "design", "problems": [links.of_problem(one) for one in error.problems]}
        return render(request, "recommendations/problems.html", context, status=422)
    if before and before.pk == made.pk:
        messages.info(request, f"The answers give the same design as before: version {made.number} stands.")
    else:
        messages.success(request, f"Version {made.number} of the design is made.")
    return redirect("recommendations:design", assessment.pk)


@require_GET
@role_required(*EVERYBODY)
def json_file(request: HttpRequest, pk: int) -> HttpResponse:
    """design.json, as `manage.py design` writes it."""
    found = get_version(pk)
    name = f"{found.document['engagement']['slug']}-{found.number}.design.json"
    return HttpResponse(
        design_of(found).text(),
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_GET
@role_required(*EVERYBODY)
def schema_file(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of design.json."""
    return HttpResponse(DESIGN_SCHEMA.read_bytes(), content_type="application/schema+json")


@require_GET
@role_required(*EVERYBODY)
def changes(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """What differs between an older design and this one, of the same assessment."""
    after = get_version(pk)
    before = get_object_or_404(DesignVersion, pk=other, assessment=after.assessment_id)
    context = {
        "assessment": after.assessment,
        "tab": "design",
        "before": before,
        "after": after,
        "changes": compare_designs(before.document, after.document),
    }
    return render(request, "recommendations/changes.html", context)
