"""What the design document carries inside besides design.json, so that the one file is the engagement's whole record.

Each package adds its own when the application starts: a report may not import those further to the right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from recommendations.design import Design


@dataclass(frozen=True)
class Attached:
    """A file inside a document: its name without folders, its media type, what it is, and its bytes."""

    name: str
    media_type: str
    description: str
    content: bytes


Maker = Callable[[Design], Iterable[Attached]]
_makers: list[Maker] = []


def add_maker(maker: Maker) -> None:
    """Has the files of `maker` attached to every design document from now on; once, however often it is said."""
    if maker not in _makers:
        _makers.append(maker)


def attached_to(design: Design) -> list[Attached]:
    """All files, in the order of their names."""
    return sorted((one for maker in _makers for one in maker(design)), key=lambda one: one.name)
