"""`manage.py onboard`: the cross-account role that a plan needs, as CloudFormation and Terraform. No database, no AWS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from accounts.headless import BadInput, HeadlessCommand, Result, write_bytes
from provisioning.onboarding import OnboardingProblem
from provisioning.onboarding_files import files_of
from provisioning.plan_command import read_plan_document


class Command(HeadlessCommand):
    help = "Write the least-privilege role of each account of a plan, as CloudFormation template and Terraform JSON."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", metavar="PLAN.json", help="a plan, as `manage.py plan` makes it")
        parser.add_argument("--out", required=True, metavar="DIR", help="folder to write into; made when it is not there")

    def run(self, options: dict[str, Any]) -> Result:
        document, plan = read_plan_document(options["plan"])
        try:
            files = files_of(document, plan)
        except OnboardingProblem as error:
            raise BadInput(f"{options['plan']}:1: {error}") from error
        folder = Path(options["out"])
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"--out {folder}: {error.strerror or error}") from error
        for file in files:
            write_bytes(folder / file.name, file.text.encode())
        names = [file.name for file in files]
        return Result("\n".join(str(folder / name) for name in names), {"out": str(folder), "files": names})
