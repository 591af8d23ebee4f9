"""`manage.py rehearse`: a restore drill of one workload, headless. No database."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.management.base import CommandParser

from accounts.headless import BadInput, Failed, HeadlessCommand, Result, write_bytes
from provisioning.clients import Clients
from provisioning.plan_command import read_plan_document
from provisioning.references import ReferenceProblem
from provisioning.rehearsal import RehearsalProblem, rehearse
from provisioning.target import NotObserved, TargetProblem


class Command(HeadlessCommand):
    help = (
        "Restore a sample of a workload from object versions, or a volume from its newest snapshot, into a place of its own; compare "
        "checksums, measure the time, and clear away what the drill made. Nothing of the customer's is written to."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", metavar="PLAN.json", help="a plan, as `manage.py plan` makes it")
        parser.add_argument("--workload", required=True, metavar="KEY", help="the workload, by its key in the design")
        parser.add_argument("--out", required=True, metavar="DRILL.json", help="the record of the drill, whole or not at all")

    def run(self, options: dict[str, Any]) -> Result:
        _, plan = read_plan_document(options["plan"])
        try:
            clients = Clients(plan.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
            record = rehearse(plan, clients, options["workload"], uuid4().hex[:20])
        except (RehearsalProblem, TargetProblem, ReferenceProblem) as error:
            raise BadInput(str(error)) from error
        except NotObserved as error:
            raise Failed(f"nothing was rehearsed: {error}") from error
        write_bytes(options["out"], (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode())
        told = {name: record[name] for name in ("workload", "way", "passed", "reason", "measured_seconds", "bytes", "left")}
        data = {"drill": options["out"], **told}
        if not record["passed"] or record["left"]:
            raise Failed([line for line in (record["reason"], *(f"left: {one}" for one in record["left"])) if line], data)
        count, estimate = record["restored"], record["estimate"] or "none"
        text = f"{count} restored from {record['way']} and checked in {record['measured_seconds']} s. The design's estimate: {estimate}."
        return Result(text, data)
