"""The price of a promise: of one workload the ways that nothing beats, and a what-if that saves nothing until somebody says so."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Role
from accounts.permissions import role_required
from assessment.models import Assessment, Workload
from assessment.queries import keys_of
from assessment.services import InvalidAnswer, save_answer
from assessment.values import write_value
from recommendations.alternative import Bench
from recommendations.links import QuestionLinks
from recommendations.models import DesignVersion
from recommendations.promise import promise_document
from recommendations.trace import OtherRules
from recommendations.views import EVERYBODY, get_version
from recommendations.what_if_form import WhatIfForm

Context = dict[str, Any]


@require_GET
@role_required(*EVERYBODY)
def page(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The front of a workload and the form; without the page around them where HTMX puts them into another."""
    version = get_version(pk)
    inside = request.headers.get("HX-Request") == "true"
    template = "recommendations/_promise.html" if inside else "recommendations/promise.html"
    context = context_of(version, key, inside)
    try:
        bench = bench_of(version, key)
    except OtherRules as error:
        return render(request, template, {**context, "problem": str(error)}, status=409)
    return render(request, template, {**context, "promise": promise_document(bench.promise()), "form": WhatIfForm(bench.scope())})


@require_POST
@role_required(*EVERYBODY)
def what_if(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """What the values of the form would cost and keep. Nothing is saved."""
    version = get_version(pk)
    inside = request.headers.get("HX-Request") == "true"
    context = context_of(version, key, inside)
    template = "recommendations/_what_if.html" if inside else "recommendations/promise.html"
    try:
        bench = bench_of(version, key)
    except OtherRules as error:
        return render(request, template, {**context, "problem": str(error)}, status=409)
    form = WhatIfForm(bench.scope(), request.POST)
    context["form"] = form
    if not inside:
        context["promise"] = promise_document(bench.promise())
    if not form.is_valid():
        return render(request, template, context, status=422)
    context["posted"] = [(name, value) for name in request.POST for value in request.POST.getlist(name) if name != "csrfmiddlewaretoken"]
    context["changes"] = form.shown_changes()
    context["found"] = bench.changed(form.changed) if form.changed else None
    context["budget"] = bench.scope().value("bud_month")
    return render(request, template, context)


@require_POST
@role_required(Role.CONSULTANT)
def take_over(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Write the values of the form as answers, all of them or none; the design stays as it is until it is made again."""
    version = get_version(pk)
    try:
        bench = bench_of(version, key)
    except OtherRules as error:
        messages.error(request, str(error))
        return redirect("recommendations:design", version.assessment_id)
    form = WhatIfForm(bench.scope(), request.POST)
    row = row_of(version.assessment, key)
    if row is None or not form.is_valid():
        context = {**context_of(version, key, False), "form": form, "promise": promise_document(bench.promise())}
        if row is None:
            context["problem"] = "The workload is not in the answers any more, so nothing was taken over."
        return render(request, "recommendations/promise.html", context, status=422)
    questionnaire = bench.questionnaire
    try:
        with transaction.atomic():
            for name, value in form.changed.items():
                raw = None if value is None else write_value(questionnaire.question(name), value)
                state = "unknown" if value is None else "stated"
                save_answer(version.assessment, row, name, raw, user=request.user, state=state)  # type: ignore[arg-type]
    except InvalidAnswer as error:
        messages.error(request, f"Nothing was taken over: {error}")
        return redirect("recommendations:promise", version.pk, key)
    if form.changed:
        count = len(form.changed)
        messages.success(
            request, f"{count} answer{'s' if count != 1 else ''} taken over. Make the design again: only a new version has the change."
        )
    else:
        messages.info(request, "Nothing differs from the answers of the design, so nothing was taken over.")
    return redirect("recommendations:design", version.assessment_id)


def bench_of(version: DesignVersion, key: str) -> Bench:
    """The workload of a design, to be tried; 404 where it is not there. Raises OtherRules."""
    try:
        return Bench(version.document, key)
    except KeyError as error:
        raise Http404(str(error)) from error


def row_of(assessment: Assessment, key: str) -> Workload | None:
    """The workload of today's answers with a key."""
    rows = list(assessment.workloads.order_by("position", "pk"))
    keys = keys_of(rows)
    return next((row for row in rows if keys[row.pk] == key), None)


def context_of(version: DesignVersion, key: str, inside: bool) -> Context:
    """What every page of a workload needs (the levels of its headings follow from where it stands); 404 where it is not in the design."""
    workload = next((one for one in version.document["workloads"] if one["key"] == key), None)
    if workload is None:
        raise Http404(f"There is no workload {key}.")
    immutable = QuestionLinks(version.assessment)(None, "cmp_immutable")
    level, sublevel = (4, 5) if inside else (2, 3)
    return {
        "assessment": version.assessment,
        "tab": "design",
        "version": version,
        "workload": workload,
        "immutable": immutable,
        "overridden": [one for one in version.document.get("overrides", ()) if one["workload"] == key],
        "level": level,
        "sublevel": sublevel,
    }
