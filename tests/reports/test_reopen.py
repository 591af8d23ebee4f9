"""A document of ours opened again: the same engagement, the same digest; anything else refused and nothing stored."""

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django_scopes import scope

from accounts.headless import BadInput
from assessment.engagement import read_engagement
from assessment.models import Assessment
from recommendations.evaluate import evaluate
from recommendations.services import generate_design
from reports.pdf.seal import is_whole
from reports.render import render_document
from reports.reopen import ReopenError, design_in

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "lumen-media.yaml"


@cache
def design():
    return evaluate(read_engagement(EXAMPLE.read_bytes()))


def pdf(*contents: bytes, name: str = "design.json") -> bytes:
    """A page with files attached; the second and later ones under other names."""
    document = pikepdf.new()
    document.add_blank_page()
    for number, content in enumerate(contents):
        label = name if number == 0 else f"{number}-{name}"
        document.attachments[label] = pikepdf.AttachedFileSpec(document, content, filename=name)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_a_rendered_document_is_opened_with_the_same_digest(organisation, tmp_path: Path) -> None:
    path = tmp_path / "summary.pdf"
    path.write_bytes(render_document(design(), "summary"))

    call_command("import_engagement", str(path), organisation=organisation.slug)

    with scope(organisation=organisation):
        assessment = Assessment.objects.get()
        assert assessment.workloads.count() == 6
        assert generate_design(assessment, None).digest == design().digest


def edited() -> bytes:
    document = json.loads(design().text())
    document["answers"]["customer"]["name"] = "Lumen Medio"
    return json.dumps(document).encode()


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "no design": (pdf, "no design.json"),
    "another file": (lambda: pdf(design().text().encode(), name="x.json"), "no design.json"),
    "edited": (lambda: pdf(edited()), "was changed after"),
    "not JSON": (lambda: pdf(b"{"), "damaged"),
    "not UTF-8": (lambda: pdf(b"\xff{}"), "damaged"),
    "saved again": (lambda: pdf(design().text().encode()), "not as Stowplan wrote it"),
    "torn": (lambda: b"%PDF-1.7\nnothing", "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_another_pdf_is_refused_in_words(name: str) -> None:
    make, words = REFUSED[name]
    with pytest.raises(ReopenError, match=words):
        design_in(make())


def test_one_changed_byte_anywhere_is_refused() -> None:
    """Every 997th byte: in drawings, fonts, text, attachment and trailer."""
    whole = render_document(design(), "summary")
    assert design_in(whole).digest == design().digest
    for place in range(0, len(whole), 997):
        changed = bytearray(whole)
        changed[place] ^= 1
        assert not is_whole(bytes(changed))
    with pytest.raises(ReopenError):
        design_in(bytes(changed))


def test_a_design_too_large_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.reopen.DESIGN_LIMIT", 1000)
    with pytest.raises(ReopenError, match="larger than"):
        design_in(pdf(design().text().encode()))


def test_a_refused_document_is_exit_2_and_stores_nothing(organisation, tmp_path: Path) -> None:
    path = tmp_path / "edited.pdf"
    path.write_bytes(pdf(edited()))

    with pytest.raises(BadInput, match="was changed after") as error:
        call_command("import_engagement", str(path), organisation=organisation.slug)

    assert error.value.code == 2
    with scope(organisation=organisation):
        assert not Assessment.objects.exists()


def test_a_design_document_carries_its_exports() -> None:
    with pikepdf.open(io.BytesIO(render_document(design(), "design"))) as opened:
        inside = {name: file.get_file().read_bytes() for name, file in opened.attachments.items()}
        associated = {str(file.UF) for file in opened.Root.AF}
    assert associated == set(inside)
    assert json.loads(inside["design.oscal.json"])["component-definition"]["metadata"]["version"] == design().digest[:12]
    assert json.loads(inside["design.resilience-hub.json"])["design"] == design().digest
    templates = [content for name, content in inside.items() if name.startswith("cloudformation-") and name.endswith(".template.yaml")]
    assert templates
    assert all(b"AWSTemplateFormatVersion" in template for template in templates)
    assert any(name.startswith("terraform-") and name.endswith(".tf.json") for name in inside)


def test_the_import_page_takes_a_document(organisation, alice, client) -> None:
    data = render_document(design(), "summary")
    client.force_login(alice)
    url = reverse("assessment:import_file")
    refused = client.post(url, {"file": SimpleUploadedFile("changed.pdf", data.replace(b"%%EOF", b"%%EOG")), "title": ""})
    assert refused.status_code == 422
    assert b"not as Stowplan wrote it" in refused.content or b"damaged" in refused.content
    assert client.post(url, {"file": SimpleUploadedFile("summary.pdf", data), "title": "From paper"}).status_code == 302
    with scope(organisation=organisation):
        assert [one.title for one in Assessment.objects.all()] == ["From paper"]
