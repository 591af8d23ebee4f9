"""Plans and runs by real workers: done once, whoever asks how often; nothing is lost when a worker or the broker loses it."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from django_scopes import scope, scopes_disabled

from accounts.jobs import SILENCE, WorkerReplaced, claim
from provisioning import services
from provisioning.models import PlanRecord, Run, RunEvent
from provisioning.plan import make_plan as compute_plan
from provisioning.runner import RowJournal
from provisioning.tasks import ATTEMPTS, apply_run, make_plan, resend_lost_runs
from recommendations.services import design_of
from reviews.services import decide
from tests.conftest import running_worker
from tests.support.designs import make_assessment, make_plan_record, make_target, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of boto3's own chain, as a worker has them; the simulator takes any."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def version(in_scope: Any, alice: Any) -> Any:
    return make_version(make_assessment(in_scope, alice), alice)


@pytest.fixture
def plan(version: Any, simulator: Any, eve: Any, bob: Any) -> PlanRecord:
    """A plan of an approved design against the empty simulator."""
    decide(version, bob, "approved")
    return make_plan_record(version, make_target(version.assessment, simulator.url), eve)


@pytest.fixture
def run(plan: PlanRecord, eve: Any) -> Run:
    """A run that is queued."""
    return services.request_run(plan, eve, [hazard["id"] for hazard in plan.document["hazards"]])


def silent(run: Run, **fields: Any) -> None:
    """As if the last sign of life was long ago."""
    long_ago = timezone.now() - SILENCE - timedelta(seconds=1)
    Run.objects.filter(pk=run.pk).update(heartbeat_at=long_ago, sent_at=long_ago, **fields)


def wait_for(condition: Callable[[], Any], seconds: int = 120) -> Any:
    """The first true value of the condition; fails when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("It did not come to that in time.")


def changes_left(run: Run, simulator: Any) -> dict[str, int]:
    """What a new plan would still do, and the calls of the simulator's account that would be doubles."""
    from provisioning.clients import Clients

    spec = run.target.spec
    return compute_plan(design_of(run.plan.design), spec, Clients(spec))["stowplan"]["summary"]


# ------------------------------------------------------------------------------------------------------------------ plans
def test_a_plan_that_nobody_can_make_says_why(version: Any, eve: Any) -> None:
    nobody = make_target(version.assessment, "http://127.0.0.1:9")
    plan = make_plan_record(version, nobody, eve)
    assert plan.state == "failed"
    assert "127.0.0.1:9" in plan.reason


def test_a_target_that_does_not_fit_the_design_says_why(version: Any, simulator: Any, eve: Any) -> None:
    plan = make_plan_record(version, make_target(version.assessment, simulator.url, region="eu-central-1"), eve)
    assert plan.state == "failed"
    assert "eu-central-1" in plan.reason


def test_an_endpoint_in_a_row_is_checked_again_before_it_is_called(version: Any, eve: Any) -> None:
    """Whoever writes to the database is not trusted with signed requests either."""
    plan = make_plan_record(version, make_target(version.assessment, "http://169.254.169.254"), eve)
    assert plan.state == "failed"
    assert "neither AWS's nor on loopback" in plan.reason


def test_a_design_that_was_edited_in_the_database_is_not_planned(version: Any, simulator: Any, eve: Any) -> None:
    version.document["summary"]["headline"] = "Trust me"
    version.save()
    plan = make_plan_record(version, make_target(version.assessment, simulator.url), eve)
    assert plan.state == "failed"
    assert "changed after the design was made" in plan.reason


def test_a_task_for_a_row_that_is_gone_does_nothing(version: Any) -> None:
    make_plan(987654)
    apply_run(987654)
    assert not PlanRecord.objects.exists()


# ------------------------------------------------------------------------------------------------------------------- runs
def test_a_run_is_journalled_and_ends_as_designed(run: Run, simulator: Any) -> None:
    apply_run(run.pk)
    run.refresh_from_db()
    events = [event.data["event"] for event in run.events.all()]
    assert run.state == "done", run.reason
    assert (events[0], events[-1]) == ("start", "end")
    assert (
        events.count("intent")
        == events.count("receipt")
        == sum(len(one["stowplan"]["calls"]) for one in run.plan.document["resource_changes"])
    )
    assert changes_left(run, simulator)["unchanged"] == len(run.plan.design.document["resources"])


def test_a_task_that_comes_twice_runs_once(run: Run) -> None:
    apply_run(run.pk)
    count = run.events.count()
    apply_run(run.pk)
    assert run.events.count() == count


def test_an_approval_that_was_withdrawn_in_the_meantime_stops_the_run(run: Run, bob: Any, simulator: Any) -> None:
    decide(run.plan.design, bob, "rejected", "We found a mistake.")
    apply_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.outcome) == ("failed", {"refused": True})
    assert "nothing is approved" in run.reason
    assert not run.events.exists()
    assert simulator.client("s3").list_buckets()["Buckets"] == []


