"""Rendering as a job: claimed once, its progress seen, started again when a worker dies, given up when it keeps dying."""

import hashlib
import logging
import os
from collections.abc import Callable
from datetime import UTC
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.jobs import WorkerReplaced, beating, claim, finish, lost, ours, send
from recommendations.design import DesignError, load_design
from reports.looks import brand_of
from reports.made import make_file, needs_of
from reports.models import Document
from reports.pdf.signing import SealError, signed, signer_of
from reports.records import NoRecord, record_of
from reports.render import RenderError

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
RENDER_SECONDS = max(60, settings.CELERY_TASK_TIME_LIMIT - 60)


@shared_task(soft_time_limit=RENDER_SECONDS)
def render_document_task(pk: int) -> None:
    """Render the document in this row, if nobody else does. Sent twice, it is rendered once."""
    with scopes_disabled():
        document = Document.objects.select_related("organisation").filter(pk=pk).first()
    if document is None:
        return
    with scope(organisation=document.organisation):
        mine = claim(Document, pk, attempts=F("attempts") + 1)
        if mine is None:
            return
        if mine.attempts > MAX_ATTEMPTS:
            finish(mine, Document.State.FAILED, f"The worker was lost {MAX_ATTEMPTS} times while rendering this document.")
            return
        with beating(mine):
            render_row(mine)


def render_row(document: Document) -> None:
    """Render, store, and end the row; a row that has become another worker's is left alone."""
    try:
        data = make_file(
            load_design(document.design.document),
            document.kind,
            progress=progress_of(document),
            approval=document.approval,
            organisation=document.organisation.name,
            version=document.design.number,
            store=caches["documents"],
            brand=brand_of(document.organisation),
            language=document.language,
            **beside(document),
        )
        store(document, sealed_by_certificate(document, data))
    except WorkerReplaced:
        return
    except SoftTimeLimitExceeded:
        finish(document, Document.State.FAILED, f"Rendering took longer than {RENDER_SECONDS} seconds.")
    except (RenderError, DesignError, NoRecord, SealError) as error:
        finish(document, Document.State.FAILED, str(error))
    except Exception as error:
        # Whatever it was: the row must not stay open, and the log has the traceback.
        log.exception("document %s was not rendered", document.pk)
        finish(document, Document.State.FAILED, f"Rendering failed: {type(error).__name__}. The log of the worker has the details.")


def sealed_by_certificate(document: Document, data: bytes) -> bytes:
    """A PDF with the organisation's seal, where the operator has configured one. Raises SealError."""
    signer = signer_of(os.environ, document.organisation.slug) if document.of_kind.is_pdf else None
    return signed(data, signer, f"{document.get_kind_display()} {document.design.digest}") if signer else data


def beside(document: Document) -> dict[str, Any]:
    """What the kind prints beside the design: the older version of a redline, what AWS has of an applied design. Raises NoRecord."""
    needs = needs_of(document.kind)
    if needs == "older":
        older = document.design.assessment.designs.get(number=document.older_number)
        return {"older": load_design(older.document)}
    return {"built": record_of("built", document.design)} if needs == "built" else {}


def progress_of(document: Document) -> Callable[[int, str], None]:
    """Writes percent and sentence to the row; raises WorkerReplaced once the row is not ours any more."""

    def write(percent: int, message: str) -> None:
        if not ours(document).update(percent=percent, message=message[:200], heartbeat_at=timezone.now()):
            raise WorkerReplaced

    return write


def store(document: Document, data: bytes) -> None:
    """File first, row second: a row that is done always has its file."""
    digest = hashlib.sha256(data).hexdigest()
    storage = document.file.storage
    month = document.created_at.astimezone(UTC)
    path = f"documents/{document.organisation_id}/{month:%Y/%m}/{document.pk}-{digest[:12]}{document.of_kind.suffix}"
    name = storage.save(path, ContentFile(data))
    if not finish(document, Document.State.DONE, file=name, sha256=digest, size=len(data), percent=100, message="Done"):
        storage.delete(name)


@shared_task
def resend_lost_documents() -> int:
    """Send again what was queued or running and has not been heard of; says how many."""
    with scopes_disabled():
        found = list(lost(Document))
        for document in found:
            send(render_document_task, document)
    return len(found)
