"""After a run, in the browser and by the worker: evidence pack, drift with the way back to a plan, undo by two people."""

import hashlib
import io
import json
import runpy
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from provisioning import services
from provisioning.after_models import DriftReport, Undo
from provisioning.after_services import request_undo
from provisioning.evidence_pack import VERIFIER
from provisioning.holding import JobRefused
from provisioning.models import Run
from provisioning.tasks import apply_run, check_drift, check_every_drift, report_run, undo_run
from reviews.services import decide
from tests.support.designs import make_assessment, make_plan_record, make_target, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def run(in_scope: Any, alice: Any, bob: Any, eve: Any, simulator: Any) -> Any:
    """A run that came to its end."""
    version = make_version(make_assessment(in_scope, alice), alice)
    decide(version, bob, "approved")
    plan = make_plan_record(version, make_target(version.assessment, simulator.url), eve)
    made = services.request_run(plan, eve, [hazard["id"] for hazard in plan.document["hazards"]])
    apply_run(made.pk)
    made.refresh_from_db()
    assert made.state == "done", made.reason
    return made


def page(client: Any, user: Any, name: str, pk: int, post: Any = None) -> str:
    client.force_login(user)
    url = reverse(f"provisioning:{name}", args=[pk])
    answer = client.get(url) if post is None else client.post(url, post, follow=True)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_run_is_proven_checked_for_drift_and_undone(run: Any, simulator: Any, client: Any, eve: Any, bob: Any, tmp_path: Path) -> None:
    # Evidence: a sealed pack with the report, which its own verifier accepts.
    pack = tmp_path / "pack.zip"
    pack.write_bytes(run.evidence.read())
    assert runpy.run_path(str(VERIFIER))["verify"](str(pack))[:2] == ([], [])
    inside = zipfile.ZipFile(io.BytesIO(pack.read_bytes()))
    assert json.loads(inside.read("approval.json"))["by"] == str(bob)

    # Drift: asked for by beat, said on the page, with one click to a plan.
    bucket = next(one["stowplan"]["id"] for one in run.plan.document["resource_changes"] if one["type"] == "AWS::S3::Bucket")
    assert check_every_drift() == 1
    report = DriftReport.objects.get()
    check_drift(report.pk)
    assert "All as designed" in page(client, eve, "drift", report.pk)
    s3 = simulator.client("s3", run.target.region)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    page(client, eve, "drift_new", run.target_id, {})
    report = DriftReport.objects.first()
    check_drift(report.pk)
    said = page(client, eve, "drift", report.pk)
    assert f"The versioning of bucket {bucket} is not as designed any more: what is overwritten or deleted cannot be brought back." in said
    assert reverse("provisioning:plan_new", args=[run.target_id]) in said
    assert "1 difference from the design" in page(client, bob, "apply", run.target.assessment_id)
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})

    # Undo: shown, not approved by who asked, approved by another, done.
    assert "What could not be undone afterwards" in page(client, eve, "plan", run.plan_id)
    page(client, eve, "undo_new", run.pk, {})
    undo = Undo.objects.get()
    undo_run(undo.pk)
    undo.refresh_from_db()
    assert "nothing has been touched" in page(client, eve, "undo", undo.pk)
    digest = {"digest": undo.document["undo_digest"]}
    assert "Somebody else than who asked" in page(client, eve, "undo_approve", undo.pk, digest)
    assert "look at it again" in page(client, bob, "undo_approve", undo.pk, {"digest": "0" * 64})
    page(client, bob, "undo_approve", undo.pk, digest)
    # Meanwhile nothing is applied to the target.
    second = make_plan_record(run.plan.design, run.target, eve)
    client.force_login(eve)
    refused = client.post(reverse("provisioning:run_new", args=[second.pk]))
    assert (refused.status_code, Run.objects.count()) == (409, 1)
    assert f"Undo {undo.pk} is under way on {run.target}: wait for its end." in refused.content.decode()
    undo_run(undo.pk)
    undo.refresh_from_db()
    assert (undo.state, undo.approved_name) == ("done", str(bob)), undo.reason
    assert "Undone as far as it goes" in page(client, bob, "undo", undo.pk)
    assert s3.list_buckets()["Buckets"] == []
    events = [event.data for event in undo.events.all()]
    assert [event["event"] for event in events].count("receipt") == sum(len(step["calls"]) for step in undo.document["steps"])
    assert events[0]["approved_by"] == str(bob)
    assert all(event["request_id"] for event in events if event["event"] == "receipt")


def test_nothing_is_undone_while_a_run_is_under_way(run: Any, eve: Any) -> None:
    type(run).objects.filter(pk=run.pk).update(state="running")
    with pytest.raises(JobRefused, match="under way"):
        request_undo(run, eve)


@pytest.mark.long
def test_the_report_is_laid_out_after_the_run_and_the_pack_sealed_again(run: Any, tmp_path: Path) -> None:
    report_run(run.pk)
    run.refresh_from_db()
    pack = tmp_path / "pack.zip"
    pack.write_bytes(run.evidence.read())
    assert hashlib.sha256(pack.read_bytes()).hexdigest() == run.evidence_sha256
    assert runpy.run_path(str(VERIFIER))["verify"](str(pack))[:2] == ([], [])
    assert zipfile.ZipFile(pack).read("as-built.pdf").startswith(b"%PDF")
