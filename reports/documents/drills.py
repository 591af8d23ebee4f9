"""Drill sheets: the calendar of rehearsals, and for each drill a page to take along, to fill in and to sign."""

from __future__ import annotations

from reports.content import Content
from reports.documents.base import NOTHING, Beside, Section
from reports.drill_content import plans_of

TITLE = "Drill sheets"
TEXT = "A page for each rehearsal of a restore, with steps, commands, expected times and pass criteria, to fill in and to sign."
CONTENTS = True
NEEDS = ""
FOLDER = "reports/documents/drills"


def sections(content: Content, beside: Beside = NOTHING) -> list[Section]:
    """The calendar and the rules first; then the sheets, each on a page of its own."""
    plans = plans_of(content.document, content.workloads)
    sheets = tuple(
        Section(sheet.id, sheet.title, f"{FOLDER}/sheet.html", {"sheet": sheet, "plan": plan}) for plan in plans for sheet in plan.sheets
    )
    return [Section("calendar", "Calendar and sheets", f"{FOLDER}/calendar.html", {"plans": plans}, children=sheets)]
