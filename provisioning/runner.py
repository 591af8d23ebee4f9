"""One run: the plan applied with its journal in the database, the outcome and the evidence filed."""

import hashlib
import logging
import tempfile
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from accounts.jobs import Job, WorkerReplaced, finish, ours
from provisioning.apply import ApplyRefused, apply_plan
from provisioning.clients import Clients
from provisioning.filing import pack_of
from provisioning.journal import Journal, Record
from provisioning.models import Run, RunEvent
from provisioning.outcome import Outcome
from provisioning.plan_file import PlanProblem
from provisioning.target import NotObserved, TargetProblem
from reviews.services import approved

log = logging.getLogger(__name__)
ENDS = {"done": Job.State.DONE, "failed": Job.State.FAILED, "stopped": Run.CANCELLED}


class RowJournal(Journal):
    """The journal of a run or an undo as rows. A worker that was replaced cannot write, and stops before its next call.

    `events` is the model of its lines, `of` the name of their way to the job.
    """

    def __init__(self, job: Job, events: type[Any] = RunEvent, of: str = "run") -> None:
        self.job, self.events, self.of = job, events, of
        # Made inside of the organisation's scope; usable in any thread.
        self.mine = ours(job)
        super().__init__(row.data for row in events.objects.filter(**{of: job}).order_by("number"))

    def _store(self, records: list[Record]) -> None:
        own = {"organisation_id": self.job.organisation_id, self.of: self.job}
        lines = [self.events(**own, number=one["n"], data=one) for one in records]
        try:
            with transaction.atomic():
                if not self.mine.select_for_update().exists():
                    raise WorkerReplaced
                self.events.objects.bulk_create(lines)
        except IntegrityError as error:
            raise WorkerReplaced from error

    def should_stop(self) -> bool:
        """Whether somebody asked to pause or to cancel, or another worker has taken over."""
        return not self.mine.filter(cancel_requested=False, pause_requested=False).exists()

    def refusal(self) -> dict[str, bool]:
        """The outcome of a job that was refused: whether nothing was touched, by an earlier worker either."""
        return {} if any(record["event"] == "intent" for record in self.records()) else {"refused": True}


def carry_out(run: Run) -> None:
    """Apply the plan of a run that is ours, and end the run."""
    plan = run.plan
    approval = approved(plan.design)
    journal = RowJournal(run)
    try:
        clients = Clients(plan.target.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
        outcome = apply_plan(
            plan.document,
            clients=clients,
            approved_digest=approval.digest if approval else "",
            accepted={hazard["id"] for hazard in run.accepted},
            accepted_by=next((hazard["name"] for hazard in run.accepted), str(run.created_by)),
            journal=journal,
            should_stop=journal.should_stop,
        )
    except (ApplyRefused, PlanProblem, TargetProblem, NotObserved) as refusal:
        finish(run, Job.State.FAILED, str(refusal), outcome=journal.refusal())
        return
    evidence = evidence_of(run, clients) if outcome.state == "done" else {}
    state = ENDS[outcome.state]
    if outcome.state == "stopped" and not ours(run).filter(cancel_requested=True).exists():
        state = Run.PAUSED
    ended = finish(run, state, reason_of(outcome, state), outcome=outcome_json(outcome), **evidence)
    if evidence and not ended:
        run.evidence.storage.delete(evidence["evidence"])


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    resources = [{"address": one.address, "state": one.state, "message": one.message} for one in outcome.resources]
    return {"resources": resources, "missing_permissions": list(outcome.missing_permissions)}


def reason_of(outcome: Outcome, state: str) -> str:
    if outcome.state == "stopped":
        return f"{'Paused' if state == Run.PAUSED else 'Cancelled'} between two steps; what was done stays."
    return "" if outcome.state == "done" else "\n".join(outcome.lines())


def evidence_of(run: Run, clients: Clients) -> dict[str, Any]:
    """What AWS says is configured now, as a zip in the document storage: fields of the run.

    The run is done without it too: evidence that could not be read back leaves the fields empty, and the log says why.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="stowplan-evidence-") as name:
            data = pack_of(run, clients, Path(name))
    except (NotObserved, BotoCoreError, ClientError) as error:
        log.warning("no evidence of run %s: %s", run.pk, error)
        return {}
    digest = hashlib.sha256(data).hexdigest()
    name = f"evidence/{run.organisation_id}/{run.created_at:%Y/%m}/run-{run.pk}-{digest[:12]}.zip"
    return {"evidence": run.evidence.storage.save(name, ContentFile(data)), "evidence_sha256": digest}
