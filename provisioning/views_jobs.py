"""What the views of all jobs share: ask for one or say why not, and tell a page that waits for one that it is over."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.jobs import Job
from provisioning.holding import JobRefused
from provisioning.rehearsal import RehearsalProblem


def asked(request: HttpRequest, ask: Callable[[], Any], page: str, back: tuple[str, int]) -> HttpResponse:
    """The page of the job that `ask` gives; `back`, a page and its number, with the reason where it refuses."""
    try:
        return redirect(page, ask().pk)
    except (JobRefused, RehearsalProblem) as refusal:
        messages.error(request, str(refusal))
        return redirect(back[0], back[1])


def status(request: HttpRequest, job: Job, template: str, **context: Any) -> HttpResponse:
    """The state while a worker is at it; the page loads again afterwards."""
    response = render(request, template, context)
    if not job.is_open:
        response["HX-Refresh"] = "true"
    return response
