"""`manage.py plan`: a design against accounts, before anything is touched. No database."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from accounts.headless import BadInput, Failed, HeadlessCommand, Result, write_bytes
from provisioning.clients import Clients
from provisioning.plan import make_plan
from provisioning.plan_text import plan_lines
from provisioning.preflight import preflight_lines, with_preflight
from provisioning.references import ReferenceProblem
from provisioning.target import NotObserved, TargetProblem, TargetSpec, parse_other
from recommendations.design_file import read_design


class Command(HeadlessCommand):
    help = "Compare a design with what the accounts have, and write what would change to a plan. Reads only."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("design", metavar="DESIGN.json", help="a design, as `manage.py design` makes it")
        parser.add_argument("--account", required=True, metavar="ID", help="the account; alone, it takes every account role of the design")
        parser.add_argument("--region", help="assert the design's primary Region")
        parser.add_argument("--dr-region", help="assert the design's second Region")
        parser.add_argument("--role-arn", help="the role to assume in the account; left out, the caller's own credentials are used")
        parser.add_argument("--external-id", help="the external id that the role asks for")
        parser.add_argument(
            "--target",
            action="append",
            default=[],
            metavar="ACCOUNT=ROLE_ARN,EXTERNAL_ID",
            help="another account of the design and how to reach it; repeatable",
        )
        parser.add_argument("--endpoint-url", help="an endpoint instead of AWS's: loopback, or one that the operator allows")
        parser.add_argument("--out", required=True, metavar="PLAN.json", help="write the plan to this file, whole or not at all")

    def run(self, options: dict[str, Any]) -> Result:
        design = read_design(options["design"])
        try:
            spec = TargetSpec(
                account=options["account"],
                region=options["region"],
                dr_region=options["dr_region"],
                role_arn=options["role_arn"],
                external_id=options["external_id"],
                endpoint_url=options["endpoint_url"],
                others=tuple(parse_other(text) for text in options["target"]),
            )
            clients = Clients(spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
            plan = with_preflight(make_plan(design, spec, clients), clients)
        except (TargetProblem, ReferenceProblem) as error:
            raise BadInput(str(error)) from error
        except NotObserved as error:
            raise Failed(f"nothing was planned: {error}") from error
        write_bytes(options["out"], (json.dumps(plan, ensure_ascii=False, indent=1) + "\n").encode())
        data = {
            "plan": options["out"],
            "design_digest": plan["design_digest"],
            "summary": plan["stowplan"]["summary"],
            "hazards": plan["hazards"],
            "preflight": plan["preflight"],
            "notes": [*plan["stowplan"]["lost_separation"], *plan["stowplan"]["notes"]],
        }
        return Result("\n".join([*preflight_lines(plan), *plan_lines(plan)]), data)
