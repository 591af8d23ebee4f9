"""Exports of a design as infrastructure code: the same settings as apply makes, from the same resource list. Plain data in, texts out."""

from collections.abc import Iterable
from dataclasses import dataclass


class ExportProblem(ValueError):
    """A design that cannot be exported as it is; `lines` say what is missing and what would be right."""

    def __init__(self, lines: str | Iterable[str]) -> None:
        self.lines = [lines] if isinstance(lines, str) else list(lines)
        super().__init__("\n".join(self.lines))


@dataclass(frozen=True)
class ExportFile:
    """One file of an export: its name (no folders) and its text."""

    name: str
    text: str
