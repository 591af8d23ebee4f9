"""Drawings of a design as images for its pages: the same vectors that the PDF prints."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.permissions import role_required
from recommendations.models import DesignVersion
from reports.drawings.architecture import architecture_drawing
from reports.drawings.costs import cost_drawing


@require_GET
@role_required(*Role.values)
@cache_control(private=True, max_age=3600, immutable=True)
def drawing(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """`architecture` or `costs` of one design, as SVG. A version never changes, so the browser may keep it."""
    document = get_object_or_404(DesignVersion, pk=pk).document
    drawn = {"architecture": lambda: architecture_drawing(document), "costs": lambda: cost_drawing(document["costs"])}.get(name)
    found = drawn() if drawn else None
    if found is None:
        raise Http404(f"There is no drawing {name}.")
    return HttpResponse(found.svg, content_type="image/svg+xml")
