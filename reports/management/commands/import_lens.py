"""`manage.py import_lens ANSWERS.json --into ENGAGEMENT.yaml --out NEW.yaml`: answers to the custom lens, in an engagement file."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import BadInput, HeadlessCommand, Result, read_bytes, write_bytes
from assessment.engagement import EngagementErrors, engagement_from_document, engagement_to_document, read_engagement, write_engagement
from reports.formats.lens import LensError, answers_of


class Command(HeadlessCommand):
    help = "Takes the answers of a Well-Architected review with our custom lens (aws wellarchitected list-answers) into an engagement file."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("answers", metavar="ANSWERS", help="what `aws wellarchitected list-answers` printed")
        parser.add_argument("--into", required=True, help="the engagement file that they are put into; it stays as it is")
        parser.add_argument("--out", required=True, help="the engagement file to write")

    def run(self, options: dict[str, Any]) -> Result:
        path, into = options["answers"], options["into"]
        try:
            answers = answers_of(json.loads(read_bytes(path)))
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
            raise BadInput(f"{path}:1: $: not JSON: {error}") from error
        except LensError as error:
            raise BadInput([f"{path}:1: {one}" for one in error.problems]) from error
        try:
            document = engagement_to_document(read_engagement(read_bytes(into)))
            document["answers"] = {**document["answers"], **answers}
            made = engagement_from_document(document)
        except EngagementErrors as error:
            raise BadInput(error.lines(into)) from error
        write_bytes(options["out"], write_engagement(made).encode())
        names = sorted(answers)
        return Result(f"{options['out']}: {len(names)} answers taken over: {', '.join(names)}", {"out": options["out"], "answers": names})
