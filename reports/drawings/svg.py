"""A small SVG sheet. All text goes through an XML writer; only presentation attributes are written, never a style or a script."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from reports.drawings.metrics import FAMILY

NAMESPACE = "http://www.w3.org/2000/svg"
# What XML 1.0 cannot hold.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
INK, QUIET, RULE, PAPER, ACCENT, PALE, WARN = "#16263a", "#5b6b7d", "#c9d2dc", "#ffffff", "#0b5c7a", "#eef3f7", "#9c2f1f"


@dataclass(frozen=True)
class Drawing:
    """A finished drawing: `svg` as text, `title` and `description` as its text alternative, size in CSS pixels."""

    svg: str
    title: str
    description: str
    width: int
    height: int

    @property
    def alternative(self) -> str:
        return f"{self.title}. {self.description}"


class Sheet:
    """Builds one drawing. Coordinates in CSS pixels, origin at the top left."""

    def __init__(self, width: float, height: float, title: str, description: str) -> None:
        self.size = (round(width), round(height))
        self.title, self.description = clean(title), clean(description)
        wide, high = self.size
        self.root = ET.Element(
            "svg",
            {
                "xmlns": NAMESPACE,
                "viewBox": f"0 0 {wide} {high}",
                "width": str(wide),
                "height": str(high),
                "role": "img",
                "font-family": FAMILY,
                "fill": INK,
            },
        )
        self.root.set("aria-label", f"{self.title}. {self.description}")
        ET.SubElement(self.root, "title").text = self.title
        ET.SubElement(self.root, "desc").text = self.description

    def add(self, tag: str, **attributes: object) -> ET.Element:
        """An element; underscores of attribute names become hyphens, numbers are rounded to a hundredth of a pixel."""
        given = {name.strip("_").replace("_", "-"): number(value) for name, value in attributes.items() if value is not None}
        return ET.SubElement(self.root, tag, given)

    def rect(self, x: float, y: float, width: float, height: float, **attributes: object) -> None:
        self.add("rect", x=x, y=y, width=width, height=height, **attributes)

    def line(self, x1: float, y1: float, x2: float, y2: float, **attributes: object) -> None:
        self.add("line", **{"x1": x1, "y1": y1, "x2": x2, "y2": y2, "stroke": RULE, "stroke_width": 1, **attributes})

    def path(self, steps: str, **attributes: object) -> None:
        self.add("path", **{"d": steps, "fill": "none", "stroke": INK, "stroke_width": 1, **attributes})

    def text(self, x: float, y: float, text: str, size: float = 9, **attributes: object) -> None:
        element = self.add("text", x=x, y=y, font_size=size, **attributes)
        element.text = clean(text)

    def lines(self, x: float, y: float, rows: Sequence[str], size: float = 9, leading: float = 1.25, **attributes: object) -> None:
        """Rows of text below each other, the first with its baseline at `y`."""
        for index, row in enumerate(rows):
            self.text(x, y + index * size * leading, row, size, **attributes)

    def arrow(self, x1: float, y1: float, x2: float, y2: float, *, dash: str | None = None, colour: str = QUIET) -> None:
        """A level-ended curve from left to right with a head at its end."""
        half = (x1 + x2) / 2
        steps = f"M{number(x1)} {number(y1)}C{number(half)} {number(y1)} {number(half)} {number(y2)} {number(x2 - 4)} {number(y2)}"
        self.path(steps, stroke=colour, stroke_width=0.9, stroke_dasharray=dash)
        self.path(
            f"M{number(x2 - 5)} {number(y2 - 2.6)}L{number(x2)} {number(y2)}L{number(x2 - 5)} {number(y2 + 2.6)}Z",
            fill=colour,
            stroke="none",
        )

    def done(self) -> Drawing:
        return Drawing(ET.tostring(self.root, encoding="unicode"), self.title, self.description, *self.size)


def clean(text: str) -> str:
    """Text without what XML cannot hold."""
    return ILLEGAL.sub("\ufffd", str(text))


def number(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
