"""The workloads of an assessment as a list: add, rename, move, remove."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.permissions import role_required
from assessment.access import EDITORS, MEMBERS, assessment_of, may_edit, workload_of
from assessment.forms import WorkloadForm
from assessment.models import Assessment, Workload
from assessment.overview import workload_lines
from assessment.queries import load_all, load_part
from assessment.workload_services import NameTaken, add_workload, move_workload, remove_workload, rename_workload


@role_required(*MEMBERS)
def workload_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Every workload with its progress."""
    assessment = assessment_of(pk)
    context = {
        "assessment": assessment,
        "tab": "discovery",
        "workloads": workload_lines(load_all(assessment)),
        "can_edit": may_edit(request),
        "form": WorkloadForm(),
    }
    return render(request, "assessment/workloads.html", context)


@role_required(*EDITORS)
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a workload by name, then answer its first section."""
    assessment = assessment_of(pk)
    form = WorkloadForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_workload(assessment, form.cleaned_data["name"])
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            key = list(load_part(assessment, None).keys.values())[-1]
            messages.success(request, f"{form.cleaned_data['name']} has been added.")
            return redirect("assessment:workload_start", pk=pk, workload=key)
    context = {"assessment": assessment, "tab": "discovery", "form": form}
    return render(request, "assessment/workload_new.html", context, status=422 if form.errors else 200)


def row_of(pk: int, key: str) -> tuple[Assessment, Workload]:
    assessment = assessment_of(pk)
    workload = workload_of(load_part(assessment, key), key)
    workload.assessment = assessment
    return assessment, workload


@role_required(*EDITORS)
def edit(request: HttpRequest, pk: int, workload: str) -> HttpResponse:
    """Rename a workload."""
    assessment, row = row_of(pk, workload)
    form = WorkloadForm(request.POST if request.method == "POST" else None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_workload(row, form.cleaned_data["name"])
        except NameTaken as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, f"It is now called {row.name}.")
            return redirect("assessment:workloads", pk=pk)
    context = {"assessment": assessment, "tab": "discovery", "form": form, "workload": row}
    return render(request, "assessment/workload_edit.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(*EDITORS)
def move(request: HttpRequest, pk: int, workload: str) -> HttpResponse:
    """One place up or down: POST `to` up or down."""
    _, row = row_of(pk, workload)
    move_workload(row, -1 if request.POST.get("to") == "up" else 1)
    return redirect("assessment:workloads", pk=pk)


@role_required(*EDITORS)
def remove(request: HttpRequest, pk: int, workload: str) -> HttpResponse:
    """Ask, then remove a workload with all its answers."""
    assessment, row = row_of(pk, workload)
    if request.method == "POST":
        remove_workload(row)
        messages.success(request, f"{row.name} and its answers have been removed.")
        return redirect("assessment:workloads", pk=pk)
    context = {"assessment": assessment, "tab": "discovery", "workload": row, "answers": row.answers.count()}
    return render(request, "assessment/workload_remove.html", context)
