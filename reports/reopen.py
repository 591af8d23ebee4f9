"""Opens a document of ours again: the design attached inside says all that was answered."""

from __future__ import annotations

import io
import json
import zlib

import pikepdf

from assessment.engagement import Engagement, EngagementErrors, Problem, engagement_from_document
from recommendations.design import Design, DesignError, load_design

ATTACHMENT = "design.json"  # name of the file that every document carries
SIGN = b"%PDF-"
DESIGN_LIMIT = 64 * 1024 * 1024  # bytes of design.json once unpacked


class ReopenError(ValueError):
    """A PDF that is no document of ours, or one whose design was changed. The message says which."""


def design_in(data: bytes) -> Design:
    """The design attached to a document. Raises ReopenError, also where a digest or any byte of the file is not what it was."""
    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            packed = [file.get_file().obj for name, file in document.attachments.items() if name == ATTACHMENT]
            if len(packed) != 1:
                raise ReopenError(f"this PDF has {len(packed) or 'no'} {ATTACHMENT} inside; a document of Stowplan has one")
            content = unpacked(packed[0])
        design = load_design(json.loads(content))
    except (pikepdf.PdfError, zlib.error) as error:
        raise ReopenError(f"the PDF is damaged: {error}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ReopenError(f"{ATTACHMENT} inside is damaged: {error}") from error
    except DesignError as error:
        raise ReopenError(f"{ATTACHMENT} inside: {error}") from error
    # The library for signatures is loaded by those who need it.
    from reports.pdf.signing import is_whole

    if not is_whole(data):
        raise ReopenError("the file is not as Stowplan wrote it: some of its bytes were changed, or another program saved it again")
    return design


def unpacked(stream: pikepdf.Object) -> bytes:
    """The bytes of a plain or deflated stream, never more than DESIGN_LIMIT."""
    raw, packing = stream.read_raw_bytes(), stream.get("/Filter")
    if packing is None:
        content = raw
    elif packing == pikepdf.Name.FlateDecode:
        content = zlib.decompressobj().decompress(raw, DESIGN_LIMIT + 1)
    else:
        raise ReopenError(f"{ATTACHMENT} inside is packed in an unknown way")
    if len(content) > DESIGN_LIMIT:
        raise ReopenError(f"{ATTACHMENT} inside is larger than {DESIGN_LIMIT // 1024**2} MiB")
    return bytes(content)


def engagement_in(data: bytes) -> Engagement:
    """The engagement that a document's design was made from. Raises ReopenError."""
    try:
        return engagement_from_document(design_in(data).document["answers"])
    except EngagementErrors as error:
        raise ReopenError(f"the answers inside cannot be read any more: {error}") from error


def engagement_of_upload(data: bytes) -> Engagement:
    """The same for a form. Raises EngagementErrors."""
    try:
        return engagement_in(data)
    except ReopenError as error:
        raise EngagementErrors([Problem(1, "$", str(error))]) from error
