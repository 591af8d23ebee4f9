"""Quantities as people write them: durations, sizes, bandwidths, percent, money, dates. Each has one canonical text.

Rules: the engagement format's table "Values by type". `parse_*` raise ValueError with what would be right;
`parse(write(value)) == value` for every value.
"""

import datetime
import re
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Any

MAX_DIGITS = 18
DURATION = re.compile(r"(\d{1,18})(\.\d{1,6})?([mhdwy])", re.ASCII)
SIZE = re.compile(r"(\d{1,18})(\.\d{1,3})? ?(B|[KMGTP]iB|[KMGTP]B)", re.ASCII)
BANDWIDTH = re.compile(r"(\d{1,18})(\.\d{1,3})? ?(kbit/s|Mbit/s|Gbit/s)", re.ASCII)
PERCENT = re.compile(r"([+-]?\d{1,18}(?:\.\d{1,6})?) ?%", re.ASCII)
MONEY = re.compile(r"(\d{1,18}(?:\.\d{1,2})?) ([A-Z]{3})", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
CURRENCY = "USD"

MINUTES = {"m": 1, "h": 60, "d": 1440, "w": 10080}
BINARY = {f"{p}iB": 1024 ** (i + 1) for i, p in enumerate("KMGTP")}
DECIMAL = {f"{p}B": 1000 ** (i + 1) for i, p in enumerate("KMGTP")}
BYTES = {"B": 1, **BINARY, **DECIMAL}
BITS = {"kbit/s": 10**3, "Mbit/s": 10**6, "Gbit/s": 10**9}
LONGEST = datetime.timedelta(days=999_999_999)


def year_days(years: int) -> int:
    """Days of `n` years: ceil(365.25 n), so that it is never shorter than the calendar's."""
    return -(-years * 1461 // 4)


def text_of(raw: Any, example: str) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"write it like {example}")
    return raw


def parse_duration(raw: Any) -> datetime.timedelta:
    """`15m`, `4h`, `1.5h`, `35d`, `2w`, `7y` as a timedelta."""
    found = DURATION.fullmatch(text_of(raw, "15m, 4h, 35d or 7y"))
    if not found:
        raise ValueError("write a number and m, h, d, w or y without a blank, like 15m, 4h, 35d or 7y")
    whole, fraction, unit = int(found[1]), found[2], found[3]
    if fraction and unit != "h":
        raise ValueError("decimals are for hours only, like 1.5h")
    if unit == "y":
        days = year_days(whole)
        return datetime.timedelta(days=days) if days < LONGEST.days else LONGEST
    microseconds = Decimal(found[1] + (fraction or "")) * MINUTES[unit] * 60 * 10**6
    if microseconds >= Decimal(LONGEST.days) * 86400 * 10**6:
        return LONGEST
    return datetime.timedelta(microseconds=int(microseconds))


def write_duration(value: datetime.timedelta) -> str:
    """The shortest text that says the same: days and years from two days on, else hours, else minutes."""
    if not value % datetime.timedelta(days=1) and value.days > 1:
        years = value.days * 4 // 1461
        return next((f"{n}y" for n in (years, years + 1) if n and year_days(n) == value.days), f"{value.days}d")
    if not value % datetime.timedelta(hours=1) and value:
        return f"{value // datetime.timedelta(hours=1)}h"
    if not value % datetime.timedelta(minutes=1):
        return f"{value // datetime.timedelta(minutes=1)}m"
    hours = Decimal(value // datetime.timedelta(microseconds=1)) / (3600 * 10**6)
    return f"{number(hours)}h"


def scaled(found: re.Match[str], units: dict[str, int]) -> int:
    amount = Decimal(found[1] + (found[2] or "")) * units[found[3]]
    return int(amount.to_integral_value(ROUND_HALF_UP))


def parse_size(raw: Any) -> int:
    """`1.2 TiB`, `500 GB` as bytes."""
    found = SIZE.fullmatch(text_of(raw, "1.2 TiB"))
    if not found:
        raise ValueError("write a number with at most 3 decimals and B, KiB, MiB, GiB, TiB, PiB, KB, MB, GB, TB or PB, like 1.2 TiB")
    return scaled(found, BYTES)


def write_scaled(value: int, units: dict[str, int]) -> str | None:
    """The largest unit in which at most three decimals say exactly `value`."""
    for unit, factor in sorted(units.items(), key=lambda pair: -pair[1]):
        amount = (Decimal(value) / factor).quantize(Decimal("0.001"), ROUND_HALF_UP)
        if amount >= 1 and int((amount * factor).to_integral_value(ROUND_HALF_UP)) == value:
            return f"{number(amount)} {unit}"
    return None


def write_size(value: int) -> str:
    """Binary units where they are exact, else decimal ones, else bytes."""
    return write_scaled(value, BINARY) or write_scaled(value, DECIMAL) or f"{value} B"


def parse_bandwidth(raw: Any) -> int:
    """`200 Mbit/s` as bits per second."""
    found = BANDWIDTH.fullmatch(text_of(raw, "200 Mbit/s"))
    if not found:
        raise ValueError("write a number and kbit/s, Mbit/s or Gbit/s, like 200 Mbit/s")
    return scaled(found, BITS)


def write_bandwidth(value: int) -> str:
    if value == 0:
        return "0 Mbit/s"
    return write_scaled(value, BITS) or f"{number(Decimal(value) / 1000)} kbit/s"


def parse_percent(raw: Any) -> Decimal:
    """`2`, `2.5`, `2 %` as a Decimal of 100."""
    if isinstance(raw, str):
        found = PERCENT.fullmatch(raw)
        if not found:
            raise ValueError("write a number or a number and %, like 2.5 %")
        return Decimal(found[1])
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        raise ValueError("write a number or a number and %, like 2.5 %")
    value = Decimal(raw)
    if not value.is_finite():
        raise ValueError("write a finite number, like 2.5 %")
    if abs(value) >= 10**MAX_DIGITS or value != value.quantize(Decimal("0.000001")):
        raise ValueError("write a number with at most 6 decimals, like 2.5 %")
    return value


def write_percent(value: Decimal) -> str:
    return f"{number(value)} %"


def parse_money(raw: Any) -> Decimal:
    """`1200 USD` as a Decimal amount; the price book's currency only."""
    found = MONEY.fullmatch(text_of(raw, f"1200 {CURRENCY}"))
    if not found:
        raise ValueError(f"write an amount with at most two decimals and {CURRENCY}, like 1200 {CURRENCY}")
    if found[2] != CURRENCY:
        raise ValueError(f"the price book is in {CURRENCY}; write the amount in {CURRENCY}")
    return Decimal(found[1])


def write_money(value: Decimal) -> str:
    return f"{number(value)} {CURRENCY}"


def parse_date(raw: Any) -> datetime.date:
    """`2027-03-31` as a date."""
    if not isinstance(raw, str) or not DATE.fullmatch(raw):
        raise ValueError("write a date as year-month-day, like 2027-03-31")
    try:
        return datetime.date.fromisoformat(raw)
    except ValueError as error:
        raise ValueError(f"there is no such day ({error})") from error


def parse_integer(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueError("write a whole number without quotes, like 3000")
    return raw


def parse_boolean(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("write true or false")
    return raw


def number(value: Decimal) -> str:
    """A decimal without exponent and without needless zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def ceil_days(value: datetime.timedelta) -> int:
    """Whole days, rounded up."""
    return int((Decimal(value // datetime.timedelta(seconds=1)) / 86400).to_integral_value(ROUND_CEILING))
