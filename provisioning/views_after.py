"""After a run: its undo, shown before it is approved, and drift checks with the way back to a plan."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from provisioning import after_services as services
from provisioning.after_models import DriftReport, Undo
from provisioning.models import Run, Target
from provisioning.views import EVERYBODY
from provisioning.views_jobs import asked, status

STATUS = "provisioning/_job_status.html"


def get_undo(pk: int) -> Undo:
    """The undo, or 404; a foreign one looks absent."""
    return get_object_or_404(Undo.objects.select_related("run__plan__design__assessment__customer", "run__target", "created_by"), pk=pk)


def get_drift(pk: int) -> DriftReport:
    """The report, or 404; a foreign one looks absent."""
    return get_object_or_404(DriftReport.objects.select_related("plan__design__assessment__customer", "target", "created_by"), pk=pk)


@require_POST
@role_required(Role.ENGINEER)
def undo_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Work out what undoing a run would do; nothing is touched."""
    run = get_object_or_404(Run, pk=pk)
    return asked(request, lambda: services.request_undo(run, request.user), "provisioning:undo", ("provisioning:run", run.pk))  # type: ignore[arg-type]


@require_GET
@role_required(*EVERYBODY)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What would go, be put back and stay; then what was done."""
    found = get_undo(pk)
    context = {"assessment": found.run.plan.design.assessment, "tab": "apply", "undo": found}
    return render(request, "provisioning/undo.html", context)


@require_GET
@role_required(*EVERYBODY)
def undo_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of an undo that is worked on."""
    found = get_undo(pk)
    return status(request, found, STATUS, job=found, url="provisioning:undo_status", words="The undo is worked on")


@require_POST
@role_required(Role.ENGINEER, Role.REVIEWER)
def undo_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the undo that was shown, in one's own name."""
    found, digest = get_undo(pk), request.POST.get("digest", "")
    page = "provisioning:undo"
    return asked(request, lambda: services.approve_undo(found, request.user, digest), page, (page, found.pk))  # type: ignore[arg-type]


@require_POST
@role_required(Role.ENGINEER)
def undo_continue(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an approved undo up where it ended."""
    found = get_undo(pk)
    return asked(request, lambda: services.continue_undo(found), "provisioning:undo", ("provisioning:undo", found.pk))


@require_POST
@role_required(Role.ENGINEER)
def drift_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a target for drift now."""
    target = get_object_or_404(Target, pk=pk)
    back = ("provisioning:apply", target.assessment_id)
    return asked(request, lambda: services.request_drift(target, request.user), "provisioning:drift", back)  # type: ignore[arg-type]


@require_GET
@role_required(*EVERYBODY)
def drift(request: HttpRequest, pk: int) -> HttpResponse:
    """What is no longer as designed, in words, with the way back to a plan."""
    found = get_drift(pk)
    context = {"assessment": found.plan.design.assessment, "tab": "apply", "report": found}
    return render(request, "provisioning/drift.html", context)


@require_GET
@role_required(*EVERYBODY)
def drift_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of a check while a worker reads the account."""
    found = get_drift(pk)
    return status(request, found, STATUS, job=found, url="provisioning:drift_status", words="Every applied setting is read again")
