"""What the cost of a month is made of: one bar, cut by the setting that causes each part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from reports.display import decimal_of, money_text
from reports.drawings.metrics import width
from reports.drawings.svg import ACCENT, INK, PAPER, QUIET, Drawing, Sheet
from reports.wording import number as digits
from reports.wording import tr

WIDTH, BAR, TOP, ROW = 680, 30, 4, 17
# Neighbours differ in lightness, so that the bar can be read without colour; each part has its number as well.
FILLS = ((ACCENT, PAPER), ("#cfdde6", INK), (INK, PAPER), ("#9fb6c4", INK), (QUIET, PAPER), ("#eef3f7", INK), ("#8a6a3a", PAPER))
MOST = len(FILLS)


def setting_drawing(rows: Sequence[Mapping[str, Any]]) -> Drawing | None:
    """The bar of a design's `costs.by_setting`; None where an amount is not known or there is nothing to show."""
    amounts = [(tr(str(row["label"])), decimal_of(row["monthly"])) for row in rows]
    known = [(label, amount) for label, amount in amounts if amount is not None and amount > 0]
    if not known or any(amount is None for _, amount in amounts):
        return None
    parts = known[:MOST]
    if len(known) > MOST:
        rest = known[MOST - 1 :]
        parts = [*known[: MOST - 1], (tr("{count} others").format(count=len(rest)), sum((amount for _, amount in rest), Decimal(0)))]
    whole = sum((amount for _, amount in parts), Decimal(0))
    told = "; ".join(f"{label}: {money_text(amount)}, {percent(amount, whole)}" for label, amount in parts)
    half = -(-len(parts) // 2)
    sheet = Sheet(WIDTH, TOP + BAR + 14 + ROW * half, tr("Cost a month by setting"), f"{told}.")
    start = Decimal(0)
    for number, ((label, amount), (fill, ink)) in enumerate(zip(parts, FILLS, strict=False), 1):
        left, wide = WIDTH * float(start / whole), WIDTH * float(amount / whole)
        sheet.rect(left, TOP, wide, BAR, fill=fill, stroke=INK, stroke_width=0.5)
        if wide > 14:
            sheet.text(left + wide / 2, TOP + BAR / 2 + 4, str(number), 10, fill=ink, font_weight=600, text_anchor="middle")
        column, row = divmod(number - 1, half)
        x, y = column * WIDTH / 2, TOP + BAR + 24.0 + ROW * row
        sheet.rect(x, y - 11, 14, 14, fill=fill, stroke=INK, stroke_width=0.5)
        sheet.text(x + 7, y - 0.5, str(number), 8.5, fill=ink, font_weight=600, text_anchor="middle")
        sheet.text(x + 20, y, label, 9)
        amount_text = f"{money_text(amount)}, {percent(amount, whole)}"
        sheet.text(x + 26 + width(label, 9), y, amount_text, 9, fill=QUIET)
        start += amount
    return sheet.done()


def percent(part: Decimal, whole: Decimal) -> str:
    """`32.9 %`, and `under 0.1 %` for what would be told as nothing."""
    share = (part * 100 / whole).quantize(Decimal("0.1")) if whole else Decimal(0)
    return digits(f"{share} %") if share else tr("under 0.1 %")
