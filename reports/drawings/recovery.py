"""Recovery targets against estimates, on one logarithmic scale of time: a bar from nothing to the estimate, a mark at the target."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports.display import duration_text
from reports.drawings.metrics import fit
from reports.drawings.svg import ACCENT, INK, PALE, QUIET, RULE, WARN, Drawing, Sheet
from reports.wording import tr

WIDTH, LEFT, RIGHT, TOP, ROW = 680, 222, 92, 30, 16
LEAST, MOST = datetime.timedelta(minutes=1), datetime.timedelta(days=30)
TICKS = tuple(datetime.timedelta(minutes=m) for m in (1, 15, 60, 240, 1440, 4320, 10080, 43200))


@dataclass(frozen=True)
class Mark:
    """One row: an estimate and the target that it is held against; None where there is no figure."""

    label: str
    kind: str
    estimate: datetime.timedelta | None
    target: datetime.timedelta | None
    met: bool


def recovery_drawing(title: str, marks: Sequence[Mark]) -> Drawing | None:
    """Rows in the order given; None without rows."""
    if not marks:
        return None
    missed = sum(not mark.met for mark in marks)
    words = tr("All targets are met.") if not missed else tr("{missed} of {all} targets are missed.").format(missed=missed, all=len(marks))
    sheet = Sheet(WIDTH, TOP + ROW * len(marks) + 8, title, f"{words} {' '.join(map(sentence, marks))}")
    for tick in TICKS:
        x = place(tick)
        sheet.line(x, TOP - 6, x, TOP + ROW * len(marks), stroke=RULE, stroke_width=0.7)
        sheet.text(x, TOP - 11, short(tick), 8.5, text_anchor="middle", fill=QUIET)
    for index, mark in enumerate(marks):
        draw_row(sheet, TOP + index * ROW, mark, shaded=index % 2 == 1)
    return sheet.done()


def sentence(mark: Mark) -> str:
    return f"{mark.label}, {mark.kind}: {duration_text(mark.estimate)} {tr('against')} {duration_text(mark.target)}."


def place(span: datetime.timedelta) -> float:
    """The x of a duration on the logarithmic scale, held within it."""
    low, high = math.log(LEAST.total_seconds()), math.log(MOST.total_seconds())
    seconds = min(max(span, LEAST), MOST).total_seconds()
    return LEFT + (WIDTH - LEFT - RIGHT) * (math.log(seconds) - low) / (high - low)


def short(span: datetime.timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 4320:
        return f"{minutes // 60} h" if minutes % 60 < 1 or minutes >= 600 else f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440} {tr('d')}"


def draw_row(sheet: Sheet, top: float, mark: Mark, *, shaded: bool) -> None:
    if shaded:
        sheet.rect(0, top, WIDTH, ROW, fill=PALE)
        for tick in TICKS:
            sheet.line(place(tick), top, place(tick), top + ROW, stroke=RULE, stroke_width=0.7)
    middle = top + ROW / 2
    sheet.text(4, middle + 3, fit(mark.label, LEFT - 52, 9), 9)
    sheet.text(LEFT - 12, middle + 3, mark.kind, 8.5, text_anchor="end", fill=QUIET)
    colour = ACCENT if mark.met else WARN
    if mark.estimate is not None:
        sheet.rect(LEFT, middle - 3, max(place(mark.estimate) - LEFT, 2), 6, fill=colour)
    if mark.target is not None:
        x = place(mark.target)
        sheet.line(x, top + 3, x, top + ROW - 3, stroke=INK, stroke_width=2.2)
    verdict = tr("met") if mark.met else tr("missed")
    text = f"{short(mark.estimate)}, {verdict}" if mark.estimate is not None else tr("no figure")
    sheet.text(WIDTH - RIGHT + 8, middle + 3, text, 8.5, fill=colour, font_weight=400 if mark.met else 600)
