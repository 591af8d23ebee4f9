"""The redline: what a reader of an older version has to read of this one."""

from __future__ import annotations

from reports.content import Content
from reports.documents.base import NOTHING, Beside, Section
from reports.redline_content import redline_of

TITLE = "Redline"
TEXT = (
    "What this version adds, removes and changes against an older one, struck and underlined, with costs and objectives before and after."
)
CONTENTS = False
NEEDS = "older"
FOLDER = "reports/documents/redline"


def sections(content: Content, beside: Beside = NOTHING) -> list[Section]:
    """Figures first, then each part that has a difference. `beside.older` is the older design.json."""
    redline = redline_of(beside.older or content.document, content.document)
    parts = (
        ("answers", "Answers", redline.answers),
        ("settings", "Settings", redline.settings),
        ("findings", "Findings", redline.findings),
        ("resources", "AWS objects", redline.resources),
    )
    return [
        Section("differences", "What differs", f"{FOLDER}/figures.html", {"redline": redline}),
        *(Section(id_, title, f"{FOLDER}/changes.html", {"rows": rows}) for id_, title, rows in parts if rows),
    ]
