"""The view of a design.json that templates see: plain immutable data with everything already in words.

Nothing here knows of a template, a page or a clock; the same design always gives the same content.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from recommendations.recovery_points import series_by_workload
from reports import display
from reports.answers import AnswerBook, ScopeView
from reports.choices_content import Choices, choices_of
from reports.drawings.architecture import architecture_drawing
from reports.drawings.costs import cost_drawing
from reports.drawings.radar import radar_drawing
from reports.drawings.recovery import Mark, recovery_drawing
from reports.drawings.setting_bar import setting_drawing
from reports.drawings.svg import Drawing
from reports.engagement_content import (
    SettingCost,
    YearView,
    accounts_of,
    alerts_of,
    industry_of,
    people_of,
    setting_costs_of,
    years_of,
)
from reports.languages import DEFAULT
from reports.override_content import OverrideView, overrides_of
from reports.pillar_content import ConflictView, PillarView, RegimeView, conflicts_of, pillars_of, regimes_of
from reports.sentences import told
from reports.watch_content import WatchView, watches_of
from reports.wording import day, day_text, language, tr
from reports.workload_content import FindingView, SettingView, WorkloadView, finding_view, setting_view, workload_view

Plain = Mapping[str, Any]
SEVERITIES = ("critical", "high", "medium", "low")
TYPES = {
    "AWS::KMS::Key": "KMS key",
    "AWS::KMS::Alias": "KMS alias",
    "AWS::IAM::Role": "IAM role",
    "AWS::S3::Bucket": "S3 bucket",
    "AWS::DLM::LifecyclePolicy": "EBS snapshot policy",
    "AWS::CloudTrail::Trail": "CloudTrail trail",
    "AWS::S3::BatchReplication": "S3 batch replication job",
    "AWS::S3::AccountPublicAccessBlock": "Public access block of the account",
    "AWS::EC2::EbsEncryption": "EBS encryption by default",
    "AWS::SNS::Topic": "SNS topic",
    "AWS::SNS::Subscription": "SNS subscription",
    "AWS::Events::Rule": "EventBridge rule",
    "AWS::CloudWatch::Alarm": "CloudWatch alarm",
    "AWS::Backup::BackupVault": "Backup vault",
    "AWS::Backup::BackupPlan": "Backup plan",
    "AWS::Backup::BackupSelection": "Selection of a backup plan",
    "AWS::Backup::RestoreTestingPlan": "Restore testing plan",
    "AWS::Backup::RestoreTestingSelection": "Selection of a restore testing plan",
    "AWS::Backup::ReportPlan": "Backup report plan",
    "AWS::Backup::Framework": "Backup audit framework",
}


@dataclass(frozen=True)
class ResourceView:
    """One AWS object of the design. `note` says when an existing one is taken over."""

    key: str
    type: str
    kind: str
    account: str
    region: str
    workloads: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class PointView:
    """An assumption or an open point."""

    scope: str
    anchor: str
    text: str
    value: str
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class HandoverView:
    scope: str
    what: str
    why: str


@dataclass(frozen=True)
class Content:
    """A whole design in words."""

    customer: str
    industry: str
    digest: str
    headline: str
    points: tuple[str, ...]
    primary: str
    dr: str
    accounts: tuple[Plain, ...]
    settings: tuple[SettingView, ...]
    workloads: tuple[WorkloadView, ...]
    findings: tuple[FindingView, ...]
    severities: tuple[tuple[str, int], ...]
    figures: tuple[tuple[str, str], ...]
    monthly_design: str
    monthly_naive: str
    today: str
    horizon: int
    years: tuple[YearView, ...]
    resources: tuple[ResourceView, ...]
    handover: tuple[HandoverView, ...]
    assumptions: tuple[PointView, ...]
    open_points: tuple[PointView, ...]
    scopes: tuple[ScopeView, ...]
    origins: tuple[tuple[str, str, str], ...]
    people: tuple[Plain, ...]
    alerts: tuple[Plain, ...]
    watches: tuple[WatchView, ...]
    hours: str
    evidence_cycle: str
    goals: tuple[str, ...]
    deadline: str
    architecture: Drawing
    cost_chart: Drawing | None
    setting_chart: Drawing | None
    setting_costs: tuple[SettingCost, ...]
    recovery_chart: Drawing | None
    worst_chart: Drawing | None
    pillars: tuple[PillarView, ...]
    overrides: tuple[OverrideView, ...]
    conflicts: tuple[ConflictView, ...]
    regimes: tuple[RegimeView, ...]
    radar: Drawing | None
    document: Plain

    @cached_property
    def choices(self) -> Choices | None:
        """Options and fronts; worked out when a document asks for them."""
        return choices_of(self.document)

    @property
    def price_date(self) -> str:
        return day_text(str(self.document["price_book"]["version"]))

    @property
    def english(self) -> bool:
        """Whether the document is written in the language of the design's own texts."""
        return language() == DEFAULT

    @property
    def rules_version(self) -> str:
        return str(self.document["rule_pack"]["version"])

    @property
    def approver(self) -> str:
        """Who was named to approve, or nothing."""
        return next((person["name"] for person in self.people if person["part"] == "approver"), "")

    @property
    def workloads_counted(self) -> str:
        return display.count_text(len(self.workloads), "workload")

    @property
    def assumptions_counted(self) -> str:
        return display.count_text(len(self.assumptions), "assumption")

    @property
    def points_counted(self) -> str:
        return display.count_text(len(self.open_points), "open point")

    @property
    def both_regions(self) -> str:
        return f" {tr('and')} ".join(filter(None, (self.primary, self.dr)))

    @property
    def hours_inside(self) -> str:
        """When somebody is there, as it stands inside of a sentence."""
        return self.hours.lower() if self.english else self.hours

    @property
    def targets(self) -> int:
        return sum(len(workload.marks) for workload in self.workloads)

    @property
    def targets_met(self) -> int:
        return self.targets - sum(workload.missed for workload in self.workloads)

    @property
    def grave(self) -> tuple[FindingView, ...]:
        return tuple(finding for finding in self.findings if finding.severity in ("critical", "high"))[:6]

    @property
    def gravest(self) -> tuple[FindingView, ...]:
        """As many as the summary has room for."""
        return self.grave[:3]

    @property
    def missed(self) -> tuple[dict[str, str], ...]:
        """Every target that is missed, over all workloads and events."""
        return tuple(
            {
                "workload": workload.name,
                "anchor": workload.anchor,
                "event": mark.label,
                "what": tr("Time") if mark.kind == "RTO" else tr("Data lost"),
                "estimate": display.duration_text(mark.estimate),
                "target": display.duration_text(mark.target),
            }
            for workload in self.workloads
            for mark in workload.marks
            if not mark.met
        )

    @property
    def places(self) -> tuple[tuple[str, tuple[ResourceView, ...]], ...]:
        """The AWS objects by account and Region, each as `Backup (nwc-backup), us-west-2`, in the order in which they first come."""
        found: dict[str, list[ResourceView]] = {}
        for one in self.resources:
            found.setdefault(f"{one.account}, {one.region}", []).append(one)
        return tuple((place, tuple(mine)) for place, mine in found.items())

    @property
    def drawings(self) -> dict[str, str]:
        """SVG by the name that a document's `src` uses."""
        found = {"drawing:architecture": self.architecture.svg}
        charts = {
            "costs": self.cost_chart,
            "settings": self.setting_chart,
            "recovery": self.recovery_chart,
            "worst": self.worst_chart,
            "pillars": self.radar,
        }
        for name, drawing in charts.items():
            if drawing:
                found[f"drawing:{name}"] = drawing.svg
        for workload in self.workloads:
            if workload.lifecycle:
                found[workload.lifecycle_name] = workload.lifecycle.svg
            if workload.recovery_chart:
                found[workload.recovery_name] = workload.recovery_chart.svg
            if workload.retention:
                found[workload.retention_name] = workload.retention.svg
        # Only a document that prints the choices has asked for them by now.
        choices: Choices | None = self.__dict__.get("choices")
        return {**found, **choices.drawings} if choices else found


