"""Drawings of a design as images for its pages: the same vectors that the PDF prints."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.permissions import role_required
from recommendations.alternative import Bench
from recommendations.models import DesignVersion
from recommendations.promise import promise_document
from recommendations.recovery_points import series_by_workload
from recommendations.trace import OtherRules
from reports.drawings.architecture import architecture_drawing
from reports.drawings.costs import cost_drawing
from reports.drawings.front import front_drawing
from reports.drawings.radar import radar_drawing
from reports.drawings.retention import retention_drawing
from reports.drawings.setting_bar import setting_drawing


@require_GET
@role_required(*Role.values)
@cache_control(private=True, max_age=3600, immutable=True)
def drawing(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`architecture`, `costs`, `settings` (costs by setting) or `pillars` of one design, as SVG.

    A version never changes, so the browser may keep it.
    """
    document = get_object_or_404(DesignVersion, pk=pk).document
    drawn = {
        "architecture": lambda: architecture_drawing(document),
        "costs": lambda: cost_drawing(document["costs"]),
        "settings": lambda: setting_drawing(document["costs"].get("by_setting") or ()),
        "pillars": lambda: radar_drawing(document.get("pillars") or (), cropped=True),
    }.get(name)
    found = drawn() if drawn else None
    if found is None:
        raise Http404(f"There is no drawing {name}.")
    return HttpResponse(found.svg, content_type="image/svg+xml")


@require_GET
@role_required(*Role.values)
@cache_control(private=True, max_age=3600)
def front(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The ways to protect one workload that nothing beats, as SVG; 404 where rules or prices are others than the design's."""
    document = get_object_or_404(DesignVersion, pk=pk).document
    try:
        bench = Bench(document, key)
    except (KeyError, OtherRules) as error:
        raise Http404(str(error)) from error
    found = front_drawing(promise_document(bench.promise()), bench.own["name"])
    if found is None:
        raise Http404("The prices of this workload are not known.")
    return HttpResponse(found.svg, content_type="image/svg+xml")


@require_GET
@role_required(*Role.values)
@cache_control(private=True, max_age=3600, immutable=True)
def retention(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The recovery points of one workload by age, as SVG; 404 where nothing is kept beside the data."""
    document = get_object_or_404(DesignVersion, pk=pk).document
    name = next((one["name"] for one in document["workloads"] if one["key"] == key), "")
    found = retention_drawing(name, series_by_workload(document).get(key, ()))
    if found is None:
        raise Http404(f"There are no recovery points of a workload {key} in this design.")
    return HttpResponse(found.svg, content_type="image/svg+xml")
