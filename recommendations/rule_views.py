"""The rule pack on screen: its tables, which rows fired for a design, its DMN files, and what a newer pack would change."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import role_required
from assessment.questionnaire import load_questionnaire
from recommendations.compare import compare_designs
from recommendations.dmn_export import dmn_archive
from recommendations.rule_pages import rule_pages
from recommendations.services import latest_design, newer_parts, with_newer_parts
from recommendations.tables import load_rule_pack
from recommendations.views import EVERYBODY, get_version


@require_GET
@role_required(*EVERYBODY)
def rules(request: HttpRequest) -> HttpResponse:
    """The tables of the rule pack, of no design."""
    return _page(request, {"base": "base.html", "tables": rule_pages(load_rule_pack())})


@require_GET
@role_required(*EVERYBODY)
def design_rules(request: HttpRequest, pk: int) -> HttpResponse:
    """The tables with the rows marked that fired for a design, or for the one workload of it that `?workload=` names."""
    version = get_version(pk)
    names = {one["key"]: one["name"] for one in version.document["workloads"]}
    chosen = request.GET.get("workload", "")
    if chosen and chosen not in names:
        raise Http404(f"the design has no workload {chosen}")
    context = {
        "base": "assessment_base.html",
        "assessment": version.assessment,
        "tab": "design",
        "version": version,
        "workloads": names,
        "chosen": chosen,
        "others": "rules" in newer_parts(version.document),
        "tables": rule_pages(load_rule_pack(), version.document, chosen),
    }
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    questions = {one.id: one.text for one in load_questionnaire().questions.values()}
    return render(request, "recommendations/rules.html", {"pack": load_rule_pack(), "questions": questions, **context})


@require_GET
@role_required(*EVERYBODY)
def dmn(request: HttpRequest) -> HttpResponse:
    """The tables as DMN 1.3 files in an archive."""
    name = f"stowplan-rules-{load_rule_pack().version}-{load_rule_pack().digest[:8]}.dmn.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(dmn_archive(load_rule_pack()), content_type="application/zip", headers=headers)


@require_GET
@role_required(*EVERYBODY)
def newer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rules, prices and questions of now would make of the design's own answers; nothing is stored."""
    version = get_version(pk)
    parts = newer_parts(version.document)
    latest = latest_design(version.assessment)
    after, problems = with_newer_parts(version) if parts else (None, [])
    context = {
        "assessment": version.assessment,
        "tab": "design",
        "version": version,
        "is_latest": latest is not None and latest.pk == version.pk,
        "parts": parts,
        "problems": problems,
        "changes": compare_designs(version.document, after.document) if after else None,
    }
    return render(request, "recommendations/newer.html", context)
