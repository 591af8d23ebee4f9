"""The customer's window binds the queue: a run waits for it, is seen to wait, and can be cancelled meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.jobs import Job
from provisioning import services
from provisioning.models import PlanRecord, Run
from provisioning.tasks import apply_run, resend_lost_runs
from provisioning.window import is_open, next_opening
from reviews.services import decide
from tests.support.designs import make_assessment, make_plan_record, make_target, make_version

NIGHTS = {"days": ("sat", "sun"), "from": "22:00", "to": "04:00", "zone": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        (datetime(2026, 11, 24, 8, tzinfo=UTC), datetime(2026, 11, 28, 21, tzinfo=UTC)),
        (datetime(2026, 11, 28, 20, 59, tzinfo=UTC), datetime(2026, 11, 28, 21, tzinfo=UTC)),
        (datetime(2026, 11, 28, 21, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 29, 2, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 29, 3, 0, tzinfo=UTC), datetime(2026, 11, 29, 21, tzinfo=UTC)),
        # In summer the zone is two hours ahead.
        (datetime(2026, 7, 7, 8, tzinfo=UTC), datetime(2026, 7, 11, 20, tzinfo=UTC)),
    ],
)
def test_a_closed_window_says_when_it_opens(now: datetime, opening: datetime | None) -> None:
    assert next_opening(NIGHTS, now) == opening
    assert is_open(NIGHTS, now) == (opening is None)
    assert opening is None or is_open(NIGHTS, opening)


@pytest.mark.parametrize("schedule", [None, "any"])
def test_without_a_window_it_is_always_open(schedule: Any) -> None:
    assert next_opening(schedule, datetime(2026, 11, 24, 8, tzinfo=UTC)) is None


@pytest.fixture
def plan(in_scope: Any, alice: Any, bob: Any, eve: Any, simulator: Any, monkeypatch: pytest.MonkeyPatch) -> PlanRecord:
    """An approved plan whose window opens in half a week. Its target is a simulator, taken for an account here."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setattr("provisioning.models.is_simulated", lambda url: False)
    version = make_version(make_assessment(in_scope, alice), alice)
    made = make_plan_record(version, make_target(version.assessment, simulator.url), eve)
    set_window(made, timezone.now() + timedelta(days=3))
    decide(version, bob, "approved")
    return made


def set_window(plan: PlanRecord, day: datetime) -> None:
    """A window of the whole day of `day`, in the answers that the plan carries."""
    days = (day.strftime("%a").lower(),)
    answer = {"state": "stated", "value": {"days": days, "from": "00:00", "to": "23:59", "zone": "UTC"}}
    plan.document["design"]["answers"]["answers"]["aws_window"] = answer
    plan.save(update_fields=["document"])


def asked(plan: PlanRecord, eve: Any) -> Run:
    return services.request_run(plan, eve, [hazard["id"] for hazard in plan.document["hazards"]])


@pytest.mark.django_db
def test_a_run_outside_of_the_window_waits_and_says_until_when(client: Any, plan: PlanRecord, eve: Any) -> None:
    run = asked(plan, eve)
    assert run.waits
    assert timezone.now() < run.not_before < timezone.now() + timedelta(days=4)
    apply_run(run.pk)
    resend_lost_runs()
    run.refresh_from_db()
    assert (run.state, run.events.count(), run.sent_at) == (Job.State.QUEUED, 0, None)
    client.force_login(eve)
    page = client.get(reverse("provisioning:run", args=[run.pk])).content.decode()
    assert "Waiting for the customer's window" in page
    assert f"{run.not_before:%Y-%m-%dT00:00:00}" in page


@pytest.mark.django_db
def test_the_reviewer_cancels_a_waiting_run(client: Any, plan: PlanRecord, eve: Any, alice: Any, bob: Any) -> None:
    run = asked(plan, eve)
    client.force_login(alice)
    assert client.post(reverse("provisioning:run_cancel", args=[run.pk])).status_code == 403
    client.force_login(bob)
    assert "Cancel this run" in client.get(reverse("provisioning:run", args=[run.pk])).content.decode()
    client.post(reverse("provisioning:run_cancel", args=[run.pk]))
    run.refresh_from_db()
    assert (run.state, run.events.count()) == (Run.CANCELLED, 0)


@pytest.mark.django_db
def test_a_waiting_run_is_sent_once_the_window_opens(plan: PlanRecord, eve: Any) -> None:
    run = asked(plan, eve)
    set_window(plan, timezone.now())
    Run.objects.filter(pk=run.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    assert resend_lost_runs()["Run"] == 1
    run.refresh_from_db()
    assert run.sent_at is not None


@pytest.mark.django_db
def test_a_simulator_is_bound_by_no_window(plan: PlanRecord, eve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from provisioning.target import is_simulated

    monkeypatch.setattr("provisioning.models.is_simulated", is_simulated)
    run = asked(plan, eve)
    assert not run.waits
    assert run.sent_at is None or run.not_before is None
