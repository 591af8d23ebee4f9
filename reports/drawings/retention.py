"""The retention calendar: which recovery points of a workload exist on which day, once the design has run as long as it keeps them.

Time runs back from now in sections, each with a scale of its own: hours, days, months, years. A tick is a point, a bar is every moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from recommendations.recovery_points import YEARS, Series, span_text
from reports.drawings.metrics import fit
from reports.drawings.svg import ACCENT, INK, PALE, PAPER, QUIET, RULE, Drawing, Sheet
from reports.sentences import told
from reports.wording import number as digits
from reports.wording import tr

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 680, 172, 62, 30, 30, 40
ENDS = (2.0, 35.0, YEARS)
NAMES = ("hours", "days", "months", "years")
AXIS = {2.0: ("now", "1 day"), 35.0: ("2 days", "2 weeks"), YEARS: ("5 weeks", "6 months")}
DENSE = 1.9  # pixels between two ticks under which they are drawn as a bar
AFTER = (1.0, 7.0, 30.0, 90.0, YEARS, 3 * YEARS, 10 * YEARS)


def retention_drawing(name: str, rows: Sequence[Series]) -> Drawing | None:
    """The calendar of a workload; None where nothing is kept beside the data itself. `name` is the workload's."""
    if not rows:
        return None
    edges = sections(rows)
    counted = [one for one in rows if one.count() is not None]
    height = TOP + ROW * len(rows) + 14 + (FOOT if counted else 0)
    sheet = Sheet(WIDTH, height, tr("Recovery points of {name} by age").format(name=name), described(rows))
    draw_axis(sheet, edges, TOP + ROW * len(rows))
    for index, one in enumerate(rows):
        draw_series(sheet, TOP + ROW * index, one, edges)
    if counted:
        draw_counts(sheet, TOP + ROW * len(rows) + 26, counted)
    return sheet.done()


def described(rows: Sequence[Series]) -> str:
    """The series in words, as the alternative of the drawing."""
    said = []
    for one in rows:
        count = one.count()
        many = f", {tr('{count} at a time').format(count=count)}" if count is not None else ""
        places = f" {tr('and')} ".join(told(place) for place in one.copies)
        copies = f", {tr('with a copy in {places}').format(places=places)}" if places else ""
        said.append(f"{tr(one.label)}: {told(one.note)}{many}{copies}.")
    return " ".join(said)


