"""The engagement in one picture: workloads at the left, then what protects them by account and Region, with the flows between.

Everything is read from the design's resources; nothing is drawn that is not built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.display import count_text, size_text, words
from reports.drawings import backup_flows
from reports.drawings.metrics import fit, width
from reports.drawings.svg import ACCENT, INK, PALE, PAPER, QUIET, RULE, Drawing, Sheet
from reports.wording import tr

Plain = Mapping[str, Any]
WIDTH, GUTTER, SOURCES, TOP, ROW, HEAD, PAD = 700, 46, 158, 30, 24, 22, 9
DRAWN = ("AWS::S3::Bucket", "AWS::DLM::LifecyclePolicy", "AWS::Backup::BackupVault")
# What is counted in a line below the drawn things.
OTHERS = {
    "AWS::KMS::Key": "KMS key",
    "AWS::IAM::Role": "IAM role",
    "AWS::Backup::BackupPlan": "backup plan",
    "AWS::Backup::RestoreTestingPlan": "restore test",
    "AWS::SNS::Topic": "topic",
    "AWS::Events::Rule": "event rule",
    "AWS::CloudWatch::Alarm": "alarm",
}
# Buckets that AWS writes reports into, not the workloads.
REPORTS = ("reports--", "drreports--")
ROLES = ("production", "backup", "log-archive", "security")


@dataclass
class Item:
    """One drawn object: `key` of a resource (or a workload), where it is drawn, what it says."""

    key: str
    kind: str
    title: str
    detail: str = ""
    top: float = 0
    left: float = 0
    width: float = 0

    @property
    def middle(self) -> float:
        return self.top + ROW / 2 - 1.5


@dataclass
class Cell:
    """One account in one Region: drawn items, and a line that counts the rest (keys, roles)."""

    role: str
    alias: str
    region: str
    items: list[Item] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)

    @property
    def height(self) -> float:
        return HEAD + max(1, len(self.items)) * ROW + (15 if self.others else 4)


Place = tuple[tuple[str, str], str]  # (account role, alias), Region


def architecture_drawing(document: Plain) -> Drawing:
    """The drawing of a design.json; its height grows with the number of workloads."""
    cells, copies = cells_of(document)
    accounts = sorted({account for account, _ in cells}, key=lambda a: (ROLES.index(a[0]) if a[0] in ROLES else len(ROLES), *a))
    second = document["regions"].get("dr")
    regions = [document["regions"]["primary"], *([second] if any(region == second for _, region in cells) else [])]
    heights = {account: max(cell.height for place, cell in cells.items() if place[0] == account) for account in accounts}
    served = {key for r in document["resources"] if r["type"] in DRAWN for key in r.get("workloads") or ()}
    sources = [Item(w["key"], "workload", w["name"], detail_of(w, w["key"] in served)) for w in document["workloads"]]
    body = max(sum(heights.values()) + 10 * len(heights), HEAD + len(sources) * (ROW + 4))
    sheet = Sheet(WIDTH, TOP + body + 42, tr("Architecture"), described(document, cells, regions))
    draw_columns(sheet, regions, body)
    draw_sources(sheet, sources, body)
    wide = column_width(regions)
    top = TOP + 8.0
    for account in accounts:
        for index, region in enumerate(regions):
            if (account, region) in cells:
                draw_cell(sheet, cells[account, region], column_left(index, wide) + 8, top, wide - 16, heights[account])
        top += heights[account] + 10
    draw_flows(sheet, document, sources, cells, copies)
    draw_key(sheet, TOP + body + 30)
    return sheet.done()


def column_width(regions: list[str]) -> float:
    return (WIDTH - SOURCES - GUTTER * len(regions)) / len(regions)


def column_left(index: int, wide: float) -> float:
    return SOURCES + GUTTER + index * (wide + GUTTER)


def detail_of(workload: Plain, served: bool) -> str:
    """Where it runs and its size; a workload that nothing applied protects is handed over."""
    where = {"on-premises": tr("on premises"), "aws": tr("in AWS"), "other-cloud": tr("other cloud")}.get(workload.get("where") or "", "")
    return ", ".join(part for part in (where, size_text(workload.get("size_bytes")), "" if served else tr("handed over")) if part)


def cells_of(document: Plain) -> tuple[dict[Place, Cell], list[tuple[str, str]]]:
    """Cells by account and Region, and the snapshot policies that copy to the other Region as (policy key, Region)."""
    cells: dict[Place, Cell] = {}
    copies = []
    for resource in document["resources"]:
        account = (resource["account_role"], resource.get("account_alias") or "")
        cell = cells.setdefault((account, resource["region"]), Cell(*account, resource["region"]))
        item = item_of(resource)
        if item:
            cell.items.append(item)
        elif resource["type"] in OTHERS:
            cell.others[OTHERS[resource["type"]]] += 1
        region = copy_region(resource)
        if region:
            copies.append((resource["key"], region))
            copy = Item(f"copy:{resource['key']}", "snapshot", f"{tr('Copies of')} {resource['key']}", tr("EBS snapshot copies"))
            cells.setdefault((account, region), Cell(*account, region)).items.append(copy)
    return cells, copies


def item_of(resource: Plain) -> Item | None:
    given = resource["properties"]
    if resource["type"] == "AWS::S3::Bucket":
        marks = [
            tr("versioned") if given.get("Versioning") == "Enabled" else "",
            tr("locked") if given.get("ObjectLock") else "",
            "KMS" if (given.get("Encryption") or {}).get("SSEAlgorithm") == "aws:kms" else "SSE-S3",
        ]
        return Item(resource["key"], "bucket", resource.get("adopt") or resource["key"], ", ".join(filter(None, marks)))
    if resource["type"] == "AWS::Backup::BackupVault":
        lock = given.get("LockConfiguration")
        held = tr("locked for good") if lock and lock.get("ChangeableForDays") else tr("locked") if lock else ""
        marks = [tr("AWS Backup vault"), held, "KMS" if given.get("EncryptionKeyArn") else ""]
        return Item(resource["key"], "vault", resource["key"], ", ".join(filter(None, marks)))
    if resource["type"] == "AWS::DLM::LifecyclePolicy":
        return Item(resource["key"], "snapshot", resource["key"], tr("EBS snapshot policy"))
    if resource["type"] == "AWS::CloudTrail::Trail":
        return Item(resource["key"], "trail", resource["key"], tr("all Regions") if given.get("IsMultiRegionTrail") else tr("one Region"))
    return None


def copy_region(resource: Plain) -> str:
    """The Region that a snapshot policy copies to, or nothing."""
    for schedule in (resource["properties"].get("PolicyDetails") or {}).get("Schedules") or ():
        for rule in schedule.get("CrossRegionCopyRules") or ():
            return str(rule.get("TargetRegion") or rule.get("Target") or "")
    return ""


def described(document: Plain, cells: Mapping[Place, Cell], regions: list[str]) -> str:
    """The drawing in words: what stands in which account and Region."""
    both = f" {tr('and')} "
    parts = [f"{count_text(len(document['workloads']), 'workload')} {tr('protected in')} {both.join(regions)}"]
    for cell in cells.values():
        kinds = Counter(item.kind for item in cell.items) + cell.others
        listed = ", ".join(count_text(number, {"snapshot": "snapshot policy or copy"}.get(kind, kind)) for kind, number in kinds.items())
        parts.append(f"{tr('{role} account in {region}').format(role=tr(words(cell.role)), region=cell.region)}: {listed}")
    return "; ".join(parts) + "."


def draw_columns(sheet: Sheet, regions: list[str], body: float) -> None:
    wide = column_width(regions)
    for index, region in enumerate(regions):
        left = column_left(index, wide)
        sheet.rect(left, TOP, wide, body + 8, fill=PALE, stroke=RULE, rx=4)
        sheet.text(left, TOP - 8, f"{(tr('Primary Region'), tr('Second Region'))[index]}: {region}", 10, font_weight=600)
    sheet.text(0, TOP - 8, tr("Workloads"), 10, font_weight=600)


def draw_sources(sheet: Sheet, sources: list[Item], body: float) -> None:
    step = min(44.0, (body - 8) / max(1, len(sources)))
    for index, item in enumerate(sources):
        item.top, item.left, item.width = TOP + 8 + index * step, 0, SOURCES
        sheet.rect(0, item.top, SOURCES, ROW, fill=PAPER, stroke=INK, stroke_width=0.8, rx=3)
        sheet.text(6, item.top + 10, fit(item.title, SOURCES - 12, 8.5, bold=True), 8.5, font_weight=600)
        sheet.text(6, item.top + 20, fit(item.detail, SOURCES - 12, 7.5), 7.5, fill=QUIET)


def draw_cell(sheet: Sheet, cell: Cell, left: float, top: float, wide: float, high: float) -> None:
    sheet.rect(left, top, wide, high, fill=PAPER, stroke=QUIET, stroke_width=0.8, stroke_dasharray="3 2", rx=3)
    name = tr("{role} account").format(role=tr(words(cell.role))) + (f" · {cell.alias}" if cell.alias else "")
    sheet.text(left + PAD, top + 14, fit(name, wide - 2 * PAD, 8.5, bold=True), 8.5, fill=ACCENT, font_weight=600)
    for index, item in enumerate(cell.items):
        item.top, item.left, item.width = top + HEAD + index * ROW, left + PAD, wide - 2 * PAD
        draw_item(sheet, item)
    if cell.others:
        listed = ", ".join(count_text(number, kind) for kind, number in sorted(cell.others.items()))
        sheet.text(left + PAD, top + HEAD + len(cell.items) * ROW + 9, fit(f"{tr('with')} {listed}", wide - 2 * PAD, 7.5), 7.5, fill=QUIET)


def draw_item(sheet: Sheet, item: Item) -> None:
    draw_symbol(sheet, item.kind, item.left + 8, item.middle)
    room = item.width - 22
    sheet.text(item.left + 19, item.top + 9, fit(item.title, room, 8.5), 8.5)
    sheet.text(item.left + 19, item.top + 18, fit(item.detail, room, 7.5), 7.5, fill=QUIET)


def draw_symbol(sheet: Sheet, kind: str, x: float, y: float) -> None:
    """Bucket, stacked snapshots or a listing, drawn about its middle."""
    if kind == "bucket":
        sheet.path(f"M{x - 6:.2f} {y - 5:.2f}H{x + 6:.2f}L{x + 4:.2f} {y + 6:.2f}H{x - 4:.2f}Z", fill=PALE, stroke=ACCENT, stroke_width=1.2)
    elif kind == "snapshot":
        sheet.rect(x - 6, y - 5.5, 9, 8, fill=PAPER, stroke=ACCENT, stroke_width=1.1)
        sheet.rect(x - 3, y - 2.5, 9, 8, fill=PALE, stroke=ACCENT, stroke_width=1.1)
    elif kind == "vault":
        sheet.rect(x - 6, y - 6, 12, 12, fill=PALE, stroke=ACCENT, stroke_width=1.2, rx=2)
        sheet.add("circle", cx=x, cy=y, r=2.6, fill=PAPER, stroke=ACCENT, stroke_width=1.1)
    else:
        sheet.rect(x - 5, y - 6, 10, 12, fill=PALE, stroke=ACCENT, stroke_width=1.1)
        for offset in (-3, 0, 3):
            sheet.line(x - 3, y + offset, x + 3, y + offset, stroke=ACCENT, stroke_width=0.9)


def draw_flows(sheet: Sheet, document: Plain, sources: list[Item], cells: Mapping[Place, Cell], copies: list[tuple[str, str]]) -> None:
    placed = {item.key: item for cell in cells.values() for item in cell.items}
    primary, vaults = document["regions"]["primary"], backup_flows.written(document)
    for resource in document["resources"]:
        target = placed.get(resource["key"])
        if target is None:
            continue
        filled = target.kind in ("bucket", "snapshot") and not target.key.startswith(REPORTS)
        if resource["region"] == primary and (filled or target.key in vaults):
            for source in sources:
                if source.key in (resource.get("workloads") or ()):
                    sheet.arrow(source.left + source.width, source.middle, target.left - 2, target.middle)
        for key in replicas_of(resource):
            if key in placed:
                flow(sheet, target, placed[key], "4 2")
    for key, _ in copies:
        flow(sheet, placed[key], placed[f"copy:{key}"], "1.5 2")
    for near, far in backup_flows.copied(document):
        if near in placed and far in placed:
            flow(sheet, placed[near], placed[far], "1.5 2")


def flow(sheet: Sheet, source: Item, target: Item, dash: str) -> None:
    """From the right border of the source's column to the target, or around it where both stand in one column."""
    if source.left == target.left:
        backup_flows.loop(sheet, source.left + source.width + PAD, source.middle, target.middle, dash)
        return
    sheet.arrow(source.left + source.width + PAD, source.middle, target.left - 2, target.middle, dash=dash, colour=ACCENT)


def replicas_of(resource: Plain) -> list[str]:
    """Keys of the buckets that a bucket replicates to."""
    rules = (resource["properties"].get("Replication") or {}).get("Rules") or ()
    targets = [(rule.get("Destination") or {}).get("Bucket") for rule in rules]
    keys = [str(t["$sub"]).removeprefix("${").partition(".")[0] for t in targets if isinstance(t, Mapping) and "$sub" in t]
    return list(dict.fromkeys(keys))


def draw_key(sheet: Sheet, y: float) -> None:
    x = 0.0
    for label, dash, colour in (("data is written", None, QUIET), ("replication", "4 2", ACCENT), ("copy of a backup", "1.5 2", ACCENT)):
        sheet.arrow(x, y - 3, x + 30, y - 3, dash=dash, colour=colour)
        sheet.text(x + 36, y, tr(label), 8, fill=QUIET)
        x += max(126, 48 + width(tr(label), 8))
    for label, kind in (("bucket", "bucket"), ("snapshots", "snapshot"), ("vault", "vault"), ("audit trail", "trail")):
        draw_symbol(sheet, kind, x + 6, y - 3)
        sheet.text(x + 18, y, tr(label), 8, fill=QUIET)
        x += max(70, 28 + width(tr(label), 8))
