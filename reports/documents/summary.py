"""The executive summary: what changes, what it costs, what is still open, on two to five pages."""

from __future__ import annotations

from reports.content import Content
from reports.documents.base import NOTHING, Beside, Section

TITLE = "Executive summary"
TEXT = "Two to four pages for those who decide: what changes, what it costs, what is still open."
CONTENTS = False
NEEDS = ""
FOLDER = "reports/documents/summary"


def sections(content: Content, beside: Beside = NOTHING) -> list[Section]:
    """The order lets each page be full: words and money, then time and the decision, then the picture."""
    maturity = [Section("pillars", "How mature it is", f"{FOLDER}/pillars.html")] if content.radar else []
    return [
        Section("summary", "In short", f"{FOLDER}/short.html"),
        Section("costs", "What it costs", f"{FOLDER}/costs.html"),
        Section("recovery", "How soon it is back", f"{FOLDER}/recovery.html"),
        Section("decision", "What is asked of you", f"{FOLDER}/decision.html", {"gravest": content.grave[:5]}),
        *maturity,
        Section("protection", "How the data is kept", f"{FOLDER}/protection.html"),
    ]
