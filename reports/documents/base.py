"""What all documents share: a tree of numbered sections, each with its own template."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from reports.wording import tr


@dataclass(frozen=True)
class Beside:
    """What some kinds print beside the design: its approval {by, at, digest, …}, an older design.json, what AWS has of it.

    `built` is as `reports.documents.as_built` says.
    """

    approval: Mapping[str, Any] | None = None
    older: Mapping[str, Any] | None = None
    built: Mapping[str, Any] | None = None


NOTHING = Beside()


@dataclass(frozen=True)
class Section:
    """A heading and the template below it. `number` is filled in by `numbered`; letters mark appendices."""

    id: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    children: tuple[Section, ...] = ()
    appendix: bool = False
    follows: bool = False  # begins on the page where the section before it ends
    number: str = ""
    level: int = 1

    @property
    def label(self) -> str:
        """Number and title as they stand in heads, bookmarks and contents."""
        return f"{tr('Appendix') + ' ' if self.appendix else ''}{self.number} {self.title}"


def numbered(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The same tree with numbers: 1, 2, 2.1 …, and A, B, B.1 … for appendices."""
    plain = appendices = 0
    found = []
    for section in sections:
        if section.appendix:
            number = letter(appendices)
            appendices += 1
        else:
            plain += 1
            number = str(plain)
        children = tuple(replace(child, number=f"{number}.{place}", level=2) for place, child in enumerate(section.children, 1))
        found.append(replace(section, title=tr(section.title), number=number, children=children))
    return tuple(found)


def letter(index: int) -> str:
    """A, B … Z, AA, AB …"""
    return letter(index // 26 - 1) + chr(65 + index % 26) if index >= 26 else chr(65 + index)


def walk(sections: Iterable[Section]) -> Iterator[Section]:
    """Every section in reading order."""
    for section in sections:
        yield section
        yield from walk(section.children)
