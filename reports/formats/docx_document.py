"""The design document as DOCX, for consultants who have to edit: the same sections and drawings as the PDF, from the same templates.

What is signed stays the PDF: the file says so, and carries the digest of the design that it started from.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Mapping

import pypdfium2
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from recommendations.design import Design
from reports.assets import LockedFetcher
from reports.content import content_of
from reports.documents import KINDS
from reports.documents.base import numbered, walk
from reports.formats.docx_writer import DocxWriter
from reports.render import section_text

MADE = datetime.datetime(2000, 1, 1)  # the format has no zone; no date of today stands in the file
ZIPPED = (2000, 1, 1, 0, 0, 0)
SIZE = re.compile(r'width="(\d+)" height="(\d+)"')  # of the drawing's root, as our sheet writes it
SHARPNESS = 2  # pixels of a picture for each CSS pixel


def docx_of(design: Design) -> bytes:
    """The DOCX's bytes."""
    content = content_of(design.document)
    pictures = Pictures(content.drawings)
    writer = DocxWriter(pictures.picture)
    module = KINDS["design"]
    writer.document.core_properties.title = f"{module.TITLE} – {content.customer}"
    writer.document.core_properties.subject = f"Design {content.digest}"
    writer.document.core_properties.author = writer.document.core_properties.last_modified_by = "Stowplan"
    writer.document.core_properties.created = writer.document.core_properties.modified = MADE
    writer.document.sections[0].footer.paragraphs[
        0
    ].text = f"Editable copy of design {content.digest}. What is approved is the PDF of the same digest."
    writer.document.add_heading(module.TITLE, 0)
    writer.paragraph(content.customer, "Subtitle")
    writer.paragraph(content.headline)
    writer.field('TOC \\o "1-2" \\h \\z \\u', "Contents: press F9 in Word, or update all indexes in LibreOffice.")
    for section in walk(numbered(module.sections(content))):
        label = f"Appendix {section.number}" if section.appendix else section.number
        writer.heading(f"{label} {section.title}", section.level)
        writer.fragment(section_text(content, section), section.level)
    target = io.BytesIO()
    writer.document.save(target)
    return repacked(target.getvalue())


class Pictures:
    """Drawings as PNG: Word shows no SVG in its older versions. Drawn by the same engine and fonts as in the PDF."""

    def __init__(self, drawings: Mapping[str, str]) -> None:
        self.drawings = drawings
        self.fonts = FontConfiguration()

    def picture(self, name: str) -> tuple[bytes, int]:
        """(PNG, width in CSS pixels); empty for a name that is no drawing."""
        found = SIZE.search(self.drawings.get(name, ""))
        if not found:
            return b"", 0
        wide, high = int(found[1]), int(found[2])
        head = '<link rel="stylesheet" href="asset:styles/picture.css">'
        sheet = f'<html lang="en"><head>{head}</head><body><img src="{name}" alt=""></body></html>'
        source = HTML(string=sheet, base_url="asset:/", url_fetcher=LockedFetcher(self.drawings))
        pdf = source.write_pdf(font_config=self.fonts, stylesheets=[CSS(string=f"@page {{ size: {wide}px {high}px }}")])
        with pypdfium2.PdfDocument(pdf) as document:
            # A point of the PDF is 4/3 of a CSS pixel.
            image = document[0].render(scale=SHARPNESS * 4 / 3).to_pil()
        made = io.BytesIO()
        image.save(made, "PNG", optimize=True)
        return made.getvalue(), wide


def repacked(data: bytes) -> bytes:
    """The same package with a fixed date on every part: the same design gives the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for item in given.infolist():
            made.writestr(zipfile.ZipInfo(item.filename, ZIPPED), given.read(item), zipfile.ZIP_DEFLATED)
    return target.getvalue()
