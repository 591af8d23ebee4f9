"""Values of a design as people read them: sizes, money, durations, storage classes. Text in, text out; never raises for odd input.

A value that is missing is an en dash. A value that cannot be read as its kind is shown as it is, so that a document never hides anything.
"""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from assessment import quantities
from recommendations.storage import CLASS_LABELS, WAIT
from reports.wording import number, tr

NOTHING = "–"
BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB")
DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)
LARGEST = 10**18  # no figure of a design is larger; what is, is shown as it stands
ENDLESS = datetime.timedelta.max
DISRUPTIONS = {
    "deletion": "Deleted or corrupted data",
    "hardware": "Failed server or disk",
    "site-loss": "Loss of a zone or site",
    "region-loss": "Loss of a whole Region",
    "ransomware": "Ransomware or rogue administrator",
    "account-loss": "Loss of an AWS account",
    "provider-exit": "Exit from the provider",
}


def size_text(size: Any) -> str:
    """`4.2 TiB` for a number of bytes, at most one decimal."""
    if not isinstance(size, int) or isinstance(size, bool) or abs(size) >= LARGEST * 1024:
        return NOTHING if size is None else str(size)
    amount, unit = Decimal(size), 0
    while amount >= 1024 and unit < len(BINARY) - 1:
        amount, unit = amount / 1024, unit + 1
    return number(f"{_trim(amount.quantize(Decimal('0.1'), ROUND_HALF_UP))} {BINARY[unit]}")


def decimal_of(value: Any) -> Decimal | None:
    """The decimal in a design's text, None when there is none."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < LARGEST else None


def money_text(value: Any, *, cents: bool = False) -> str:
    """`USD 1,235` (or with cents); the currency stands first, as in tables of figures."""
    amount = decimal_of(value)
    if amount is None:
        return NOTHING if value is None else str(value)
    if cents or (amount and abs(amount) < 10):
        return number(f"USD {amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,f}")
    return number(f"USD {amount.quantize(Decimal(1), ROUND_HALF_UP):,f}")


def share_text(percent: Any) -> str:
    """`32.9 %`; `under 0.1 %` for a share that rounds to nothing, a dash for one that is not known."""
    share = decimal_of(percent)
    if share is None:
        return NOTHING
    return number(f"{share:.1f} %") if share else tr("under 0.1 %")


def price_text(value: Any) -> str:
    """A unit price with all its digits, at most eight decimals: `0.00099`."""
    amount = decimal_of(value)
    if amount is None:
        return NOTHING if value is None else str(value)
    return number(_trim(amount.quantize(Decimal("0.00000001"), ROUND_HALF_UP)))


def quantity_text(value: Any) -> str:
    """`86,016` or `1.5`: thousands separated, at most one decimal from a hundred on."""
    amount = decimal_of(value)
    if amount is None:
        return NOTHING if value is None else str(value)
    amount = amount.quantize(Decimal("0.1") if abs(amount) >= 100 else Decimal("0.001"), ROUND_HALF_UP)
    return number(_trim(amount, separated=True))


def duration_of(value: Any) -> datetime.timedelta | None:
    """The time in `15m`, `4h`, `35d`, `7y`; None when it is none."""
    try:
        return quantities.parse_duration(value)
    except ValueError:
        return None


def duration_text(value: Any) -> str:
    """`15 minutes`, `4 hours`, `35 days`, `7 years` for a design's duration or a timedelta."""
    span = value if isinstance(value, datetime.timedelta) else duration_of(value)
    if span is None:
        return NOTHING if value is None else str(value)
    if span > HOUR and span % HOUR and span < 2 * DAY:
        hours, rest = divmod(span, HOUR)
        minutes = -(-rest // MINUTE)
        return f"{hours} h {minutes} min" if minutes < 60 else count_text(hours + 1, "hour")
    if span > 2 * DAY and span % DAY and not span % MINUTE:
        hours = -(-span // HOUR)
        return f"{hours // 24} {tr('d')} {hours % 24} h" if hours % 24 else count_text(hours // 24, "day")
    written = quantities.write_duration(span)
    return count_text(written[:-1], {"m": "minute", "h": "hour", "d": "day", "y": "year"}[written[-1]])


def days_text(days: int) -> str:
    """An age in days as `90 days` or `11 years`."""
    return duration_text(datetime.timedelta(days=days)) if days != 1 else count_text(1, "day")


def count_text(amount: Any, noun: str) -> str:
    """`1 day`, `3 days`."""
    return f"{amount} {tr(noun)}" if str(amount) == "1" else f"{amount} {tr(noun + 's')}"


def class_text(name: str) -> str:
    """`S3 Glacier Instant Retrieval` for `GLACIER_IR`."""
    return CLASS_LABELS.get(name, name)


def wait_text(name: str) -> str:
    """How long data of a storage class takes to open."""
    wait = WAIT.get(name)
    if wait is None:
        return ""
    return tr("opens in up to {wait}").format(wait=duration_text(wait)) if wait else tr("opens at once")


def disruption_text(name: str) -> str:
    return tr(DISRUPTIONS.get(name, words(name)))


def words(identifier: str) -> str:
    """`log-archive` as `Log archive`."""
    text = identifier.replace("-", " ").replace("_", " ")
    return text[:1].upper() + text[1:]


def number_text(value: int) -> str:
    return number(f"{value:,}")


def _trim(value: Decimal, *, separated: bool = False) -> str:
    text = f"{value:,f}" if separated else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
