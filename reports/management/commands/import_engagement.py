"""`manage.py import_engagement`: an engagement file, or a document of ours, into the database, all of it or nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django_scopes import scope

from accounts.headless import BadInput, HeadlessCommand, Result, read_bytes
from accounts.models import Organisation
from assessment.engagement import Engagement, EngagementErrors, read_engagement
from assessment.services import store_engagement
from reports.reopen import SIGN, ReopenError, engagement_in

DOCUMENT_LIMIT = 256 * 1024 * 1024
TITLE_LIMIT = 150


class Command(HeadlessCommand):
    help = (
        "Import an engagement file, or the one inside a PDF document of ours, as a new assessment of an organisation. "
        "Every error in the file is printed, and then nothing is stored."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="an engagement file (stowplan/engagement/1), or a document of ours (PDF)")
        parser.add_argument("--organisation", metavar="SLUG", required=True, help="the organisation that it shall belong to")
        parser.add_argument("--title", default="", help="what the assessment is called; the customer's name when left out")

    def run(self, options: dict[str, Any]) -> Result:
        path, slug, title = options["file"], options["organisation"], options["title"].strip()
        organisation = Organisation.objects.filter(slug=slug).first()
        if organisation is None:
            known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:20])
            raise BadInput(f"--organisation: there is no organisation {slug!r}; there are: {known or 'none'}")
        if len(title) > TITLE_LIMIT:
            raise BadInput(f"--title: at most {TITLE_LIMIT} characters")
        engagement = read(path)
        with scope(organisation=organisation):
            assessment = store_engagement(organisation, engagement, None, title)
        workloads = len(engagement.workloads)
        answers = len(engagement.answers) + sum(len(one.answers) for one in engagement.workloads)
        return Result(
            f"Assessment {assessment.pk}: {assessment.title}, {workloads} workloads, {answers} answers.",
            {"assessment": assessment.pk, "title": assessment.title, "workloads": workloads, "answers": answers},
        )


def read(path: str) -> Engagement:
    """The engagement in a file of either kind. Raises BadInput."""
    data = read_bytes(path, DOCUMENT_LIMIT)
    try:
        if data.startswith(SIGN):
            return engagement_in(data)
        return read_engagement(data)
    except EngagementErrors as error:
        raise BadInput(error.lines(path)) from error
    except ReopenError as error:
        raise BadInput(f"{path}:1: $: {error}") from error
