"""What the line to AWS carries: bytes a day in the backup window, and the days of the first copy.

Units: bandwidth in bit/s, sizes in bytes. Working hours are 08:00 to 18:00 on working days; the rest is off hours.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

WORKING_HOURS_A_DAY = 10
# Night is 22:00 to 06:00 and lies in off hours; any time is the whole day; the weekend has no working hours.
WINDOW_HOURS = {"any-time": (WORKING_HOURS_A_DAY, 14), "night": (0, 8), "weekend": (0, 24)}
USABLE = Decimal("0.8")
REDUCTION = {"none": Decimal(1), "little": Decimal("0.8"), "half": Decimal("0.5"), "well": Decimal("0.3")}


@dataclass(frozen=True)
class Line:
    """Upload bandwidth in bit/s within and outside of working hours."""

    working: int
    off: int


def window_bytes(line: Line, window: str, custom_hours: Decimal | None = None) -> int:
    """Bytes that the line carries in one day's backup window, at 80 % of its bandwidth."""
    if window == "custom" and custom_hours is not None:
        return int(Decimal(line.off) * custom_hours * 3600 / 8 * USABLE)
    working, off = WINDOW_HOURS.get(window, WINDOW_HOURS["night"])
    return int((Decimal(line.working) * working + Decimal(line.off) * off) * 3600 / 8 * USABLE)


def day_bytes(line: Line) -> int:
    """Bytes that the line carries in a whole day."""
    return window_bytes(line, "any-time")


def seed_days(line: Line, total_bytes: int) -> int | None:
    """Days to send everything once; None when the line carries nothing."""
    carried = day_bytes(line)
    return int((Decimal(total_bytes) / carried).to_integral_value(ROUND_CEILING)) if carried else None
