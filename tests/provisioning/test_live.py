"""The live log of a run, and pausing it: what a viewer gets, how long a stream lives, who may stop what."""

import re
import threading
from pathlib import Path
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from provisioning import live, services
from provisioning.holding import JobRefused
from provisioning.models import PlanRecord, Run
from provisioning.runner import RowJournal
from provisioning.tasks import apply_run
from reviews.services import decide
from tests.support.browser import DESKTOP, PHONE, open_page
from tests.support.designs import make_assessment, make_plan_record, make_target, make_version

pytestmark = pytest.mark.django_db
AXE = (Path(__file__).parents[1] / "vendor" / "axe-core" / "axe.min.js").read_text()


@pytest.fixture(autouse=True)
def credentials(aws_credentials: None) -> None:
    """The simulator takes any."""


@pytest.fixture
def plan(in_scope: Any, simulator: Any, alice: Any, bob: Any, eve: Any) -> PlanRecord:
    version = make_version(make_assessment(in_scope, alice), alice)
    decide(version, bob, "approved")
    return make_plan_record(version, make_target(version.assessment, simulator.url), eve)


@pytest.fixture
def run(plan: PlanRecord, eve: Any) -> Run:
    """A run that is queued."""
    return services.request_run(plan, eve, [hazard["id"] for hazard in plan.document["hazards"]])


@pytest.fixture
def begun(run: Run) -> Run:
    """A run whose worker is at work: an intent, a receipt, and a second intent."""
    Run.objects.filter(pk=run.pk).update(state="running", worker="w")
    run.refresh_from_db()
    journal = RowJournal(run)
    call = {"plan": "p", "address": "AWS::S3::Bucket.a", "service": "s3", "operation": "create_bucket", "words": "Create <b>", "step": 1}
    journal.append({"event": "start", "plan": "p", "steps": 2})
    journal.append_all([{**call, "event": "intent"}, {**call, "address": "AWS::KMS::Key.k", "words": "Create the key", "event": "intent"}])
    journal.append({**call, "event": "receipt", "request_id": "r"})
    return run


def post(client: Client, user: Any, name: str, run: Run) -> Any:
    client.force_login(user)
    return client.post(reverse(f"provisioning:{name}", args=[run.pk]))


def told(run: Run, after: int, life: float = 0.0) -> str:
    return "".join(live.stream(run, after, life=life, look_every=0.01))


def test_a_stream_tells_what_was_not_seen_and_ends_in_time(begun: Run) -> None:
    everything = told(begun, 0)
    assert re.findall(r'id="(step-\d+)"', everything) == ["step-2", "step-3"]
    assert "Create &lt;b&gt;" in everything
    assert "id: 4\n" in everything
    assert "event: end" not in everything
    # Only the end of the first step is new after the third record.
    assert re.findall(r'id="(step-\d+)"', told(begun, 3)) == ["step-2"]
    assert "event: step" not in told(begun, 4)


def test_a_browser_says_by_itself_what_it_saw_last(client: Client, begun: Run, alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live.stream, "__kwdefaults__", {"life": 0.0, "look_every": 0.0})
    client.force_login(alice)
    path = reverse("provisioning:run_live", args=[begun.pk])
    for query, header, steps in (("0", "", 2), ("3", "", 1), ("0", "4", 0), ("٣", "", 2), ("0", "9" * 30, 2)):
        answer = client.get(path, {"after": query}, headers={"Last-Event-ID": header} if header else {})
        assert b"".join(answer.streaming_content).count(b"event: step") == steps


def test_viewers_beyond_the_places_get_what_is_new_and_come_again(begun: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "PLACES", threading.BoundedSemaphore(1))
    first = live.stream(begun, 0, life=60)
    assert next(first) == f"retry: {live.AGAIN}\n\n"
    second = told(begun, 0, life=60)
    assert second.startswith(f"retry: {live.AGAIN_WHEN_FULL}\n")
    assert second.count("event: step") == 2
    # A viewer who leaves gives the place back.
    first.close()
    assert next(live.stream(begun, 0, life=60)) == f"retry: {live.AGAIN}\n\n"


