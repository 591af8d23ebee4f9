"""What restore drills measured stands in the next design, beside the estimate, and changes nothing else."""

from dataclasses import replace
from typing import Any

import pytest

from recommendations.design import load_design
from recommendations.evaluate import evaluate
from recommendations.measured import Measured, sentence_of, with_measured
from recommendations.services import generate_design, note_measurement
from tests.support.designs import make_assessment, small_example

MEASURED = Measured("pacs-imaging-archive", "deletion", "2026-11-24", "2.4", 4011, 3, "versions", True)


def test_a_measurement_stands_beside_its_estimate_and_nowhere_else() -> None:
    design = evaluate(small_example())
    assert with_measured(design, []) is design
    found = with_measured(design, [replace(MEASURED, seconds="9.9"), MEASURED, replace(MEASURED, workload="gone")])
    assert load_design(found.document).digest != design.digest
    for before, after in zip(design.document["workloads"], found.document["workloads"], strict=True):
        told = {entry["disruption"]: entry["measured"] for entry in after["recovery"] if "measured" in entry}
        assert bool(told) == (after["key"] == MEASURED.workload)
        assert set(told) <= {"deletion"}
        bare = [{name: value for name, value in entry.items() if name != "measured"} for entry in after["recovery"]]
        assert {**after, "recovery": bare} == before
        if told:
            assert told["deletion"] == {"on": "2026-11-24", "seconds": "2.4", "bytes": 4011, "count": 3, "way": "versions", "passed": True}


@pytest.mark.parametrize(
    ("measured", "sentence"),
    [
        (MEASURED, "Measured on 2026-11-24: 3 were restored from old versions and checked, in 2.4 s."),
        (replace(MEASURED, count=1, way="snapshot"), "Measured on 2026-11-24: 1 was restored from a snapshot and checked, in 2.4 s."),
        (replace(MEASURED, passed=False), "Rehearsed on 2026-11-24: the restore from old versions did not succeed."),
    ],
)
def test_a_measurement_in_words(measured: Measured, sentence: str) -> None:
    assert sentence_of({**measured.__dict__}) == sentence


@pytest.mark.django_db
def test_the_next_design_has_what_was_measured_and_the_page_and_document_show_it(in_scope: Any, alice: Any, client: Any) -> None:
    from django.urls import reverse

    from reports.recovery_content import recovery_view

    assessment = make_assessment(in_scope, alice)
    first = generate_design(assessment, alice)
    note_measurement(assessment, MEASURED)
    second = generate_design(assessment, alice)
    assert second.number == first.number + 1
    assert generate_design(assessment, alice) == second
    client.force_login(alice)
    page = client.get(reverse("recommendations:version", args=[second.pk])).content.decode()
    assert page.count("3 were restored from old versions and checked, in 2.4 s.") == 1
    [entry] = [one for workload in second.document["workloads"] for one in workload["recovery"] if "measured" in one]
    assert "in 2.4 s" in recovery_view(entry).measured
