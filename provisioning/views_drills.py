"""Restore drills in the browser: every workload with its latest drill, and the record of one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from provisioning import drill_services
from provisioning.after_services import request_drill
from provisioning.drill_models import RestoreDrill
from provisioning.rehearsal import RehearsalProblem
from provisioning.views import EVERYBODY, get_assessment
from provisioning.views_jobs import asked, status


def get_drill(pk: int) -> RestoreDrill:
    return get_object_or_404(RestoreDrill.objects.select_related("plan__design__assessment__customer", "plan__target", "created_by"), pk=pk)


@require_GET
@role_required(*EVERYBODY)
def drills(request: HttpRequest, pk: int) -> HttpResponse:
    """The workloads of the applied design, what each is restored from, and its latest drill."""
    assessment = get_assessment(pk)
    plan = drill_services.applied_plan(assessment)
    context: dict[str, Any] = {"assessment": assessment, "tab": "apply", "plan": plan, "rows": drill_services.rows_of(plan) if plan else []}
    return render(request, "provisioning/drills.html", context)


@require_POST
@role_required(Role.ENGINEER)
def drill_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Rehearse one workload of the applied design."""
    assessment = get_assessment(pk)
    plan = drill_services.applied_plan(assessment)

    def ask() -> RestoreDrill:
        if plan is None:
            raise RehearsalProblem("No design has been applied yet: there is nothing to restore from.")
        return request_drill(plan, request.POST.get("workload", ""), request.user)  # type: ignore[arg-type]

    return asked(request, ask, "provisioning:drill", ("provisioning:drills", assessment.pk))


@require_GET
@role_required(*EVERYBODY)
def drill(request: HttpRequest, pk: int) -> HttpResponse:
    """One drill: what was restored, with both checksums, and how long it took."""
    found = get_drill(pk)
    context = {"assessment": found.plan.design.assessment, "tab": "apply", "drill": found, "name": name_of(found)}
    return render(request, "provisioning/drill.html", context)


def name_of(drill: RestoreDrill) -> str:
    """The workload's name in the applied design."""
    return str(next((one["name"] for one in drill.plan.document["design"]["workloads"] if one["key"] == drill.workload), drill.workload))


@require_GET
@role_required(*EVERYBODY)
def drill_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The same while it runs; a drill that is over asks for nothing more."""
    found = get_drill(pk)
    return status(request, found, "provisioning/_drill_status.html", drill=found, name=name_of(found))


@require_GET
@role_required(*EVERYBODY)
def drill_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The record as `stowplan/rehearsal/1`."""
    found = get_drill(pk)
    disposition = f'attachment; filename="drill-{found.pk}.json"'
    return JsonResponse(found.record, json_dumps_params={"indent": 1, "ensure_ascii": False}, headers={"Content-Disposition": disposition})
