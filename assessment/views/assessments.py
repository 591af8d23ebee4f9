"""The list of assessments, a new one, and the overview of one."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.permissions import role_required
from assessment.access import EDITORS, MEMBERS, assessment_of, may_edit
from assessment.forms import NewAssessmentForm
from assessment.models import Assessment
from assessment.overview import Overview
from assessment.queries import load_all
from assessment.services import create_assessment, save_answer

PER_PAGE = 50


@role_required(*MEMBERS)
def assessment_list(request: HttpRequest) -> HttpResponse:
    """All assessments of the organisation, the last changed first."""
    found = Assessment.objects.select_related("customer", "created_by").annotate(workload_count=Count("workloads"))
    wanted = request.GET.get("q", "").strip()
    if wanted:
        found = found.filter(title__icontains=wanted) | found.filter(customer__name__icontains=wanted)
    context = {"assessments": found.order_by("-updated_at", "-pk")[:PER_PAGE], "q": wanted, "can_edit": may_edit(request)}
    return render(request, "assessment/list.html", context)


@role_required(*EDITORS)
def new(request: HttpRequest) -> HttpResponse:
    """A new assessment: the customer's name, industry and primary Region."""
    form = NewAssessmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = create_assessment(request.membership.organisation, given["customer"], given["industry"], request.user, given["title"])
        save_answer(made, None, "aws_primary", given["region"], user=request.user)
        if given["industry"]:
            save_answer(made, None, "eng_industry", given["industry"], user=request.user)
        messages.success(request, f"{made.title} has been made. Add its workloads, and answer what you know.")
        return redirect("assessment:detail", pk=made.pk)
    return render(request, "assessment/new.html", {"form": form}, status=422 if form.errors else 200)


@role_required(*MEMBERS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an assessment has come: progress, what is open, what the answers say about each other."""
    assessment = assessment_of(pk)
    overview = Overview(load_all(assessment))
    context = {"assessment": assessment, "tab": "discovery", "overview": overview, "can_edit": may_edit(request)}
    return render(request, "assessment/detail.html", context)