def sections(rows: Sequence[Series]) -> list[float]:
    """The ages at which sections begin and end, from 0, as far as anything is kept; the last one is rounded up to whole years."""
    longest = max(one.keep if one.keep is not None else 3 * YEARS for one in rows)
    inner = [end for end in ENDS if end < longest * 0.999]
    last = next((end for end in ENDS if end >= longest * 0.999), YEARS * max(2, -(-(longest - 5) // YEARS)))
    return [0.0, *inner, last]


def place(age: float, edges: Sequence[float]) -> float:
    """The x of an age: sections are equally wide, and even within."""
    wide = (WIDTH - LEFT - RIGHT) / (len(edges) - 1)
    for index, (start, end) in enumerate(pairwise(edges)):
        if age <= end:
            return LEFT + wide * (index + (age - start) / (end - start))
    return float(WIDTH - RIGHT)


def draw_axis(sheet: Sheet, edges: Sequence[float], bottom: float) -> None:
    """Heads of the sections, their borders, and ages at their beginnings and middles."""
    for index, (start, end) in enumerate(pairwise(edges)):
        left, right = place(start, edges) if index else float(LEFT), place(end, edges)
        if index % 2 == 0:
            sheet.rect(left, TOP - 6, right - left, bottom - TOP + 6, fill=PALE)
        sheet.text((left + right) / 2, 10, tr(NAMES[index]), 8.5, text_anchor="middle", font_weight=600, fill=QUIET)
        sheet.line(left, TOP - 10, left, bottom + 4, stroke=RULE)
        first, middle = AXIS.get(end, (AXIS_LAST[index], ""))
        half = round((start + end) / 2 / YEARS) * YEARS
        sheet.text(left, 20, tr(first), 8, fill=QUIET, text_anchor="start" if not index else "middle")
        if middle or index == len(NAMES) - 1:
            sheet.text(
                (left + right) / 2 if middle else place(half, edges),
                20,
                told(middle or span_text(half)),
                8,
                fill=QUIET,
                text_anchor="middle",
            )
    sheet.line(WIDTH - RIGHT, TOP - 10, WIDTH - RIGHT, bottom + 4, stroke=RULE)
    sheet.text(WIDTH - RIGHT, 20, told(span_text(edges[-1])), 8, fill=QUIET, text_anchor="middle")
    sheet.text(WIDTH, 20, tr("kept"), 8, fill=QUIET, text_anchor="end")


AXIS_LAST = ("now", "2 days", "5 weeks", "1 year")


def draw_series(sheet: Sheet, top: float, one: Series, edges: Sequence[float]) -> None:
    sheet.text(0, top + 11, tr(one.label), 9.5, font_weight=600)
    sheet.text(0, top + 22, fit(told(one.note), LEFT - 8, 8), 8, fill=QUIET)
    end = one.keep if one.keep is not None else edges[-1]
    sheet.line(LEFT, top + 24, WIDTH - RIGHT, top + 24, stroke=RULE, stroke_width=0.6)
    if not one.every:
        right = place(end, edges)
        sheet.rect(LEFT, top + 7, right - LEFT, 12, fill=PAPER, stroke=ACCENT, stroke_width=1.2)
        sheet.rect(LEFT, top + 11, right - LEFT, 4, fill=ACCENT)
    else:
        draw_points(sheet, top, one, end, edges)
    if one.keep is None:
        x = float(WIDTH - RIGHT)
        sheet.path(f"M{x + 2:.2f} {top + 7}L{x + 9:.2f} {top + 13}L{x + 2:.2f} {top + 19}Z", fill=ACCENT, stroke="none")
    count = one.count()
    sheet.text(WIDTH, top + 16, tr("all") if count is None else digits(f"{count:,}"), 10, text_anchor="end", font_weight=600)


def draw_points(sheet: Sheet, top: float, one: Series, end: float, edges: Sequence[float]) -> None:
    """A tick for each point; in a section where they would touch, a bar."""
    wide = (WIDTH - LEFT - RIGHT) / (len(edges) - 1)
    for start, until in pairwise(edges):
        if end <= start:
            return
        stop = min(end, until)
        if one.every * wide / (until - start) < DENSE:
            left, right = (place(start, edges) if start else float(LEFT)), place(stop, edges)
            sheet.rect(left, top + 7, max(right - left, 1.6), 12, fill=INK)
            continue
        thick = min(1.6, one.every * wide / (until - start) * 0.5)
        first = int(start / one.every) + 1
        for number in range(first, int(stop / one.every + 1e-6) + 1):
            x = place(number * one.every, edges)
            sheet.rect(x - thick, top + 7, thick, 12, fill=INK)


def draw_counts(sheet: Sheet, top: float, rows: Sequence[Series]) -> None:
    """How many points exist so many days after the first one, all series together."""
    longest = max(one.keep if one.keep is not None else AFTER[-1] for one in rows)
    # One column past the longest retention would say the same again.
    ages = [age for index, age in enumerate(AFTER) if index == 0 or AFTER[index - 1] < longest]
    sheet.text(0, top + 10, tr("Points that exist"), 9.5, font_weight=600)
    sheet.text(0, top + 21, tr("so long after the first one"), 8, fill=QUIET)
    step = (WIDTH - LEFT) / len(ages)
    for index, age in enumerate(ages):
        total = sum(one.count(age) or 0 for one in rows)
        x = LEFT + step * (index + 0.5)
        sheet.text(x, top + 10, digits(f"{total:,}"), 10, text_anchor="middle", font_weight=600)
        sheet.text(x, top + 21, told(span_text(age)), 8, text_anchor="middle", fill=QUIET)
