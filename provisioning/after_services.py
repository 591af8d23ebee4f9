"""What comes after a run: undo, drift check, restore drill. What may be asked for, by which rules; `after_work` has the work itself."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.jobs import Job, send
from accounts.models import User
from provisioning.after_models import DriftReport, Undo
from provisioning.after_work import applied_run
from provisioning.drill_models import RestoreDrill
from provisioning.holding import JobRefused, ask, hold
from provisioning.models import PlanRecord, Run, Target
from provisioning.rehearsal import RehearsalProblem, source_of
from provisioning.tasks import check_drift, rehearse_drill, undo_run

KEPT_REPORTS = 50


def request_undo(run: Run, user: User) -> Undo:
    """Work out the undo of a run that has ended. One that is under way is returned instead. Raises JobRefused."""
    about = {"organisation_id": run.organisation_id, "run": run, "created_by": user}
    undo: Undo = ask(undo_run, Undo.objects.filter(run=run), run.target_id, holds=True, **about)
    return undo


def approve_undo(undo: Undo, user: User, digest: str) -> Undo:
    """Approve the undo that was shown, by its digest, and carry it out. Raises JobRefused."""
    with transaction.atomic():
        hold(undo.run.target_id)
        if undo.created_by_id == user.pk:
            raise JobRefused("Somebody else than who asked for the undo approves it.")
        if not undo.waits_for_approval or digest != undo.document["undo_digest"]:
            raise JobRefused("This undo is not the one that was shown: look at it again.")
        signed = {"approved_by": user, "approved_name": str(user), "approved_digest": digest, "approved_at": timezone.now()}
        return _queue(undo, Undo.objects.filter(state=Job.State.DONE, approved_digest=""), "This undo was approved already.", **signed)


def continue_undo(undo: Undo) -> Undo:
    """Take an approved undo up again where its journal ends. Raises JobRefused."""
    with transaction.atomic():
        hold(undo.run.target_id)
        return _queue(undo, Undo.objects.filter(state=Job.State.FAILED).exclude(approved_digest=""), "This undo has not been begun.")


def _queue(undo: Undo, rows: Any, otherwise: str, **fields: Any) -> Undo:
    if not rows.filter(pk=undo.pk).update(state=Job.State.QUEUED, attempts=0, worker="", finished_at=None, reason="", **fields):
        raise JobRefused(otherwise)
    send(undo_run, undo)
    return undo


def request_drift(target: Target, user: User | None = None) -> DriftReport:
    """Check a target now. A check that is under way is returned instead. Raises JobRefused."""
    run = applied_run(target=target)
    if run is None:
        raise JobRefused("Nothing was applied to this target yet: there is nothing to compare.")
    rows = DriftReport.objects.filter(target=target)
    about = {"organisation_id": target.organisation_id, "target": target, "plan": run.plan, "created_by": user}
    report: DriftReport = ask(check_drift, rows, target.pk, holds=False, **about)
    rows.filter(pk__in=list(rows.values_list("pk", flat=True)[KEPT_REPORTS:])).delete()
    return report


def request_drill(plan: PlanRecord, workload: str, user: User) -> RestoreDrill:
    """Ask for a drill of one workload; one that is under way already is returned instead.

    Raises RehearsalProblem for a workload that has none, JobRefused while a run or an undo holds the target.
    """
    document = plan.document["design"]
    found = next((one for one in document["workloads"] if one["key"] == workload), None)
    if found is None:
        raise RehearsalProblem(f"the applied design has no workload {workload!r}")
    source_of(document, found)
    about = {"organisation_id": plan.organisation_id, "plan": plan, "workload": workload, "created_by": user}
    rows = RestoreDrill.objects.filter(plan=plan, workload=workload)
    drill: RestoreDrill = ask(rehearse_drill, rows, plan.target_id, holds=True, beside=RestoreDrill, **about)
    return drill


def latest_drifts(targets: list[Target]) -> dict[int, Any]:
    """The latest report of each target, by its number, without those that were never applied to."""
    found: dict[int, Any] = {}
    for report in DriftReport.objects.filter(target__in=targets).order_by("-created_at", "-pk"):
        found.setdefault(report.target_id, report)
    return found
