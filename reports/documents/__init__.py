"""The kinds of document: one module and one template folder each, on the common base.

A module gives `TITLE`, `TEXT` (what it is for), `CONTENTS` (whether it has a list of contents; one without is short and flows without page
breaks), `NEEDS` (the member of `Beside` without which there is none, or nothing) and `sections(content, beside)`.
"""

from collections.abc import Mapping
from typing import Protocol

from reports.content import Content
from reports.documents import as_built, certificate, design, drills, operations, redline, summary
from reports.documents.base import NOTHING, Beside, Section


class Kind(Protocol):
    """What a module of a document kind offers."""

    TITLE: str
    TEXT: str
    CONTENTS: bool
    NEEDS: str

    def sections(self, content: Content, beside: Beside = NOTHING) -> list[Section]: ...


KINDS: Mapping[str, Kind] = {
    "design": design,
    "summary": summary,
    "operations": operations,
    "drills": drills,
    "redline": redline,
    "certificate": certificate,
    "as-built": as_built,
}
TITLES: Mapping[str, str] = {kind: module.TITLE for kind, module in KINDS.items()}
