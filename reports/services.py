"""What may be asked of documents. A row first; the task is sent once it is committed."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.jobs import send
from accounts.models import User
from recommendations.models import DesignVersion
from reports.made import FILES
from reports.models import Document
from reports.tasks import render_document_task


class UnknownDocument(ValueError):
    """There is no document of this kind; the message says so for people."""


def request_document(
    design_version: DesignVersion, kind: str, user: User | None, *, approval: Mapping[str, Any] | None = None, again: bool = False
) -> Document:
    """The document of a design (a kind of `reports.made.FILES`), made by a worker.

    One that is under way or done for the same design, kind and approval is returned as it is, a failed one is queued again;
    `again` makes a new one of a finished one. `approval` is {by, at, digest}. Raises UnknownDocument.
    """
    if kind not in FILES:
        raise UnknownDocument(f"There is no document {kind!r}.")
    signed = dict(approval) if approval else None
    with transaction.atomic():
        # The lock makes two clicks queue up; on SQLite the whole transaction does.
        DesignVersion.objects.select_for_update().get(pk=design_version.pk)
        same = [one for one in Document.objects.filter(design=design_version, kind=kind) if one.is_open or one.approval == signed]
        for one in same:
            if one.is_open or (one.state == Document.State.DONE and not again):
                return one
        failed = next((one for one in same if one.state == Document.State.FAILED), None)
        document = failed or Document(
            organisation_id=design_version.organisation_id, design=design_version, kind=kind, approval=signed, created_by=user
        )
        document.state, document.reason, document.percent, document.message = Document.State.QUEUED, "", 0, ""
        document.attempts, document.started_at, document.finished_at = 0, None, None
        document.save()
        send(render_document_task, document)
    return document
