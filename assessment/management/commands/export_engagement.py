"""`manage.py export_engagement`: an assessment of the database as an engagement file."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django_scopes import scope, scopes_disabled

from accounts.headless import BadInput, HeadlessCommand, Result, write_bytes
from assessment.engagement import engagement_to_document, write_engagement
from assessment.models import Assessment
from assessment.queries import blockers
from assessment.services import draft_of


class Command(HeadlessCommand):
    help = "Write an assessment as an engagement file: to --out, else to standard output (as YAML; with --json as the same data in JSON)."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("assessment", metavar="ASSESSMENT_ID", help="the number in the assessment's address")
        parser.add_argument("--out", metavar="FILE", help="write to this file, whole or not at all")

    def run(self, options: dict[str, Any]) -> Result:
        assessment = self.found(options["assessment"])
        with scope(organisation=assessment.organisation):
            engagement = draft_of(assessment)
        problems = blockers(engagement)
        notes = [f"Not complete yet: {one.path}: {one.message}" for one in problems]
        text = write_engagement(engagement)
        if options["out"] is None:
            return Result(text.rstrip("\n"), engagement_to_document(engagement), notes=notes)
        write_bytes(options["out"], text.encode())
        data = {"assessment": assessment.pk, "file": options["out"], "complete": not problems}
        return Result(f"Assessment {assessment.pk} has been written to {options['out']}.", data, notes=notes)

    def found(self, number: str) -> Assessment:
        with scopes_disabled():
            rows = Assessment.objects.select_related("customer", "organisation")
            assessment = rows.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 16 else None
        if assessment is None:
            raise BadInput(f"ASSESSMENT_ID: there is no assessment {number!r}")
        return assessment
