"""Drill sheets, certificate, as-built report and redline: what they print, and that they are refused without what they print."""

import copy
import io
import re
import subprocess
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from recommendations.design import Design
from reports import tasks
from reports.as_built import as_built_pdf
from reports.content import content_of
from reports.drill_content import plans_of
from reports.models import Document
from reports.redline_content import marked, redline_of
from reports.render import RenderError, render_document
from reports.services import UnknownDocument, request_document
from tests.reports.documents import BUILT, document
from tests.reports.sample import drilled_design, older_design


def text_of(data: bytes) -> str:
    made = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return re.sub(r"\s+", " ", made.stdout.decode())


@pytest.fixture(scope="module")
def drilled() -> Design:
    return drilled_design()


def test_a_sheet_has_names_commands_times_criteria_and_lines_to_sign(drilled: Design) -> None:
    data = document("drills")
    text = text_of(data)
    assert "PACS imaging archive: deleted or corrupted data" in text
    assert re.search(r"aws s3api list-object-versions --bucket stowplan-northwind-clinic-bucket-pacs-[0-9a-f]{8}", text)
    assert "Read 300 GiB at 8 Gbit/s 6 minutes" in text
    assert "Time until proven use at most 12 hours 3 hours" in text
    for word in ("Before it starts", "Passed when", "Led by", "Witness", "every quarter", "within 90 days of"):
        assert word in text
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 3 + sum(len(plan.sheets) for plan in plans_of(drilled.document, content_of(drilled.document).workloads))


def test_after_the_loss_of_a_region_the_copy_is_what_is_restored(drilled: Design) -> None:
    content = content_of(drilled.document)
    plan = plans_of(drilled.document, content.workloads)[0]
    assert [sheet.events[0] for sheet in plan.sheets] == ["Deleted or corrupted data", "Loss of a whole Region"]
    assert "bucket-pacs" in plan.sheets[0].source[0]
    assert "replica-pacs" in plan.sheets[1].source[0]
    assert plan.sheets[1].expected_to_miss


def test_a_certificate_says_what_was_approved_and_on_what_condition(design: Design) -> None:
    approval = {"by": "Samuel Grant", "at": "24 November 2026", "digest": design.digest, "comment": "Drill before March."}
    data = render_document(design, "certificate", approval=approval)
    text = text_of(data)
    assert "Samuel Grant approved this design for Northwind Clinics on 24 November 2026." in text
    assert "Drill before March." in text
    assert text.count(design.digest) >= 3
    assert "After the loss of a Region the archive is back in 60 hours" in text
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) <= 2


@pytest.mark.parametrize(
    ("kind", "says"), [("certificate", "Only an approved"), ("as-built", "Nothing of this"), ("redline", "older version")]
)
def test_a_kind_is_refused_without_what_it_prints(design: Design, kind: str, says: str) -> None:
    with pytest.raises(RenderError, match=says):
        render_document(design, kind)


def test_the_as_built_report_puts_both_values_side_by_side(design: Design) -> None:
    data = as_built_pdf(design, BUILT)
    text = text_of(data)
    assert "1 of 2 resources are not as designed." in text
    assert "Versioning Enabled Suspended" in text
    assert "Samuel Grant" in text
    assert "CreateBucket REQ-1" in text
    assert "(903 letters)" in text
    assert as_built_pdf(design, BUILT) == data


def test_a_redline_tells_texts_costs_and_objectives_before_and_after(design: Design) -> None:
    redline = redline_of(older_design(design).document, design.document)
    setting = next(row for row in redline.settings if row.label == "Encryption")
    assert [(piece.state, piece.text.strip()) for piece in setting.pieces] == [
        ("gone", "AWS-managed"),
        ("new", "Customer-managed"),
        ("same", "KMS key"),
    ]
    assert (redline.money[0].before, redline.money[0].after, redline.money[0].change) == (
        "USD 2,500.00",
        "USD 3,040.00",
        "+ USD 540.00 (+ 21.6 %)",
    )
    assert [(row.before, row.after, row.change) for row in redline.objectives] == [
        ("20 hours (target 12 hours)", "3 hours (target 12 hours)", "now met")
    ]
    assert [row.change for row in redline.resources] == ["added"]
    text = text_of(render_document(design, "redline", older=older_design(design)))
    assert re.search(r"AWS-managed Customer-managed KMS key", text)


def test_a_redline_of_the_same_design_says_so(design: Design) -> None:
    assert redline_of(design.document, design.document).empty
    assert "The two versions do not differ." in text_of(render_document(design, "redline", older=design))


def test_texts_with_little_in_common_are_told_as_a_whole() -> None:
    assert [(piece.state, piece.text) for piece in marked("one two three", "four five six")] == [
        ("gone", "one two three"),
        ("new", "four five six"),
    ]


@pytest.mark.django_db
def test_a_redline_is_asked_for_with_its_older_version(version: Any, alice: Any, in_scope: Any, design: Design, client: Client) -> None:
    from recommendations.models import DesignVersion

    older = older_design(design)
    DesignVersion.objects.filter(pk=version.pk).update(number=2)
    version.refresh_from_db()
    DesignVersion.objects.create(
        organisation_id=version.organisation_id,
        assessment=version.assessment,
        number=1,
        digest=older.digest,
        document=copy.deepcopy(older.document),
    )
    client.force_login(alice)
    page = client.get(reverse("reports:list", args=[version.assessment_id])).content.decode()
    assert '<option value="1">Version 1' in page
    client.post(reverse("reports:request", args=[version.pk]), {"kind": "redline", "older": "1"})
    made = Document.objects.get(kind="redline")
    tasks.render_document_task(made.pk)
    made.refresh_from_db()
    assert (made.state, made.older_number, made.reason) == ("done", 1, "")
    for number in (2, 7, 0):
        with pytest.raises(UnknownDocument, match="older version"):
            request_document(version, "redline", alice, older=number)


@pytest.mark.django_db
def test_the_certificate_comes_with_the_approval(version: Any, alice: Any, in_scope: Any) -> None:
    from reviews.services import decide, request_signed

    with pytest.raises(UnknownDocument, match="Only an approved design"):
        request_document(version, "certificate", alice)
    with pytest.raises(UnknownDocument, match="Nothing of this design has been applied"):
        request_document(version, "as-built", alice)
    request_signed(decide(version, alice, "approved", "With a drill before March."), alice)
    made = Document.objects.get(kind="certificate")
    assert made.approval["comment"] == "With a drill before March."
    assert request_document(version, "certificate", alice).pk == made.pk
    tasks.render_document_task(made.pk)
    made.refresh_from_db()
    assert made.state == "done"
