"""A run as it happens: server-sent events, in a stream that never keeps a thread of the web server for long.

The web server has a handful of threads and each stream holds one, so a stream lives for half a minute at most; the browser connects again
by itself and says which record it saw last (Last-Event-ID). Only some of the threads may stream at a time: whoever comes when these
places are taken gets what is new and an end at once, and asks again a moment later. So a hundred viewers poll, and nobody else waits.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from typing import Any

from django.db import close_old_connections
from django.template.loader import render_to_string
from django_scopes import scope

from provisioning.models import Run, RunEvent
from provisioning.pages import RunPage

LIFE_SECONDS = 25.0
LOOK_SECONDS = 0.5
# What the browser waits before it connects again, in milliseconds.
AGAIN, AGAIN_WHEN_FULL = 500, 3000
# Half of the threads of this process (config/gunicorn.py) stay free for everybody else.
PLACES = threading.BoundedSemaphore(max(1, int(os.environ.get("WEB_THREADS", "8")) // 2))


class LiveRun:
    """What a viewer has not seen yet. Each look is inside of the organisation's scope: a stream outlives the request's own."""

    def __init__(self, run: Run, after: int) -> None:
        self.run, self.after = run, after
        self.records: list[dict[str, Any]] = []

    def look(self) -> list[str]:
        """Events for the browser: steps that changed, oldest first, then the head of the page; nothing when nothing is new."""
        with scope(organisation=self.run.organisation):
            state = (self.run.state, self.run.cancel_requested, self.run.pause_requested)
            self.run.refresh_from_db(fields=["state", "cancel_requested", "pause_requested", "reason", "outcome", "not_before"])
            seen = self.records[-1]["n"] if self.records else 0
            self.records += RunEvent.objects.filter(run=self.run, number__gt=seen).values_list("data", flat=True)
            newest = self.records[-1]["n"] if self.records else 0
            changed = state != (self.run.state, self.run.cancel_requested, self.run.pause_requested)
            if newest <= self.after and not changed and self.run.is_open:
                return []
            page = RunPage(self.records, self.run.outcome)
            new = [step for step in page.steps if step["latest"] > self.after]
            self.after = max(self.after, newest)
            told = [_event("step", render_to_string("provisioning/_step.html", {"step": step, "run": self.run})) for step in new]
            told.append(_event("head", render_to_string("provisioning/_run_head.html", {"run": self.run, "page": page}), self.after))
            return told


def stream(run: Run, after: int, *, life: float = LIFE_SECONDS, look_every: float = LOOK_SECONDS) -> Iterator[str]:
    """The text of the stream. It ends with the run, after `life` seconds, or at once when all places are taken."""
    live = LiveRun(run, after)
    placed = PLACES.acquire(blocking=False)
    try:
        yield f"retry: {AGAIN if placed else AGAIN_WHEN_FULL}\n\n"
        end = time.monotonic() + life
        while True:
            yield from live.look()
            if not run.is_open:
                yield _event("end", run.state)
                return
            if not placed or time.monotonic() >= end:
                return
            close_old_connections()
            time.sleep(look_every)
            # A comment: where nobody reads any more, writing it fails, and the place is free again.
            yield ":\n\n"
    finally:
        if placed:
            PLACES.release()


def _event(name: str, text: str, number: int | None = None) -> str:
    """One event. `number` is what the browser sends back as Last-Event-ID."""
    lines = [f"event: {name}", *(f"data: {line}" for line in text.splitlines() if line.strip())]
    if number is not None:
        lines.insert(0, f"id: {number}")
    return "\n".join(lines) + "\n\n"
