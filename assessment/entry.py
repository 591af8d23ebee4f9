"""What people type into one field, and plain data: `200 mbps` is meant as `200 Mbit/s`, `1,200` dollars as `1200 USD`.

What cannot be understood is passed on as typed, so that `assessment.values` says what would be right. For every plain value
`read_entry(question, show_entry(question, plain)) == plain`.
"""

import re
from collections.abc import Callable
from typing import Any

from assessment.questionnaire import Question

NUMBER = re.compile(r"[+-]?\d{1,3}(?:[ ,'’ ]\d{3})+(?=\D|$)")
WHOLE = re.compile(r"[+-]?\d{1,18}")
DECIMAL = re.compile(r"[+-]?\d{1,18}(?:\.\d+)?")
DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|yrs?|years?)")
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kmgtp]?i?)b", re.IGNORECASE)
BANDWIDTH = re.compile(r"(\d+(?:\.\d+)?) ?([kmg])(?:bps|bit/s|b/s|bits/s)", re.IGNORECASE)
MONEY = re.compile(r"(?:USD|\$)? ?(\d[\d.]*) ?(USD|\$)?", re.IGNORECASE)
CANONICAL_UNITS = {"k": "kbit/s", "m": "Mbit/s", "g": "Gbit/s"}


def read_integer(text: str) -> Any:
    return int(text) if WHOLE.fullmatch(text) else text


def read_percent(text: str) -> str:
    bare = text.removesuffix("%").strip()
    return f"{bare} %" if DECIMAL.fullmatch(bare) else text


def read_money(text: str) -> str:
    found = MONEY.fullmatch(text)
    return f"{found[1]} USD" if found else text


def read_duration(text: str) -> str:
    found = DURATION.fullmatch(text.lower())
    return f"{found[1]}{found[2][0]}" if found else text


def read_size(text: str) -> str:
    found = SIZE.fullmatch(text)
    if not found:
        return text
    prefix = found[2].lower()
    return f"{found[1]} {prefix[:1].upper()}{prefix[1:]}B"


def read_bandwidth(text: str) -> str:
    found = BANDWIDTH.fullmatch(text)
    return f"{found[1]} {CANONICAL_UNITS[found[2].lower()]}" if found else text


READERS: dict[str, Callable[[str], Any]] = {
    "integer": read_integer,
    "percent": read_percent,
    "money": read_money,
    "duration": read_duration,
    "size": read_size,
    "bandwidth": read_bandwidth,
}
BOOLEANS = {"true": True, "false": False}


def read_entry(question: Question, text: str) -> Any:
    """The plain data that `text` means; None when there is nothing in it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if question.type == "text":
        return text if text.strip() else None
    text = text.strip()
    if not text:
        return None
    if text in question.words:
        return text
    if question.type == "boolean":
        return BOOLEANS.get(text, text)
    reader = READERS.get(question.type)
    return reader(NUMBER.sub(lambda found: re.sub(r"[ ,'’ ]", "", found[0]), text)) if reader else text


def show_entry(question: Question, plain: Any) -> str:
    """The text that stands in the field for plain data; unit signs that stand beside the field are left out."""
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return str(plain).lower()
    text = str(plain)
    sign = {"percent": " %", "money": " USD"}.get(question.type)
    return text.removesuffix(sign) if sign else text
