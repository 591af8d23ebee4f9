"""The operations guide: whom to call, what to do when, what to do if, and how to bring each workload back."""

from __future__ import annotations

from reports.content import Content
from reports.documents.base import NOTHING, Beside, Section
from reports.documents.procedures import FAILURES, ROUTINES

TITLE = "Operations guide"
TEXT = "For those who run it: contacts, calendar, routine tasks, what to do on an alarm, and a restore runbook for each workload."
CONTENTS = True
NEEDS = ""
FOLDER = "reports/documents/operations"


def sections(content: Content, beside: Beside = NOTHING) -> list[Section]:
    """Runbooks come before routine: this document is opened in an emergency."""
    runbooks = tuple(Section(w.anchor, w.name, f"{FOLDER}/runbook.html", {"workload": w}) for w in content.workloads)
    kinds = {resource.type for resource in content.resources}
    failures = [failure for failure in FAILURES if failure.needs is None or failure.needs in kinds]
    return [
        Section("contacts", "In an emergency", f"{FOLDER}/contacts.html"),
        Section("runbooks", "Restore runbooks", f"{FOLDER}/runbooks.html", children=runbooks),
        Section("failures", "What to do on an alarm", f"{FOLDER}/procedures.html", {"procedures": failures}),
        Section("calendar", "Calendar", f"{FOLDER}/calendar.html"),
        Section("routines", "Routine tasks", f"{FOLDER}/procedures.html", {"procedures": ROUTINES}),
        Section("handover", "Left to you", f"{FOLDER}/handover.html"),
    ]
