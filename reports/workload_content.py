"""One workload of a design as templates see it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from recommendations.recovery_points import Series
from recommendations.setting_costs import settings_of_workload
from reports import display
from reports.answers import AnswerBook
from reports.drawings.lifecycle import lifecycle_drawing
from reports.drawings.recovery import Mark, recovery_drawing
from reports.drawings.retention import retention_drawing
from reports.drawings.svg import Drawing
from reports.lifecycle_content import RunnerView, TrackView, runners_of, track_view, tracks_of
from reports.recovery_content import RecoveryView, marks_of, recovery_view
from reports.sentences import told
from reports.wording import tr

Plain = Mapping[str, Any]
SHOWN = 4  # answers printed with a setting
# What a runbook lists: what holds copies, and the keys that open them.
HOLDERS = ("AWS::S3::Bucket", "AWS::Backup::BackupVault", "AWS::DLM::LifecyclePolicy", "AWS::KMS::Key")


@dataclass(frozen=True)
class AnswerLink:
    """An answer that a rule read: its id, its value in short, where it is printed."""

    id: str
    value: str
    anchor: str


@dataclass(frozen=True)
class SettingView:
    """One setting with what decided it."""

    name: str
    label: str
    value: str
    because: str
    table: str
    rule: str
    answers: tuple[AnswerLink, ...]

    @property
    def shown(self) -> tuple[AnswerLink, ...]:
        """The answers that are printed below the reason: the first ones, which the rule itself reads; design.json names them all."""
        return self.answers if len(self.answers) <= SHOWN + 1 else self.answers[:SHOWN]

    @property
    def further(self) -> int:
        return len(self.answers) - len(self.shown)


@dataclass(frozen=True)
class CostLine:
    item: str
    quantity: str
    unit: str
    price: str
    monthly: str


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
    owner: str
    proof: str
    drill_way: str
    lifecycle: Drawing | None
    lifecycle_name: str
    tracks: tuple[TrackView, ...]
    runners: tuple[RunnerView, ...]
    recovery: tuple[RecoveryView, ...]
    recovery_chart: Drawing | None
    recovery_name: str
    retention: Drawing | None
    retention_name: str
    marks: tuple[Mark, ...]
    costs: tuple[CostLine, ...]
    cost_settings: tuple[str, ...]
    monthly: str
    monthly_exact: str
    findings: tuple[FindingView, ...]
    resources: tuple[str, ...]
    copies: tuple[str, ...]

    @property
    def fact_rows(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The facts two by two, as the table prints them."""
        padded = (*self.facts, ("", "")) if len(self.facts) % 2 else self.facts
        return tuple(padded[place : place + 2] for place in range(0, len(padded), 2))

    @property
    def ways_back(self) -> tuple[tuple[str, RecoveryView], ...]:
        """(events, recovery) in the design's order; events that come back by the same steps in the same time are one."""
        groups: dict[RecoveryView, list[str]] = {}
        for entry in self.recovery:
            groups.setdefault(replace(entry, disruption="", measured=""), []).append(entry.disruption)
        return tuple((" · ".join(events), entry) for entry, events in groups.items())

    def decided(self, name: str) -> str:
        """What was decided under this setting's name, or nothing."""
        return next((setting.value for setting in self.settings if setting.name == name), "")

    @property
    def drill(self) -> str:
        return self.decided("drills")

    @property
    def monitoring(self) -> str:
        return self.decided("monitoring")

    @property
    def missed(self) -> int:
        return sum(not mark.met for mark in self.marks)

    @property
    def all_met(self) -> bool:
        return all(mark.met for mark in self.marks)


def workload_view(workload: Plain, number: int, document: Plain, book: AnswerBook, kept: tuple[Series, ...]) -> WorkloadView:
    """`number` counts from 1; anchors and drawing names are made from it, never from a name. `kept`: its recovery points."""
    lifecycle = workload.get("lifecycle")
    marks = marks_of(workload)
    own = [r for r in document["resources"] if workload["key"] in (r.get("workloads") or ())]
    return WorkloadView(
        key=workload["key"],
        name=workload["name"],
        purpose=workload.get("purpose") or "",
        anchor=f"workload-{number}",
        tier=book.label("wl_tier", workload.get("tier")),
        size=display.size_text(workload.get("size_bytes")),
        place=place_of(workload, book),
        facts=facts_of(workload, book),
        settings=tuple(setting_view(setting, workload["key"], book) for setting in workload["settings"]),
        owner=owner_of(workload, book),
        proof=proof_of(workload, book),
        drill_way=drill_way_of(workload["key"], document),
        lifecycle=lifecycle_drawing(workload["name"], lifecycle) if lifecycle else None,
        lifecycle_name=f"drawing:lifecycle-{number}",
        tracks=tuple(track_view(track) for track in tracks_of(lifecycle)),
        runners=runners_of(lifecycle),
        recovery=tuple(recovery_view(entry) for entry in workload.get("recovery") or ()),
        recovery_chart=recovery_drawing(tr("Recovery of {name}").format(name=workload["name"]), drawn(marks)),
        recovery_name=f"drawing:recovery-{number}",
        retention=retention_drawing(workload["name"], kept),
        retention_name=f"drawing:retention-{number}",
        marks=marks,
        costs=cost_lines(workload.get("costs") or ()),
        monthly=display.money_text(workload.get("monthly_cost")),
        monthly_exact=display.money_text(workload.get("monthly_cost"), cents=True),
        cost_settings=tuple(
            f"{tr(row['label'])}: {display.money_text(row['monthly'], cents=True)}" for row in settings_of_workload(document, workload)
        ),
        findings=findings_of(document, workload["key"]),
        resources=tuple(r["key"] for r in own),
        copies=tuple(r["key"] for r in own if r["type"] in HOLDERS and not r["key"].startswith("reports")),
    )


