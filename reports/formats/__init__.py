"""Other formats of a design than the PDF: one module each, a pure function of the design. The same design gives the same bytes.

A module gives `TITLE`, `TEXT` (what it is for), `SUFFIX` (of the file's name), `MEDIA_TYPE` and `write(design) -> bytes`.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from recommendations.design import Design
from reports.attachments import Attached
from reports.formats import component_definition, lens, resiliency_policies, text_document, workbook


class Format(Protocol):
    """What a module of a format offers."""

    TITLE: str
    TEXT: str
    SUFFIX: str
    MEDIA_TYPE: str

    def write(self, design: Design) -> bytes: ...


FORMATS: Mapping[str, Format] = {
    "xlsx": workbook,
    "docx": text_document,
    "resilience-hub": resiliency_policies,
    "oscal": component_definition,
    "lens": lens,
}


def file_name(design: Design, name: str) -> str:
    """`northwind-clinics-0ea6c4f7.xlsx`: customer and the digest's first eight digits."""
    return f"{design.document['engagement']['slug']}-{design.digest[:8]}{FORMATS[name].SUFFIX}"


def inside(design: Design) -> Iterator[Attached]:
    """The formats that the design document carries inside."""
    for name in ("resilience-hub", "oscal", "lens"):
        one = FORMATS[name]
        yield Attached(f"design{one.SUFFIX}", one.MEDIA_TYPE, one.TITLE, one.write(design))
