"""The lifecycle of one object workload: in which storage class data is at which age, current versions above replaced ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from reports.display import class_text, days_text, wait_text
from reports.drawings.metrics import width, wrap
from reports.drawings.svg import INK, PAPER, QUIET, RULE, Drawing, Sheet

WIDTH, LEFT, RIGHT = 680, 108, 26
BAR, GAP, TOP = 46, 40, 20
SHADES = {
    "STANDARD": "#0b3c5d",
    "INTELLIGENT_TIERING": "#1f5f85",
    "STANDARD_IA": "#3f7ea3",
    "ONEZONE_IA": "#6c9cba",
    "GLACIER_IR": "#9bbdd2",
    "GLACIER": "#c6dae6",
    "DEEP_ARCHIVE": "#e4eef4",
}
DARK = {"STANDARD", "INTELLIGENT_TIERING", "STANDARD_IA"}
Steps = Sequence[Mapping[str, Any]]


def lifecycle_drawing(name: str, lifecycle: Mapping[str, Any]) -> Drawing:
    """`lifecycle` is the workload's entry in design.json; `name` is the workload's."""
    noncurrent = lifecycle.get("noncurrent")
    rows = 2 if noncurrent else 1
    sheet = Sheet(WIDTH, TOP + rows * (BAR + GAP) + 6, f"Life of the data of {name}", described(lifecycle))
    draw_row(
        sheet, TOP, "Current version", "age of the object", lifecycle["steps"], lifecycle.get("expire_day"), lifecycle.get("expire_day")
    )
    if noncurrent:
        steps = noncurrent.get("steps") or [{"storage_class": lifecycle["steps"][0]["storage_class"], "from_day": 0}]
        label = "days since replaced"
        draw_row(sheet, TOP + BAR + GAP, "Replaced versions", label, steps, noncurrent.get("expire_days"), None)
    return sheet.done()


def described(lifecycle: Mapping[str, Any]) -> str:
    """The drawing in words."""
    parts = [f"{class_text(step['storage_class'])} from day {step['from_day']}" for step in lifecycle["steps"]]
    end = lifecycle.get("expire_day")
    text = f"{', then '.join(parts)}; {f'deleted at an age of {days_text(end)}' if end else 'kept without end'}."
    noncurrent = lifecycle.get("noncurrent")
    if noncurrent and noncurrent.get("expire_days"):
        text += f" Replaced versions are deleted after {days_text(noncurrent['expire_days'])}."
    return text


def borders(steps: Steps, end: int | None) -> list[float]:
    """Left edges of the stages and the right end: by the logarithm of their length, none narrower than a readable label."""
    starts = [int(step["from_day"]) for step in steps]
    last = end or max(starts[-1] * 3, starts[-1] + 365)
    weights = [math.log2(2 + after - start) for start, after in zip(starts, [*starts[1:], last], strict=True)]
    weights = [max(weight, sum(weights) * 0.2) for weight in weights]
    room = WIDTH - LEFT - RIGHT
    edges = [float(LEFT)]
    for weight in weights:
        edges.append(edges[-1] + room * weight / sum(weights))
    return edges


def draw_row(sheet: Sheet, top: float, title: str, axis: str, steps: Steps, end: int | None, scale: int | None) -> None:
    edges = borders(steps, end or scale)
    sheet.lines(0, top + 18, wrap(title, LEFT - 12, 10, bold=True), 10, font_weight=600)
    sheet.text(0, top + 34, axis, 8, fill=QUIET)
    for index, step in enumerate(steps):
        draw_stage(sheet, top, edges[index], edges[index + 1], str(step["storage_class"]))
        draw_tick(sheet, top, edges[index], f"day {step['from_day']}" if int(step["from_day"]) < 730 else days_text(int(step["from_day"])))
    right = edges[-1]
    if end:
        sheet.line(right, top - 6, right, top + BAR + 6, stroke=INK, stroke_width=2)
        label = f"deleted after {days_text(end)}"
        sheet.text(right, top + BAR + 17, label, 8.5, text_anchor="end" if width(label, 8.5) / 2 > RIGHT else "middle", font_weight=600)
    else:
        sheet.path(f"M{right:.2f} {top}L{right + 16:.2f} {top + BAR / 2}L{right:.2f} {top + BAR}Z", fill=RULE, stroke="none")
        sheet.text(right, top + BAR + 17, "kept", 8.5, text_anchor="middle", font_weight=600)


def draw_stage(sheet: Sheet, top: float, left: float, right: float, name: str) -> None:
    ink = PAPER if name in DARK else INK
    sheet.rect(left, top, right - left, BAR, fill=SHADES.get(name, RULE), stroke=PAPER, stroke_width=1.5)
    rows = wrap(class_text(name).removeprefix("S3 "), right - left - 12, 9.5, bold=True)
    sheet.lines(left + 7, top + 15, rows, 9.5, 1.2, fill=ink, font_weight=600)
    hint = wrap(wait_text(name), right - left - 12, 8, lines=1)
    sheet.lines(left + 7, top + BAR - 7, hint, 8, fill=ink)


def draw_tick(sheet: Sheet, top: float, x: float, label: str) -> None:
    sheet.line(x, top + BAR, x, top + BAR + 6, stroke=QUIET)
    sheet.text(x, top + BAR + 17, label, 8.5, fill=QUIET)
