"""How the documents of an organisation look: two colours, a logo and words for the cover. Plain data; no design depends on it.

Logos are PNG or JPEG and are written anew by Pillow: what is kept is pixels only. SVG is not taken: it is a program for the layout engine
(scripts, outside references, endless drawings), and what a browser shows of one is not what is printed.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from PIL import Image, UnidentifiedImageError

HEX = re.compile(r"#[0-9a-f]{6}")
PAPER = "#ffffff"
CONTRAST = Decimal("4.5")  # WCAG 2.2, 1.4.3: text on its ground
UPLOAD_LIMIT = 1024 * 1024  # bytes
SIDE_LIMIT = 4000  # pixels; refused before a single one is unpacked
KEPT = (900, 450)  # pixels at most; 75 mm at 300 dots an inch
NAME = "drawing:logo"


class BrandError(ValueError):
    """A colour or a logo that cannot be used; the message says what would be right."""


@dataclass(frozen=True)
class Brand:
    """`dark`: headings and the cover's ground; `accent`: numbers and rules. `logo`: PNG, or empty."""

    dark: str = "#0b2f4a"
    accent: str = "#0b5c7a"
    cover_text: str = ""
    logo: bytes = b""

    @property
    def style(self) -> str:
        """What it changes in the style sheet; nothing for the default one."""
        if (self.dark, self.accent) == (DEFAULT.dark, DEFAULT.accent):
            return ""
        return f"<style>html {{ --dark: {self.dark}; --accent: {self.accent} }}</style>"


DEFAULT = Brand()


def colour(text: str) -> str:
    """The colour in `#RRGGBB`, readable on paper, as is white on it. Raises BrandError with the figure."""
    found = text.strip().lower()
    if not HEX.fullmatch(found):
        raise BrandError(f"{text.strip()[:20]!r} is not a colour: write six hexadecimal digits, like {DEFAULT.dark}.")
    ratio = contrast(found, PAPER)
    if ratio < CONTRAST:
        raise BrandError(f"{found} on white paper has a contrast of {ratio}:1; text needs {CONTRAST}:1. Choose a darker one.")
    return found


def contrast(one: str, other: str) -> Decimal:
    """The contrast of two colours, 1 to 21, cut to two decimals (WCAG 2.2, contrast ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return Decimal((light + 0.05) / (dark + 0.05)).quantize(Decimal("0.01"), ROUND_DOWN)


def luminance(text: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2)."""
    parts = [int(text[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def logo(data: bytes) -> bytes:
    """A picture as plain PNG of at most `KEPT` pixels: no metadata, no profile, nothing hidden behind it. Raises BrandError."""
    if len(data) > UPLOAD_LIMIT:
        raise BrandError(f"The logo has {len(data) / 1024**2:.1f} MiB; at most 1 MiB.")
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > SIDE_LIMIT:
                raise BrandError(f"The logo has {picture.width} x {picture.height} pixels; at most {SIDE_LIMIT} on a side.")
            plain = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, BrandError):
            raise
        raise BrandError("The logo is not a PNG or JPEG picture, or it is damaged.") from error
    plain.thumbnail(KEPT)
    bare = Image.new("RGBA", plain.size)
    bare.paste(plain)
    target = io.BytesIO()
    bare.save(target, "PNG", optimize=True)
    return target.getvalue()
