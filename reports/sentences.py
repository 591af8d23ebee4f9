"""Sentences of a design in the document's language: those that follow a pattern. What follows none stays as the design has it.

A pattern is the English sentence with names for what varies; its translation uses the same names. Sources: `recommendations.summary`
and the findings' sentences.
"""

from __future__ import annotations

import re
from functools import cache

from reports.languages import DEFAULT
from reports.wording import day_text, language, number, tr

# A name in braces stands for any text; `{n…}` for a number, which is written as the language does.
PATTERNS = (
    "{customer}: {n} workloads protected in {region} for USD {nmoney} a month",
    "{customer}: {n} workload protected in {region} for USD {nmoney} a month",
    "{customer}: {n} workloads protected in {region} at a cost that is not known in full",
    "{customer}: {n} workload protected in {region} at a cost that is not known in full",
    "Protected: {parts}.",
    "Nothing is copied out of {region}: {reason}.",
    "{n} of {nall} are copied to {region}; {nlocked} have copies that cannot be deleted in daily work.",
    "USD {nmonthly} a month; all of it in S3 Standard without lifecycle rules would be USD {nnaive}; today's protection costs USD {npaid}.",
    "USD {nmonthly} a month; all of it in S3 Standard without lifecycle rules would be USD {nnaive}.",
    "USD {nmonthly} a month; today's protection costs USD {npaid}.",
    "USD {nmonthly} a month.",
    "Findings: {parts}.",
    "Up to {time} of work is lost after {event}; {target} may be.",
    "Recovery takes about {time} after {event}; the target is {target}.",
)
# Pieces of a list inside of a sentence.
PIECES = (
    "{n} in their own buckets",
    "{n} copied into buckets",
    "{n} by database backups in buckets",
    "{n} by EBS snapshots",
    "{n} by AWS Backup through a gateway",
    "{n} by AWS Backup",
    "{n} by exports in buckets",
    "{n} critical",
    "{n} high",
    "{n} medium",
    "{n} low",
)
NAME = re.compile(r"\\\{(\w+)\\\}")


def told(text: str) -> str:
    """The sentence in the document's language."""
    if language() == DEFAULT:
        return text
    found = tr(text)
    return found if found != text else by_pattern(text, PATTERNS) or text


def by_pattern(text: str, patterns: tuple[str, ...]) -> str:
    """The translation by the first pattern that fits; nothing where none does."""
    for pattern in patterns:
        match = compiled(pattern).fullmatch(text)
        if match and tr(pattern) != pattern:
            return tr(pattern).format(**{name: value(name, part) for name, part in match.groupdict().items()})
    return ""


def value(name: str, part: str) -> str:
    if name.startswith("n"):
        return number(part)
    if name == "parts":
        pieces = re.split(r", | and ", part)
        parts = [by_pattern(piece, PIECES) or piece for piece in pieces]
        return f" {tr('and')} ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
    return day_text(tr(part))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    def group(found: re.Match[str]) -> str:
        return f"(?P<{found[1]}>{'[0-9.,]+' if found[1].startswith('n') else '.+'})"

    return re.compile(NAME.sub(group, re.escape(pattern)))
