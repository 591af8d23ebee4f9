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
    """One cost line: `quantity` units at `price` USD each are `monthly` USD a month (unrounded); `setting` names what causes it."""

    item: str
    quantity: Decimal
    unit: str
    price: Decimal
    source: str
    monthly: Decimal
    setting: str = ""

    def labelled(self, item: str, setting: str) -> Line:
        """The same line under another name, caused by `setting`."""
        # Thousands of workloads have lines of the same name.
        return replace(self, item=sys.intern(item), setting=setting)

    def document(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "quantity": self.quantity.quantize(QUANTITY, ROUND_HALF_UP),
            "unit": self.unit,
            "price": self.price,
            "source": self.source,
            "monthly": money(self.monthly),
            "setting": self.setting,
        }


@dataclass
class Bill:
    """Cost lines of one setting or workload, and the prices that were not known (`REGION/ITEM`). Unknown prices make the total unknown.

    `causes` are the settings that an unknown price belongs to, where they are told.
    """

    lines: list[Line] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    causes: dict[str, set[str]] = field(default_factory=dict)

    def add(self, book: PriceBook, region: str, item: str, label: str, quantity: Decimal, unit: str, setting: str = "") -> None:
        """Adds `quantity` of a price-book item for a setting; a quantity of zero costs nothing and asks for no price."""
        if quantity <= 0:
            return
        try:
            price = book.entry(region, item)
        except UnknownPrice as error:
            self.miss((f"{error.region}/{error.item}",), setting)
            return
        monthly = tiered(book, region, item, quantity)
        self.lines.append(
            Line(
                sys.intern(label), quantity, unit, (monthly / quantity).quantize(UNIT_PRICE, ROUND_HALF_UP), price.source, monthly, setting
            )
        )

    def miss(self, items: Iterable[str], setting: str) -> None:
        """Prices (`REGION/ITEM`) that a setting would need and that are not known."""
        for item in items:
            self.unknown.add(item)
            self.causes.setdefault(item, set()).add(setting)

    def take(self, lines: Iterable[Line], unknown: Iterable[str], name: str, setting: str) -> None:
        """Lines of another bill, their items behind `name`, caused by `setting`, and its unknown prices."""
        self.lines.extend(line.labelled(f"{name}{line.item}", setting) for line in lines)
        self.miss(unknown, setting)

    def extend(self, other: Bill) -> None:
        self.lines.extend(other.lines)
        self.unknown |= other.unknown
        for item, settings in other.causes.items():
            self.causes.setdefault(item, set()).update(settings)

    def document(self) -> list[dict[str, Any]]:
        """Cost lines as in design.json; a price that is not known stands as a line without price and amount, never as zero."""
        gaps = [
            {"item": item, "quantity": None, "unit": "", "price": None, "source": "price unknown", "monthly": None, "setting": setting}
            for item in sorted(self.unknown)
            for setting in sorted(self.causes.get(item, ("",)))
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

    def add(self, book: PriceBook, region: str, item: str, label: str, quantity: Decimal, unit: str, setting: str = "") -> None:
        if quantity > 0:
            try:
                self.amount += cents(tiered(book, region, item, quantity))
            except UnknownPrice as error:
                self.unknown.add(f"{error.region}/{error.item}")

    def take(self, lines: Iterable[Line], unknown: Iterable[str], name: str, setting: str) -> None:
        self.amount += sum((cents(line.monthly) for line in lines), ZERO)
        self.unknown.update(unknown)

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


@dataclass(frozen=True, slots=True)
class Curve:
    """What a part of the design costs in the first month, USD, how much its data grows a year, percent, and its data in bytes."""

    design: Decimal | None
    naive: Decimal | None
    growth: Decimal
    size: int = 0


def months(curves: Sequence[Curve], horizon: int, today: Decimal | None = None) -> list[dict[str, Any]]:
    """Per month the cost of the design, the naive one, and today's grown as all data grows. None where any part is unknown."""
    rates: dict[Decimal, list[Curve]] = {}
    for one in curves:
        rates.setdefault(one.growth, []).append(one)
    design = {rate: _sum(one.design for one in each) for rate, each in rates.items()}
    naive = {rate: _sum(one.naive for one in each) for rate, each in rates.items()}
    size = {rate: Decimal(sum(one.size for one in each)) for rate, each in rates.items()}
    whole = sum(size.values(), ZERO)
    rows = []
    for month in range(1, horizon + 1):
        factors = {rate: growth_factor(rate, month) for rate in rates}
        grown = sum((size[rate] * factors[rate] for rate in rates), ZERO) / whole if whole else Decimal(1)
        rows.append(
            {
                "month": month,
                "design": money(_sum(None if amount is None else amount * factors[rate] for rate, amount in design.items())),
                "naive": money(_sum(None if amount is None else amount * factors[rate] for rate, amount in naive.items())),
                "today": money(None if today is None else today * grown),
            }
        )
    return rows


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    total = ZERO
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total
