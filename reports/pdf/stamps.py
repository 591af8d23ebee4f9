"""What stands on every page and differs from version to version: mark and digest at the left foot, page x of y at the right.

It is drawn onto the finished pages, as an artifact that no screen reader repeats, so that a new version lays out again only what changed.
Source: ISO 32000-1, 14.8.2.2 (artifacts).
"""

from __future__ import annotations

import pikepdf

from reports.pdf.fonts import SharedFonts
from reports.wording import tr

# Points from the lower left corner of an A4 page; the style sheet leaves this room below the rule at the foot.
LEFT, RIGHT = 51.02, 595.28 - 51.02
FIRST_LINE, LINE = 48.0, 9.9
SMALL, PAGE_SIZE = 6.6, 8.0
MONO, SANS = "+IBM-Plex-Mono", "+IBM-Plex-Sans"
QUIET = "0.3569 0.4196 0.4902 rg"  # #5b6b7d


def stamp(pdf: pikepdf.Pdf, fonts: SharedFonts, mark: str, digest: str) -> None:
    """Draws the foot of every page."""
    total = len(pdf.pages)
    left = [text(fonts, MONO, SMALL, line, LEFT, FIRST_LINE - number * LINE) for number, line in enumerate((mark, digest))]
    for number, page in enumerate(pdf.pages, 1):
        words = tr("Page {number} of {total}").format(number=number, total=total)
        right = text(fonts, SANS, PAGE_SIZE, words, RIGHT, FIRST_LINE, to_the_right=True)
        drawn = "\n".join([f"/Artifact <</Type /Pagination /Subtype /Footer>> BDC q {QUIET}", *left, right, "Q EMC"])
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(f"\nQ\n{drawn}\n".encode())


def text(fonts: SharedFonts, font: str, size: float, line: str, x: float, y: float, *, to_the_right: bool = False) -> str:
    """The operators that show one line at a place, `to_the_right`: ending there."""
    key, glyphs, width = fonts.glyphs(font, line)
    start = x - width * size / 1000 if to_the_right else x
    return f"BT {key} {size} Tf {start:.2f} {y:.2f} Td <{glyphs.hex()}> Tj ET"
