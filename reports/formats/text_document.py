"""The design document as DOCX. What writes it is loaded when it is asked for: it brings the layout engine with it."""

from __future__ import annotations

from recommendations.design import Design

TITLE = "Word document"
TEXT = "The design document to be edited further, for Word or LibreOffice. What is approved stays the PDF."
SUFFIX = ".docx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write(design: Design) -> bytes:
    """The DOCX's bytes."""
    from reports.formats.docx_document import docx_of

    return docx_of(design)
