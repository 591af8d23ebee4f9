"""The apply tab: targets, and the plans and runs on each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Membership, Role
from accounts.permissions import role_required
from assessment.models import Assessment
from provisioning import services
from provisioning.after_services import latest_drifts
from provisioning.forms import TargetForm
from provisioning.models import PlanRecord, Run, Target
from recommendations.models import DesignVersion
from recommendations.services import latest_design
from reviews.services import in_force

EVERYBODY = tuple(Role.values)
SHOWN_PLANS = 8


def get_assessment(pk: int) -> Assessment:
    return get_object_or_404(Assessment.objects.select_related("customer"), pk=pk)


@require_GET
@role_required(*EVERYBODY)
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Targets of an assessment with their latest plans and runs."""
    assessment = get_assessment(pk)
    design = latest_design(assessment)
    rows = list(Target.objects.filter(assessment=assessment))
    drifts = latest_drifts(rows)
    targets = [{"row": target, "plans": plans_of(target), "drift": drifts.get(target.pk)} for target in rows]
    context = {"assessment": assessment, "tab": "apply", "targets": targets, **decision_context(assessment, design)}
    return render(request, "provisioning/apply.html", context)


def plans_of(target: Target) -> list[PlanRecord]:
    """The latest plans, without their documents, each with its run if there is one."""
    rows = PlanRecord.objects.filter(target=target).select_related("design", "created_by").defer("document", "design__document")
    plans = list(rows[:SHOWN_PLANS])
    runs = {run.plan_id: run for run in Run.objects.filter(plan__in=[plan.pk for plan in plans])}
    for plan in plans:
        plan.latest_run = runs.get(plan.pk)  # type: ignore[attr-defined]
    return plans


def decision_context(assessment: Assessment, design: DesignVersion | None) -> dict[str, Any]:
    """The design, the decision in force on it, and who can make one."""
    decision = in_force(design) if design else None
    reviewers = Membership.objects.filter(organisation_id=assessment.organisation_id, role=Role.REVIEWER).select_related("user")
    return {"version": design, "decision": decision, "reviewers": [str(one.user) for one in reviewers]}


@require_http_methods(["GET", "POST"])
@role_required(Role.ENGINEER)
def target_new(request: HttpRequest, pk: int) -> HttpResponse:
    """A new target. Regions are those of the latest design; the account is the one it was answered with."""
    assessment = get_assessment(pk)
    design = latest_design(assessment)
    form = TargetForm(request.POST or None, design=design, initial=defaults(design))
    if request.method == "POST" and form.is_valid():
        target = services.new_target(assessment, request.user, form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, f"Target {target} is set up. Next: make a plan.")
        return redirect("provisioning:apply", assessment.pk)
    context = {"assessment": assessment, "tab": "apply", "form": form, "version": design}
    return render(request, "provisioning/target_new.html", context, status=422 if form.is_bound else 200)


def defaults(design: DesignVersion | None) -> dict[str, str]:
    """What the design already says about its target."""
    if design is None:
        return {}
    regions, accounts = design.document["regions"], design.document["accounts"]
    production = [one["account"] for one in accounts if one["role"] == "production"] or [one["account"] for one in accounts]
    return {"account": production[0] if production else "", "region": regions["primary"], "dr_region": regions["dr"] or ""}


@require_POST
@role_required(Role.ENGINEER)
def plan_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a plan of the latest design."""
    target = get_object_or_404(Target.objects.select_related("assessment"), pk=pk)
    design = latest_design(target.assessment)
    if design is None:
        messages.error(request, "There is no design to plan yet.")
        return redirect("provisioning:apply", target.assessment_id)
    plan = services.request_plan(design, target, request.user)  # type: ignore[arg-type]
    return redirect("provisioning:plan", plan.pk)
