"""Restore drills as rows: which workloads can be rehearsed, asking for a drill, and what a worker does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from accounts.jobs import Job, WorkerReplaced, finish, ours, send
from accounts.models import User
from assessment.models import Assessment
from provisioning.clients import Clients
from provisioning.drill_models import RestoreDrill
from provisioning.models import PlanRecord, Run
from provisioning.plan_file import read_plan
from provisioning.rehearsal import RehearsalProblem, clear, rehearse, source_of
from recommendations.measured import measured_from
from recommendations.services import note_measurement


def applied_plan(assessment: Assessment) -> PlanRecord | None:
    """The plan of the latest run that was done: what it made is what a drill restores from."""
    run = Run.objects.filter(plan__design__assessment=assessment, state=Job.State.DONE).select_related("plan").first()
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


def request_drill(plan: PlanRecord, workload: str, user: User) -> RestoreDrill:
    """Ask for a drill; one that is under way already is returned instead. Raises RehearsalProblem for a workload that has none."""
    from provisioning.tasks import rehearse_drill

    document = plan.document["design"]
    found = next((one for one in document["workloads"] if one["key"] == workload), None)
    if found is None:
        raise RehearsalProblem(f"the applied design has no workload {workload!r}")
    source_of(document, found)
    with transaction.atomic():
        PlanRecord.objects.select_for_update().get(pk=plan.pk)
        for one in RestoreDrill.objects.filter(plan=plan, workload=workload, state__in=Job.OPEN):
            return one
        drill = RestoreDrill.objects.create(organisation_id=plan.organisation_id, plan=plan, workload=workload, created_by=user)
        send(rehearse_drill, drill)
    return drill


def carry_out_drill(drill: RestoreDrill) -> None:
    """The worker's part: clear what an earlier worker left, rehearse, file the record, and keep what was measured."""
    plan = read_plan(drill.plan.document)
    clients = Clients(plan.spec, settings.STOWPLAN_ALLOWED_ENDPOINTS)
    mine = ours(drill)
    clear(clients, drill.made)
    made: list[dict[str, Any]] = []

    def noted(entry: dict[str, Any]) -> None:
        made.append(entry)
        if not mine.update(made=made):
            raise WorkerReplaced

    record = rehearse(plan, clients, drill.workload, uuid4().hex[:20], noted)
    reason = "; ".join(line for line in (record["reason"], *(f"Still there: {one}" for one in record["left"])) if line)
    with transaction.atomic():
        ended = finish(drill, Job.State.FAILED if reason else Job.State.DONE, reason, record=record)
        if ended and record["items"]:
            note_measurement(drill.plan.design.assessment, measured_from(record))
