"""One workload of a design as templates see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import display
from reports.answers import AnswerBook
from reports.drawings.lifecycle import lifecycle_drawing
from reports.drawings.recovery import Mark, recovery_drawing
from reports.drawings.svg import Drawing

Plain = Mapping[str, Any]


@dataclass(frozen=True)
class AnswerLink:
    """An answer that a rule read: its id, its value in short, where it is printed."""

    id: str
    value: str
    anchor: str


@dataclass(frozen=True)
class SettingView:
    """One setting with what decided it."""

    label: str
    value: str
    because: str
    table: str
    rule: str
    answers: tuple[AnswerLink, ...]


@dataclass(frozen=True)
class RecoveryView:
    """One disruption: what brings the data back, and what that gives against what was asked for."""

    disruption: str
    mechanism: str
    rpo: str
    rpo_target: str
    rpo_met: bool
    rto: str
    rto_target: str
    rto_met: bool
    steps: tuple[tuple[str, str], ...]
    note: str


@dataclass(frozen=True)
class RunnerView:
    """A lifecycle that was weighed and not taken."""

    steps: str
    cost: str
    reason: str


@dataclass(frozen=True)
class CostLine:
    item: str
    quantity: str
    unit: str
    price: str
    monthly: str
    source: str


@dataclass(frozen=True)
class FindingView:
    """A gap, how grave it is and what closes it."""

    severity: str
    pillar: str
    workload: str
    sentence: str
    fix: str


@dataclass(frozen=True)
class WorkloadView:
    """Everything that the section of one workload prints."""

    key: str
    name: str
    purpose: str
    anchor: str
    tier: str
    size: str
    place: str
    facts: tuple[tuple[str, str], ...]
    settings: tuple[SettingView, ...]
    lifecycle: Drawing | None
    lifecycle_name: str
    runners: tuple[RunnerView, ...]
    lifecycle_cost: str
    recovery: tuple[RecoveryView, ...]
    recovery_chart: Drawing | None
    recovery_name: str
    marks: tuple[Mark, ...]
    costs: tuple[CostLine, ...]
    monthly: str
    findings: tuple[FindingView, ...]
    resources: tuple[str, ...]

    @property
    def fact_rows(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The facts two by two, as the table prints them."""
        padded = (*self.facts, ("", "")) if len(self.facts) % 2 else self.facts
        return tuple(padded[place : place + 2] for place in range(0, len(padded), 2))

    @property
    def missed(self) -> int:
        return sum(not mark.met for mark in self.marks)

    @property
    def all_met(self) -> bool:
        return all(mark.met for mark in self.marks)


def workload_view(workload: Plain, number: int, document: Plain, book: AnswerBook) -> WorkloadView:
    """`number` counts from 1; anchors and drawing names are made from it, never from a name."""
    lifecycle = workload.get("lifecycle")
    marks = marks_of(workload)
    return WorkloadView(
        key=workload["key"],
        name=workload["name"],
        purpose=workload.get("purpose") or "",
        anchor=f"workload-{number}",
        tier=display.words(workload.get("tier") or ""),
        size=display.size_text(workload.get("size_bytes")),
        place=place_of(workload),
        facts=facts_of(workload, book),
        settings=tuple(setting_view(setting, workload["key"], book) for setting in workload["settings"]),
        lifecycle=lifecycle_drawing(workload["name"], lifecycle) if lifecycle else None,
        lifecycle_name=f"drawing:lifecycle-{number}",
        runners=tuple(runner_view(runner) for runner in (lifecycle or {}).get("runners_up") or ()),
        lifecycle_cost=display.money_text((lifecycle or {}).get("monthly_cost")),
        recovery=tuple(recovery_view(entry) for entry in workload.get("recovery") or ()),
        recovery_chart=recovery_drawing(f"Recovery of {workload['name']}", marks),
        recovery_name=f"drawing:recovery-{number}",
        marks=marks,
        costs=tuple(cost_line(line) for line in workload.get("costs") or ()),
        monthly=display.money_text(workload.get("monthly_cost")),
        findings=findings_of(document, workload["key"]),
        resources=tuple(r["key"] for r in document["resources"] if workload["key"] in (r.get("workloads") or ())),
    )


def place_of(workload: Plain) -> str:
    kind = display.words(workload.get("kind") or "")
    return f"{kind}, {display.words(workload.get('where') or '').lower().replace('aws', 'in AWS')}"


