"""`manage.py apply`: apply an approved plan. Resumable: the same command again. No database."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from accounts.headless import BadInput, Failed, HeadlessCommand, Refused, Result
from provisioning.application import MOST_WORKERS, WORKERS
from provisioning.apply import ApplyRefused, apply_plan
from provisioning.clients import Clients
from provisioning.journal import FileJournal, JournalBusy, JournalProblem
from provisioning.outcome import Outcome
from provisioning.plan_command import read_plan_document
from provisioning.plan_file import PlanFile
from provisioning.references import ReferenceProblem
from provisioning.target import NotObserved, TargetProblem
from provisioning.window import is_open, window_of


class Command(HeadlessCommand):
    help = "Apply a plan of an approved design. What was interrupted is taken up by the same command."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", metavar="PLAN.json", help="a plan, as `manage.py plan` makes it")
        parser.add_argument("--approved-digest", default="", metavar="SHA256", help="the digest of the design that was approved")
        parser.add_argument(
            "--accept", action="extend", nargs="+", default=[], metavar="HAZARD_ID", help="a hazard of the plan; repeatable"
        )
        parser.add_argument("--accepted-by", default="", metavar="NAME", help="who accepts the hazards")
        parser.add_argument("--workers", type=_workers, default=WORKERS, metavar="N", help=f"calls at a time; left out, {WORKERS}")
        parser.add_argument("--journal", metavar="FILE", help="the journal; left out, PLAN.json.journal.jsonl beside the plan")

    def run(self, options: dict[str, Any]) -> Result:
        document, plan = read_plan_document(options["plan"])
        notes = _window(plan)
        path = options["journal"] or f"{options['plan']}.journal.jsonl"
        try:
            clients = Clients(plan.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
            with FileJournal(path) as journal:
                outcome = apply_plan(
                    document,
                    clients=clients,
                    approved_digest=options["approved_digest"],
                    accepted=options["accept"],
                    accepted_by=options["accepted_by"],
                    journal=journal,
                    workers=options["workers"],
                    on_event=lambda record: self._say(record, options["json"]),
                )
        except ApplyRefused as error:
            raise Refused([*error.lines, "Refused: nothing was touched."]) from error
        except (TargetProblem, ReferenceProblem, JournalProblem) as error:
            raise BadInput(str(error)) from error
        except OSError as error:
            raise BadInput(f"{path}: {error.strerror or error}") from error
        except JournalBusy as error:
            raise Refused(f"{error}; nothing was touched") from error
        except NotObserved as error:
            raise Failed(f"nothing was applied: {error}") from error
        data = _data(outcome, path)
        if outcome.exit_code:
            raise Failed([*notes, *outcome.lines()], data)
        return Result("\n".join(outcome.lines()), data, notes)

    def _say(self, record: Mapping[str, Any], quiet: bool) -> None:
        if record["event"] == "intent" and not quiet:
            self.stdout.write(f"[{record['step']}/{record['steps']}] {record['address']}: {record['words']}")
            self.stdout.flush()


def _workers(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= MOST_WORKERS:
        raise ArgumentTypeError(f"a number from 1 to {MOST_WORKERS}, not {text!r}")
    return int(text)


def _window(plan: PlanFile) -> list[str]:
    if is_open(window_of(plan.design.document), datetime.now(UTC)):
        return []
    return ["Warning: outside the window in which the customer lets changes be made."]


def _data(outcome: Outcome, journal: str) -> dict[str, Any]:
    resources = [{"address": one.address, "state": one.state, "message": one.message} for one in outcome.resources]
    return {
        "state": outcome.state,
        "resources": resources,
        "missing_permissions": list(outcome.missing_permissions),
        "journal": journal,
    }
