"""`manage.py check_questionnaire`: is the questionnaire sound? No database."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.questionnaire import QuestionnaireError, load_questionnaire


class Command(BaseCommand):
    help = "Check the questionnaire: ids, types, conditions, cycles, questions that drive nothing."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            questionnaire = load_questionnaire()
        except QuestionnaireError as error:
            if options["json"]:
                self.stdout.write(json.dumps({"errors": error.errors}))
            raise CommandError(str(error), returncode=1) from error
        counts = {
            "version": questionnaire.version,
            "sections": len(questionnaire.sections),
            "questions": len(questionnaire.questions),
            "checks": len(questionnaire.checks),
            "errors": [],
        }
        if options["json"]:
            self.stdout.write(json.dumps(counts))
            return
        self.stdout.write(f"Questionnaire {questionnaire.version}: {counts['questions']} questions, {counts['checks']} checks, no errors.")
