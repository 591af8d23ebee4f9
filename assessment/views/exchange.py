"""Engagement files in and out."""

from pathlib import PurePath

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from slugify import slugify

from accounts.permissions import role_required
from assessment.access import EDITORS, MEMBERS, assessment_of
from assessment.engagement import EngagementErrors, write_engagement
from assessment.forms import ImportForm
from assessment.readers import engagement_of_file
from assessment.services import draft_of, store_engagement

LIMIT = 32 * 1024 * 1024


@role_required(*EDITORS)
def import_file(request: HttpRequest) -> HttpResponse:
    """A new assessment from an engagement file; every error is shown, and then nothing is stored."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    context = {"form": form, "problems": [], "filename": ""}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        context["filename"] = PurePath(upload.name or "file").name
        if upload.size > LIMIT:
            form.add_error("file", "The file has more than 32 MiB.")
        else:
            try:
                engagement = engagement_of_file(upload.read())
            except EngagementErrors as error:
                context["problems"] = error.problems
            else:
                made = store_engagement(request.membership.organisation, engagement, request.user, form.cleaned_data["title"])
                messages.success(request, f"{made.title} has been imported with {len(engagement.workloads)} workloads.")
                return redirect("assessment:detail", pk=made.pk)
    status = 422 if form.errors or context["problems"] else 200
    return render(request, "assessment/import.html", context, status=status)


@role_required(*MEMBERS)
def export_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The engagement file of an assessment, as far as it has come."""
    assessment = assessment_of(pk)
    response = HttpResponse(write_engagement(draft_of(assessment)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(assessment.title)}"'
    return response


def file_name(title: str) -> str:
    """A plain file name of an assessment."""
    return f"{slugify(title, max_length=60) or 'assessment'}.yaml"
