"""The published schema of design.json: every design fits it, and a design with a member changed does not."""

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from assessment.engagement import Engagement
from recommendations.design import LATER, TOP_LEVEL
from recommendations.design_schema import DESIGN_SCHEMA
from recommendations.evaluate import evaluate
from recommendations.overrides import Override
from tests.strategies import engagements
from tests.support.designs import few_workloads

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
NAMES = ("baltic-bank", "lumen-media", "northwind-clinics")


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(DESIGN_SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    return json.loads((GOLDEN / "northwind-clinics.design.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def test_the_schema_names_the_parts_that_a_design_has(validator: Draft202012Validator) -> None:
    schema = validator.schema
    assert set(schema["properties"]) == {*TOP_LEVEL, *LATER}
    assert set(schema["required"]) == set(TOP_LEVEL)


@pytest.mark.parametrize("name", NAMES)
def test_the_golden_designs_fit(name: str, validator: Draft202012Validator) -> None:
    document = json.loads((GOLDEN / f"{name}.design.json").read_text(encoding="utf-8"))
    assert [f"{one.json_path}: {one.message[:200]}" for one in validator.iter_errors(document)] == []


@given(engagements())
@settings(max_examples=12, deadline=None)
def test_random_designs_fit(engagement: Engagement) -> None:
    schema = json.loads(DESIGN_SCHEMA.read_text(encoding="utf-8"))
    document = evaluate(engagement).document
    assert [f"{one.json_path}: {one.message[:200]}" for one in Draft202012Validator(schema).iter_errors(document)] == []


def test_a_design_with_overrides_fits(validator: Draft202012Validator) -> None:
    one = Override("render-cache", "versioning", "enabled", "A render was lost.", "Ann Ray", date(2027, 6, 30))
    document = evaluate(few_workloads("lumen-media", ("Render cache",)), overrides=[one]).document
    assert document["overrides"]
    assert [f"{one.json_path}: {one.message[:200]}" for one in validator.iter_errors(document)] == []


CHANGES: dict[str, tuple[tuple[Any, ...], Any]] = {
    "a number for money": (("costs", "monthly_design"), 12.5),
    "another severity": (("findings", 0, "severity"), "grave"),
    "a member too many": (("workloads", 0, "colour"), "blue"),
    "a duration in words": (("workloads", 0, "recovery", 0, "rto"), "4 hours"),
    "a digest cut short": (("digest",), "abc"),
    "a Region that is none": (("regions", "primary"), "Frankfurt"),
    "a resource of no type": (("resources", 0, "type"), "bucket"),
    "text instead of steps": (("workloads", 0, "recovery", 0, "steps"), "restore it"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_member_is_refused(change: str, validator: Draft202012Validator, golden: dict[str, Any]) -> None:
    document = copy.deepcopy(golden)
    *way, last = CHANGES[change][0]
    found: Any = document
    for step in way:
        found = found[step]
    found[last] = CHANGES[change][1]
    places = ["/".join(map(str, one.absolute_path)) for one in validator.iter_errors(document)]
    assert places
    assert all("/".join(map(str, way)).startswith(one) or one.startswith("/".join(map(str, way))) for one in places)


def test_a_part_left_out_is_refused(validator: Draft202012Validator, golden: dict[str, Any]) -> None:
    assert not validator.is_valid({key: item for key, item in golden.items() if key != "findings"})
    assert validator.is_valid({key: item for key, item in golden.items() if key not in LATER})


def test_the_schema_is_served(client: Any, alice: Any) -> None:
    client.force_login(alice)
    answer = client.get(reverse("recommendations:schema"))
    assert answer["Content-Type"] == "application/schema+json"
    assert answer.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
