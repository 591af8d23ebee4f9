"""The as-built report for an evidence pack: `as_built_pdf(design, built)`; what `built` holds: `reports.documents.as_built`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recommendations.design import Design


def as_built_pdf(design: Design, built: Mapping[str, Any], *, approval: Mapping[str, Any] | None = None, organisation: str = "") -> bytes:
    """The PDF's bytes; the same arguments give the same bytes. `approval` is {by, at, digest}. Raises reports.render.RenderError."""
    # The layout engine is loaded by those who need it.
    from reports.render import render_document

    return render_document(design, "as-built", built=built, approval=approval, organisation=organisation)
