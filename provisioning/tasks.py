"""The worker's side of plans and runs. A task carries a row's number; whoever claims the row does the work, and once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from celery import shared_task
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts import jobs
from accounts.jobs import Job
from provisioning.after_models import DriftReport, Undo
from provisioning.after_work import applied_run, carry_out_drift, carry_out_drill, carry_out_undo
from provisioning.clients import Clients
from provisioning.drill_models import RestoreDrill
from provisioning.filing import add_report
from provisioning.models import PlanRecord, Run, Target
from provisioning.plan import make_plan as compute_plan
from provisioning.preflight import with_preflight
from provisioning.references import ReferenceProblem
from provisioning.rehearsal import RehearsalProblem
from provisioning.runner import carry_out
from provisioning.target import NotObserved, TargetProblem
from recommendations.design import DesignError
from recommendations.services import design_of

AnyJob = TypeVar("AnyJob", bound=Job)
# A job that this many workers began and none ended kills its workers; a person has to look.
ATTEMPTS = 5
# What a person can put right; anything else goes to the worker's log too.
EXPECTED = (TargetProblem, NotObserved, ReferenceProblem, DesignError, RehearsalProblem)


@contextmanager
def claimed(model: type[AnyJob], pk: int) -> Iterator[AnyJob | None]:
    """The row, ours, inside of its organisation's scope and with a heartbeat; None when there is nothing to do.

    What goes wrong ends as a failed row with a reason, never as a row that looks busy for ever.
    """
    with scopes_disabled():
        found = model.objects.select_related("organisation").filter(pk=pk).first()
    if found is None:
        yield None
        return
    with scope(organisation=found.organisation):
        job = jobs.claim(model, pk, attempts=F("attempts") + 1)
        if job is not None and job.attempts > ATTEMPTS:
            jobs.finish(job, Job.State.FAILED, f"{ATTEMPTS} workers began this and none came to an end; their logs say why.")
            job = None
        if job is None:
            yield None
            return
        with jobs.beating(job):
            try:
                yield job
            except jobs.WorkerReplaced:
                return
            except Exception as error:
                jobs.finish(job, Job.State.FAILED, str(error).strip() or type(error).__name__)
                if not isinstance(error, EXPECTED):
                    raise


@shared_task
def make_plan(pk: int) -> None:
    """Compare the design with what the target has."""
    with claimed(PlanRecord, pk) as plan:
        if plan is not None:
            target = plan.target.spec
            clients = Clients(target, settings.STOWPLAN_ALLOWED_ENDPOINTS)
            document = compute_plan(design_of(plan.design), target, clients)
            jobs.finish(plan, Job.State.DONE, document=with_preflight(document, clients))


@shared_task
def apply_run(pk: int) -> None:
    """Apply a plan, from where its journal ends. One that nobody has begun waits while the customer's window is closed."""
    if waits_for_window(pk):
        return
    with claimed(Run, pk) as run:
        if run is not None:
            carry_out(run)
            if Run.objects.filter(pk=pk, state=Job.State.DONE).exclude(evidence="").exists():
                jobs.send(report_run, run)


@shared_task
def report_run(pk: int) -> None:
    """Lay the as-built report of a run out, into its evidence pack. Again does no harm; without it the pack proves the same."""
    with scopes_disabled():
        run = Run.objects.select_related("organisation").filter(pk=pk).exclude(evidence="").first()
    if run is not None:
        with scope(organisation=run.organisation):
            add_report(run)


def not_waiting(job: Job) -> bool:
    """Whether a worker may take the job now, as far as the customer's window goes."""
    return not (isinstance(job, Run) and job.waits and job.not_before is not None and job.not_before > timezone.now())


def waits_for_window(pk: int) -> bool:
    """Whether a queued run has to wait; notes until when. A run that a worker has begun is not held up: half of a plan helps nobody."""
    with scopes_disabled():
        run = Run.objects.select_related("plan", "target").filter(pk=pk, state=Job.State.QUEUED).first()
        opening = run.opening(timezone.now()) if run else None
        Run.objects.filter(pk=pk, state=Job.State.QUEUED).update(not_before=opening)
    return opening is not None


@shared_task
def rehearse_drill(pk: int) -> None:
    """Rehearse the restore of a workload. A drill that a worker left behind is cleared away and begun anew."""
    with claimed(RestoreDrill, pk) as drill:
        if drill is not None:
            carry_out_drill(drill)


@shared_task
def undo_run(pk: int) -> None:
    """Work out an undo, or carry out one that was approved, from where its journal ends."""
    with claimed(Undo, pk) as undo:
        if undo is not None:
            carry_out_undo(undo)


@shared_task
def check_drift(pk: int) -> None:
    """Read every applied setting of a target again."""
    with claimed(DriftReport, pk) as report:
        if report is not None:
            carry_out_drift(report)


@shared_task
def check_every_drift() -> int:
    """Ask for a drift check of every target that something was applied to, of every organisation; how many."""
    from provisioning.after_services import request_drift

    asked = 0
    with scopes_disabled():
        targets = [target for target in Target.objects.select_related("organisation") if applied_run(target=target)]
    for target in targets:
        with scope(organisation=target.organisation):
            request_drift(target)
            asked += 1
    return asked


@shared_task
def resend_lost_runs() -> dict[str, int]:
    """Send again what a broker or a killed worker lost: plans, runs and drills, of every organisation."""
    sent: dict[str, int] = {}
    with scopes_disabled():
        for model, task in (
            (PlanRecord, make_plan),
            (Run, apply_run),
            (RestoreDrill, rehearse_drill),
            (Undo, undo_run),
            (DriftReport, check_drift),
        ):
            rows: list[Any] = [job for job in jobs.lost(model) if not_waiting(job)]
            for job in rows:
                jobs.send(task, job)
            sent[model.__name__] = len(rows)
    return sent
