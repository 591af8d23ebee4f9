"""The pages of questions: one section at a time, saved as you go or by the Save button."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import role_required
from assessment.access import EDITORS, MEMBERS, assessment_of, may_edit, section_of, workload_of
from assessment.forms import AnswerForm
from assessment.models import Assessment
from assessment.pages import HIDDEN_ROWS, Block, SectionPage
from assessment.queries import Loaded, load_part
from assessment.questionnaire import Question, Section
from assessment.saving import store
from assessment.services import AnswerConflict, clear_answer, save_answer
from assessment.values import write_value


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*MEMBERS)
def section(request: HttpRequest, pk: int, section: str, workload: str | None = None) -> HttpResponse:
    """One section of the customer (`workload` None) or of a workload; POST saves all of it."""
    assessment = assessment_of(pk)
    asked = section_of(section, "customer" if workload is None else "workload")
    page = page_of(assessment, asked, workload)
    forms: dict[str, AnswerForm] = {}
    if request.method == "POST":
        saved = save_section(request, page)
        if isinstance(saved, HttpResponse):
            return saved
        page, forms = page_of(assessment, asked, workload), saved
        if not forms and "add-row" not in request.POST:
            return after_saving(request, page)
        forms = {**forms, **with_empty_row(page, request.POST.get("add-row"), forms)}
    before, after = page.neighbours()
    context = {
        **base_context(request, page),
        "blocks": page.blocks(forms),
        "before": before,
        "after": after,
        "problems": sum(1 for form in forms.values() if form.problems or form.conflict),
    }
    return render(request, "assessment/section.html", context, status=422 if context["problems"] else 200)


def page_of(assessment: Assessment, asked: Section, key: str | None) -> SectionPage:
    loaded = load_part(assessment, key)
    return SectionPage(loaded, asked, workload_of(loaded, key) if key is not None else None)


def base_context(request: HttpRequest, page: SectionPage) -> dict[str, Any]:
    assessment = page.loaded.assessment
    return {
        "assessment": assessment,
        "tab": "discovery",
        "page": page,
        "can_edit": may_edit(request),
        "answer_url": answer_url(assessment, page.key),
    }


def answer_url(assessment: Assessment, key: str | None) -> str:
    url = reverse("assessment:answer", args=[assessment.pk])
    return url if key is None else f"{url}?workload={key}"


@role_required(*EDITORS)
def save_section(request: HttpRequest, page: SectionPage) -> Any:
    """Save every question of the page that was touched. Gives the filled-in forms of those that were not stored."""
    data = edited(request.POST)
    forms = {}
    for question in page.section.questions:
        name = question.id
        if name in HIDDEN_ROWS or name not in data.getlist("shown"):
            continue
        if name in (data.get("clear"), data.get("take"), data.get("default")):
            answered_by_button(request, page, question)
            continue
        form = page.form(question, data)
        if form.touched() and not store(page.loaded.assessment, page.workload, form, request.user):
            forms[name] = form
    return forms


def with_empty_row(page: SectionPage, name: str | None, refused: dict[str, AnswerForm]) -> dict[str, AnswerForm]:
    """The form of a table that was saved, with one empty row more; what was refused shows its own."""
    question = next((one for one in page.section.questions if one.id == name and one.type == "table"), None)
    if question is None or question.id in refused:
        return {}
    form = page.form(question)
    form.fields["value"].widget.one_more = True
    return {question.id: form}


def answered_by_button(request: HttpRequest, page: SectionPage, question: Question) -> None:
    """Take back one answer, state its default, or drop what was entered over somebody else's."""
    row = page.loaded.row(page.workload, question.id)
    seen = row.version if row else 0
    try:
        if "clear" in request.POST:
            clear_answer(page.loaded.assessment, page.workload, question.id, seen_version=seen)
        elif "default" in request.POST:
            state_default(request, page, question, seen)
    except AnswerConflict:
        messages.error(request, "The answer was changed in the meantime; it stands as the other person left it.")


def edited(posted: Any) -> Any:
    """The posted fields after a row button: one row taken out, or one empty row put in."""
    data = posted.copy()
    question, _, row = data.get("remove-row", "").partition(":")
    for name in [name for name in data if row and name.startswith(f"{question}-value-{row}-")]:
        del data[name]
    if wanted := data.get("add-row"):
        data[f"{wanted}-value-new-row"] = "on"
    return data


