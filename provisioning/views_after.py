"""After a run: its undo, shown before it is approved, and drift checks with the way back to a plan."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from provisioning import after_services as services
from provisioning.after_models import DriftReport, Undo
from provisioning.models import Run, Target
from provisioning.views import EVERYBODY


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
    try:
        return redirect("provisioning:undo", services.request_undo(run, request.user).pk)  # type: ignore[arg-type]
    except services.AfterRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("provisioning:run", run.pk)


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
    """The state while a worker is at it; the page loads again afterwards."""
    return _status(request, get_undo(pk), "provisioning:undo_status", "The undo is worked on")


@require_POST
@role_required(Role.ENGINEER, Role.REVIEWER)
def undo_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the undo that was shown, in one's own name."""
    found = get_undo(pk)
    try:
        services.approve_undo(found, request.user, request.POST.get("digest", ""))  # type: ignore[arg-type]
    except services.AfterRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("provisioning:undo", found.pk)


@require_POST
@role_required(Role.ENGINEER)
def undo_continue(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an approved undo up where it ended."""
    found = get_undo(pk)
    try:
        services.continue_undo(found)
    except services.AfterRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("provisioning:undo", found.pk)


@require_POST
@role_required(Role.ENGINEER)
def drift_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Check a target for drift now."""
    target = get_object_or_404(Target, pk=pk)
    try:
        return redirect("provisioning:drift", services.request_drift(target, request.user).pk)  # type: ignore[arg-type]
    except services.AfterRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("provisioning:apply", target.assessment_id)


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
    """The state while a worker reads the account."""
    return _status(request, get_drift(pk), "provisioning:drift_status", "Every applied setting is read again")


def _status(request: HttpRequest, job: Undo | DriftReport, url: str, words: str) -> HttpResponse:
    response = render(request, "provisioning/_job_status.html", {"job": job, "url": url, "words": words})
    if not job.is_open:
        response["HX-Refresh"] = "true"
    return response
