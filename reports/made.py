"""All files that can be made of a design: the PDF documents and the other formats, under one name each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recommendations.design import Design
from reports.brand import DEFAULT, Brand
from reports.documents import KINDS
from reports.formats import FORMATS
from reports.languages import DEFAULT as ENGLISH

if TYPE_CHECKING:
    from reports.pdf.chunks import Store
    from reports.render import Progress


@dataclass(frozen=True)
class FileKind:
    """One kind of file: what people call it, what it is for, how its name ends and what a browser is told."""

    title: str
    text: str
    suffix: str
    media_type: str

    @property
    def is_pdf(self) -> bool:
        return self.suffix == ".pdf"


FILES: Mapping[str, FileKind] = {
    **{name: FileKind(one.TITLE, one.TEXT, ".pdf", "application/pdf") for name, one in KINDS.items()},
    **{name: FileKind(one.TITLE, one.TEXT, one.SUFFIX, one.MEDIA_TYPE) for name, one in FORMATS.items()},
}
FILE_TITLES: Mapping[str, str] = {name: one.title for name, one in FILES.items()}


def needs_of(kind: str) -> str:
    """What a kind prints beside the design (a member of `reports.documents.base.Beside`), or nothing."""
    return KINDS[kind].NEEDS if kind in KINDS else ""


def make_file(
    design: Design,
    kind: str,
    *,
    progress: Progress,
    approval: Mapping[str, Any] | None = None,
    organisation: str = "",
    version: int | None = None,
    store: Store | None = None,
    brand: Brand = DEFAULT,
    language: str = ENGLISH,
    older: Design | None = None,
    built: Mapping[str, Any] | None = None,
) -> bytes:
    """The bytes of a file in `FILES`. Only PDFs print an approval, have a brand and a language, and use a `store`.

    Raises RenderError as `render_document` does.
    """
    if kind not in FORMATS:
        # The layout engine is loaded by those who need it.
        from reports.render import render_document

        return render_document(
            design,
            kind,
            progress=progress,
            approval=approval,
            organisation=organisation,
            version=version,
            store=store,
            brand=brand,
            language=language,
            older=older,
            built=built,
        )
    progress(10, "Writing the file")
    return FORMATS[kind].write(design)
