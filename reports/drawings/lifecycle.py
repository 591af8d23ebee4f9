"""The lifecycle of one object workload: in which storage class data is at which age, current versions above replaced ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reports.display import class_text, days_text, wait_text
from reports.drawings.metrics import fit, width, wrap
from reports.drawings.svg import INK, PAPER, QUIET, RULE, Drawing, Sheet
from reports.wording import tr

WIDTH, LEFT, RIGHT = 680, 108, 26
BAR, GAP, TOP = 27, 25, 8
SHADES = {
    "STANDARD": "#0b3c5d",
    "INTELLIGENT_TIERING": "#1f5f85",
    "STANDARD_IA": "#3f7ea3",
    "ONEZONE_IA": "#6c9cba",
    "GLACIER_IR": "#9bbdd2",
    "GLACIER": "#c6dae6",
    "DEEP_ARCHIVE": "#e4eef4",
}
NARROW = {
    "INTELLIGENT_TIERING": "Int.-Tiering",
    "GLACIER_IR": "Glacier Instant",
    "GLACIER": "Glacier Flexible",
    "DEEP_ARCHIVE": "Deep Archive",
}
DARK = {"STANDARD", "INTELLIGENT_TIERING", "STANDARD_IA"}


@dataclass(frozen=True)
class Row:
    """Objects that age together: (class, from day) steps and the day of deletion, None for never."""

    label: str
    note: str
    steps: tuple[tuple[str, int], ...]
    end: int | None


def lifecycle_drawing(name: str, lifecycle: Mapping[str, Any]) -> Drawing:
    """`lifecycle` is the workload's entry in design.json; `name` is the workload's. One row for each track, one for replaced versions."""
    rows = rows_of(lifecycle)
    sheet = Sheet(WIDTH, TOP + len(rows) * (BAR + GAP), tr("Life of the data of {name}").format(name=name), described(rows))
    for index, row in enumerate(rows):
        draw_row(sheet, TOP + index * (BAR + GAP), row)
    return sheet.done()


def rows_of(lifecycle: Mapping[str, Any]) -> list[Row]:
    tracks = lifecycle.get("tracks") or [lifecycle]
    rows = [Row(tr(track.get("label") or "Data"), tr("by age"), steps_of(track["steps"]), track.get("expire_day")) for track in tracks]
    if len(rows) == 1:
        rows = [Row(tr("Current versions"), tr("by age"), rows[0].steps, rows[0].end)]
    noncurrent = lifecycle.get("noncurrent")
    if noncurrent:
        steps = noncurrent.get("steps") or lifecycle["steps"][:1]
        days, held = noncurrent.get("expire_days"), noncurrent.get("held_days")
        locked = bool(days and held and held > days)
        # What is locked is drawn for as long as the lock can hold it: never gone too early on paper.
        note = tr("since replaced, at most") if locked else tr("since replaced")
        rows.append(Row(tr("Replaced versions"), note, steps_of(steps), held if locked else days))
    return rows


def steps_of(steps: Any) -> tuple[tuple[str, int], ...]:
    return tuple((str(step["storage_class"]), int(step["from_day"])) for step in steps)


def described(rows: Sequence[Row]) -> str:
    """The drawing in words."""
    sentences = []
    for row in rows:
        parts = [tr("{storage_class} from day {day}").format(storage_class=class_text(name), day=day) for name, day in row.steps]
        sentences.append(f"{row.label}: {tr(', then ').join(parts)}; {end_text(row) if row.end else tr('kept without end')}.")
    return " ".join(sentences)


def end_text(row: Row) -> str:
    return tr("deleted after {time}").format(time=days_text(row.end or 0))


def borders(row: Row) -> list[float]:
    """Left edges of the stages and the right end: by the logarithm of their length, none narrower than a readable label."""
    starts = [day for _, day in row.steps]
    last = row.end or max(starts[-1] * 3, starts[-1] + 365)
    weights = [math.log2(2 + max(0, after - start)) for start, after in zip(starts, [*starts[1:], last], strict=True)]
    weights = [max(weight, sum(weights) * 0.2) for weight in weights]
    room = WIDTH - LEFT - RIGHT
    edges = [float(LEFT)]
    for weight in weights:
        edges.append(edges[-1] + room * weight / sum(weights))
    return edges


def draw_row(sheet: Sheet, top: float, row: Row) -> None:
    edges = borders(row)
    sheet.text(0, top + 12, fit(row.label, LEFT - 10, 9.5, bold=True), 9.5, font_weight=600)
    sheet.text(0, top + 23, row.note, 8, fill=QUIET)
    for index, (name, day) in enumerate(row.steps):
        draw_stage(sheet, top, edges[index], edges[index + 1], name)
        draw_tick(sheet, top, edges[index], tr("day {day}").format(day=day) if day < 730 else days_text(day))
    right = edges[-1]
    if row.end:
        sheet.line(right, top - 4, right, top + BAR + 5, stroke=INK, stroke_width=2)
        sheet.text(right, top + BAR + 14, end_text(row), 8.5, text_anchor="end", font_weight=600)
    else:
        sheet.path(f"M{right:.2f} {top}L{right + 14:.2f} {top + BAR / 2}L{right:.2f} {top + BAR}Z", fill=RULE, stroke="none")
        sheet.text(right, top + BAR + 14, tr("kept"), 8.5, text_anchor="end", font_weight=600)


def draw_stage(sheet: Sheet, top: float, left: float, right: float, name: str) -> None:
    ink = PAPER if name in DARK else INK
    sheet.rect(left, top, right - left, BAR, fill=SHADES.get(name, RULE), stroke=PAPER, stroke_width=1.5)
    full = class_text(name).removeprefix("S3 ")
    label = full if width(full, 9.5, bold=True) <= right - left - 12 else NARROW.get(name, full)
    sheet.text(left + 7, top + 12, fit(label, right - left - 12, 9.5, bold=True), 9.5, fill=ink, font_weight=600)
    hint = wrap(wait_text(name), right - left - 12, 8, lines=1)
    sheet.lines(left + 7, top + BAR - 5, hint, 8, fill=ink)


def draw_tick(sheet: Sheet, top: float, x: float, label: str) -> None:
    sheet.line(x, top + BAR, x, top + BAR + 5, stroke=QUIET)
    sheet.text(x, top + BAR + 14, label, 8.5, fill=QUIET)