def drawn(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
    """What the chart of one workload shows: where something has to be recovered. One bar alone is no chart; the table has them all."""
    found = tuple(mark for mark in marks if not mark.met or mark.estimate)
    return found if len(found) > 1 else ()


DRILL_WAYS = {
    "restore-testing": "AWS Backup restores the newest copy by itself; somebody looks at it within a day",
    "by-hand": "by hand, step by step as its recovery says",
}


def drill_way_of(key: str, document: Plain) -> str:
    """Who restores in a drill of a workload; nothing for a design without a calendar."""
    way = next((one["way"] for one in document.get("drills") or () if one["workload"] == key), "")
    return tr(DRILL_WAYS.get(way, ""))


def place_of(workload: Plain, book: AnswerBook) -> str:
    where = book.label("wl_where", workload.get("where"))
    return f"{book.label('wl_kind', workload.get('kind'))}, {where[:1].lower()}{where[1:]}"


def facts_of(workload: Plain, book: AnswerBook) -> tuple[tuple[str, str], ...]:
    """The figures at the head of the section; what is not known is left out."""
    goals = workload.get("objectives") or {}
    account = workload.get("account_alias") or tr(display.words(workload.get("account_role") or ""))
    pairs = (
        ("Kind", place_of(workload, book)),
        ("Recovery tier", book.label("wl_tier", workload.get("tier"))),
        ("Size", display.size_text(workload.get("size_bytes"))),
        ("Account, Region", f"{account}, {workload.get('region') or ''}"),
        ("Back within", goal_text(goals.get("rto"), goals.get("region_rto"))),
        ("Data loss at most", goal_text(goals.get("rpo"), goals.get("region_rpo"))),
        ("Owner", owner_of(workload, book)),
        ("Cost a month", display.money_text(workload.get("monthly_cost"))),
    )
    return tuple((tr(label), value) for label, value in pairs if value and value != display.NOTHING)


def answered(workload: Plain, question: str, book: AnswerBook) -> Any:
    """The value in force of a workload's question."""
    return book.tree.scope(workload["key"]).value(question) if workload["key"] in book.places else None


def owner_of(workload: Plain, book: AnswerBook) -> str:
    return str((answered(workload, "wl_owner", book) or {}).get("name", ""))


def proof_of(workload: Plain, book: AnswerBook) -> str:
    """`Business check: read back 20 charts`."""
    kind, text = book.label("wl_proof", answered(workload, "wl_proof", book)), answered(workload, "wl_proof_text", book) or ""
    return f"{kind}: {text}" if text else kind


def goal_text(usual: Any, region: Any) -> str:
    """`4 hours (Region lost: 8 hours)`."""
    text = display.duration_text(usual)
    return text if region in (None, usual) else f"{text} ({tr('Region lost')}: {display.duration_text(region)})"


def setting_view(setting: Plain, key: str | None, book: AnswerBook) -> SettingView:
    links = tuple(
        AnswerLink(name, book.short(key, name), book.anchor(key, name)) for name in setting.get("answers") or () if book.known(name)
    )
    return SettingView(
        setting["name"],
        tr(setting["label"]),
        told(setting["display"]),
        told(setting.get("because") or ""),
        setting.get("table") or "",
        setting.get("rule") or "",
        links,
    )


def cost_lines(lines: Any) -> tuple[CostLine, ...]:
    """The lines that matter, dearest first; those under a fiftieth of the whole are one line, unknown prices always show."""
    whole = sum((display.decimal_of(line.get("monthly")) or Decimal(0) for line in lines), Decimal(0))
    known = sorted(
        (line for line in lines if display.decimal_of(line.get("monthly")) is not None), key=lambda line: -Decimal(line["monthly"])
    )
    large = [line for line in known if Decimal(line["monthly"]) * 50 >= whole]
    small = [Decimal(line["monthly"]) for line in known[len(large) :]]
    found = [cost_line(line) for line in (*large, *(line for line in lines if line.get("monthly") is None))]
    if small:
        found.append(CostLine(display.count_text(len(small), "smaller item"), "", "", "", display.money_text(sum(small), cents=True)))
    return tuple(found)


def cost_line(line: Plain) -> CostLine:
    return CostLine(
        told(line["item"]),
        display.quantity_text(line.get("quantity")),
        told(line.get("unit") or ""),
        display.price_text(line.get("price")) if line.get("price") is not None else tr("unknown"),
        display.money_text(line.get("monthly"), cents=True),
    )


def findings_of(document: Plain, key: str | None) -> tuple[FindingView, ...]:
    """The findings of one workload (None: of the engagement as a whole), in the design's order."""
    names = {workload["key"]: workload["name"] for workload in document["workloads"]}
    return tuple(finding_view(finding, names) for finding in document["findings"] if finding.get("workload") == key)


def finding_view(finding: Plain, names: Mapping[str, str]) -> FindingView:
    return FindingView(
        severity=finding["severity"],
        pillar=display.words(tr(finding.get("pillar") or "")),
        workload=names.get(finding.get("workload") or "", tr("Whole engagement")),
        sentence=told(finding["sentence"]),
        fix=told(finding.get("fix") or ""),
    )