def content_of(document: Plain) -> Content:
    """The content of a design.json."""
    book = AnswerBook(document)
    kept = series_by_workload(document)
    workloads = tuple(workload_view(w, number, document, book, kept.get(w["key"], ())) for number, w in enumerate(document["workloads"], 1))
    names = {w["key"]: w["name"] for w in document["workloads"]}
    findings = tuple(finding_view(f, names) for f in sorted(document["findings"], key=lambda f: rank(f["severity"])))
    costs = document["costs"]
    answer = book.tree.customer.value
    deadline = answer("eng_deadline")
    return Content(
        customer=document["engagement"]["customer"],
        industry=industry_of(document, book),
        digest=document["digest"],
        headline=told(document["summary"]["headline"]),
        points=tuple(told(point) for point in document["summary"]["points"]),
        primary=document["regions"]["primary"],
        dr=document["regions"].get("dr") or "",
        accounts=accounts_of(document["accounts"], book),
        settings=tuple(setting_view(setting, None, book) for setting in document["settings"]),
        workloads=workloads,
        findings=findings,
        severities=tuple((name, count) for name in SEVERITIES if (count := Counter(f.severity for f in findings)[name])),
        figures=figures_of(document, workloads),
        monthly_design=display.money_text(costs.get("monthly_design")),
        monthly_naive=display.money_text(costs.get("monthly_naive")),
        today=display.money_text(costs.get("today")),
        horizon=costs.get("horizon_months") or len(costs.get("months") or ()),
        years=years_of(costs.get("months") or ()),
        resources=tuple(resource_view(resource, names) for resource in document["resources"]),
        handover=tuple(
            HandoverView(names.get(h.get("workload") or "", tr("Whole engagement")), told(h["what"]), told(h["why"]))
            for h in document["handover"]
        ),
        assumptions=tuple(point_view(point, names, book, point.get("value")) for point in document["assumptions"]),
        open_points=tuple(point_view(point, names, book, point.get("default")) for point in document["open_points"]),
        scopes=book.scopes,
        origins=tuple((tr(label), str(document[key]["version"]), document[key]["hash"]) for key, label in ORIGINS),
        people=people_of(answer("eng_people"), book),
        alerts=alerts_of(answer("ops_alert"), book),
        watches=watches_of(document["resources"]),
        hours=book.label("ops_hours", answer("ops_hours")),
        evidence_cycle=book.label("cmp_evidence_cycle", answer("cmp_evidence_cycle")),
        goals=tuple(book.label("eng_goal", goal) for goal in answer("eng_goal") or ()),
        deadline=day(deadline) if deadline else "",
        architecture=architecture_drawing(document),
        cost_chart=cost_drawing(costs),
        setting_chart=setting_drawing(costs.get("by_setting") or ()),
        setting_costs=setting_costs_of(document),
        recovery_chart=recovery_drawing(tr("Recovery targets against estimates"), worst_marks(workloads)),
        worst_chart=recovery_drawing(tr("The hardest recovery target of each workload"), worst_marks(workloads, ("RTO RPO",))),
        pillars=pillars_of(document),
        conflicts=conflicts_of(document, names),
        regimes=regimes_of(document, names),
        overrides=overrides_of(document, names),
        radar=radar_drawing(document.get("pillars") or ()),
        document=document,
    )


