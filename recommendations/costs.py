"""Money: cost lines of quantity x price, and month-by-month curves. Decimal throughout; an unknown price leaves a named gap."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from recommendations.prices import PriceBook, UnknownPrice

CENT = Decimal("0.01")
QUANTITY = Decimal("0.001")
UNIT_PRICE = Decimal("0.0000001")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One cost line: `quantity` units at `price` USD each are `monthly` USD a month (unrounded)."""

    item: str
    quantity: Decimal
    unit: str
    price: Decimal
    source: str
    monthly: Decimal

    def labelled(self, item: str) -> Line:
        """The same line under another name."""
        # Thousands of workloads have lines of the same name.
        return replace(self, item=sys.intern(item))

    def document(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "quantity": self.quantity.quantize(QUANTITY, ROUND_HALF_UP),
            "unit": self.unit,
            "price": self.price,
            "source": self.source,
            "monthly": money(self.monthly),
        }


@dataclass
class Bill:
    """Cost lines of one setting or workload, and the prices that were not known (`REGION/ITEM`). Unknown prices make the total unknown."""

    lines: list[Line] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def add(self, book: PriceBook, region: str, item: str, label: str, quantity: Decimal, unit: str) -> None:
        """Adds `quantity` of a price-book item; a quantity of zero costs nothing and asks for no price."""
        if quantity <= 0:
            return
        try:
            price = book.entry(region, item)
        except UnknownPrice as error:
            self.unknown.add(f"{error.region}/{error.item}")
            return
        monthly = tiered(book, region, item, quantity)
        self.lines.append(
            Line(sys.intern(label), quantity, unit, (monthly / quantity).quantize(UNIT_PRICE, ROUND_HALF_UP), price.source, monthly)
        )

    def extend(self, other: Bill) -> None:
        self.lines.extend(other.lines)
        self.unknown |= other.unknown

    def document(self) -> list[dict[str, Any]]:
        """Cost lines as in design.json; a price that is not known stands as a line without price and amount, never as zero."""
        gaps = [
            {"item": item, "quantity": None, "unit": "", "price": None, "source": "price unknown", "monthly": None}
            for item in sorted(self.unknown)
        ]
        return [line.document() for line in self.lines] + gaps

    def total(self) -> Decimal | None:
        """USD a month as the sum of the printed lines, or None when a price is unknown."""
        return None if self.unknown else sum((cents(line.monthly) for line in self.lines), ZERO)

    def exact(self) -> Decimal:
        """USD a month of what is known, unrounded: for comparing, not for showing."""
        return sum((line.monthly for line in self.lines), ZERO)


class Tally(Bill):
    """A bill of which only the total is wanted: its lines are counted and not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.amount = ZERO

    def add(self, book: PriceBook, region: str, item: str, label: str, quantity: Decimal, unit: str) -> None:
        if quantity > 0:
            try:
                self.amount += cents(tiered(book, region, item, quantity))
            except UnknownPrice as error:
                self.unknown.add(f"{error.region}/{error.item}")

    def extend(self, other: Bill) -> None:
        self.amount += sum((cents(line.monthly) for line in other.lines), ZERO)
        self.unknown |= other.unknown

    def total(self) -> Decimal | None:
        return None if self.unknown else self.amount


def tiered(book: PriceBook, region: str, item: str, quantity: Decimal) -> Decimal:
    """What `quantity` units of an item cost, volume tiers included. Raises UnknownPrice."""
    rates = book.rates(region, item)
    if len(rates) == 1:
        return quantity * rates[0][1]
    total = ZERO
    for index, (start, price) in enumerate(rates):
        end = rates[index + 1][0] if index + 1 < len(rates) else quantity
        total += max(min(quantity, end) - start, ZERO) * price
    return total


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def money(amount: Decimal | None) -> str | None:
    """`23.55`, or None when the amount is unknown."""
    return None if amount is None else str(cents(amount))


def growth_factor(yearly_percent: Decimal, month: int) -> Decimal:
    """How much larger data is in `month` (1 = now) when it grows by `yearly_percent` a year: compounded by years, straight within one."""
    years, rest = divmod(month - 1, 12)
    yearly = max(Decimal(1) + yearly_percent / 100, ZERO)
    return yearly**years * (Decimal(1) + (yearly - 1) * Decimal(rest) / 12)


def months(parts: Sequence[tuple[Decimal | None, Decimal | None, Decimal]], horizon: int) -> list[dict[str, Any]]:
    """Per month the design's and the naive cost; `parts` are (design, naive, yearly growth in percent). None where any part is unknown."""
    rows = []
    for month in range(1, horizon + 1):
        design = _at(((amount, growth) for amount, _, growth in parts), month)
        naive = _at(((amount, growth) for _, amount, growth in parts), month)
        rows.append({"month": month, "design": money(design), "naive": money(naive)})
    return rows


def _at(parts: Iterable[tuple[Decimal | None, Decimal]], month: int) -> Decimal | None:
    total = ZERO
    for amount, growth in parts:
        if amount is None:
            return None
        total += amount * growth_factor(growth, month)
    return total
