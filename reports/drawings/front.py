"""The price of a promise: cost against recovery time of the ways that nothing beats, the data lost by the shape of the mark."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from assessment.quantities import parse_duration
from reports.display import decimal_of, money_text
from reports.drawings.costs import nice_ceiling
from reports.drawings.metrics import width
from reports.drawings.svg import ACCENT, INK, PAPER, QUIET, RULE, Drawing, Sheet, number
from reports.wording import number as digits
from reports.wording import tr

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 680, 250, 62, 40, 26, 50
MARK = 5.2
TICKS = (
    (1, "1 min"),
    (5, "5 min"),
    (15, "15 min"),
    (60, "1 h"),
    (240, "4 h"),
    (720, "12 h"),
    (1440, "1 d"),
    (4320, "3 d"),
    (10080, "7 d"),
    (43200, "30 d"),
)
# Most data lost, in minutes, and the shape that stands for it; None for no copy at all.
BANDS: tuple[tuple[float | None, str, str], ...] = (
    (15, "circle", "15 min or less lost"),
    (60, "square", "up to 1 h"),
    (240, "diamond", "up to 4 h"),
    (1440, "triangle", "up to 1 d"),
    (math.inf, "down", "more"),
    (None, "cross", "no copy left"),
)
Plain = Mapping[str, Any]
Box = tuple[float, float, float, float]  # left, top, right, bottom


def front_drawing(promise: Plain, name: str) -> Drawing | None:
    """The drawing of `recommendations.promise.promise_document`; None where prices are not known."""
    points = list(promise["points"])
    design = promise["design"]
    if not points or design is None:
        return None
    if design["number"] is None:
        points.append(design)
    sheet = Sheet(WIDTH, HEIGHT, tr("Price of the promise for {name}").format(name=name), described(promise["points"], design))
    amounts = [decimal_of(one["monthly"]) or Decimal(0) for one in points]
    money = scale(min(amounts), max(amounts))
    times = [minutes(one["rto"]) for one in points]
    low, high = bounds([one for one in times if one is not None])
    roof = TOP + (20 if None in times else 0)

    def x(amount: Decimal) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * float((amount - money[0]) / (money[-1] - money[0]))

    def y(time: float | None) -> float:
        if time is None:
            return TOP + 4.0
        share = (math.log(max(time, low)) - math.log(low)) / (math.log(high) - math.log(low))
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - roof) * share

    grid(sheet, x, y, money, (low, high), None in times)
    places = [(x(amount), y(time)) for amount, time in zip(amounts, times, strict=True)]
    marks(sheet, points, places)
    legend(sheet, {band(one["rpo"]) for one in points})
    return sheet.done()


def scale(least: Decimal, most: Decimal) -> list[Decimal]:
    """Round amounts around the costs, in even steps; from zero where that is not far off."""
    if least <= most * 2 / 5:
        least = Decimal(0)
    step = nice_ceiling(max((most - least) / 4, most / 50, Decimal(1)))
    start = least // step * step
    return [start + step * index for index in range(max(math.ceil((most - start) / step), 1) + 1)]


def described(points: Sequence[Plain], design: Plain) -> str:
    """The text alternative: how many ways, the ends, and the design."""
    said = tr("{count} ways that nothing beats, from {least} to {most} a month; the design costs {cost}. The table gives each way.")
    least, most, cost = (money_text(one["monthly"]) for one in (points[0], points[-1], design))
    return said.format(count=len(points), least=least, most=most, cost=cost)


def minutes(text: str | None) -> float | None:
    """A duration in minutes, at least one; None where nothing comes back."""
    return None if text is None else max(parse_duration(text) / timedelta(minutes=1), 1.0)


def bounds(times: Sequence[float]) -> tuple[float, float]:
    """The ticks that the times lie between."""
    low = max((tick for tick, _ in TICKS if tick <= min(times, default=60)), default=1)
    high = min((tick for tick, _ in TICKS if tick >= max(times, default=240) and tick > low), default=525600)
    return float(low), float(high)


def band(rpo: str | None) -> int:
    """Which band of data lost a duration lies in."""
    if rpo is None:
        return len(BANDS) - 1
    lost = parse_duration(rpo) / timedelta(minutes=1)
    return next(index for index, (most, _, _) in enumerate(BANDS) if most is not None and lost <= most)


def grid(
    sheet: Sheet,
    x: Callable[[Decimal], float],
    y: Callable[[float | None], float],
    money: Sequence[Decimal],
    span: tuple[float, float],
    never: bool,
) -> None:
    """Axes: USD a month to the right, recovery time upwards on a logarithmic scale."""
    sheet.text(0, 9, tr("back within, at worst"), 8.5, fill=QUIET)
    for tick, label in TICKS:
        if span[0] <= tick <= span[1]:
            sheet.line(LEFT, y(tick), WIDTH - RIGHT, y(tick), stroke=INK if tick == span[0] else RULE, stroke_width=0.7)
            sheet.text(LEFT - 8, y(tick) + 3, tr(label), 8.5, text_anchor="end", fill=QUIET)
    if never:
        sheet.text(LEFT - 8, y(None) + 3, tr("never"), 8.5, text_anchor="end", fill=QUIET)
    for amount in money:
        sheet.line(x(amount), HEIGHT - BOTTOM, x(amount), HEIGHT - BOTTOM + 4, stroke=INK, stroke_width=0.7)
        sheet.text(x(amount), HEIGHT - BOTTOM + 14, digits(f"{amount:,.0f}"), 8.5, text_anchor="middle", fill=QUIET)
    sheet.text(WIDTH - RIGHT, HEIGHT - BOTTOM + 27, tr("USD a month"), 8.5, text_anchor="end", fill=QUIET)


def marks(sheet: Sheet, points: Sequence[Plain], places: Sequence[tuple[float, float]]) -> None:
    """The points: the shape says how much is lost; the design is filled and ringed. Numbers stand where there is room."""
    taken = []
    for one, (x, y) in zip(points, places, strict=True):
        reach = MARK * (2.1 if one["designed"] else 1.4)
        taken.append((x - reach, y - reach, x + reach, y + reach))
    design = next(place for one, place in zip(points, places, strict=True) if one["designed"])
    for one, (x, y) in sorted(zip(points, places, strict=True), key=lambda pair: not pair[0]["designed"]):
        if one["designed"]:
            sheet.add("circle", cx=x, cy=y, r=MARK * 2, fill="none", stroke=ACCENT, stroke_width=1.4)
        # A mark on top of the design's lets it be seen.
        on_top = not one["designed"] and math.dist((x, y), design) < MARK * 2
        shape(sheet, BANDS[band(one["rpo"])][1], x, y, fill=ACCENT if one["designed"] else "none" if on_top else PAPER)
    for one, (x, y) in zip(points, places, strict=True):
        text = tr("design") if one["number"] is None else f"{one['number']}{', ' + tr('design') if one['designed'] else ''}"
        left, base = room(x, y, width(text, 8.5, True), 14.0 if one["designed"] else 9.5, taken)
        sheet.text(left, base, text, 8.5, font_weight=600)


def room(x: float, y: float, wide: float, gap: float, taken: list[Box]) -> tuple[float, float]:
    """Where a label of a width fits beside a mark without lying on another, as left end and baseline; the place is taken then."""
    ways = [
        (gap, 3.0),
        (-gap - wide, 3.0),
        (-wide / 2, -gap - 1),
        (-wide / 2, gap + 8),
        (gap, -9.0),
        (gap, 15.0),
        (-gap - wide, -9.0),
        (-gap - wide, 15.0),
    ]
    boxes = [(x + dx, y + dy - 7, x + dx + wide, y + dy + 1) for dx, dy in ways]
    free = [box for box in boxes if box[0] > LEFT and box[2] < WIDTH and not any(overlap(box, other) for other in taken)]
    chosen = free[0] if free else boxes[0]
    taken.append(chosen)
    return chosen[0], chosen[3] - 1


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def shape(sheet: Sheet, name: str, x: float, y: float, *, fill: str = PAPER) -> None:
    """One mark around a place."""
    s = MARK
    look = {"fill": fill, "stroke": ACCENT if fill == ACCENT else INK, "stroke_width": 1.5}
    if name == "circle":
        sheet.add("circle", cx=x, cy=y, r=s, **look)
        return
    corners = {
        "square": ((-s, -s), (s, -s), (s, s), (-s, s)),
        "diamond": ((0, -s * 1.3), (s * 1.3, 0), (0, s * 1.3), (-s * 1.3, 0)),
        "triangle": ((0, -s * 1.2), (s * 1.2, s), (-s * 1.2, s)),
        "down": ((0, s * 1.2), (s * 1.2, -s), (-s * 1.2, -s)),
    }.get(name)
    if corners is None:
        for (x1, y1), (x2, y2) in (((-s, -s), (s, s)), ((s, -s), (-s, s))):
            sheet.line(x + x1, y + y1, x + x2, y + y2, stroke=INK, stroke_width=1.8)
        return
    steps = "L".join(f"{number(x + dx)} {number(y + dy)}" for dx, dy in corners)
    sheet.path(f"M{steps}Z", **look)


def legend(sheet: Sheet, used: set[int]) -> None:
    """The shapes that occur, below the axes."""
    x = float(LEFT)
    sheet.text(0, HEIGHT - 8, tr("data lost"), 8.5, fill=QUIET)
    for index in sorted(used):
        _, name, label = BANDS[index]
        shape(sheet, name, x + 6, HEIGHT - 11)
        sheet.text(x + 17, HEIGHT - 8, tr(label), 8.5)
        x += 32 + len(tr(label)) * 4.6
