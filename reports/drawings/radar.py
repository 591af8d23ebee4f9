"""Maturity of the six pillars today and with the design, on axes from 0 to 5; the lines differ by dash and mark, for print in grey."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reports.drawings.svg import ACCENT, INK, PALE, PAPER, QUIET, RULE, Drawing, Sheet, number
from reports.wording import number as digits
from reports.wording import tr

WIDTH, HEIGHT, RADIUS, MIDDLE_X, MIDDLE_Y = 680, 344, 118, 340, 160
TOP = 5
SIDE = 96  # blank pixels at the left and at the right
TITLE = "Maturity by pillar"
Pillars = Sequence[Mapping[str, Any]]
Point = tuple[float, float]


def radar_drawing(pillars: Pillars, *, cropped: bool = False) -> Drawing | None:
    """The chart of design.json's `pillars`; None without them. `cropped` leaves out the blank sides, for screens."""
    if not pillars:
        return None
    told = "; ".join(
        tr("{pillar} {before} today and {after} with the design").format(
            pillar=title(one), before=digits(one["before"]), after=digits(one["after"])
        )
        for one in pillars
    )
    sheet = Sheet(WIDTH, HEIGHT, tr(TITLE), tr("On a scale of 0 to {top}: {told}.").format(top=TOP, told=told))
    rings(sheet, len(pillars))
    for place, one in enumerate(pillars):
        label(sheet, place, len(pillars), one)
    after, before = (outline(pillars, name) for name in ("after", "before"))
    sheet.path(closed(after), fill=PALE, fill_opacity=0.6, stroke=ACCENT, stroke_width=2.2, stroke_linejoin="round")
    scale(sheet)
    sheet.path(closed(before), stroke=INK, stroke_width=1.4, stroke_dasharray="5 3", stroke_linejoin="round")
    for x, y in after:
        sheet.add("circle", cx=x, cy=y, r=3.2, fill=ACCENT)
    for x, y in before:
        sheet.add("circle", cx=x, cy=y, r=3, fill=PAPER, stroke=INK, stroke_width=1.3)
    legend(sheet)
    if cropped:
        sheet.root.set("viewBox", f"{SIDE} 0 {WIDTH - 2 * SIDE} {HEIGHT}")
        sheet.root.set("width", str(WIDTH - 2 * SIDE))
    return sheet.done()


def title(pillar: Mapping[str, Any]) -> str:
    name = tr(str(pillar["pillar"]))
    return name[:1].upper() + name[1:]


def spot(place: int, count: int, share: float) -> Point:
    """A point on an axis, the first axis upright; `share` of the radius from the middle."""
    angle = 2 * math.pi * place / count - math.pi / 2
    return MIDDLE_X + RADIUS * share * math.cos(angle), MIDDLE_Y + RADIUS * share * math.sin(angle)


def outline(pillars: Pillars, when: str) -> list[Point]:
    return [spot(place, len(pillars), float(Decimal(one[when])) / TOP) for place, one in enumerate(pillars)]


def closed(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"


def rings(sheet: Sheet, count: int) -> None:
    for level in range(1, TOP + 1):
        ring = [spot(place, count, level / TOP) for place in range(count)]
        sheet.path(closed(ring), stroke=RULE, stroke_width=1 if level == TOP else 0.6)
    for place in range(count):
        x, y = spot(place, count, 1)
        sheet.line(MIDDLE_X, MIDDLE_Y, x, y, stroke_width=0.6)


def scale(sheet: Sheet) -> None:
    """The figures of the rings, beside the upright axis and above the filled shape."""
    for level in range(TOP + 1):
        x, y = spot(0, 6, level / TOP)
        sheet.text(x - 5, y + 3, str(level), 7.5, text_anchor="end", fill=QUIET)


def label(sheet: Sheet, place: int, count: int, pillar: Mapping[str, Any]) -> None:
    """Name and figures outside the outermost ring."""
    x, y = spot(place, count, 1.13)
    side = x - MIDDLE_X
    anchor = "middle" if abs(side) < 1 else "start" if side > 0 else "end"
    drop = 0.0 if abs(side) > 1 else -8.0 if y < MIDDLE_Y else 8.0
    sheet.text(x, y + drop, title(pillar), 9.5, text_anchor=anchor, font_weight=600)
    sheet.text(
        x,
        y + drop + 12,
        tr("{before} today, {after} with the design").format(before=digits(pillar["before"]), after=digits(pillar["after"])),
        8.5,
        text_anchor=anchor,
        fill=QUIET,
    )


def legend(sheet: Sheet) -> None:
    y = HEIGHT - 10
    sheet.line(102, y, 134, y, stroke=INK, stroke_width=1.4, stroke_dasharray="5 3")
    sheet.add("circle", cx=118, cy=y, r=3, fill=PAPER, stroke=INK, stroke_width=1.3)
    sheet.text(140, y + 3, tr("today"), 9)
    sheet.line(182, y, 214, y, stroke=ACCENT, stroke_width=2.2)
    sheet.add("circle", cx=198, cy=y, r=3.2, fill=ACCENT)
    sheet.text(220, y + 3, tr("with the design"), 9)