def facts_of(workload: Plain, book: AnswerBook) -> tuple[tuple[str, str], ...]:
    """The figures at the head of the section; what is not known is left out."""
    goals = workload.get("objectives") or {}
    scope = book.tree.scope(workload["key"]) if workload["key"] in book.places else None
    owner = scope.value("wl_owner") if scope else None
    account = workload.get("account_alias") or display.words(workload.get("account_role") or "")
    pairs = (
        ("Kind", place_of(workload)),
        ("Recovery tier", display.words(workload.get("tier") or "")),
        ("Size", display.size_text(workload.get("size_bytes"))),
        ("Account and Region", f"{account}, {workload.get('region') or ''}"),
        ("Owner", (owner or {}).get("name", "")),
        ("Recovery time, data loss", f"{display.duration_text(goals.get('rto'))}, {display.duration_text(goals.get('rpo'))}"),
        (
            "After the loss of a Region",
            f"{display.duration_text(goals.get('region_rto'))}, {display.duration_text(goals.get('region_rpo'))}",
        ),
        ("Cost a month", display.money_text(workload.get("monthly_cost"))),
    )
    return tuple((label, value) for label, value in pairs if value and value != display.NOTHING)


def setting_view(setting: Plain, key: str | None, book: AnswerBook) -> SettingView:
    links = tuple(
        AnswerLink(name, book.short(key, name), book.anchor(key, name)) for name in setting.get("answers") or () if book.known(name)
    )
    return SettingView(
        setting["label"], setting["display"], setting.get("because") or "", setting.get("table") or "", setting.get("rule") or "", links
    )


def recovery_view(entry: Plain) -> RecoveryView:
    return RecoveryView(
        disruption=display.disruption_text(entry["disruption"]),
        mechanism=entry.get("mechanism") or "",
        rpo=display.duration_text(entry.get("rpo")),
        rpo_target=display.duration_text(entry.get("rpo_target")),
        rpo_met=entry.get("rpo_met") is not False,
        rto=display.duration_text(entry.get("rto")),
        rto_target=display.duration_text(entry.get("rto_target")),
        rto_met=entry.get("rto_met") is not False,
        steps=tuple((step["what"], display.duration_text(step.get("duration"))) for step in entry.get("steps") or ()),
        note=entry.get("note") or "",
    )


def marks_of(workload: Plain) -> tuple[Mark, ...]:
    """Two rows of the chart for each disruption: time to recover, then data lost."""
    found = []
    for entry in workload.get("recovery") or ():
        label = display.disruption_text(entry["disruption"])
        for kind, key in (("RTO", "rto"), ("RPO", "rpo")):
            estimate, target = display.duration_of(entry.get(key)), display.duration_of(entry.get(f"{key}_target"))
            if target is not None:
                found.append(Mark(label, kind, estimate, target, entry.get(f"{key}_met") is not False))
    return tuple(found)


def runner_view(runner: Plain) -> RunnerView:
    return RunnerView(steps_text(runner["steps"]), display.money_text(runner.get("monthly_cost")), runner.get("reason") or "")


def steps_text(steps: Any) -> str:
    """`S3 Standard, Glacier Deep Archive from day 90`."""
    parts = []
    for step in steps:
        name, day = (step["storage_class"], step["from_day"]) if isinstance(step, Mapping) else step
        label = display.class_text(name)
        parts.append(label if not day else f"{label.removeprefix('S3 ')} from day {day}")
    return ", ".join(parts)


def cost_line(line: Plain) -> CostLine:
    return CostLine(
        line["item"],
        display.quantity_text(line.get("quantity")),
        line.get("unit") or "",
        display.price_text(line.get("price")),
        display.money_text(line.get("monthly"), cents=True),
        line.get("source") or "",
    )


def findings_of(document: Plain, key: str | None) -> tuple[FindingView, ...]:
    """The findings of one workload (None: of the engagement as a whole), in the design's order."""
    names = {workload["key"]: workload["name"] for workload in document["workloads"]}
    return tuple(finding_view(finding, names) for finding in document["findings"] if finding.get("workload") == key)


def finding_view(finding: Plain, names: Mapping[str, str]) -> FindingView:
    return FindingView(
        severity=finding["severity"],
        pillar=display.words(finding.get("pillar") or ""),
        workload=names.get(finding.get("workload") or "", "Whole engagement"),
        sentence=finding["sentence"],
        fix=finding.get("fix") or "",
    )
