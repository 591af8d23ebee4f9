"""The hazards of a plan on the approval certificate: who accepted which, when, of which plan, in the words that were accepted."""

import re
import subprocess
from typing import Any

import pytest

from provisioning.models import PlanRecord, Run, Target
from recommendations.design import Design
from reports.records import accepted_hazards
from reports.render import render_document
from reports.services import request_document
from reviews.services import decide

SENTENCE = "The lock on vault-records begins in three days; from then on nobody, not even AWS, can shorten it."


def running(data: bytes) -> str:
    """The text cell by cell without blanks, so that a sentence in a narrow cell stays whole."""
    made = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return re.sub(r"\s+", "", made.stdout.decode())


@pytest.fixture
def run(version: Any, alice: Any, in_scope: Any) -> Run:
    """A run of an approved design whose one hazard Bob accepted."""
    approval = decide(version, alice, "approved", "Drill before March.")
    target = Target.objects.create(
        organisation=in_scope, assessment=version.assessment, account="123456789012", region="us-east-1", dr_region="us-west-2"
    )
    plan = PlanRecord.objects.create(organisation=in_scope, design=version, target=target, state="done")
    signed = [{"id": "h1", "sentence": SENTENCE, "name": "Bob Lind", "at": "2026-11-24T15:31:05+01:00"}]
    return Run.objects.create(organisation=in_scope, plan=plan, target=target, approval=approval, accepted=signed)


@pytest.mark.django_db
def test_a_certificate_asked_for_after_a_run_lists_its_hazards(version: Any, alice: Any, design: Design, run: Run) -> None:
    found = accepted_hazards(version)
    place = "123456789012 in us-east-1 and us-west-2"
    when = "24 November 2026, 14:31 UTC"
    assert found == [{"plan": f"Plan {run.plan_id}", "place": place, "sentence": SENTENCE, "name": "Bob Lind", "at": when}]
    document = request_document(version, "certificate", alice)
    assert document.approval["hazards"] == found
    text = running(render_document(design, "certificate", approval=document.approval))
    for one in (SENTENCE, f"Plan {run.plan_id}, 123456789012 in", "Bob Lind", when, "Drill before March."):
        assert one.replace(" ", "") in text, one


@pytest.mark.django_db
def test_a_hazard_accepted_later_makes_another_certificate(version: Any, alice: Any, run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(accepted=[])
    before = request_document(version, "certificate", alice)
    assert before.approval["hazards"] == []
    type(before).objects.filter(pk=before.pk).update(state="done")
    Run.objects.filter(pk=run.pk).update(accepted=run.accepted)
    after = request_document(version, "certificate", alice)
    assert after.pk != before.pk
    assert [one["name"] for one in after.approval["hazards"]] == ["Bob Lind"]


def test_a_german_certificate_keeps_the_words_that_were_accepted(design: Design) -> None:
    hazard = {"plan": "Plan 7", "place": "123456789012 in us-east-1 and us-west-2", "sentence": SENTENCE, "name": "Bob Lind"}
    approval = {"by": "Samuel Grant", "at": "24 November 2026, 14:31 UTC", "digest": design.digest}
    hazards = [{**hazard, "at": "24 November 2026, 14:31 UTC"}]
    text = running(render_document(design, "certificate", approval={**approval, "hazards": hazards}, language="de"))
    for one in (SENTENCE, "Plan 7, 123456789012 in", "1 und us-west-2", "24. November 2026, 14:31 UTC", "hingenommene Gefahren"):
        assert one.replace(" ", "") in text, one
