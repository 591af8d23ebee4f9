"""Sentences of a design in the document's language: those that are translated as they are, and those that follow a pattern.

What follows none is taken apart at its full stops and semicolons, and stays as the design has it where a part is not known either.
The patterns: `reports.patterns`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from reports.languages import DEFAULT
from reports.patterns import EVENTS, PATTERNS, PIECES
from reports.wording import day_text, language, number, tr, translated

NAME = re.compile(r"\\\{(\w+)\\\}")
KINDS = (
    ("n", r"[0-9][0-9.,:]*(?: (?:[KMGTPE]i)?B(?:/s)?| [KMG]bit/s| %)?"),
    ("region", r"[a-z]{2}(?:-[a-z]+)+-[0-9]"),
    ("class", r"(?:S3 )?(?:Standard|One Zone|Intelligent|Glacier)[A-Za-z -]*"),
)
# Where a text is taken apart; a semicolon stays with the part before it.
FULL_STOP = re.compile(r"(?<=[.?!]) (?=[A-Z0-9])")
SEMICOLON = re.compile(r"(?<=;) ")
LIST = re.compile(r"(, | and )")
EVENT = re.compile("|".join(map(re.escape, EVENTS)))
TELLING = re.compile(r"[a-z]{3}")
DEEPEST, LONGEST = 8, 4000


def told(text: str) -> str:
    """The sentence in the document's language."""
    return text if not text or language() == DEFAULT else _told(text, language())


@lru_cache(maxsize=20_000)
def _told(text: str, name: str) -> str:
    """`name` is the language being spoken; a design says the same thing of many workloads."""
    return known(text) or text


def known(text: str, depth: int = 0) -> str:
    """The translation of a text as a whole, by its sentences, by its pattern, or by the parts of its list; nothing where there is none.

    `depth`: how many patterns it stands in; a text that somebody entered may look like any number of them.
    """
    if translated(text) or not TELLING.search(text):
        return tr(text)
    if depth > DEEPEST or len(text) > LONGEST:
        return ""
    return (
        in_parts(text, FULL_STOP, depth) or by_pattern(text, ordered(), depth) or in_parts(text, SEMICOLON, depth) or in_list(text, depth)
    )


def in_parts(text: str, mark: re.Pattern[str], depth: int) -> str:
    """A text of several parts; nothing where one of them is not known."""
    parts = mark.split(text)
    said = [part_told(part, depth + 1) for part in parts] if len(parts) > 1 else [""]
    return " ".join(said) if all(said) else ""


def part_told(part: str, depth: int) -> str:
    """A part with the semicolon that it keeps."""
    plain = part.removesuffix(";")
    found = known(plain, depth)
    return found + part[len(plain) :] if found else ""


def in_list(text: str, depth: int) -> str:
    """`a, b and c` where each is known."""
    parts = LIST.split(text)
    if len(parts) == 1:
        return ""
    said = [known(part, depth + 1) if place % 2 == 0 else part.replace("and", tr("and")) for place, part in enumerate(parts)]
    return "".join(said) if all(said) else ""


@cache
def ordered() -> tuple[str, ...]:
    """The patterns, those with the most words of their own first."""
    return tuple(sorted(PATTERNS, key=lambda pattern: (-len(re.sub(r"\{\w+\}", "", pattern)), pattern)))


def by_pattern(text: str, patterns: tuple[str, ...], depth: int = 0) -> str:
    """The translation by the first pattern that fits; nothing where none does."""
    for pattern in patterns:
        start, end = ends(pattern)
        match = compiled(pattern).fullmatch(text) if text.startswith(start) and text.endswith(end) else None
        if match and translated(pattern):
            return tr(pattern).format(**{name: value(name, part, depth) for name, part in match.groupdict().items()})
    return ""


def value(name: str, part: str, depth: int) -> str:
    if name.startswith("n"):
        return number(part)
    if name.startswith("tevent"):
        return EVENT.sub(lambda found: tr(found[0]), part).replace(" or the ", " or ").replace(" or ", f" {tr('or')} ")
    if name == "parts":
        pieces = re.split(r", | and ", part)
        parts = [by_pattern(piece, PIECES) or known(piece, depth + 1) or piece for piece in pieces]
        return f" {tr('and')} ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return day_text(known(part, depth + 1) or part) if name.startswith("t") else part


@cache
def ends(pattern: str) -> tuple[str, str]:
    """What a text of this pattern begins and ends with."""
    return pattern.partition("{")[0], pattern.rpartition("}")[2]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    def group(found: re.Match[str]) -> str:
        shape = next((shape for kind, shape in KINDS if found[1].startswith(kind)), ".+")
        return f"(?P<{found[1]}>{shape})"

    return re.compile(NAME.sub(group, re.escape(pattern)), re.DOTALL)
