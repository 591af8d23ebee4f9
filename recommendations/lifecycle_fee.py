"""What the reader is told of the fee for leaving a class before its minimum, which is only billed (aws-facts a; decision 0007)."""

from __future__ import annotations

from decimal import Decimal

from recommendations import storage as s3
from recommendations.costs import Bill, money
from recommendations.lifecycle_cost import FEE, Need

Step = tuple[str, int]  # (storage class, from day)
Stay = tuple[str, int]  # (storage class, days in it)


def dearer(difference: Decimal, known: bool) -> str:
    return f"USD {money(difference)} a month more" if known else "Dearer in every Region whose prices are known"


def left_early(need: Need, steps: tuple[Step, ...]) -> tuple[Stay, ...]:
    """The classes that the data leaves before their minimum, and after how many days."""
    ends = [*(start for _, start in steps[1:]), need.expire]
    stays = ((name, end - start) for (name, start), end in zip(steps, ends, strict=True) if end is not None)
    return tuple((name, held) for name, held in stays if held < s3.MIN_DAYS[name])


def fee_told(need: Need, steps: tuple[Step, ...], bill: Bill, without: Decimal) -> str:
    """What is paid for leaving early, and that paying it is cheaper, with both figures."""
    start = f"The data leaves {_stays(need, steps)}"
    total = bill.total()
    if total is None:
        return f"{start}; with that fee it is still the cheapest in every Region whose prices are known."
    return (
        f"{start}: the early-delete fee of USD {money(fee_of(bill))} a month is paid and is in the USD {money(total)} a month; "
        f"leaving no class early would cost USD {money(without)} a month."
    )


def fee_of(bill: Bill) -> Decimal:
    """USD a month that a bill holds for days that a class bills and the data is not there."""
    return sum((line.monthly for line in bill.lines if line.item.endswith(FEE)), Decimal(0))


def no_fee(difference: Decimal, bill: Bill, known: bool) -> str:
    paid = f"; the early-delete fee of USD {money(fee_of(bill))} a month that the design pays is less" if known else ""
    return f"{dearer(difference, known)}: leaves no class before its minimum, so pays no early-delete fee{paid}"


def with_fee(need: Need, steps: tuple[Step, ...]) -> str:
    stays = _stays(need, steps)
    return f", with the early-delete fee for leaving {stays}" if stays else ""


def _stays(need: Need, steps: tuple[Step, ...]) -> str:
    return " and ".join(
        f"{s3.CLASS_LABELS[name]} after {held} of the {s3.MIN_DAYS[name]} days that it bills" for name, held in left_early(need, steps)
    )
