"""What may be asked of documents. A row first; the task is sent once it is committed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.jobs import send
from accounts.models import User
from recommendations.models import DesignVersion
from reports.languages import DEFAULT, LANGUAGES
from reports.made import FILES, needs_of
from reports.models import Brand, Document
from reports.records import MISSING, NoRecord, accepted_hazards, record_of
from reports.tasks import render_document_task


class UnknownDocument(ValueError):
    """There is no document of this kind; the message says so for people."""


def request_document(
    design_version: DesignVersion,
    kind: str,
    user: User | None,
    *,
    approval: Mapping[str, Any] | None = None,
    again: bool = False,
    language: str = DEFAULT,
    older: int = 0,
) -> Document:
    """The document of a design (a kind of `reports.made.FILES`), made by a worker.

    One that is under way or done for the same design, kind and approval is returned as it is, a failed one is queued again;
    `again` makes a new one of a finished one. `approval` is {by, at, digest}. One from before the organisation changed its
    look is not given again. `language`: of `LANGUAGES`; only PDFs have another than English. `older`: the number of
    the version that a redline compares with. Raises UnknownDocument, also where what the kind prints is not there yet.
    """
    if kind not in FILES:
        raise UnknownDocument(f"There is no document {kind!r}.")
    if language not in LANGUAGES or (language != DEFAULT and not FILES[kind].is_pdf):
        raise UnknownDocument(f"{FILES[kind].title} is not written in {language!r}.")
    signed = needed(design_version, kind, approval, older)
    older = older if needs_of(kind) == "older" else 0
    with transaction.atomic():
        # The lock makes two clicks queue up; on SQLite the whole transaction does.
        DesignVersion.objects.select_for_update().get(pk=design_version.pk)
        same = [
            one
            for one in Document.objects.filter(design=design_version, kind=kind, language=language, older_number=older)
            if one.is_open or one.approval == signed
        ]
        look = Brand.objects.filter(organisation=design_version.organisation_id).first()
        for one in same:
            old = look is not None and one.of_kind.is_pdf and one.created_at < look.changed_at
            if one.is_open or (one.state == Document.State.DONE and not again and not old):
                return one
        failed = next((one for one in same if one.state == Document.State.FAILED), None)
        document = failed or Document(
            organisation_id=design_version.organisation_id,
            design=design_version,
            kind=kind,
            language=language,
            approval=signed,
            created_by=user,
            older_number=older,
        )
        document.state, document.reason, document.percent, document.message = Document.State.QUEUED, "", 0, ""
        document.attempts, document.started_at, document.finished_at = 0, None, None
        document.save()
        send(render_document_task, document)
    return document


def cancel_document(document: Document, user: User) -> bool:
    """End a document that is queued or being made; who makes it stops before its next section. Says whether there was one to end."""
    reason = f"Cancelled by {user}."
    open_now = Document.objects.filter(pk=document.pk, state__in=Document.OPEN)
    return bool(open_now.update(state=Document.State.FAILED, reason=reason, finished_at=timezone.now()))


def needed(version: DesignVersion, kind: str, approval: Mapping[str, Any] | None, older: int) -> dict[str, Any] | None:
    """The approval that is printed, if any. Raises UnknownDocument where what the kind needs is missing."""
    needs = needs_of(kind)
    try:
        if needs == "approval":
            # Hazards are accepted after the approval: a certificate asked for later lists those too, and is another document.
            return {**(approval or record_of("approval", version)), "hazards": accepted_hazards(version)}
        if needs == "built":
            record_of("built", version)
    except NoRecord as problem:
        raise UnknownDocument(str(problem)) from problem
    there = DesignVersion.objects.filter(assessment=version.assessment_id, number=older).exclude(pk=version.pk)
    if needs == "older" and not there.exists():
        raise UnknownDocument(MISSING["older"])
    return dict(approval) if approval else None