def after_saving(request: HttpRequest, page: SectionPage) -> HttpResponse:
    if request.POST.get("go") == "next":
        _, after = page.neighbours()
        return redirect(after.url if after else reverse("assessment:detail", args=[page.loaded.assessment.pk]))
    messages.success(request, "Saved.")
    return redirect(page.url(page.section.id))


@require_POST
@role_required(*EDITORS)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Save one answer (`question`, its fields; `workload` in the address) and return what changed on its page, as fragments.

    `action`: save (the default, also again after a conflict), clear, default (state what would be used anyway), or take (drop what
    was entered, show what is stored).
    `shown` are the questions that the page shows at present.
    """
    assessment = assessment_of(pk)
    key = request.GET.get("workload")
    loaded = load_part(assessment, key)
    question = question_of(loaded, request.POST.get("question", ""), key)
    workload = workload_of(loaded, key) if key is not None else None
    page = SectionPage(loaded, loaded.questionnaire.section(question.section), workload)
    form, saved = acted(request, page, question)
    page = page_of(assessment, page.section, key)
    return fragments(request, page, form, saved)


def question_of(loaded: Loaded, name: str, key: str | None) -> Question:
    found = loaded.questionnaire.questions.get(name)
    if found is None or name in HIDDEN_ROWS or (found.scope == "workload") != (key is not None):
        raise Http404(f"There is no question {name} here.")
    return found


def acted(request: HttpRequest, page: SectionPage, question: Question) -> tuple[AnswerForm | None, bool]:
    """Do what `action` says. The form is None where the block is to be shown as stored."""
    action = request.POST.get("action", "save")
    form = page.form(question, request.POST)
    if action == "take":
        return None, False
    try:
        if action == "clear":
            clear_answer(page.loaded.assessment, page.workload, question.id, seen_version=form.seen_version())
            return None, True
        if action == "default":
            state_default(request, page, question, form.seen_version())
            return None, True
    except AnswerConflict as error:
        form.refuse(error.current)
        return form, False
    return form, store(page.loaded.assessment, page.workload, form, request.user)


def state_default(request: HttpRequest, page: SectionPage, question: Question, seen: int | None) -> None:
    """Take the default over as the stated answer."""
    raw = write_value(question, page.scope.default(question.id))
    if raw is not None:
        save_answer(page.loaded.assessment, page.workload, question.id, raw, user=request.user, seen_version=seen)


def fragments(request: HttpRequest, page: SectionPage, form: AnswerForm | None, saved: bool) -> HttpResponse:
    """The status of the question, or the whole block, and out of band what changed beside it."""
    name = request.POST["question"]
    blocks = page.blocks()
    block = next(one for one in blocks if one.question.id == name)
    block.saved = saved
    action = request.POST.get("action")
    whole = form is None or form.conflict or action in ("save", "clear", "default", "take")
    if form is not None and not saved:
        block = Block(block.question, page.form(block.question, request.POST), page.scope)
        block.form.problems, block.form.wrong, block.form.missing = form.problems, form.wrong, form.missing
        block.form.conflict = form.conflict
    context = {
        **base_context(request, page),
        "block": block,
        "whole": whole,
        "changed": list(changed_blocks(blocks, name, request.POST.getlist("shown"))),
    }
    response = render(request, "assessment/answer_saved.html", context)
    if whole:
        response["HX-Retarget"], response["HX-Reswap"] = f"#q-{name}", "outerHTML"
    return response


def changed_blocks(blocks: Iterable[Block], name: str, shown: list[str]) -> Iterable[Block]:
    """The questions that show now and did not, or the other way round."""
    for block in blocks:
        if block.question.id != name and block.visible != (block.question.id in shown):
            yield block


def workload_start(request: HttpRequest, pk: int, workload: str) -> HttpResponse:
    """The first section of a workload that has something open."""
    assessment = assessment_of(pk)
    loaded = load_part(assessment, workload)
    page = SectionPage(loaded, loaded.questionnaire.of_scope("workload")[0], workload_of(loaded, workload))
    links = [link for link in page.links() if not link.hidden]
    return redirect(next((link.url for link in links if not link.done), links[0].url))
