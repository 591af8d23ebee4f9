"""The review page: what the customer reads before deciding, and the decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from assessment.models import Assessment
from recommendations.links import QuestionLinks
from recommendations.models import DesignVersion
from recommendations.pages import DesignPage
from recommendations.services import latest_design, staleness_of
from reports.models import Document
from reviews import services
from reviews.forms import DecisionForm
from reviews.models import Approval

EVERYBODY = tuple(Role.values)


@require_GET
@role_required(*EVERYBODY)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest design, its documents and the decisions on it."""
    assessment = get_object_or_404(Assessment.objects.select_related("customer"), pk=pk)
    return _page(request, assessment, latest_design(assessment))


@require_POST
@role_required(Role.REVIEWER)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or reject the design that the page showed, and no other."""
    found = get_object_or_404(DesignVersion.objects.select_related("assessment__customer"), pk=pk)
    form = DecisionForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            given = form.cleaned_data
            if given["digest"] != found.digest:
                raise services.DecisionRefused("This page showed another design. Load it again.")
            made = services.decide(found, request.user, given["decision"], given["reason"], seen=given["seen"])  # type: ignore[arg-type]
        except services.DecisionRefused as error:
            messages.error(request, str(error))
        else:
            services.request_signed(made, request.user)  # type: ignore[arg-type]
            messages.success(request, f"{made.get_decision_display()}: version {found.number} with the digest {found.digest[:12]}.")
            return redirect("reviews:review", found.assessment_id)
    return _page(request, found.assessment, found, form, status=422)


def _page(request: HttpRequest, assessment: Assessment, found: DesignVersion | None, form: Any = None, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"assessment": assessment, "tab": "review", "version": found, "history": history(assessment)}
    if found:
        decision = services.in_force(found)
        context |= {
            "decision": decision,
            "seen": decision.number if decision else 0,
            "page": DesignPage(found.document, QuestionLinks(assessment)),
            "stale": staleness_of(found),
            "documents": Document.objects.filter(design=found).order_by("kind", "-pk"),
            "form": form or DecisionForm(user=request.user, initial={"decision": ""}),
        }
    return render(request, "reviews/review.html", context, status=status)


def history(assessment: Assessment) -> list[Approval]:
    """All decisions in this assessment, the latest first."""
    return list(Approval.objects.filter(assessment=assessment).select_related("design").defer("design__document"))
