"""A design as a PDF: sections from templates, pages by WeasyPrint, then marks that make it archival, accessible and reproducible.

The same design and the same arguments give the same bytes: no date, no random identifier, nothing of the machine's.
"""

from __future__ import annotations

import datetime
import io
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pikepdf
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from recommendations.design import Design
from reports.assets import LockedFetcher
from reports.content import Content, content_of
from reports.documents import KINDS
from reports.documents.base import Section, numbered, walk
from reports.reopen import ATTACHMENT

Progress = Callable[[int, str], None]
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
PREPARED, LAID_OUT, DRAWN = 15, 80, 95


class RenderError(RuntimeError):
    """The document cannot be made; the message says why, for people."""


def render_document(
    design: Design,
    kind: str,
    *,
    progress: Progress | None = None,
    approval: Mapping[str, Any] | None = None,
    organisation: str = "",
    version: int | None = None,
) -> bytes:
    """The PDF of a design.

    `kind`: a key of `reports.documents.KINDS`. `progress` is called with (percent, sentence). `approval`: {by, at, digest};
    without it the document is marked as a draft. `organisation` and `version` stand on the cover. Raises RenderError.
    """
    report = progress or (lambda percent, sentence: None)
    if kind not in KINDS:
        raise RenderError(f"There is no document {kind!r}; there is: {', '.join(KINDS)}.")
    if approval and approval["digest"] != design.digest:
        raise RenderError("The approval is of another design: the digests differ.")
    report(0, "Reading the design")
    content = content_of(design.document)
    cover = {
        "title": KINDS[kind].TITLE,
        "kind": kind,
        "contents": KINDS[kind].CONTENTS,
        "approval": approval,
        "organisation": organisation,
        "version": version,
    }
    html = page_html(content, kind, cover, report)
    try:
        data = write_pdf(html, content, design, expected_pages(content), report)
    except FatalURLFetchingError as error:
        raise RenderError(str(error)) from error
    report(DRAWN, "Checking and sealing the file")
    data = finish(data)
    report(100, "Done")
    return data


def page_html(content: Content, kind: str, cover: Mapping[str, Any], report: Progress) -> str:
    """The whole document as HTML, section by section."""
    sections = numbered(KINDS[kind].sections(content))
    every = list(walk(sections))
    parts: dict[str, SafeString] = {}
    for place, section in enumerate(every, 1):
        report(PREPARED * place // len(every), f"Writing {section.number} {section.title}")
        parts[section.id] = section_text(content, section)
    body = mark_safe("".join(section_html(section, parts) for section in sections))  # noqa: S308 - joined from rendered templates
    return render_to_string("reports/documents/base.html", {"content": content, "sections": sections, "body": body, **cover})


def section_text(content: Content, section: Section) -> SafeString:
    """The HTML below a section's heading, without its children."""
    return render_to_string(section.template, {"content": content, "section": section, **section.context})


def section_html(section: Section, parts: Mapping[str, SafeString]) -> SafeString:
    """A section with its children, as one element."""
    inner = mark_safe("".join(section_html(child, parts) for child in section.children))  # noqa: S308 - joined from rendered templates
    return render_to_string("reports/documents/section.html", {"section": section, "text": parts[section.id], "children": inner})


def expected_pages(content: Content) -> int:
    return 12 + 4 * len(content.workloads)


def write_pdf(html: str, content: Content, design: Design, pages: int, report: Progress) -> bytes:
    fonts = FontConfiguration()
    fetcher = LockedFetcher(content.drawings)
    source = HTML(string=html, base_url="asset:/", url_fetcher=fetcher)
    attachment = Attachment(
        string=design.text().encode(),
        name=ATTACHMENT,
        description="The design that this document prints",
        created=EPOCH,
        modified=EPOCH,
        relationship="Source",
    )
    with page_progress(pages, report):
        document = source.render(font_config=fonts, pdf_variant="pdf/a-3u")
        report(LAID_OUT, f"Drawing {len(document.pages)} pages")
        result = document.write_pdf(pdf_variant="pdf/a-3u", pdf_tags=True, attachments=[attachment])
    if fetcher.refused:
        raise RenderError(fetcher.refused[0])
    return bytes(result)


class PageHandler(logging.Handler):
    """Turns WeasyPrint's own progress lines of this thread into ours; it lays pages out in one or more passes."""

    def __init__(self, pages: int, report: Progress) -> None:
        super().__init__()
        self.pages, self.report, self.thread, self.best = pages, report, threading.get_ident(), PREPARED

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage().split()
        if threading.get_ident() != self.thread or "Page" not in words or not words[-1].isdigit():
            return
        page = int(words[-1])
        percent = PREPARED + (LAID_OUT - PREPARED) * min(page, self.pages) // (self.pages + 1)
        if percent > self.best:
            self.best = percent
            self.report(percent, f"Laying out page {page}")


@contextmanager
def page_progress(pages: int, report: Progress) -> Iterator[None]:
    logger = logging.getLogger("weasyprint.progress")
    handler = PageHandler(pages, report)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate


def finish(data: bytes) -> bytes:
    """Says in the metadata that the file is PDF/UA-1 beside PDF/A-3, and makes its identifiers a function of its content."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["pdfuaid:part"] = "1"
            for name in ("xmpMM:DocumentID", "xmpMM:InstanceID"):
                if name in metadata:
                    del metadata[name]
        target = io.BytesIO()
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return target.getvalue()
