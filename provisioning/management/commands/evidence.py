"""`manage.py evidence`: read back what AWS has, compare it with the design, and file it. No database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from accounts.headless import BadInput, Failed, HeadlessCommand, Result, write_bytes
from provisioning.clients import Clients
from provisioning.evidence import collect
from provisioning.evidence_pack import approval_of, seal, zipped
from provisioning.journal import FileJournal, JournalBusy, JournalProblem, MemoryJournal
from provisioning.plan_command import read_plan_document
from provisioning.references import ReferenceProblem
from provisioning.target import NotObserved, TargetProblem


class Command(HeadlessCommand):
    help = "Read back every setting of a plan's resources into a folder, with hashes; fails when something is not as designed."

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("plan", metavar="PLAN.json", help="a plan, as `manage.py plan` makes it")
        parser.add_argument("--out", required=True, metavar="DIR", help="the folder for the evidence; made when it is not there")
        parser.add_argument("--journal", metavar="FILE", help="the run's journal; left out, PLAN.json.journal.jsonl where it is there")
        parser.add_argument("--pack", metavar="PACK.zip", help="file all of it as one evidence pack as well, with receipts and verifier")

    def run(self, options: dict[str, Any]) -> Result:
        document, plan = read_plan_document(options["plan"])
        try:
            manifest = collect(document, Clients(plan.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS), options["out"])
        except (TargetProblem, ReferenceProblem) as error:
            raise BadInput(str(error)) from error
        except NotObserved as error:
            raise Failed(f"nothing was read back: {error}") from error
        except OSError as error:
            raise BadInput(f"{options['out']}: {error.strerror or error}") from error
        if options["pack"]:
            _pack(options, document)
        data = {"folder": options["out"], **{name: manifest[name] for name in ("design_digest", "chain", "as_designed", "differences")}}
        if manifest["differences"]:
            raise Failed([*manifest["differences"], f"{len(manifest['differences'])} differences from the design."], data)
        return Result(f"{len(manifest['entries'])} resources are as designed. Chain {manifest['chain']}", data)


def _pack(options: dict[str, Any], document: dict[str, Any]) -> None:
    """The evidence pack. Raises BadInput where the journal is none of a run of this plan."""
    path, folder = options["journal"] or f"{options['plan']}.journal.jsonl", Path(options["out"])
    try:
        with FileJournal(path) if Path(path).exists() else MemoryJournal() as journal:
            records = journal.records()
    except (JournalProblem, JournalBusy, OSError) as error:
        raise BadInput(f"{path}: {error}") from error
    if not records:
        raise BadInput(f"{path}: no journal of a run: a pack holds its receipts; say which with --journal")
    seal(folder, document, records, approval_of(records))
    write_bytes(options["pack"], zipped(folder))
