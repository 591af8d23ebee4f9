"""Rows that tests of screens and jobs start from: an assessment with the example's answers, and designs of it."""

from functools import cache
from pathlib import Path
from typing import Any

from assessment.engagement import Engagement, engagement_from_document, engagement_to_document, read_engagement

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@cache
def example(name: str = "northwind-clinics") -> Engagement:
    """One of the examples, read once."""
    return read_engagement((EXAMPLES / f"{name}.yaml").read_bytes())


@cache
def small_example(workloads: tuple[str, ...] = ("PACS imaging archive", "Patient portal")) -> Engagement:
    """The example with a few workloads only: enough for a screen, quick to plan and apply."""
    document = engagement_to_document(example())
    document["workloads"] = [one for one in document["workloads"] if one["name"] in workloads]
    for one in document["workloads"]:
        one["answers"]["wl_deps"] = []
    return engagement_from_document(document)


def make_assessment(organisation: Any, user: Any, engagement: Engagement | None = None) -> Any:
    """An assessment with these answers, of the small example by default."""
    from assessment.services import store_engagement

    return store_engagement(organisation, engagement or small_example(), user)


def make_version(assessment: Any, user: Any) -> Any:
    """The design of the assessment's answers."""
    from recommendations.services import generate_design

    return generate_design(assessment, user)
