"""Documents as jobs: asked for once, rendered once, found again when a worker dies, given up with a reason."""

import hashlib
import io
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from pyhanko.pdf_utils.reader import PdfFileReader

from accounts.jobs import SILENCE, claim
from reports import tasks
from reports.models import Document
from reports.pdf.signing import CERTIFICATE, PASSPHRASE, is_whole
from reports.reopen import design_in
from reports.services import UnknownDocument, request_document
from tests.conftest import running_worker
from tests.reports.certificates import PASSPHRASE as WORD
from tests.reports.certificates import write_certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(version: Any, alice: Any, in_scope: Any) -> Any:
    return request_document(version, "summary", alice)


def age(document: Any, **fields: Any) -> None:
    """Make the row look as if nothing had been heard for longer than the silence."""
    long_ago = timezone.now() - SILENCE - timedelta(seconds=5)
    Document.objects.filter(pk=document.pk).update(sent_at=long_ago, heartbeat_at=long_ago, **fields)


def test_a_request_makes_a_queued_row_and_a_second_one_gives_the_same(version: Any, alice: Any, in_scope: Any) -> None:
    first = request_document(version, "summary", alice)
    assert (first.state, first.percent) == ("queued", 0)
    assert request_document(version, "summary", alice).pk == first.pk


def test_an_unknown_kind_is_refused(version: Any, alice: Any, in_scope: Any) -> None:
    with pytest.raises(UnknownDocument, match="no document 'poem'"):
        request_document(version, "poem", alice)


def test_the_task_is_sent_on_commit_only(version: Any, alice: Any, in_scope: Any, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        request_document(version, "summary", alice)
    assert len(callbacks) == 1


def test_the_task_renders_stores_and_hashes(document: Any) -> None:
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert (document.state, document.percent, document.reason) == ("done", 100, "")
    data = document.file.open("rb").read()
    assert data.startswith(b"%PDF-1.7")
    assert hashlib.sha256(data).hexdigest() == document.sha256
    assert document.size == len(data)


def test_the_task_sent_twice_renders_once(document: Any) -> None:
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    finished = document.finished_at
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert (document.finished_at, document.attempts) == (finished, 1)


def test_a_row_that_another_worker_holds_is_left_alone(document: Any) -> None:
    theirs = claim(Document, document.pk)
    assert theirs is not None
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert (document.state, document.worker) == ("running", theirs.worker)


def test_a_row_of_a_dead_worker_is_taken_over(document: Any) -> None:
    claim(Document, document.pk)
    age(document)
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert document.state == "done"


def test_a_worker_that_lost_its_row_writes_nothing_more(document: Any) -> None:
    mine = claim(Document, document.pk)
    assert mine is not None
    age(document)
    theirs = claim(Document, document.pk)
    assert theirs is not None
    tasks.render_row(mine)
    document.refresh_from_db()
    assert (document.state, document.worker, document.file.name) == ("running", theirs.worker, "")


def test_a_design_edited_in_the_database_fails_with_its_reason(document: Any, version: Any) -> None:
    version.document["summary"]["headline"] = "Something else"
    version.save()
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert document.state == "failed"
    assert "was changed after the design was made" in document.reason


def test_a_failed_document_is_queued_again_in_its_own_row(document: Any, version: Any, alice: Any) -> None:
    Document.objects.filter(pk=document.pk).update(state="failed", reason="disk full", attempts=3)
    again = request_document(version, "summary", alice)
    assert (again.pk, again.state, again.reason, again.attempts) == (document.pk, "queued", "", 0)


def test_an_unforeseen_error_fails_the_row_without_a_traceback(document: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> bytes:
        raise OSError("no space left on device")

    monkeypatch.setattr(tasks, "make_file", broken)
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert (document.state, document.reason) == ("failed", "Rendering failed: OSError. The log of the worker has the details.")


def test_a_document_that_kills_its_worker_is_given_up(document: Any) -> None:
    Document.objects.filter(pk=document.pk).update(attempts=tasks.MAX_ATTEMPTS)
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert (document.state, document.reason) == ("failed", "The worker was lost 3 times while rendering this document.")


@pytest.mark.parametrize("state", ["queued", "running"])
def test_what_was_lost_is_sent_again(document: Any, state: str, django_capture_on_commit_callbacks: Any) -> None:
    age(document, state=state)
    with django_capture_on_commit_callbacks() as callbacks:
        assert tasks.resend_lost_documents() == 1
    assert len(callbacks) == 1


def test_what_is_under_way_or_ended_is_not_sent_again(document: Any) -> None:
    assert tasks.resend_lost_documents() == 0
    age(document, state="done")
    assert tasks.resend_lost_documents() == 0


def test_an_approved_document_is_another_one(document: Any, version: Any, alice: Any, design: Any) -> None:
    tasks.render_document_task(document.pk)
    signed = {"by": "Samuel Grant", "at": "2026-11-24", "digest": design.digest}
    approved = request_document(version, "summary", alice, approval=signed)
    assert approved.pk != document.pk
    assert approved.approval == signed
    assert request_document(version, "summary", alice).pk == approved.pk


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_renders_and_seals(tmp_path: Path, organisation: Any, version: Any, alice: Any, design: Any) -> None:
    certificate, _ = write_certificate(tmp_path)
    log = tmp_path / "worker.log"
    with running_worker(log, **{CERTIFICATE: str(certificate), PASSPHRASE: WORD}):
        with scope(organisation=organisation):
            document = request_document(version, "summary", alice, language="de")
        deadline = time.monotonic() + 120
        while document.is_open and time.monotonic() < deadline:
            time.sleep(0.5)
            with scopes_disabled():
                document.refresh_from_db()
    said = log.read_text(errors="replace")
    assert (document.state, document.reason) == ("done", ""), said[-3000:]
    with document.file.open("rb") as file:
        data = file.read()
    assert len(PdfFileReader(io.BytesIO(data)).embedded_signatures) == 1
    assert is_whole(data)
    assert design_in(data).digest == design.digest
    assert hashlib.sha256(data).hexdigest() == document.sha256
    assert WORD not in said


def test_a_certificate_that_cannot_be_used_fails_the_document_with_its_reason(
    document: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, _ = write_certificate(tmp_path)
    monkeypatch.setenv(CERTIFICATE, str(certificate))
    monkeypatch.setenv(PASSPHRASE, "not-the-word")
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert (document.state, document.file.name) == ("failed", "")
    assert "is no PKCS#12 file" in document.reason
    assert "not-the-word" not in document.reason


def test_another_format_is_a_document_like_the_others(version: Any, alice: Any, in_scope: Any) -> None:
    made = request_document(version, "resilience-hub", alice)
    tasks.render_document_task(made.pk)
    made.refresh_from_db()
    assert (made.state, made.percent) == ("done", 100)
    assert made.file_name.endswith("-1.resilience-hub.json")
    with made.file.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == made.sha256
