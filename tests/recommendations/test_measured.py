"""What restore drills measured stands in the next design, beside the estimate, and changes nothing else."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.headless import BadInput
from recommendations.design import load_design
from recommendations.evaluate import evaluate
from recommendations.measured import Measured, measured_from, sentence_of, with_measured
from recommendations.services import generate_design, note_measurement
from tests.support.designs import EXAMPLES, make_assessment, small_example

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


RECORD = {
    "schema": "stowplan/rehearsal/1",
    "workload": "pacs-imaging-archive",
    "disruption": "deletion",
    "at": "2026-11-24T10:00:00+00:00",
    "measured_seconds": "2.4",
    "bytes": 4011,
    "restored": 3,
    "way": "versions",
    "passed": True,
}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "other"}, "schema: expected stowplan/rehearsal/1"),
        ({"bytes": "4011"}, "bytes: expected int, not '4011'"),
        ({"passed": None}, "passed: expected bool"),
        ({"at": "yesterday"}, "at: expected a time"),
        ({"measured_seconds": "fast"}, "measured_seconds: expected a number"),
    ],
)
def test_a_record_that_is_none_is_named(change: dict[str, Any], message: str) -> None:
    assert measured_from(RECORD) == MEASURED
    with pytest.raises(ValueError, match=message):
        measured_from({**RECORD, **change})


def test_a_design_takes_what_rehearse_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    engagement = str(EXAMPLES / "northwind-clinics.yaml")
    drill = tmp_path / "drill.json"
    drill.write_text(json.dumps(RECORD))
    call_command("design", engagement, "--measured", str(drill))
    found = json.loads(capsys.readouterr().out)
    assert [entry["measured"]["seconds"] for one in found["workloads"] for entry in one["recovery"] if "measured" in entry] == ["2.4"]
    drill.write_text("{")
    with pytest.raises(BadInput, match="not JSON in UTF-8"):
        call_command("design", engagement, "--measured", str(drill))
    drill.write_text("[]")
    with pytest.raises(BadInput, match=r"drill\.json:1: schema: expected"):
        call_command("design", engagement, "--measured", str(drill))


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
