"""Cost over time: the design beside the naive all-Standard layout and what is paid today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reports.display import decimal_of, money_text
from reports.drawings.svg import ACCENT, INK, QUIET, RULE, Drawing, Sheet, number
from reports.wording import number as digits
from reports.wording import tr

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 680, 236, 62, 118, 14, 34
Series = list[Decimal]


def cost_drawing(costs: Mapping[str, Any]) -> Drawing | None:
    """The chart of design.json's `costs`; None where no month has a price."""
    months = costs.get("months") or []
    lines = {label: series_of(months, key) for label, key in (("Design", "design"), ("All in S3 Standard", "naive"))}
    today = decimal_of(costs.get("today"))
    if today is not None and months:
        # Designs of earlier versions do not grow today's bill month by month.
        lines["Today"] = series_of(months, "today") or [today] * len(months)
    lines = {label: series for label, series in lines.items() if series}
    if not lines or len(months) < 2:
        return None
    return _drawn(lines, len(months))


def series_of(months: Sequence[Mapping[str, Any]], key: str) -> Series:
    """One figure a month, or nothing when a month has none."""
    found = [decimal_of(month.get(key)) for month in months]
    return [] if any(value is None for value in found) else [value for value in found if value is not None]


def nice_ceiling(value: Decimal) -> Decimal:
    """The least of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten that is not below `value`."""
    power = Decimal(10) ** max(0, len(str(int(value))) - 1)
    return next(Decimal(m) * power for m in ("1", "1.5", "2", "3", "4", "5", "6", "8", "10") if Decimal(m) * power >= value)


def described(lines: Mapping[str, Series], count: int) -> str:
    ends = [
        tr("{label}: {first} in month 1, {last} in month {count}").format(
            label=tr(label), first=money_text(series[0]), last=money_text(series[-1]), count=count
        )
        for label, series in lines.items()
    ]
    return tr("Monthly cost.") + " " + "; ".join(ends) + "."


def _drawn(lines: Mapping[str, Series], count: int) -> Drawing:
    sheet = Sheet(WIDTH, HEIGHT, tr("Cost over time"), described(lines, count))
    top = nice_ceiling(max(max(series) for series in lines.values()) or Decimal(1))
    room_x, room_y = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(month: int) -> float:
        return LEFT + room_x * month / (count - 1)

    def y(amount: Decimal) -> float:
        return TOP + room_y * float(1 - amount / top)

    for quarter in range(5):
        amount = top * quarter / 4
        sheet.line(LEFT, y(amount), WIDTH - RIGHT, y(amount), stroke=RULE if quarter else INK, stroke_width=0.7)
        sheet.text(LEFT - 8, y(amount) + 3, digits(f"{amount:,.0f}"), 8.5, text_anchor="end", fill=QUIET)
    sheet.text(0, TOP + 3, "USD", 8.5, fill=QUIET)
    for month in range(0, count, 6 if count <= 37 else 12):
        sheet.text(x(month), HEIGHT - BOTTOM + 14, str(month + 1), 8.5, text_anchor="middle", fill=QUIET)
    sheet.text(LEFT + room_x / 2, HEIGHT - 5, tr("month after the start"), 8.5, text_anchor="middle", fill=QUIET)
    _curves(sheet, lines, x, y)
    return sheet.done()


def _curves(sheet: Sheet, lines: Mapping[str, Series], x: Any, y: Any) -> None:
    """Each series told apart by its line, not only by its colour, and named at its end."""
    looks = {"Design": (ACCENT, 2.4, None), "All in S3 Standard": (INK, 1.3, "6 3"), "Today": (QUIET, 1.3, "1.5 2.5")}
    ends = spread([(y(series[-1]), label) for label, series in lines.items()], 24)
    for label, series in lines.items():
        colour, thick, dash = looks[label]
        steps = "L".join(f"{number(float(x(i)))} {number(float(y(amount)))}" for i, amount in enumerate(series))
        sheet.path(f"M{steps}", stroke=colour, stroke_width=thick, stroke_dasharray=dash, stroke_linejoin="round")
        sheet.text(WIDTH - RIGHT + 8, ends[label], tr(label), 9, fill=colour, font_weight=600)
        sheet.text(WIDTH - RIGHT + 8, ends[label] + 11, money_text(series[-1]), 8.5, fill=colour)


def spread(places: list[tuple[float, str]], gap: float) -> dict[str, float]:
    """Label positions, moved apart so that none lies on another."""
    found: dict[str, float] = {}
    last = TOP - gap + 6.0
    for place, label in sorted(places):
        last = max(place + 1, last + gap)
        found[label] = last
    over = last - (HEIGHT - BOTTOM - 6)
    return {label: place - max(0.0, over) for label, place in found.items()}
