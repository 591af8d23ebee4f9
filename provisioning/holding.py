"""Who holds a target, and how a job on it is asked for: every job that changes or may change a target asks here, so that one is at it.

A run and an undo hold their target alone. Restore drills write to buckets and volumes of their own only and hold it beside each other.
"""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.jobs import Job, send
from provisioning.after_models import Undo
from provisioning.drill_models import RestoreDrill
from provisioning.models import Run, Target

# What holds a target: its model, the way from it to its target, its states that hold, and its name in a sentence.
HOLDERS: tuple[tuple[type[Job], str, tuple[str, ...], str], ...] = (
    (Run, "target", Run.HOLDING, "Run"),
    (Undo, "run__target", Job.OPEN, "Undo"),
    (RestoreDrill, "plan__target", Job.OPEN, "Restore drill"),
)


class JobRefused(ValueError):
    """It is not done now; the message says what is in the way."""


def hold(target: int, beside: type[Job] | None = None) -> None:
    """Locks a target until the transaction ends, so that no job that holds one begins meanwhile.

    Raises JobRefused while a job holds it already; jobs of the model `beside` do not count.
    """
    locked = Target.objects.select_for_update().get(pk=target)
    for model, way, states, name in HOLDERS:
        if model is beside:
            continue
        other = model._default_manager.filter(**{way: target}, state__in=states).first()
        if other is not None:
            raise JobRefused(f"{name} {other.pk} {_doing(other)} on {locked}: wait for its end.")


def _doing(job: Job) -> str:
    if isinstance(job, Run) and job.state == Run.PAUSED:
        return "is paused"
    return "waits for the customer's window" if isinstance(job, Run) and job.waits else "is under way"


def ask(task: Any, rows: QuerySet[Any], target: int, /, *, holds: bool, beside: type[Job] | None = None, **fields: Any) -> Any:
    """The open job among `rows`, else a new one of these fields, with its task sent: however often and by whomever it is asked for.

    `holds`: it holds the target, as `hold` says. Raises JobRefused.
    """
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=target)
        for one in rows.filter(state__in=Job.OPEN):
            return one
        if holds:
            hold(target, beside)
        made = rows.model._default_manager.create(**fields)
        send(task, made)
    return made