def test_a_run_pauses_between_two_steps_and_goes_on(client: Client, run: Run, eve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = RowJournal._store

    def pause_at_fifth(journal: RowJournal, records: list[dict[str, Any]]) -> None:
        stored(journal, records)
        if any(record["n"] == 5 for record in records):
            post(client, eve, "run_pause", run)
            post(client, eve, "run_pause", run)

    monkeypatch.setattr(RowJournal, "_store", pause_at_fifth)
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "paused"
    assert LogEntry.objects.filter(object_pk=run.pk, changes={"run": ["", "pause requested"]}, actor=eve).count() == 1
    page = client.get(reverse("provisioning:run", args=[run.pk])).content.decode()
    assert "Paused after" in page
    assert "Go on with this run" in page
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "paused"
    assert post(client, eve, "run_continue", run).status_code == 302
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.reason
    intents = [(event.data["address"], event.data["operation"]) for event in run.events.filter(data__event="intent")]
    assert len(intents) == len(set(intents))


def test_a_paused_run_keeps_its_target_until_it_is_cancelled(client: Client, run: Run, plan: PlanRecord, eve: Any, bob: Any) -> None:
    post(client, eve, "run_pause", run)
    run.refresh_from_db()
    assert run.state == "paused"
    second = make_plan_record(plan.design, plan.target, eve)
    accepted = [hazard["id"] for hazard in second.document["hazards"]]
    with pytest.raises(JobRefused, match="is paused"):
        services.request_run(second, eve, accepted)
    assert post(client, bob, "run_cancel", run).status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert services.request_run(second, eve, accepted).state == "queued"


def test_cancelling_outweighs_pausing(run: Run, simulator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = RowJournal._store

    def both(journal: RowJournal, records: list[dict[str, Any]]) -> None:
        stored(journal, records)
        services.pause_run(run)
        services.cancel_run(run)

    monkeypatch.setattr(RowJournal, "_store", both)
    apply_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.events.filter(data__event="intent").count()) == ("cancelled", 0)
    assert simulator.client("s3").list_buckets()["Buckets"] == []


def test_who_may_pause_and_watch(client: Client, begun: Run, alice: Any, bob: Any, charlie: Any, eve: Any) -> None:
    assert [post(client, user, "run_pause", begun).status_code for user in (alice, bob, charlie, eve)] == [403, 403, 403, 302]
    begun.refresh_from_db()
    assert begun.pause_requested
    client.force_login(charlie)
    assert client.get(reverse("provisioning:run_live", args=[begun.pk])).status_code == 404


def test_pausing_what_has_ended_changes_nothing(begun: Run) -> None:
    Run.objects.filter(pk=begun.pk).update(state="done")
    assert not services.pause_run(begun)
    assert not services.cancel_run(begun)
    assert not LogEntry.objects.filter(object_pk=begun.pk, changes__has_key="run").exists()


@pytest.mark.stack
def test_steps_come_while_one_looks(live_server: Any, browser: Browser, client: Client, begun: Run, eve: Any, tmp_path: Path) -> None:
    client.force_login(eve)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    with open_page(browser, tmp_path) as page:
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page.goto(live_server.url + reverse("provisioning:run", args=[begun.pk]))
        expect(page.locator("#step-2.step-done")).to_be_visible()
        page.evaluate("document.body.dataset.same = 'page'")
        key = {"plan": "p", "address": "AWS::KMS::Key.k", "service": "s3", "operation": "create_bucket", "words": "Create the key"}
        RowJournal(begun).append_all([{**key, "event": "receipt", "step": 2}, {**key, "event": "intent", "step": 3}])
        expect(page.locator("#step-3.step-done")).to_be_visible()
        expect(page.locator("ol.steps li").first).to_have_id("step-6")
        expect(page.locator("#run-head")).to_contain_text("2 of 2")
        assert page.evaluate("document.body.dataset.same") == "page"
        faultless(page, tmp_path / "running")
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("The run pauses before its next step.").first).to_be_visible()
        Run.objects.filter(pk=begun.pk).update(state="paused", reason="Paused between two steps; what was done stays.")
        # The page loads again by itself, with the way on.
        expect(page.get_by_role("button", name="Go on with this run")).to_be_visible()
        faultless(page, tmp_path / "paused")


def faultless(page: Page, picture: Path) -> None:
    """Nothing for axe, and nothing wider than the window, on a desk and on a phone; a picture of each."""
    page.evaluate(AXE)
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)
        found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")["violations"]
        assert [one["id"] for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        page.screenshot(path=f"{picture}-{viewport['width']}.png", full_page=True)
