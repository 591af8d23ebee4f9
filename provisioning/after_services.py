"""Undo and drift checks: what may be asked for, by which rules, and the work itself. A row first; the task is sent once it is committed."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.jobs import Job, WorkerReplaced, finish, ours, send
from accounts.models import User
from provisioning.after_models import DriftReport, Undo, UndoEvent
from provisioning.apply import ApplyRefused
from provisioning.clients import Clients
from provisioning.drift import check
from provisioning.journal import Journal, Record
from provisioning.models import Run, RunEvent, Target
from provisioning.plan_file import PlanProblem
from provisioning.target import NotObserved, TargetProblem
from provisioning.undo.plan import UndoProblem, make_undo
from provisioning.undo.run import apply_undo

KEPT_REPORTS = 50


class AfterRefused(ValueError):
    """It is not done; the message says what is in the way."""


class UndoJournal(Journal):
    """The journal of an undo as rows. A worker that was replaced cannot write, and stops before its next call."""

    def __init__(self, undo: Undo) -> None:
        self.undo, self.mine = undo, ours(undo)
        super().__init__(row.data for row in UndoEvent.objects.filter(undo=undo).order_by("number"))

    def _store(self, records: list[Record]) -> None:
        events = [UndoEvent(organisation_id=self.undo.organisation_id, undo=self.undo, number=one["n"], data=one) for one in records]
        try:
            with transaction.atomic():
                if not self.mine.select_for_update().exists():
                    raise WorkerReplaced
                UndoEvent.objects.bulk_create(events)
        except IntegrityError as error:
            raise WorkerReplaced from error


def request_undo(run: Run, user: User) -> Undo:
    """Work out the undo of a run that has ended. One that is under way is returned instead. Raises AfterRefused."""
    from provisioning.tasks import undo_run

    with transaction.atomic():
        _hold(run.target_id)
        for one in Undo.objects.filter(run=run):
            if one.is_open:
                return one
        undo = Undo.objects.create(organisation_id=run.organisation_id, run=run, created_by=user)
        send(undo_run, undo)
    return undo


def approve_undo(undo: Undo, user: User, digest: str) -> None:
    """Approve the undo that was shown, by its digest, and carry it out. Raises AfterRefused."""
    from provisioning.tasks import undo_run

    with transaction.atomic():
        _hold(undo.run.target_id)
        if undo.created_by_id == user.pk:
            raise AfterRefused("Somebody else than who asked for the undo approves it.")
        if not undo.waits_for_approval or digest != undo.document["undo_digest"]:
            raise AfterRefused("This undo is not the one that was shown: look at it again.")
        signed = {"approved_by": user, "approved_name": str(user), "approved_digest": digest, "approved_at": timezone.now()}
        waiting = Undo.objects.filter(pk=undo.pk, state=Job.State.DONE, approved_digest="")
        if not waiting.update(state=Job.State.QUEUED, attempts=0, worker="", finished_at=None, **signed):
            raise AfterRefused("This undo was approved already.")
        send(undo_run, undo)


def continue_undo(undo: Undo) -> None:
    """Take an approved undo up again where its journal ends. Raises AfterRefused."""
    from provisioning.tasks import undo_run

    with transaction.atomic():
        _hold(undo.run.target_id)
        ended = Undo.objects.filter(pk=undo.pk, state=Job.State.FAILED).exclude(approved_digest="")
        if ended.update(state=Job.State.QUEUED, attempts=0, worker="", finished_at=None, reason=""):
            send(undo_run, undo)


def _hold(target: int) -> None:
    """Locks the target until the transaction ends, so that no run begins meanwhile. Raises AfterRefused while one is under way."""
    Target.objects.select_for_update().get(pk=target)
    if Run.objects.filter(target=target, state__in=Run.HOLDING).exists():
        raise AfterRefused("A run is under way on this target: wait for its end.")


def carry_out_undo(undo: Undo) -> None:
    """Work an undo out, or carry it out once it is approved; the row is ours."""
    plan = undo.run.plan
    records = [row.data for row in RunEvent.objects.filter(run=undo.run).order_by("number")]
    clients = Clients(plan.target.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
    try:
        if not undo.approved_digest:
            finish(undo, Job.State.DONE, document=make_undo(plan.document, records, clients))
            return
        given = {"approved_digest": undo.approved_digest, "approved_by": undo.approved_name}
        outcome = apply_undo(undo.document, plan.document, records, clients=clients, journal=UndoJournal(undo), **given)
    except (ApplyRefused, UndoProblem, PlanProblem, TargetProblem, NotObserved) as refusal:
        finish(undo, Job.State.FAILED, str(refusal), outcome={"refused": True})
        return
    resources = [{"address": one.address, "state": one.state, "message": one.message} for one in outcome.resources]
    done = {"resources": resources, "missing_permissions": list(outcome.missing_permissions)}
    state, reason = (Job.State.DONE, "") if outcome.state == "done" else (Job.State.FAILED, "Not everything could be undone.")
    finish(undo, state, reason, outcome=done)


def applied_run(target: Target) -> Run | None:
    """The latest run that came to its end on a target and was not undone: what it applied is what has to be there."""
    undone = Undo.objects.exclude(approved_digest="").values("run")
    return Run.objects.filter(target=target, state=Job.State.DONE).exclude(pk__in=undone).select_related("plan").first()


def request_drift(target: Target, user: User | None = None) -> DriftReport:
    """Check a target now. A check that is under way is returned instead. Raises AfterRefused."""
    from provisioning.tasks import check_drift

    run = applied_run(target)
    if run is None:
        raise AfterRefused("Nothing was applied to this target yet: there is nothing to compare.")
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=target.pk)
        for one in DriftReport.objects.filter(target=target, state__in=Job.OPEN):
            return one
        report = DriftReport.objects.create(organisation_id=target.organisation_id, target=target, plan=run.plan, created_by=user)
        old = DriftReport.objects.filter(target=target).values_list("pk", flat=True)[KEPT_REPORTS:]
        DriftReport.objects.filter(pk__in=list(old)).delete()
        send(check_drift, report)
    return report


def carry_out_drift(report: DriftReport) -> None:
    """Read the target and file what drifted; the row is ours."""
    clients = Clients(report.target.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
    finish(report, Job.State.DONE, document=check(report.plan.document, clients))


def latest_drifts(targets: list[Target]) -> dict[int, Any]:
    """The latest report of each target, by its number, without those that were never applied to."""
    found: dict[int, Any] = {}
    for report in DriftReport.objects.filter(target__in=targets).order_by("-created_at", "-pk"):
        found.setdefault(report.target_id, report)
    return found
