"""The look of an organisation: refused where it cannot be read, on every document, and never in a design's digest."""

import io
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from PIL import Image, PngImagePlugin

from recommendations.design import Design
from reports import tasks
from reports.brand import DEFAULT, UPLOAD_LIMIT, Brand, BrandError, colour, contrast, logo
from reports.looks import brand_of
from reports.models import Brand as BrandRow
from reports.models import Document
from reports.render import render_document
from reports.services import request_document
from tests.reports.test_document import pages_of


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 100), **more: Any) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, (120, 20, 80)).save(target, kind, **more)
    return target.getvalue()


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_contrast_is_that_of_wcag() -> None:
    assert [str(contrast(one, "#ffffff")) for one in ("#000000", "#ffffff", "#767676", "#777777")] == ["21.00", "1.00", "4.54", "4.47"]


@pytest.mark.parametrize(("text", "said"), [("#777777", "4.47:1; text needs 4.5:1"), ("teal", "six hexadecimal digits"), ("#12345", "six")])
def test_a_colour_that_cannot_be_read_is_refused_with_its_figure(text: str, said: str) -> None:
    with pytest.raises(BrandError, match=said):
        colour(text)
    assert colour(" #4A1040 ") == "#4a1040"


def test_a_logo_is_written_anew_without_what_hides_in_it() -> None:
    hidden = PngImagePlugin.PngInfo()
    hidden.add_text("Comment", "secret")
    made = logo(picture(size=(2000, 1000), pnginfo=hidden) + b"trailing secret")
    assert b"secret" not in made
    with Image.open(io.BytesIO(made)) as found:
        assert (found.format, found.size) == ("PNG", (900, 450))
    assert logo(picture("JPEG")).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG or JPEG"),
        (picture("GIF"), "not a PNG or JPEG"),
        (picture()[:20], "damaged"),
        (picture(size=(4001, 2)), "4001 x 2 pixels"),
        (b"\x89PNG" + b"0" * UPLOAD_LIMIT, "at most 1 MiB"),
    ],
)
def test_other_files_are_no_logos(data: bytes, said: str) -> None:
    with pytest.raises(BrandError, match=said):
        logo(data)


def test_a_document_wears_the_brand_and_its_design_does_not_know(design: Design) -> None:
    brand = Brand("#4a1040", "#7a2a10", "For the board only", logo(picture()))
    made = render_document(design, "summary", organisation="Harbour Consulting", brand=brand)
    assert "For the board only" in pages_of(made)[0]
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert "/Figure" in {str(one.S) for one in elements(pdf.Root.StructTreeRoot.K[0])}
        assert f'"digest": "{design.digest}"'.encode() in pdf.attachments["design.json"].get_file().read_bytes()
    plain = render_document(design, "summary", organisation="Harbour Consulting")
    assert made != plain


def elements(element: Any) -> Any:
    yield element
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from elements(kid)


@pytest.mark.django_db
def test_the_page_previews_and_keeps(organisation: Any, other_organisation: Any, alice: Any, charlie: Any) -> None:
    client, url = as_user(alice), reverse("reports:look")
    assert b"data:image/png;base64" in client.get(url).content
    entered = {"dark": "#4a1040", "accent": "#7a2a10", "cover_text": "Pier 4"}
    upload = io.BytesIO(picture())
    upload.name = "logo.png"
    shown = client.post(url, {**entered, "logo": upload, "preview": "1"})
    assert b"Preview, not saved" in shown.content
    with scope(organisation=organisation):
        assert brand_of(organisation) == DEFAULT
    upload.seek(0)
    assert client.post(url, {**entered, "logo": upload}).status_code == 302
    with scope(organisation=organisation):
        kept = brand_of(organisation)
        assert (kept.dark, kept.cover_text, kept.logo[:4]) == ("#4a1040", "Pier 4", b"\x89PNG")
    with scope(organisation=other_organisation):
        assert brand_of(other_organisation) == DEFAULT
    refused = client.post(url, {**entered, "dark": "#999999"})
    assert refused.status_code == 422
    assert b"2.84:1" in refused.content
    assert b"#4a1040" not in as_user(charlie).get(url).content


@pytest.mark.django_db
def test_a_reviewer_may_not_change_it(bob: Any) -> None:
    assert as_user(bob).get(reverse("reports:look")).status_code == 403


@pytest.mark.django_db
def test_a_new_look_gives_a_new_document(version: Any, alice: Any, in_scope: Any) -> None:
    made = request_document(version, "summary", alice)
    tasks.render_document_task(made.pk)
    assert request_document(version, "summary", alice).pk == made.pk
    BrandRow.objects.create(organisation=in_scope, dark="#4a1040")
    assert request_document(version, "summary", alice).pk != made.pk
    assert request_document(version, "summary", alice, language="de").language == "de"


@pytest.mark.django_db
def test_a_render_is_cancelled_between_sections_and_tried_again(
    version: Any, alice: Any, bob: Any, in_scope: Any, monkeypatch: Any
) -> None:
    document = request_document(version, "summary", alice)
    client = as_user(alice)
    url = reverse("reports:cancel", args=[document.pk])
    assert as_user(bob).post(url).status_code == 403
    seen: list[str] = []
    write = tasks.progress_of

    def cancelling(row: Any) -> Any:
        def told(percent: int, message: str) -> None:
            seen.append(message)
            if len(seen) == 3:
                assert client.post(url).status_code == 302
            write(row)(percent, message)

        return told

    monkeypatch.setattr(tasks, "progress_of", cancelling)
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    assert (document.state, document.reason) == (Document.State.FAILED, "Cancelled by Alice.")
    assert len(seen) == 3
    assert not document.file
    assert b"Try again" in client.get(reverse("reports:status", args=[document.pk])).content
    again = request_document(version, "summary", alice)
    assert (again.pk, again.state) == (document.pk, Document.State.QUEUED)
