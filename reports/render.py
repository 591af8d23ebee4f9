"""A design as a PDF: sections from templates, laid out in chunks, joined, stamped, then marked as archival and accessible.

The same design and the same arguments give the same bytes: no date, no random identifier, nothing of the machine's.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any, ParamSpec

import pikepdf
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from weasyprint.urls import FatalURLFetchingError

from recommendations.design import Design
from reports.attachments import Attached, attached_to
from reports.brand import DEFAULT, NAME, Brand
from reports.content import Content, content_of
from reports.documents import KINDS
from reports.documents.base import Beside, Section, numbered, walk
from reports.languages import DEFAULT as ENGLISH
from reports.languages import LANGUAGES
from reports.pdf.chunks import Chunk, Laid, NoStore, Store, Typesetter
from reports.pdf.fonts import SharedFonts
from reports.pdf.joining import Joiner
from reports.pdf.seal import sealed
from reports.pdf.stamps import stamp
from reports.plain import cleaned, plain
from reports.records import MISSING
from reports.reopen import ATTACHMENT
from reports.wording import day_text, speaking, tr

P = ParamSpec("P")
Progress = Callable[[int, str], None]
PREPARED, LAID_OUT, JOINED = 10, 85, 95
TOGETHER = 3  # short sections of an appendix that share a chunk
DATE = "D:20000101000000Z"


class RenderError(RuntimeError):
    """The document cannot be made; the message says why, for people."""


def in_language(write: Callable[P, bytes]) -> Callable[P, bytes]:
    """Templates and texts speak the `language` that a document is asked for in."""

    @wraps(write)
    def written(*args: P.args, **more: P.kwargs) -> bytes:
        language = str(more.get("language", ENGLISH))
        if language not in LANGUAGES:
            raise RenderError(f"There is no document in {language!r}; there is: {', '.join(LANGUAGES)}.")
        with translation.override(language), speaking(language):
            return write(*args, **more)

    return written


@in_language
def render_document(
    design: Design,
    kind: str,
    *,
    progress: Progress | None = None,
    approval: Mapping[str, Any] | None = None,
    organisation: str = "",
    version: int | None = None,
    store: Store | None = None,
    brand: Brand = DEFAULT,
    language: str = ENGLISH,
    older: Design | None = None,
    built: Mapping[str, Any] | None = None,
) -> bytes:
    """The PDF of a design.

    `kind`: a key of `reports.documents.KINDS`. `progress` is called with (percent, sentence). `approval`: {by, at, digest};
    without it the document is marked as a draft. `organisation` and `version` stand on the cover. `store` keeps laid out chunks, so
    that the next version lays out only what changed; the bytes are the same without it. `brand` and `language`
    change the look and the words, never the design. `older`: what a redline compares with;
    `built`: what an as-built report prints (`reports.documents.as_built`). Raises RenderError.
    """
    report = progress or (lambda percent, sentence: None)
    beside = beside_of(design, kind, approval, older, built)
    approval, organisation = beside.approval, plain(organisation)
    brand = replace(brand, cover_text=plain(brand.cover_text))
    report(0, "Reading the design")
    content = content_of(design.document)
    cover = {
        "title": tr(KINDS[kind].TITLE),
        "kind": kind,
        "contents": KINDS[kind].CONTENTS,
        "approval": {**approval, "at": day_text(str(approval["at"]))} if approval else None,
        "organisation": organisation,
        "version": version,
        "brand": brand,
    }
    sections = numbered(KINDS[kind].sections(content, beside))
    chunks = chunks_of(content, sections, cover, report)
    kept = store or NoStore()
    typesetter = Typesetter(
        {**content.drawings, NAME: brand.logo},
        kind if cover["contents"] else f"{kind} short",
        page_head(content.customer, bare_first=not cover["contents"]) + brand.style,
        language,
        kept,
    )
    try:
        laid = lay_out(chunks, typesetter, render_to_string("reports/documents/head.html", {"content": content, **cover}), report)
    except FatalURLFetchingError as error:
        raise RenderError(str(error)) from error
    if typesetter.refused:
        raise RenderError(typesetter.refused[0])
    report(LAID_OUT, "Joining the pages")
    more = attached_to(design) if kind == "design" else []
    data = join(laid, sections, SharedFonts(kept), mark_of(approval, version, content.rules_version), design, more, report)
    report(100, "Done")
    return data


def beside_of(
    design: Design, kind: str, approval: Mapping[str, Any] | None, older: Design | None, built: Mapping[str, Any] | None
) -> Beside:
    """What is printed beside a design, fit for print.

    Raises RenderError for an unknown kind, a missing record, and an approval of another design.
    """
    if kind not in KINDS:
        raise RenderError(f"There is no document {kind!r}; there is: {', '.join(KINDS)}.")
    if approval and approval["digest"] != design.digest:
        raise RenderError("The approval is of another design: the digests differ.")
    beside = Beside(cleaned(approval), older.document if older else None, cleaned(built))
    if KINDS[kind].NEEDS and getattr(beside, KINDS[kind].NEEDS) is None:
        raise RenderError(MISSING[KINDS[kind].NEEDS])
    return beside


def chunks_of(content: Content, sections: Sequence[Section], cover: Mapping[str, Any], report: Progress) -> list[Chunk]:
    """The document in chunks: cover and contents, then sections. A document that flows without page breaks is one chunk."""
    every = list(walk(sections))
    parts: dict[str, SafeString] = {}
    for place, section in enumerate(every, 1):
        report(PREPARED * place // len(every), f"Writing {section.number} {section.title}")
        parts[section.id] = section_text(content, section)
    front = render_to_string("reports/documents/cover.html", {"content": content, **cover})
    if not cover["contents"]:
        return [Chunk(str(cover["title"]), front + "".join(section_html(section, parts) for section in sections))]
    contents = render_to_string("reports/documents/contents.html", {"sections": sections})
    chunks = [Chunk("cover", front), Chunk("contents", contents)]
    for one in sections:
        made = [Chunk(title, html) for title, html in pieces(one, parts)]
        if one.follows:
            chunks[-1] = Chunk(chunks[-1].title, chunks[-1].html + made.pop(0).html)
        chunks += made
    return chunks


def pieces(section: Section, parts: Mapping[str, SafeString]) -> Iterable[tuple[str, str]]:
    """A section as chunks: its children one by one where each begins a page, else some together. The first goes with the heading."""
    size = TOGETHER if section.appendix else 1
    groups = [section.children[start : start + size] for start in range(0, len(section.children), size)]
    yield section.label, section_html(section, parts, groups[0] if groups else ())
    for group in groups[1:]:
        yield group[0].label, render_to_string("reports/documents/continued.html", {"section": section, "children": joined(group, parts)})


def joined(sections: Iterable[Section], parts: Mapping[str, SafeString]) -> SafeString:
    return mark_safe("".join(section_html(one, parts, one.children) for one in sections))  # noqa: S308 - joined from rendered templates


def section_text(content: Content, section: Section) -> SafeString:
    """The HTML below a section's heading, without its children."""
    return render_to_string(section.template, {"content": content, "section": section, **section.context})


