"""The design document: what the customer approves."""

from __future__ import annotations

from reports.content import Content
from reports.documents.base import NOTHING, Beside, Section
from reports.documents.terms import STANDARDS, TERMS

TITLE = "Storage, backup and recovery design"
TEXT = "Everything: what was decided and why, drawings, recovery, cost, findings, all answers. This is what the customer approves."
CONTENTS = True
NEEDS = ""
FOLDER = "reports/documents/design"


def sections(content: Content, beside: Beside = NOTHING) -> list[Section]:
    """The design in reading order: for the executive first, for the engineer after, the record last."""
    fronts = content.choices.fronts if content.choices else {}
    workloads = tuple(
        Section(w.anchor, w.name, f"{FOLDER}/workload.html", {"workload": w, "ordinal": n, "front": fronts.get(w.key)})
        for n, w in enumerate(content.workloads, 1)
    )
    scopes = tuple(
        Section(f"answers-{n}", scope.name, f"{FOLDER}/answers_scope.html", {"scope": scope, "customer": n == 0})
        for n, scope in enumerate(content.scopes)
    )
    return [
        Section("summary", "Summary", f"{FOLDER}/summary.html"),
        Section("architecture", "Architecture", f"{FOLDER}/architecture.html"),
        Section("workloads", "Workloads", f"{FOLDER}/workloads.html", children=workloads),
        Section("recovery", "Recovery against objectives", f"{FOLDER}/recovery.html"),
        Section("costs", "Cost", f"{FOLDER}/costs.html"),
        *([Section("options", "Options", f"{FOLDER}/options.html", follows=True)] if content.choices else []),
        *([Section("overrides", "Overrides", f"{FOLDER}/overrides.html", follows=True)] if content.overrides else []),
        Section("findings", "Findings", f"{FOLDER}/findings.html"),
        *judgements(content),
        Section("build", "What is built, and what is handed over", f"{FOLDER}/build.html"),
        Section("answers", "Answers", f"{FOLDER}/answers.html", children=scopes, appendix=True),
        Section("points", "Assumptions and open points", f"{FOLDER}/points.html", appendix=True),
        Section("terms", "Terms and standards", f"{FOLDER}/terms.html", {"terms": TERMS, "standards": STANDARDS}, appendix=True),
        Section("record", "About this document", f"{FOLDER}/record.html", appendix=True, follows=True),
    ]


def judgements(content: Content) -> list[Section]:
    """What the design is worth by pillar, what its demands do to each other, and what it supports of the rules that apply."""
    found = []
    if content.pillars:
        found.append(Section("pillars", "Maturity by pillar", f"{FOLDER}/pillars.html"))
    if content.conflicts:
        found.append(Section("conflicts", "Demands against each other", f"{FOLDER}/conflicts.html", follows=True))
    if content.regimes:
        found.append(Section("compliance", "Compliance", f"{FOLDER}/compliance.html", follows=True))
    return found
