"""`manage.py drift`: read every applied setting again and say what is no longer as designed. No database.

Exit codes beside those that all commands have: 4 for drift, so that a pipeline can tell it from a check that failed.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from accounts.headless import BadInput, Failed, HeadlessCommand, HeadlessExit, Result, write_bytes
from provisioning.clients import Clients
from provisioning.drift import check, headline
from provisioning.plan_command import read_plan_document
from provisioning.references import ReferenceProblem
from provisioning.target import NotObserved, TargetProblem


class Drifted(HeadlessExit):
    """Something is not as designed any more; the lines say what that means."""

    code = 4
    word = "drifted"


class Command(HeadlessCommand):
    help = "Read every applied setting again; exit 0 when all is as designed, 4 when something drifted, 1 when it could not be read."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", metavar="PLAN.json", help="the plan that was applied")
        parser.add_argument("--out", metavar="DRIFT.json", help="where the report is written to")

    def run(self, options: dict[str, Any]) -> Result:
        document, plan = read_plan_document(options["plan"])
        try:
            report = check(document, Clients(plan.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS))
        except (TargetProblem, ReferenceProblem) as error:
            raise BadInput(str(error)) from error
        except NotObserved as error:
            raise Failed(f"nothing was read: {error}") from error
        if options["out"]:
            write_bytes(options["out"], (json.dumps(report, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode())
        if report["drifted"]:
            raise Drifted([*(one["sentence"] for one in report["drifted"]), headline(report)], report)
        if report["unseen"]:
            raise Failed([*(f"{one['address']}: {one['sentence']}" for one in report["unseen"]), headline(report)], report)
        return Result(headline(report), report)
