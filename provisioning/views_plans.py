"""Plans in words, and runs as they happen."""

import io
import json
import zipfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from provisioning import services
from provisioning.after_models import Undo
from provisioning.evidence_pack import ZIP_DATE
from provisioning.holding import JobRefused
from provisioning.live import stream
from provisioning.models import PlanRecord, Run
from provisioning.onboarding import OnboardingProblem
from provisioning.onboarding_files import files_of
from provisioning.pages import PlanPage, RunPage
from provisioning.plan_file import read_plan
from provisioning.views import EVERYBODY, decision_context
from provisioning.views_jobs import status
from recommendations.services import latest_design

SHOWN_STEPS = 40
MOST_DIGITS = 10


def get_plan(pk: int) -> PlanRecord:
    """The plan, or 404; a foreign one looks absent."""
    return get_object_or_404(PlanRecord.objects.select_related("design__assessment__customer", "target", "created_by"), pk=pk)


def get_run(pk: int) -> Run:
    """The run, or 404; a foreign one looks absent."""
    return get_object_or_404(Run.objects.select_related("plan__design__assessment__customer", "plan__target", "created_by"), pk=pk)


@require_GET
@role_required(*EVERYBODY)
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """What would change, and the way to apply it."""
    return _plan_page(request, get_plan(pk))


def _plan_page(request: HttpRequest, found: PlanRecord, accepted: list[str] | None = None, status: int = 200) -> HttpResponse:
    assessment = found.design.assessment
    latest = latest_design(assessment)
    context = {
        "assessment": assessment,
        "tab": "apply",
        "plan": found,
        "page": PlanPage(found.document) if found.document else None,
        "run": Run.objects.filter(plan=found).first(),
        "latest": latest if latest and latest.pk != found.design_id else None,
        "accepted": accepted or [],
        **decision_context(assessment, found.design),
    }
    return render(request, "provisioning/plan.html", context, status=status)


@require_GET
@role_required(*EVERYBODY)
def plan_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The state of a plan that is being made; the page loads again once it is there."""
    found = get_plan(pk)
    return status(request, found, "provisioning/_plan_status.html", plan=found)


@require_GET
@role_required(*EVERYBODY)
def plan_file(request: HttpRequest, pk: int) -> HttpResponse:
    """plan.json, as `manage.py plan` writes it."""
    found = get_plan(pk)
    if not found.document:
        raise Http404("The plan is not ready.")
    name = f"{found.design.document['engagement']['slug']}-{found.pk}.plan.json"
    text = json.dumps(found.document, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    return HttpResponse(text, content_type="application/json", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_GET
@role_required(Role.ENGINEER)
def plan_onboarding(request: HttpRequest, pk: int) -> HttpResponse:
    """The least-privilege role that this plan needs in each account, as templates in a zip."""
    found = get_plan(pk)
    if not found.document:
        raise Http404("The plan is not ready.")
    try:
        files = files_of(found.document, read_plan(found.document))
    except OnboardingProblem as problem:
        messages.error(request, str(problem))
        return _plan_page(request, found, status=409)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(zipfile.ZipInfo(file.name, ZIP_DATE), file.text, zipfile.ZIP_DEFLATED)
    disposition = f'attachment; filename="onboarding-plan-{found.pk}.zip"'
    return HttpResponse(buffer.getvalue(), content_type="application/zip", headers={"Content-Disposition": disposition})


@require_POST
@role_required(Role.ENGINEER)
def run_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply a plan; each hazard that was ticked is accepted in the name of who applies."""
    found = get_plan(pk)
    accepted = request.POST.getlist("accept")
    try:
        made = services.request_run(found, request.user, accepted)  # type: ignore[arg-type]
    except JobRefused as refusal:
        messages.error(request, str(refusal))
        return _plan_page(request, found, accepted, status=409)
    return redirect("provisioning:run", made.pk)


@require_GET
@role_required(*EVERYBODY)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """A run: its steps as they happen, and its outcome."""
    found = get_run(pk)
    context = {"assessment": found.plan.design.assessment, "tab": "apply", "version": found.plan.design, **_run_context(found)}
    context |= {"undos": found.undos.all(), "undone": Undo.begun().filter(run=found).exists()}
    return render(request, "provisioning/run.html", context)


def _run_context(found: Run) -> dict[str, Any]:
    page = RunPage([event.data for event in found.events.all()], found.outcome)
    # While it runs the latest step stands on top, where one looks.
    steps = page.steps[: -SHOWN_STEPS - 1 : -1] if found.is_open else page.steps
    return {"run": found, "page": page, "shown_steps": steps, "most_steps": SHOWN_STEPS}


@require_GET
@role_required(*EVERYBODY)
def run_live(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Server-sent events of a run, after the record that the browser saw last (its own header, else `?after=`)."""
    found = get_run(pk)
    last = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < MOST_DIGITS else 0
    # No proxy may keep the events back, and no cache may keep them at all.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(stream(found, after), content_type="text/event-stream", headers=headers)


@require_POST
@role_required(Role.ENGINEER)
def run_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause before the next step; the target stays this run's."""
    found = get_run(pk)
    said = "The run pauses before its next step." if services.pause_run(found) else "The run is not under way."
    messages.info(request, said)
    return redirect("provisioning:run", found.pk)


@require_POST
@role_required(Role.ENGINEER, Role.REVIEWER)
def run_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop before the next step; what was done stays done."""
    found = get_run(pk)
    if services.cancel_run(found):
        messages.info(request, "The run stops before its next step.")
    else:
        messages.info(request, "The run has ended already.")
    return redirect("provisioning:run", found.pk)


@require_POST
@role_required(Role.ENGINEER)
def run_continue(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a run up again where its journal ends."""
    found = get_run(pk)
    try:
        if services.continue_run(found):
            messages.success(request, "The run goes on where it ended.")
    except JobRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("provisioning:run", found.pk)


@require_GET
@role_required(*EVERYBODY)
def evidence(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What AWS said is configured after the run, as a zip."""
    found = get_run(pk)
    if not found.evidence:
        raise Http404("This run has no evidence.")
    return FileResponse(found.evidence.open("rb"), as_attachment=True, filename=f"evidence-run-{found.pk}.zip")
