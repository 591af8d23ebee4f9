"""Rows that tests of screens and jobs start from: an assessment with the example's answers, designs, targets and plans of it."""

from functools import cache
from pathlib import Path
from typing import Any

from assessment.engagement import Engagement, engagement_from_document, engagement_to_document, read_engagement

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ACCOUNT = "123456789012"


@cache
def example(name: str = "northwind-clinics") -> Engagement:
    """One of the examples, read once."""
    return read_engagement((EXAMPLES / f"{name}.yaml").read_bytes())


@cache
def few_workloads(name: str, workloads: tuple[str, ...]) -> Engagement:
    """An example with some of its workloads only."""
    document = engagement_to_document(example(name))
    document["workloads"] = [one for one in document["workloads"] if one["name"] in workloads]
    for one in document["workloads"]:
        one["answers"]["wl_deps"] = []
    return engagement_from_document(document)


@cache
def small_example(workloads: tuple[str, ...] = ("PACS imaging archive", "Patient portal")) -> Engagement:
    """The example with a few workloads only: enough for a screen, quick to plan and apply."""
    return few_workloads("northwind-clinics", workloads)


def make_assessment(organisation: Any, user: Any, engagement: Engagement | None = None) -> Any:
    """An assessment with these answers, of the small example by default."""
    from assessment.services import store_engagement

    return store_engagement(organisation, engagement or small_example(), user)


def make_version(assessment: Any, user: Any) -> Any:
    """The design of the assessment's answers."""
    from recommendations.services import generate_design

    return generate_design(assessment, user)


def make_target(assessment: Any, endpoint_url: str, **fields: Any) -> Any:
    """A target in the Regions of the example, reached at this endpoint."""
    from provisioning.models import Target

    where = {"account": ACCOUNT, "region": "us-east-1", "dr_region": "us-west-2", **fields}
    return Target.objects.create(organisation_id=assessment.organisation_id, assessment=assessment, endpoint_url=endpoint_url, **where)


def make_plan_record(version: Any, target: Any, user: Any) -> Any:
    """A plan that a worker has made: the task runs here, against the target's endpoint."""
    from provisioning.models import PlanRecord
    from provisioning.tasks import make_plan

    plan = PlanRecord.objects.create(organisation_id=version.organisation_id, design=version, target=target, created_by=user)
    make_plan(plan.pk)
    plan.refresh_from_db()
    return plan
