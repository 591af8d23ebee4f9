"""Widths of text in the documents' own typeface, so that drawings can fit, wrap and shorten names exactly."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "fonts"
FAMILY = "IBM Plex Sans, sans-serif"
ELLIPSIS = "…"


@cache
def advances(bold: bool) -> dict[int, float]:
    """Advance width by code point, in ems."""
    font = TTFont(FONTS / f"IBMPlexSans-{'SemiBold' if bold else 'Regular'}.ttf", lazy=True)
    units = font["head"].unitsPerEm
    metrics = font["hmtx"].metrics
    return {code: metrics[name][0] / units for code, name in font.getBestCmap().items()}


def width(text: str, size: float, bold: bool = False) -> float:
    """The width of one line of text. Glyphs of other typefaces are taken as one em where they are wide, else as 0.62."""
    known = advances(bold)
    return size * sum(known.get(ord(char)) or _foreign(char) for char in text)


def _foreign(char: str) -> float:
    if unicodedata.combining(char):
        return 0
    return 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.62


def fit(text: str, limit: float, size: float, bold: bool = False) -> str:
    """The text, shortened with an ellipsis where it is wider than `limit`."""
    if width(text, size, bold) <= limit:
        return text
    while text and width(text + ELLIPSIS, size, bold) > limit:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def wrap(text: str, limit: float, size: float, *, lines: int = 2, bold: bool = False) -> list[str]:
    """At most `lines` lines no wider than `limit`; what is left over is shortened."""
    rows: list[str] = []
    rest = text.split()
    while rest and len(rows) < lines - 1:
        row = rest.pop(0)
        while rest and width(f"{row} {rest[0]}", size, bold) <= limit:
            row = f"{row} {rest.pop(0)}"
        rows.append(fit(row, limit, size, bold))
    if rest:
        rows.append(fit(" ".join(rest), limit, size, bold))
    return rows
