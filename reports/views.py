"""The documents of an assessment: ask for one, watch it being made, take it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from assessment.models import Assessment
from recommendations.models import DesignVersion
from reports.languages import LANGUAGES
from reports.made import FILES, needs_of
from reports.models import Document
from reports.services import UnknownDocument, cancel_document, request_document

EVERYBODY = tuple(Role.values)


@require_GET
@role_required(*EVERYBODY)
def documents(request: HttpRequest, pk: int) -> HttpResponse:
    """All documents of an assessment, the latest first, and what can be asked for."""
    assessment = get_object_or_404(Assessment.objects.select_related("customer"), pk=pk)
    rows = Document.objects.filter(design__assessment=assessment).select_related("design", "created_by").defer("design__document")
    context = {
        "assessment": assessment,
        "tab": "documents",
        "version": assessment.designs.first(),
        "documents": rows,
        "kinds": {kind: one for kind, one in FILES.items() if one.is_pdf and needs_of(kind) != "older"},
        "older": assessment.designs.defer("document").order_by("-number")[1:],
        "languages": LANGUAGES,
        "formats": {kind: one for kind, one in FILES.items() if not one.is_pdf},
    }
    return render(request, "reports/list.html", context)


@require_POST
@role_required(Role.CONSULTANT)
def request_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a document made; one that is there already is shown."""
    version = get_object_or_404(DesignVersion, pk=pk)
    older = request.POST.get("older", "")
    try:
        made = request_document(
            version,
            request.POST.get("kind", ""),
            request.user,  # type: ignore[arg-type]
            again="again" in request.POST,
            language=request.POST.get("language", "en"),
            older=int(older) if older.isascii() and older.isdigit() and len(older) < 7 else 0,
        )
    except UnknownDocument as error:
        messages.error(request, str(error))
        return redirect("reports:list", version.assessment_id)
    return redirect("reports:document", made.pk)


def get_document(pk: int) -> Document:
    """The document, or 404; a foreign one looks absent."""
    return get_object_or_404(Document.objects.select_related("design__assessment__customer", "created_by"), pk=pk)


@require_GET
@role_required(*EVERYBODY)
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document: how far it is, what it is of, where the file is."""
    found = get_document(pk)
    context: dict[str, Any] = {"assessment": found.design.assessment, "tab": "documents", "document": found}
    return render(request, "reports/document.html", context)


@require_POST
@role_required(Role.CONSULTANT)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End a document that is being made."""
    found = get_document(pk)
    if not cancel_document(found, request.user):  # type: ignore[arg-type]
        messages.info(request, "It had ended already.")
    return redirect("reports:document", found.pk)


@require_GET
@role_required(*EVERYBODY)
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while a document is made."""
    return render(request, "reports/_status.html", {"document": get_document(pk)})


@require_GET
@role_required(*EVERYBODY)
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file. Nothing is served that is not done."""
    found = get_document(pk)
    if found.state != Document.State.DONE or not found.file.storage.exists(found.file.name):
        raise Http404("There is no file of this document yet.")
    return FileResponse(
        found.file.open("rb"), as_attachment="show" not in request.GET, filename=found.file_name, content_type=found.of_kind.media_type
    )
