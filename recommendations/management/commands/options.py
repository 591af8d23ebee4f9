"""`manage.py options`: an engagement file in, its cheap, balanced and strict design side by side. No database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import BadInput, HeadlessCommand, Result, read_bytes
from assessment.engagement import EngagementErrors, read_engagement
from recommendations.options import options_of
from recommendations.options_document import options_document


class Command(HeadlessCommand):
    help = (
        "Compare a cheap, the balanced and a strict design of an engagement file: cost, objectives, findings and settings that differ. "
        "Overrides are not in it."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("engagement", metavar="ENGAGEMENT.yaml", help="an engagement file, stowplan/engagement/1")

    def run(self, options: dict[str, Any]) -> Result:
        path = options["engagement"]
        try:
            engagement = read_engagement(read_bytes(path))
        except EngagementErrors as error:
            raise BadInput(error.lines(path)) from error
        document = options_document(options_of(engagement))
        return Result("\n".join(lines(document)), document)


def lines(document: Mapping[str, Any]) -> list[str]:
    """A few lines for people: a table, then what each option does."""
    found = [
        f"{'Option':<10} {'USD a month':>14} {'USD over ' + str(document['horizon_months']) + ' months':>22} {'Objectives':>12}  Findings"
    ]
    for one in document["options"]:
        counts = ", ".join(f"{number} {severity}" for severity, number in one["findings"].items() if number) or "none"
        met = f"{one['met']} of {one['asked']}"
        found.append(f"{one['title']:<10} {one['monthly'] or 'unknown':>14} {one['months'] or 'unknown':>22} {met:>12}  {counts}")
    for one in document["options"]:
        if one["option"] != "balanced":
            found += ["", f"{one['title']}: {one['text']}", *(f"- {told(move)}" for move in one["moves"] or [])]
            found += [f"- not made: {kept['told']} ({', '.join(kept['controls'])})" for kept in one["kept"]]
    return found


def told(move: Mapping[str, Any]) -> str:
    """A move in words."""
    count = move["workloads"]
    return move["told"] if count is None else f"{move['told']} ({count} workload{'s' if count != 1 else ''})"
