"""Targets, plans and runs: what may be asked for, and by which rules. A row first; the task is sent once it is committed."""

from typing import Any

from auditlog.models import LogEntry
from django.db import transaction
from django.utils import timezone

from accounts.jobs import Job, send
from accounts.models import User
from assessment.models import Assessment
from provisioning.after_models import Undo
from provisioning.holding import JobRefused, ask, hold
from provisioning.models import PlanRecord, Run, Target
from provisioning.tasks import apply_run, make_plan
from recommendations.models import DesignVersion
from reviews.services import approved

FIELDS = ("account", "region", "dr_region", "role_arn", "external_id", "endpoint_url", "others")


def new_target(assessment: Assessment, user: User, fields: dict[str, Any]) -> Target:
    """A target of checked fields."""
    known = {name: fields[name] for name in FIELDS}
    return Target.objects.create(organisation_id=assessment.organisation_id, assessment=assessment, created_by=user, **known)


def request_plan(design: DesignVersion, target: Target, user: User) -> PlanRecord:
    """A plan of this design for this target. One that is under way already is returned instead."""
    rows = PlanRecord.objects.filter(design=design, target=target)
    about = {"organisation_id": target.organisation_id, "design": design, "target": target, "created_by": user}
    plan: PlanRecord = ask(make_plan, rows, target.pk, holds=False, **about)
    return plan


def request_run(plan: PlanRecord, user: User, accepted: list[str]) -> Run:
    """Apply a plan. `accepted` are the ids of the hazards that the user accepts by name.

    A plan is applied once: asking again gives the run that is there. Raises JobRefused.
    """
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=plan.target_id)
        for one in Run.objects.filter(plan=plan):
            return one
        approval = approved(plan.design)
        hazards = {hazard["id"]: hazard for hazard in plan.document.get("hazards", ())}
        refuse_run(plan, approval, [one for key, one in hazards.items() if key not in accepted])
        hold(plan.target_id)
        now = timezone.now().isoformat(timespec="seconds")
        signed = [{"id": key, "sentence": hazards[key]["sentence"], "name": str(user), "at": now} for key in hazards]
        run = Run.objects.create(
            organisation_id=plan.organisation_id, plan=plan, target_id=plan.target_id, approval=approval, accepted=signed, created_by=user
        )
        send_in_window(run)
    return run


def send_in_window(run: Run) -> None:
    """Send a queued run to the workers, or let it wait until the customer's window opens; beat sends it then."""
    run.not_before = run.opening(timezone.now())
    Run.objects.filter(pk=run.pk).update(not_before=run.not_before)
    if run.not_before is None:
        send(apply_run, run)


def refuse_run(plan: PlanRecord, approval: Any, open_hazards: list[Any]) -> None:
    """Raises JobRefused for a plan that cannot be applied, whoever holds its target."""
    if plan.state != Job.State.DONE:
        raise JobRefused("The plan is not ready.")
    if approval is None:
        raise JobRefused(f"Version {plan.design.number} of the design is not approved: the customer's reviewer decides.")
    if open_hazards:
        raise JobRefused(f"Accept every hazard first; open: {'; '.join(one['sentence'] for one in open_hazards)}")


def continue_run(run: Run) -> bool:
    """Queue a failed, paused or cancelled run again; it takes up where its journal ends. False when it is under way or done.

    Raises JobRefused while another job holds its target, and for a run that was undone meanwhile.
    """
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=run.target_id)
        ended = Run.objects.filter(pk=run.pk, state__in=(Job.State.FAILED, Run.PAUSED, Run.CANCELLED))
        found = ended.first()
        if found is None:
            return False
        if Undo.begun().filter(run=run).exists():
            raise JobRefused("This run was undone, in whole or in part: make a new plan.")
        if found.state != Run.PAUSED:
            hold(run.target_id)
        asked = {"cancel_requested": False, "pause_requested": False}
        queued = ended.update(state=Job.State.QUEUED, reason="", finished_at=None, worker="", outcome={}, attempts=0, **asked)
        if queued:
            send_in_window(run)
    return bool(queued)


def cancel_run(run: Run) -> bool:
    """Ask a run to stop before its next step. One that nobody works on, queued or paused, is cancelled at once."""
    reasons = {Job.State.QUEUED: "Cancelled before the first step.", Run.PAUSED: "Cancelled while it was paused; what was done stays."}
    for state, reason in reasons.items():
        resting = Run.objects.filter(pk=run.pk, state=state)
        if resting.update(state=Run.CANCELLED, reason=reason, finished_at=timezone.now()):
            _note(run, "cancelled")
            return True
    return _ask(run, cancel_requested=True)


def pause_run(run: Run) -> bool:
    """Ask a run to pause before its next step; its target stays taken. One that nobody has begun pauses at once."""
    queued = Run.objects.filter(pk=run.pk, state=Job.State.QUEUED)
    if queued.update(state=Run.PAUSED, reason="Paused before the first step."):
        _note(run, "paused")
        return True
    return _ask(run, pause_requested=True)


def _ask(run: Run, **flag: bool) -> bool:
    """Leave word for the worker. The first of several clicks counts; false when there is nothing to stop any more."""
    name = next(iter(flag))
    asked = Run.objects.filter(pk=run.pk, state=Job.State.RUNNING)
    if asked.filter(**{name: False}).update(**flag):
        _note(run, name.replace("_", " "))
    return asked.exists()


def _note(run: Run, what: str) -> None:
    """Who asked for what, in the audit log: the row changes by a conditional update, which the log does not see by itself."""
    LogEntry.objects.log_create(run, force_log=True, action=LogEntry.Action.UPDATE, changes={"run": ["", what]})
