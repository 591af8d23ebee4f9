"""Where a setting or figure comes from, as a page, inside the design page and as JSON; and what would change it, worked out when asked."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import role_required
from recommendations.links import QuestionLinks
from recommendations.models import DesignVersion
from recommendations.trace import OtherRules, TraceError, Tracer
from recommendations.views import EVERYBODY, get_version

Asked = Callable[[Tracer], Any]


@require_GET
@role_required(*EVERYBODY)
def page(request: HttpRequest, pk: int, pointer: str) -> HttpResponse:
    """The trace; without its page around it where HTMX puts it into another."""
    version = get_version(pk)
    context: dict[str, Any] = {"assessment": version.assessment, "tab": "design", "version": version, "pointer": pointer}
    inside = request.headers.get("HX-Request") == "true"
    template = "recommendations/_trace.html" if inside else "recommendations/trace.html"
    try:
        tracer = Tracer(version.document)
        context["trace"] = with_links(tracer.trace(pointer), version)
        if "flips" in request.GET:
            context["flips"] = with_links({"answers": tracer.flips(pointer) or []}, version)["answers"]
    except OtherRules as error:
        return render(request, template, {**context, "problem": str(error), "inside": inside}, status=409)
    except TraceError as error:
        raise Http404(str(error)) from error
    return render(request, template, {**context, "inside": inside})


@require_GET
@role_required(*EVERYBODY)
def flips(request: HttpRequest, pk: int, pointer: str) -> HttpResponse:
    """The part of the page that says what would change it."""
    version = get_version(pk)
    found = asked(version, lambda tracer: tracer.flips(pointer))
    context = {"flips": with_links({"answers": found or []}, version)["answers"]}
    return render(request, "recommendations/_flips.html", context)


@require_GET
@role_required(*EVERYBODY)
def json_file(request: HttpRequest, pk: int, pointer: str) -> HttpResponse:
    """The trace with its flips, as `manage.py trace` gives it."""
    version = get_version(pk)
    return JsonResponse(asked(version, lambda tracer: {**tracer.trace(pointer), "flips": tracer.flips(pointer)}))


def asked(version: DesignVersion, ask: Asked) -> Any:
    """What a tracer says about a design, or 404."""
    try:
        return ask(Tracer(version.document))
    except TraceError as error:
        raise Http404(str(error)) from error


def with_links(trace: dict[str, Any], version: DesignVersion) -> dict[str, Any]:
    """The answers of a trace with the address of each question and the name of its workload."""
    links = QuestionLinks(version.assessment)
    names = {workload["key"]: workload["name"] for workload in version.document["workloads"]}
    answers = [
        {**one, "url": links(one["workload"], one["question"]), "name": names.get(one["workload"] or "", "")} for one in trace["answers"]
    ]
    return {**trace, "answers": answers}
