"""The approval certificate: what was approved, by whom and when, on what conditions, what stays open with it, and who accepted what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.content import Content
from reports.documents.base import NOTHING, Beside, Section
from reports.sentences import told
from reports.wording import day_text, tr

TITLE = "Approval certificate"
TEXT = "One or two pages for the file: what was approved, by whom, when, with what conditions, and which findings stay open."
CONTENTS = False
NEEDS = "approval"
FOLDER = "reports/documents/certificate"
# Settings that cannot be taken back once applied, by value as AWS calls it: Object Lock and Vault Lock in compliance mode.
FOR_GOOD = "COMPLIANCE"
# Findings that a certificate lists, so that it stays on two pages; the design document has them all.
MOST, LEAST = 11, 5


def sections(content: Content, beside: Beside = NOTHING) -> list[Section]:
    """What was approved and what came with it.

    `beside.approval`: {by, at, digest} and, where known, `comment`, `documents` and `hazards` (`reports.records`).
    """
    approval = dict(beside.approval or {})
    approval["at"] = day_text(str(approval.get("at", "")))
    approval["documents"] = [{**one, "title": tr(one.get("title") or one["kind"])} for one in approval.get("documents") or ()]
    hazards = [hazard_of(one) for one in approval.get("hazards") or ()]
    residual = [one for one in content.findings if one.severity in ("critical", "high")]
    lasting = for_good(content)
    residual = residual[: max(LEAST, MOST - len(lasting) - len(content.overrides) - len(hazards) - len(approval["documents"]))]
    others = len(content.findings) - len(residual)
    parts = {"approval": approval, "findings": residual, "others": others, "for_good": lasting, "hazards": hazards}
    return [
        Section("approval", "What is approved", f"{FOLDER}/approval.html", parts),
        Section("accepted", "What is accepted with it", f"{FOLDER}/accepted.html", parts),
    ]


def hazard_of(one: Mapping[str, Any]) -> dict[str, str]:
    """A hazard: by whom it was accepted, when, in the plan for which place. Its sentence stays in the words that were accepted."""
    return {
        "sentence": str(one["sentence"]),
        "name": str(one["name"]),
        "at": day_text(str(one.get("at") or "")),
        "plan": ", ".join(told(str(one[part])) for part in ("plan", "place") if one.get(part)),
    }


def for_good(content: Content) -> list[tuple[str, str, str]]:
    """(workload or whole engagement, setting, decision) of what nobody can take back once it is applied."""
    scopes: list[tuple[str, Any]] = [
        (tr("Whole engagement"), content.document),
        *((one["name"], one) for one in content.document["workloads"]),
    ]
    return [
        (name, tr(setting["label"]), told(setting["display"]))
        for name, part in scopes
        for setting in part["settings"]
        if FOR_GOOD in str(setting["value"]).upper()
    ]