ORIGINS = (("questionnaire", "Questionnaire"), ("rule_pack", "Rule pack"), ("price_book", "Price book"))


def rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def figures_of(document: Plain, workloads: tuple[WorkloadView, ...]) -> tuple[tuple[str, str], ...]:
    """The figures of the summary's strip: at most four, each a value and what it is."""
    total = sum(w.get("size_bytes") or 0 for w in document["workloads"])
    marks = [mark for workload in workloads for mark in workload.marks]
    found = [
        (str(len(workloads)), tr("workload") if len(workloads) == 1 else tr("workloads")),
        (display.size_text(total), tr("data protected")),
    ]
    if marks:
        found.append((f"{sum(mark.met for mark in marks)} {tr('of')} {len(marks)}", tr("recovery targets met")))
    monthly = document["costs"].get("monthly_design")
    if monthly is not None:
        found.append((display.money_text(monthly), tr("a month")))
    return tuple(found)


def worst_marks(workloads: tuple[WorkloadView, ...], kinds: tuple[str, ...] = ("RTO", "RPO")) -> tuple[Mark, ...]:
    """For each workload and each group of kinds the figure that comes nearest to its target, or misses it by most."""
    found = []
    for workload in workloads:
        for kind in kinds:
            marks = [mark for mark in workload.marks if mark.kind in kind]
            if marks:
                worst = max(marks, key=strain)
                found.append(Mark(workload.name, worst.kind, worst.estimate, worst.target, worst.met))
    return tuple(found)


def strain(mark: Mark) -> tuple[bool, bool, float]:
    """Missed targets first, then the share of the target that the estimate uses up."""
    if mark.estimate is None or not mark.target:
        return not mark.met, mark.estimate is None, 0.0
    return not mark.met, False, mark.estimate / mark.target


def resource_view(resource: Plain, names: Mapping[str, str]) -> ResourceView:
    role = tr(display.words(resource.get("account_role") or ""))
    alias = resource.get("account_alias")
    return ResourceView(
        key=resource["key"],
        type=resource["type"],
        kind=tr(TYPES.get(resource["type"], str(resource["type"]))),
        account=f"{role} ({alias})" if alias else role,
        region=resource["region"],
        workloads=tuple(names.get(key, key) for key in resource.get("workloads") or ()),
        note=tr("takes over the existing {name}").format(name=resource["adopt"]) if resource.get("adopt") else "",
    )


def point_view(point: Plain, names: Mapping[str, str], book: AnswerBook, value: Any) -> PointView:
    remarks = [point.get("note"), tr("Ask {who}").format(who=point["ask"]) if point.get("ask") else None]
    if point.get("confirm_by"):
        remarks.append(tr("Confirm by {date}").format(date=day_text(str(point["confirm_by"]))))
    used = book.used(point.get("workload"), point["question"]) if language() != DEFAULT else ""
    return PointView(
        scope=names.get(point.get("workload") or "", tr("Whole engagement")),
        anchor=book.anchor(point.get("workload"), point["question"]),
        text=tr(point["text"]),
        value=used or (str(value) if value not in (None, "") else display.NOTHING),
        remarks=tuple(str(text) for text in remarks if text),
    )
