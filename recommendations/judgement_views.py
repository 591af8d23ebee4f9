"""The compliance matrix of one design, one rule at a time or all of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import Role
from accounts.permissions import role_required
from recommendations.judgement import matrix, regimes_shown
from recommendations.views import get_version


@require_GET
@role_required(*Role.values)
def compliance(request: HttpRequest, pk: int) -> HttpResponse:
    """Controls of the rules that apply; `?regime=` shows one of them. 404 for a rule that was not selected."""
    version = get_version(pk)
    names = {workload["key"]: workload["name"] for workload in version.document["workloads"]}
    regimes = regimes_shown(version.document)
    chosen = request.GET.get("regime", "")
    shown = [one for one in regimes if chosen in ("", one["regime"])]
    if chosen and not shown:
        raise Http404(f"The rule {chosen} is not among those of this design.")
    context = {
        "assessment": version.assessment,
        "tab": "design",
        "version": version,
        "regimes": regimes,
        "chosen": chosen,
        "shown": [matrix(one, names) for one in shown],
    }
    return render(request, "recommendations/compliance.html", context)
