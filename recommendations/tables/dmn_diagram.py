"""The requirements diagram (DMNDI) of a DMN file: rows of decisions, those that others feed above them.

Each decision has a cell: the inputs that it is the first to need on its left, knowledge sources on its right. Sizes are those of dmn-js.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

DMNDI = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
DC = "http://www.omg.org/spec/DMN/20180521/DC/"
DI = "http://www.omg.org/spec/DMN/20180521/DI/"
DECISION, INPUT, SOURCE = (180, 80), (125, 45), (100, 63)
CELL, ACROSS, STACK, GAP, MARGIN = 660, 5, 75, 90, 120  # width of a cell, cells in a row, inputs, between rows, around


@dataclass(frozen=True)
class Link:
    """One requirement: `source` is needed by the decision `target`."""

    id: str
    source: str
    target: str


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int

    def top(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y

    def bottom(self) -> tuple[int, int]:
        return self.x + self.width // 2, self.y + self.height

    def left(self) -> tuple[int, int]:
        return self.x, self.y + self.height // 2

    def right(self) -> tuple[int, int]:
        return self.x + self.width, self.y + self.height // 2


def draw(root: Element, decisions: Sequence[str], links: Sequence[Link]) -> None:
    """Adds the diagram to `definitions`."""
    boxes = layout(decisions, links)
    root.set("xmlns:dmndi", DMNDI)
    root.set("xmlns:dc", DC)
    root.set("xmlns:di", DI)
    diagram = SubElement(SubElement(root, "dmndi:DMNDI"), "dmndi:DMNDiagram", id="diagram")
    for key, box in boxes.items():
        shape = SubElement(diagram, "dmndi:DMNShape", id=f"shape_{key}", dmnElementRef=key)
        SubElement(shape, "dc:Bounds", x=str(box.x), y=str(box.y), width=str(box.width), height=str(box.height))
    for link in links:
        edge = SubElement(diagram, "dmndi:DMNEdge", id=f"edge_{link.id}", dmnElementRef=link.id)
        for x, y in _ends(boxes[link.source], boxes[link.target]):
            SubElement(edge, "di:waypoint", x=str(x), y=str(y))


def _ends(source: Box, target: Box) -> tuple[tuple[int, int], tuple[int, int]]:
    if (source.width, source.height) == SOURCE:
        return source.left(), target.right()
    if (source.width, source.height) == INPUT:
        return source.right(), target.left()
    return source.top(), target.bottom()


def layout(decisions: Sequence[str], links: Sequence[Link]) -> dict[str, Box]:
    """A place for everything that the links name, without overlap."""
    beside: dict[str, list[str]] = {name: [] for name in decisions}
    placed = set(decisions)
    for link in links:
        if link.source not in placed:
            placed.add(link.source)
            beside[link.target].append(link.source)
    boxes: dict[str, Box] = {}
    top = MARGIN
    for row in _rows(decisions, links):
        for at, name in enumerate(row):
            left = MARGIN + at * CELL
            boxes[name] = Box(left + 200, top, *DECISION)
            sources = [one for one in beside[name] if one.startswith("aws_")]
            inputs = [one for one in beside[name] if one not in sources]
            boxes.update({one: Box(left, top + place * STACK, *INPUT) for place, one in enumerate(inputs)})
            boxes.update({one: Box(left + 440, top + place * STACK, *SOURCE) for place, one in enumerate(sources)})
        top += max(len(beside[name]) for name in row) * STACK + GAP
    return boxes


def _rows(decisions: Sequence[str], links: Sequence[Link]) -> list[list[str]]:
    """Decisions from the top row to the bottom one: what is fed stands above what feeds it; the requirements have no cycle."""
    feeding = {name: [link.source for link in links if link.target == name and link.source in decisions] for name in decisions}

    def level(name: str) -> int:
        return max((level(one) + 1 for one in feeding[name]), default=0)

    levels: dict[int, list[str]] = {}
    for name in decisions:
        levels.setdefault(level(name), []).append(name)
    return [
        row[at : at + ACROSS] for height in sorted(levels, reverse=True) for row in [levels[height]] for at in range(0, len(row), ACROSS)
    ]