def section_html(section: Section, parts: Mapping[str, SafeString], children: Sequence[Section] | None = None) -> SafeString:
    """A section with its children (by default all), as one element."""
    inner = joined(section.children if children is None else children, parts)
    return render_to_string("reports/documents/section.html", {"section": section, "text": parts[section.id], "children": inner})


def lay_out(chunks: Sequence[Chunk], typesetter: Typesetter, head: str, report: Progress) -> list[Laid]:
    """All chunks as PDF. What prints page numbers is laid out again once they are known, until they stay as they are."""
    laid: list[Laid] = []
    for place, chunk in enumerate(chunks):
        report(PREPARED + (LAID_OUT - PREPARED) * place // len(chunks), f"Laying out {chunk.title}")
        laid.append(typesetter.lay_out(chunk.linked(), head if place == 0 else ""))
    numbers: dict[str, int] = {}
    while (found := page_numbers(laid)) != numbers:
        numbers = found
        for place, chunk in enumerate(chunks):
            if chunk.needs_pages:
                laid[place] = typesetter.lay_out(chunk.linked(numbers), head if place == 0 else "")
    return laid


def page_numbers(laid: Sequence[Laid]) -> dict[str, int]:
    """The page, from 1, on which each anchor stands."""
    found: dict[str, int] = {}
    start = 1
    for one in laid:
        found |= {name: start + page for name, page in one.anchors}
        start += one.pages
    return found


def join(
    laid: Sequence[Laid],
    sections: Sequence[Section],
    fonts: SharedFonts,
    mark: str,
    design: Design,
    more: Sequence[Attached],
    report: Progress,
) -> bytes:
    """One file of all chunks, with the foot on every page and the design inside."""
    joiner = Joiner(laid[0].data, fonts)
    for one in laid[1:]:
        joiner.add(one.data)
    stamp(joiner.pdf, fonts, mark, design.digest)
    pdf = joiner.finish(sections)
    report(JOINED, "Checking and sealing the file")
    attach(pdf, design, more)
    return sealed(finished(pdf))


def mark_of(approval: Mapping[str, Any] | None, version: int | None, rules: str) -> str:
    """`Draft – not approved · Version 3 · rules 1`."""
    state = tr("Approved") if approval else tr("Draft – not approved")
    parts = [state, *([f"{tr('Version')} {version}"] if version else []), f"{tr('rules')} {rules}"]
    return " · ".join(parts)


def page_head(customer: str, *, bare_first: bool = False) -> str:
    """The customer's name at the head of every page, as a style of the page: every character but letters and digits is escaped.

    Nothing stands at the head of a cover; `bare_first`: nor of the first page, where a document begins on it.
    """
    text = "".join(letter if letter.isascii() and letter.isalnum() else f"\\{ord(letter):x} " for letter in customer)
    nothing = "{ @top-left { content: none } @top-right { content: none } }"
    first = f" @page :first {nothing}" if bare_first else ""
    return f'<style>@page {{ @top-left {{ content: "{text}" }} }} @page cover {nothing}{first}</style>'


def attach(pdf: pikepdf.Pdf, design: Design, more: Iterable[Attached]) -> None:
    """The design, and `more`, as associated files; PDF/A-3 wants to know how each relates to the document."""
    own = Attached(ATTACHMENT, "application/json", "The design that this document prints", design.text().encode())
    for one in (own, *more):
        pdf.attachments[one.name] = pikepdf.AttachedFileSpec(
            pdf,
            one.content,
            description=one.description,
            filename=one.name,
            mime_type=one.media_type,
            creation_date=DATE,
            mod_date=DATE,
            relationship=pikepdf.Name.Source if one is own else pikepdf.Name.Alternative,
        )
    pdf.Root.AF = pikepdf.Array([pdf.attachments[one.name].obj for one in (own, *more)])


def finished(pdf: pikepdf.Pdf) -> bytes:
    """Says in the metadata that the file is PDF/UA-1 beside PDF/A-3, and makes its identifiers a function of its content."""
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        metadata["pdfuaid:part"] = "1"
        for name in ("xmpMM:DocumentID", "xmpMM:InstanceID"):
            if name in metadata:
                del metadata[name]
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()
