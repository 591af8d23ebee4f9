"""How the literals of a cell are read, by the type of its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
SIZES = {"B": 1, "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4}


def _duration(text: str) -> timedelta:
    match = re.fullmatch(r"(\d+)([mhdw])", text)
    if not match:
        raise ValueError("write a number and m, h, d or w, such as 15m")
    return timedelta(seconds=int(match[1]) * UNITS[match[2]])


def _size(text: str) -> int:
    match = re.fullmatch(r"(\d+) ?(B|KiB|MiB|GiB|TiB)", text)
    if not match:
        raise ValueError("write a number and B, KiB, MiB, GiB or TiB, such as 128 KiB")
    return int(match[1]) * SIZES[match[2]]


def _integer(text: str) -> int:
    if not re.fullmatch(r"-?\d+", text):
        raise ValueError("write a whole number")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("write true or false")
    return text == "true"


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "single": str,
    "boolean": _boolean,
    "integer": _integer,
    "percent": Decimal,
    "duration": _duration,
    "size": _size,
}