def test_a_plan_that_no_longer_holds_is_refused(run: Run, simulator: Any) -> None:
    bucket = next(
        one
        for one in run.plan.document["resource_changes"]
        if one["type"] == "AWS::S3::Bucket" and one["stowplan"]["region"] == "us-east-1"
    )
    simulator.client("s3").create_bucket(Bucket=bucket["stowplan"]["id"])
    apply_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.outcome) == ("failed", {"refused": True})
    assert "make a new plan" in run.reason


def test_cancelling_stops_before_the_next_step_and_going_on_ends_it(run: Run, simulator: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = RowJournal._store
    asked: list[int] = []

    def cancel_at_fifth(journal: RowJournal, records: list[dict[str, Any]]) -> None:
        stored(journal, records)
        if any(record["n"] == 5 for record in records):
            asked.append(records[-1]["n"])
            services.cancel_run(run)

    monkeypatch.setattr(RowJournal, "_store", cancel_at_fifth)
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert run.events.filter(number__gt=asked[0]).exclude(data__event__in=["receipt", "resource", "end"]).count() == 0
    assert services.continue_run(run)
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.reason
    assert changes_left(run, simulator)["create"] == 0


def test_a_worker_that_was_replaced_writes_nothing_more(run: Run) -> None:
    first = claim(Run, run.pk)
    journal = RowJournal(first)
    journal.append({"event": "start", "plan": "x"})
    silent(run)
    second = claim(Run, run.pk)
    assert second is not None
    with pytest.raises(WorkerReplaced):
        journal.append({"event": "intent", "plan": "x", "address": "a"})
    assert journal.should_stop()
    assert RunEvent.objects.count() == 1


def test_a_run_that_kills_its_workers_is_given_up(run: Run) -> None:
    silent(run, state="running", attempts=ATTEMPTS)
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "none came to an end" in run.reason


# --------------------------------------------------------------------------------------------- several at once, and losses
@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_time_make_one_run(plan: PlanRecord, eve: Any, organisation: Any) -> None:
    accepted = [hazard["id"] for hazard in plan.document["hazards"]]

    def click(_: int) -> int:
        try:
            with scope(organisation=organisation):
                return services.request_run(PlanRecord.objects.get(pk=plan.pk), eve, accepted).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(click, range(8)))) == 1
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_every_call_once(run: Run, simulator: Any) -> None:
    def work(_: int) -> None:
        try:
            apply_run(run.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    run.refresh_from_db()
    assert run.state == "done", run.reason
    assert [event.data["event"] for event in run.events.all()].count("start") == 1
    designed = [one for one in run.plan.design.document["resources"] if one["type"] == "AWS::KMS::Key"]
    keys = [key for region in ("us-east-1", "us-west-2") for key in simulator.client("kms", region).list_keys()["Keys"]]
    assert len(keys) == len(designed)


@pytest.mark.django_db(transaction=True)
def test_what_the_broker_lost_is_sent_again_and_done(run: Run, worker: Path) -> None:
    """The row was queued before the worker existed, and its message is thrown away."""
    from config.celery import app

    app.control.purge()
    silent(run)
    assert resend_lost_runs()["Run"] == 1
    wait_for(lambda: Run.objects.filter(pk=run.pk).exclude(state__in=["queued", "running"]).exists())
    run.refresh_from_db()
    assert run.state == "done", run.reason


def test_lost_runs_of_every_organisation_are_sent(run: Run) -> None:
    silent(run)
    with scopes_disabled():
        assert resend_lost_runs()["Run"] == 1
    assert not any(resend_lost_runs().values())


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_is_followed_by_another(plan: PlanRecord, eve: Any, simulator: Any, tmp_path: Path) -> None:
    """SIGKILL between two calls: the next worker takes the run up, and nothing is made twice."""
    with running_worker(tmp_path / "first.log") as process:
        run = services.request_run(plan, eve, [hazard["id"] for hazard in plan.document["hazards"]])
        wait_for(lambda: RunEvent.objects.filter(run=run).count() > 12)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)
    run.refresh_from_db()
    assert run.state == "running"
    begun = run.events.count()
    silent(run)
    with running_worker(tmp_path / "second.log"):
        resend_lost_runs()
        wait_for(lambda: not Run.objects.filter(pk=run.pk, state="running").exists())
    run.refresh_from_db()
    assert run.state == "done", run.reason
    assert run.attempts == 2
    assert [event.data["event"] for event in run.events.all()].count("start") == 2
    assert run.events.count() > begun
    designed = [one for one in plan.design.document["resources"] if one["type"] == "AWS::KMS::Key"]
    keys = [key for region in ("us-east-1", "us-west-2") for key in simulator.client("kms", region).list_keys()["Keys"]]
    assert len(keys) == len(designed)
    assert changes_left(run, simulator)["create"] == 0
