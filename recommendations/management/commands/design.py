"""`manage.py design`: an engagement file in, design.json out. No database."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from accounts.headless import BadInput, HeadlessCommand, Result, read_bytes, write_bytes
from assessment.engagement import Engagement, EngagementErrors, read_engagement
from recommendations.design import Design
from recommendations.evaluate import evaluate
from recommendations.measured import Measured, measured_from, with_measured
from recommendations.overrides import OverrideErrors, expired, expiry_problems, read_overrides


class Command(HeadlessCommand):
    help = (
        "Make the design of an engagement file. Without --out the design is printed on standard output and a summary on standard error; "
        "with --out the design goes to the file and the summary (or, with --json, an object that sums it up) to standard output."
    )

    def arguments(self, parser: CommandParser) -> None:
        parser.add_argument("engagement", metavar="ENGAGEMENT.yaml", help="an engagement file, stowplan/engagement/1")
        parser.add_argument("--overrides", metavar="OVERRIDES.yaml", help="settings that an architect sets otherwise, stowplan/overrides/1")
        parser.add_argument(
            "--measured",
            action="append",
            default=[],
            metavar="DRILL.json",
            help="what `manage.py rehearse` measured, to stand beside the estimate; repeatable, the last of a workload holds",
        )
        parser.add_argument("--out", metavar="DESIGN.json", help="write the design to this file, whole or not at all")

    def run(self, options: dict[str, Any]) -> Result:
        path = options["engagement"]
        try:
            engagement = read_engagement(read_bytes(path))
        except EngagementErrors as error:
            raise BadInput(error.lines(path)) from error
        measured = [read_measured(drill) for drill in options["measured"]]
        design = with_measured(self.evaluate(engagement, options["overrides"]), measured)
        if options["out"] is None:
            return Result(design.text().rstrip("\n"), design.document, notes=summary(design))
        write_bytes(options["out"], design.text().encode())
        return Result("\n".join(summary(design)), {"design": options["out"], **figures(design)})

    def evaluate(self, engagement: Engagement, path: str | None) -> Design:
        """The design with the overrides of a file, if one is named; an override that is over is refused."""
        if path is None:
            return evaluate(engagement)
        try:
            overrides = read_overrides(read_bytes(path))
            over = expired(overrides, timezone.localdate())
            if over:
                raise OverrideErrors(expiry_problems(overrides, over))
            return evaluate(engagement, overrides=overrides)
        except OverrideErrors as error:
            raise BadInput(error.lines(path)) from error


def read_measured(path: str) -> Measured:
    """What a drill's file measured."""
    try:
        return measured_from(json.loads(read_bytes(path).decode()))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadInput(f"{path}:{getattr(error, 'lineno', 1)}: $: not JSON in UTF-8: {error}") from error
    except ValueError as error:
        raise BadInput(f"{path}:1: {error}") from error


def summary(design: Design) -> list[str]:
    """A few lines for people."""
    document = design.document
    return [document["summary"]["headline"], *document["summary"]["points"], f"Digest {design.digest}"]


def figures(design: Design) -> dict[str, Any]:
    """What a pipeline wants to know without reading the design."""
    document = design.document
    return {
        "digest": design.digest,
        "customer": document["engagement"]["customer"],
        "regions": document["regions"],
        "workloads": len(document["workloads"]),
        "resources": len(document["resources"]),
        "findings": dict(Counter(finding["severity"] for finding in document["findings"])),
        "open_points": len(document["open_points"]),
        "monthly_design": document["costs"]["monthly_design"],
        "monthly_naive": document["costs"]["monthly_naive"],
    }
