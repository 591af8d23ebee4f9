"""A job is a row: claimed by a conditional update, kept by a heartbeat, found again when its worker is gone.

The broker only carries the row's number. Killing a worker at any moment loses nothing: its row is taken over after a silence.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import OperationalError, connections, models, transaction
from django.db.models import DateTimeField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import OrganisationModel

BEAT_SECONDS = 10
# A worker that has not been heard of for this long is gone; its work is taken over.
SILENCE = timedelta(seconds=45)


class Job(OrganisationModel):
    """A row with a state. `worker` and `heartbeat_at` say who works on it, if anybody; `reason` why it failed, for people."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    OPEN = (State.QUEUED, State.RUNNING)

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED, db_index=True)
    reason = models.TextField(blank=True)
    worker = models.CharField(max_length=32, blank=True)
    sent_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


AnyJob = TypeVar("AnyJob", bound=Job)


class WorkerReplaced(Exception):
    """Another worker has taken this job over, or it was ended: stop without writing anything more."""


def send(task: Any, job: Job) -> None:
    """Send the task that does this row's work, once the row is committed. A broker that is down delays the work and breaks no request."""
    type(job).objects.filter(pk=job.pk).update(sent_at=timezone.now())
    transaction.on_commit(lambda: task.delay(job.pk), robust=True)


def claim(model: type[AnyJob], pk: int, **fields: Any) -> AnyJob | None:
    """The row, now ours, when nobody works on it; None when another worker does or there is nothing left to do."""
    now, worker = timezone.now(), uuid4().hex
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, heartbeat_at__lt=now - SILENCE)
    started = Coalesce("started_at", Value(now), output_field=DateTimeField())
    mine = {"state": Job.State.RUNNING, "worker": worker, "heartbeat_at": now, "started_at": started}
    claimed = model.objects.filter(free, pk=pk).update(**mine, **fields)
    return model.objects.get(pk=pk, worker=worker) if claimed else None


def ours(job: Job) -> QuerySet[Any]:
    """The row as long as it is this worker's: empty once another one has taken over."""
    return type(job).objects.filter(pk=job.pk, worker=job.worker, state=Job.State.RUNNING)


def finish(job: Job, state: str, reason: str = "", **fields: Any) -> bool:
    """End the job, unless it is no longer ours; says whether it was."""
    return bool(ours(job).update(state=state, reason=reason, finished_at=timezone.now(), **fields))


def lost(model: type[AnyJob]) -> QuerySet[AnyJob]:
    """Rows whose task got lost: queued and sent long ago, or running without a sign of life. The caller disables scopes to see all."""
    long_ago = timezone.now() - SILENCE
    never_begun = Q(state=Job.State.QUEUED) & (Q(sent_at__isnull=True) | Q(sent_at__lt=long_ago))
    return model.objects.filter(never_begun | Q(state=Job.State.RUNNING, heartbeat_at__lt=long_ago))


def _beat(alive: QuerySet[Any]) -> bool:
    """Say that the worker lives; whether the job is still its own. A busy database is tried again at the next beat."""
    try:
        return bool(alive.all().update(heartbeat_at=timezone.now()))
    except OperationalError:
        return True


@contextmanager
def beating(job: Job) -> Iterator[threading.Event]:
    """Keep the heartbeat going in a thread; the event is set once the job is no longer ours."""
    stop, gone = threading.Event(), threading.Event()
    alive = ours(job)  # made inside of the organisation's scope, which a new thread does not have

    def beat() -> None:
        try:
            while not stop.wait(BEAT_SECONDS):
                if not _beat(alive):
                    gone.set()
                    return
        finally:
            connections.close_all()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield gone
    finally:
        stop.set()
        thread.join()
