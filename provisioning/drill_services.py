"""Restore drills: which workloads of the applied design can be rehearsed, and from what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.models import Assessment
from provisioning.after_work import applied_run
from provisioning.drill_models import RestoreDrill
from provisioning.models import PlanRecord
from provisioning.rehearsal import RehearsalProblem, source_of


def applied_plan(assessment: Assessment) -> PlanRecord | None:
    """The plan of the latest run that was done and stands: what it made is what a drill restores from."""
    run = applied_run(plan__design__assessment=assessment)
    return run.plan if run else None


def rows_of(plan: PlanRecord) -> list[dict[str, Any]]:
    """Each workload of the applied design: from what it is restored or why not, the estimate, the cadence and the latest drill."""
    document = plan.document["design"]
    cadence = {one["workload"]: one["cadence"] for one in document["drills"]}
    latest: dict[str, RestoreDrill] = {}
    for drill in RestoreDrill.objects.filter(plan__design__assessment_id=plan.design.assessment_id).order_by("created_at", "pk"):
        latest[drill.workload] = drill
    return [
        {**_source(document, one), "cadence": cadence.get(one["key"]), "drill": latest.get(one["key"])} for one in document["workloads"]
    ]


def _source(document: Mapping[str, Any], workload: Mapping[str, Any]) -> dict[str, Any]:
    estimate = next((one["rto"] for one in workload["recovery"] if one["disruption"] == "deletion"), None)
    found = {"key": workload["key"], "name": workload["name"], "estimate": estimate, "source": "", "why_not": ""}
    try:
        kind = source_of(document, workload)["type"]
    except RehearsalProblem as problem:
        return {**found, "why_not": str(problem).partition(": ")[2]}
    return {**found, "source": "old versions in its bucket" if kind == "AWS::S3::Bucket" else "its newest snapshot"}
