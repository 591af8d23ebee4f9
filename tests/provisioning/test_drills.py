"""Restore drills in the browser and on the worker: who may ask, what is shown, what a lost worker leaves behind."""

from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from accounts.jobs import Job
from provisioning.after_services import request_drill
from provisioning.drill_models import RestoreDrill
from provisioning.models import PlanRecord
from provisioning.rehearsal import RehearsalProblem
from provisioning.services import request_run
from provisioning.tasks import apply_run, rehearse_drill
from recommendations.services import generate_design
from reviews.services import decide
from tests.recommendations.test_promise_pages import PICTURES, faultless
from tests.support.browser import DESKTOP, PHONE, open_page
from tests.support.designs import make_assessment, make_plan_record, make_target, make_version

pytestmark = pytest.mark.django_db
REGION, PACS, PORTAL = "us-east-1", "pacs-imaging-archive", "patient-portal"


@pytest.fixture(autouse=True)
def credentials(aws_credentials: None) -> None:
    """Those of boto3's own chain, as a worker has them."""


@pytest.fixture
def plan(in_scope: Any, alice: Any, bob: Any, eve: Any, simulator: Any) -> PlanRecord:
    """The plan of an applied design, with an old version in the bucket of the archive."""
    version = make_version(make_assessment(in_scope, alice), alice)
    plan = make_plan_record(version, make_target(version.assessment, simulator.url), eve)
    decide(version, bob, "approved")
    run = request_run(plan, eve, [hazard["id"] for hazard in plan.document["hazards"]])
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.reason
    changes = {change["name"]: change["stowplan"]["id"] for change in plan.document["resource_changes"]}
    s3 = simulator.client("s3", REGION)
    for body in (b"first", b"second"):
        s3.put_object(Bucket=changes[f"bucket-{PACS}"], Key="study-1", Body=body)
    return plan


def get(client: Client, user: Any, name: str, pk: int) -> Any:
    client.force_login(user)
    return client.get(reverse(f"provisioning:{name}", args=[pk]))


def drills_of(simulator: Any) -> list[str]:
    names = [one["Name"] for one in simulator.client("s3", REGION).list_buckets()["Buckets"]]
    return [name for name in names if name.startswith("stowplan-drill-")]


def test_a_drill_is_asked_for_done_shown_and_stands_in_the_next_design(
    plan: PlanRecord, simulator: Any, client: Client, alice: Any, bob: Any, eve: Any, charlie: Any
) -> None:
    assessment = plan.design.assessment
    page = get(client, eve, "drills", assessment.pk).content.decode()
    assert page.count("Rehearse<span") == 2
    new = reverse("provisioning:drill_new", args=[assessment.pk])
    client.force_login(bob)
    assert client.post(new, {"workload": PACS}).status_code == 403
    client.force_login(eve)
    told = client.post(new, {"workload": "nonsense"}, follow=True).content.decode()
    assert "has no workload &#x27;nonsense&#x27;" in told
    asked = client.post(new, {"workload": PACS})
    drill = RestoreDrill.objects.get()
    assert asked.url == reverse("provisioning:drill", args=[drill.pk])
    # A second click gives the same drill, and the database knows of no second one.
    assert request_drill(plan, PACS, eve) == drill
    with pytest.raises(IntegrityError), transaction.atomic():
        RestoreDrill.objects.create(organisation_id=plan.organisation_id, plan=plan, workload=PACS)
    for one in plan.document["design"]["workloads"]:
        one["lifecycle"] = None
    with pytest.raises(RehearsalProblem, match="has neither a bucket nor snapshots"):
        request_drill(plan, PACS, eve)


def test_a_worker_does_it_once_and_clears_what_a_lost_one_left(
    plan: PlanRecord, simulator: Any, client: Client, eve: Any, charlie: Any
) -> None:
    s3 = simulator.client("s3", REGION)
    left = "stowplan-drill-left-by-a-lost-worker"
    s3.create_bucket(Bucket=left)
    s3.put_bucket_tagging(Bucket=left, Tagging={"TagSet": [{"Key": "stowplan:drill", "Value": "left"}]})
    s3.put_object(Bucket=left, Key="000", Body=b"x")
    place = {"account": "123456789012", "region": REGION}
    drill = request_drill(plan, PACS, eve)
    RestoreDrill.objects.filter(pk=drill.pk).update(
        made=[{"kind": "bucket", "id": left, **place}, {"kind": "object", "id": "000", "bucket": left, **place}]
    )
    rehearse_drill(drill.pk)
    rehearse_drill(drill.pk)
    drill.refresh_from_db()
    assert (drill.state, drill.attempts, drill.reason) == (Job.State.DONE, 1, "")
    assert {(item["latest"], item["same"]) for item in drill.record["items"]} == {(False, True), (True, True)}
    assert drills_of(simulator) == []
    page = get(client, eve, "drill", drill.pk).content.decode()
    assert f"Restored and the same, in {drill.record['measured_seconds']} s" in page
    assert "an old version" in page
    assert get(client, eve, "drill_file", drill.pk).json() == drill.record
    assert get(client, eve, "drill_status", drill.pk)["HX-Refresh"] == "true"
    for name in ("drill", "drill_status", "drill_file"):
        assert get(client, charlie, name, drill.pk).status_code == 404
    assert get(client, charlie, "drills", plan.design.assessment_id).status_code == 404
    version = generate_design(plan.design.assessment, eve)
    told = [entry["measured"] for one in version.document["workloads"] for entry in one["recovery"] if "measured" in entry]
    assert [(one["count"], one["seconds"], one["passed"]) for one in told] == [(2, drill.record["measured_seconds"], True)]
    # One that fails says why, and measures nothing.
    failing = request_drill(plan, PORTAL, eve)
    rehearse_drill(failing.pk)
    failing.refresh_from_db()
    assert failing.state == Job.State.FAILED
    assert "there is no finished snapshot with the tag" in failing.reason
    assert failing.reason in get(client, eve, "drill", failing.pk).content.decode()
    assert generate_design(plan.design.assessment, eve) == version


def test_without_an_applied_design_there_is_nothing_to_rehearse(in_scope: Any, alice: Any, eve: Any, client: Client) -> None:
    assessment = make_assessment(in_scope, alice)
    assert "Nothing to restore from yet" in get(client, eve, "drills", assessment.pk).content.decode()
    told = client.post(reverse("provisioning:drill_new", args=[assessment.pk]), {"workload": PACS}, follow=True).content.decode()
    assert "No design has been applied yet" in told
    assert not RestoreDrill.objects.exists()


def test_the_pages_hold_at_both_widths(live_server: Any, browser: Browser, client: Client, plan: PlanRecord, eve: Any) -> None:
    drill = request_drill(plan, PACS, eve)
    rehearse_drill(drill.pk)
    client.force_login(eve)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}
    for width, viewport in (("wide", DESKTOP), ("narrow", PHONE)):
        with open_page(browser, PICTURES, viewport) as page:
            page.context.add_cookies([cookie])
            for name, pk in (("drills", plan.design.assessment_id), ("drill", drill.pk)):
                page.goto(live_server.url + reverse(f"provisioning:{name}", args=[pk]))
                page.wait_for_load_state("networkidle")
                faultless(page, f"{name} {width}")
                page.screenshot(path=str(PICTURES / f"{name}-{width}.png"), full_page=True)
