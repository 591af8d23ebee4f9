"""What workers do after a run: an undo, a drift check, a restore drill. Each row is ours while we are at it."""

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from accounts.jobs import Job, WorkerReplaced, finish, ours
from provisioning.after_models import DriftReport, Undo, UndoEvent
from provisioning.apply import ApplyRefused
from provisioning.clients import Clients
from provisioning.drift import check
from provisioning.drill_models import RestoreDrill
from provisioning.models import Run, RunEvent
from provisioning.plan_file import PlanProblem, read_plan
from provisioning.rehearsal import clear, rehearse
from provisioning.runner import RowJournal, outcome_json
from provisioning.target import NotObserved, TargetProblem
from provisioning.undo.plan import UndoProblem, make_undo
from provisioning.undo.run import apply_undo
from recommendations.measured import measured_from
from recommendations.services import note_measurement


def applied_run(**of: Any) -> Run | None:
    """The latest run among `of` that came to its end and was not undone: what it applied is what has to be there."""
    undone = Undo.begun().values("run")
    return Run.objects.filter(state=Job.State.DONE, **of).exclude(pk__in=undone).select_related("plan").first()


def carry_out_undo(undo: Undo) -> None:
    """Work an undo out, or carry it out once it is approved."""
    plan, journal = undo.run.plan, RowJournal(undo, UndoEvent, "undo")
    records = [row.data for row in RunEvent.objects.filter(run=undo.run).order_by("number")]
    try:
        clients = Clients(plan.target.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
        if not undo.approved_digest:
            finish(undo, Job.State.DONE, document=make_undo(plan.document, records, clients))
            return
        given = {"approved_digest": undo.approved_digest, "approved_by": undo.approved_name}
        outcome = apply_undo(undo.document, plan.document, records, clients=clients, journal=journal, **given)
    except (ApplyRefused, UndoProblem, PlanProblem, TargetProblem, NotObserved) as refusal:
        finish(undo, Job.State.FAILED, str(refusal), outcome=journal.refusal())
        return
    state, reason = (Job.State.DONE, "") if outcome.state == "done" else (Job.State.FAILED, "Not everything could be undone.")
    finish(undo, state, reason, outcome=outcome_json(outcome))


def carry_out_drift(report: DriftReport) -> None:
    """Read the target and file what drifted."""
    clients = Clients(report.target.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
    finish(report, Job.State.DONE, document=check(report.plan.document, clients))


def carry_out_drill(drill: RestoreDrill) -> None:
    """Clear what an earlier worker left, rehearse, file the record, and keep what was measured."""
    plan = read_plan(drill.plan.document)
    clients = Clients(plan.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
    mine = ours(drill)
    clear(clients, drill.made)
    made: list[dict[str, Any]] = []

    def noted(entry: dict[str, Any]) -> None:
        made.append(entry)
        if not mine.update(made=made):
            raise WorkerReplaced

    record = rehearse(plan, clients, drill.workload, uuid4().hex[:20], noted)
    reason = "; ".join(line for line in (record["reason"], *(f"Still there: {one}" for one in record["left"])) if line)
    with transaction.atomic():
        ended = finish(drill, Job.State.FAILED if reason else Job.State.DONE, reason, record=record)
        if ended and record["items"]:
            note_measurement(drill.plan.design.assessment, measured_from(record))
