"""`manage.py undo`: take back what a run did, as far as that goes. First it shows; with an approval it does. No database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from accounts.headless import BadInput, Failed, HeadlessCommand, Refused, Result, read_bytes, write_bytes
from provisioning.apply import ApplyRefused
from provisioning.clients import Clients
from provisioning.journal import FileJournal, JournalBusy, JournalProblem, Record
from provisioning.outcome import Outcome
from provisioning.plan_command import read_plan_document
from provisioning.references import ReferenceProblem
from provisioning.target import NotObserved, TargetProblem
from provisioning.undo.plan import UndoProblem, make_undo, undo_lines
from provisioning.undo.run import apply_undo

LIMIT = 256 * 1024 * 1024


class Command(HeadlessCommand):
    help = "Undo a run: show what it would take back, or, approved by name, do it. What was interrupted is taken up by the same command."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", metavar="PLAN.json", help="the plan that was applied")
        parser.add_argument("--journal", metavar="FILE", help="the run's journal; left out, PLAN.json.journal.jsonl beside the plan")
        parser.add_argument("--out", metavar="UNDO.json", help="where the undo is written to; left out, PLAN.json.undo.json")
        parser.add_argument("--approved-digest", default="", metavar="SHA256", help="the digest of the undo that was shown; does it")
        parser.add_argument("--approved-by", default="", metavar="NAME", help="who approves it")

    def run(self, options: dict[str, Any]) -> Result:
        document, plan = read_plan_document(options["plan"])
        out = options["out"] or f"{options['plan']}.undo.json"
        path = options["journal"] or f"{options['plan']}.journal.jsonl"
        if not Path(path).is_file():
            raise BadInput(f"{path}: no journal of a run; say which with --journal")
        clients = Clients(plan.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
        try:
            with FileJournal(path) as journal:
                records = journal.records()
            if options["approved_digest"] or options["approved_by"]:
                return self._do(options, out, document, records, clients)
            undo = make_undo(document, records, clients)
        except ApplyRefused as error:
            raise Refused([*error.lines, "Refused: nothing was touched."]) from error
        except JournalBusy as error:
            raise Refused(f"{error}; nothing was touched") from error
        except (UndoProblem, TargetProblem, ReferenceProblem, JournalProblem) as error:
            raise BadInput(str(error)) from error
        except NotObserved as error:
            raise Failed(f"nothing was undone: {error}") from error
        except OSError as error:
            raise BadInput(f"{path}: {error.strerror or error}") from error
        write_bytes(out, (json.dumps(undo, ensure_ascii=False, sort_keys=True, indent=1, default=str) + "\n").encode())
        data = {name: undo[name] for name in ("undo_digest", "summary", "not_undone")}
        return Result("\n".join(undo_lines(undo)), {**data, "undo": out})

    def _do(self, options: dict[str, Any], out: str, document: Any, records: list[Record], clients: Clients) -> Result:
        try:
            undo = json.loads(read_bytes(out, LIMIT).decode())
        except ValueError as error:
            raise BadInput(f"{out}:1: $: not JSON in UTF-8: {error}") from error
        with FileJournal(f"{out}.journal.jsonl") as journal:
            outcome = apply_undo(
                *(undo, document, records),
                clients=clients,
                approved_digest=options["approved_digest"],
                approved_by=options["approved_by"],
                journal=journal,
                on_event=lambda record: self._say(record, options["json"]),
            )
        data = data_of(outcome, f"{out}.journal.jsonl")
        if outcome.exit_code:
            raise Failed(outcome.lines(), data)
        return Result("\n".join(outcome.lines()), data)

    def _say(self, record: Mapping[str, Any], quiet: bool) -> None:
        if record["event"] == "intent" and not quiet:
            self.stdout.write(f"[{record['step']}/{record['steps']}] {record['address']}: {record['words']}")
            self.stdout.flush()


def data_of(outcome: Outcome, journal: str) -> dict[str, Any]:
    """The object of `--json`."""
    resources = [{"address": one.address, "state": one.state, "message": one.message} for one in outcome.resources]
    return {"state": outcome.state, "resources": resources, "missing_permissions": list(outcome.missing_permissions), "journal": journal}
