"""Cheap, balanced and strict side by side, for the design page. Worked out when first asked for, then kept for the design's digest."""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import role_required
from assessment.engagement import engagement_from_document
from assessment.questionnaire import load_questionnaire
from recommendations.alternative import same_rules
from recommendations.models import DesignVersion
from recommendations.options import options_of
from recommendations.options_document import options_document
from recommendations.prices import load_price_book
from recommendations.services import design_of
from recommendations.tables import load_rule_pack
from recommendations.trace import OtherRules
from recommendations.views import EVERYBODY, get_version

KEPT_SECONDS = 24 * 3600
# Each option is a design of its own and several are tried, so large engagements are not for a page that somebody waits for.
MOST_WORKLOADS = 200


@require_GET
@role_required(*EVERYBODY)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The three options of a design."""
    version = get_version(pk)
    context: dict[str, Any] = {"assessment": version.assessment, "tab": "design", "version": version}
    if len(version.document["workloads"]) > MOST_WORKLOADS:
        problem = (
            f"With more than {MOST_WORKLOADS} workloads this takes minutes; manage.py options does it for an exported engagement file."
        )
        return render(request, "recommendations/options.html", {**context, "problem": problem})
    try:
        context["options"] = options_shown(version)
    except OtherRules as error:
        return render(request, "recommendations/options.html", {**context, "problem": str(error)}, status=409)
    return render(request, "recommendations/options.html", context)


def options_shown(version: DesignVersion) -> dict[str, Any]:
    """The options of a design as plain data. The digest covers answers, rules and prices. Raises OtherRules."""
    same_rules(version.document, load_questionnaire(), load_rule_pack(), load_price_book())
    key = f"options:{version.digest}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = options_document(options_of(engagement_from_document(version.document["answers"]), balanced=design_of(version)))
        cache.set(key, found, KEPT_SECONDS)
    return found
