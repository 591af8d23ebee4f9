"""The kinds of document: one module and one template folder each, on the common base.

A module gives `TITLE`, `TEXT` (what it is for), `CONTENTS` (whether it has a list of contents) and `sections(content)`.
"""

from collections.abc import Mapping
from typing import Protocol

from reports.content import Content
from reports.documents import design, operations, summary
from reports.documents.base import Section


class Kind(Protocol):
    """What a module of a document kind offers."""

    TITLE: str
    TEXT: str
    CONTENTS: bool

    def sections(self, content: Content) -> list[Section]: ...


KINDS: Mapping[str, Kind] = {"design": design, "summary": summary, "operations": operations}
TITLES: Mapping[str, str] = {kind: module.TITLE for kind, module in KINDS.items()}
