"""A job is claimed by one worker, taken over when that one is silent, and never ended by a worker that was replaced."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import jobs
from accounts.jobs import Job
from provisioning.models import PlanRecord, Target
from recommendations.models import DesignVersion
from tests.support.designs import make_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(in_scope: Any, alice: Any) -> PlanRecord:
    assessment = make_assessment(in_scope, alice)
    design = DesignVersion.objects.create(organisation=in_scope, assessment=assessment, number=1, digest="0" * 64, document={})
    target = Target.objects.create(organisation=in_scope, assessment=assessment, account="123456789012", region="us-east-1")
    return PlanRecord.objects.create(organisation=in_scope, design=design, target=target)


def silent(plan: PlanRecord, **fields: Any) -> None:
    """As if the last sign of life was long ago."""
    long_ago = timezone.now() - jobs.SILENCE - timedelta(seconds=1)
    PlanRecord.objects.filter(pk=plan.pk).update(heartbeat_at=long_ago, sent_at=long_ago, **fields)


def test_only_the_first_worker_gets_the_job(plan: PlanRecord) -> None:
    assert jobs.claim(PlanRecord, plan.pk) is not None
    assert jobs.claim(PlanRecord, plan.pk) is None


def test_a_job_that_ended_is_not_begun_again(plan: PlanRecord) -> None:
    first = jobs.claim(PlanRecord, plan.pk)
    assert jobs.finish(first, Job.State.DONE)
    assert jobs.claim(PlanRecord, plan.pk) is None


def test_a_silent_worker_is_replaced_and_can_end_nothing_then(plan: PlanRecord) -> None:
    first = jobs.claim(PlanRecord, plan.pk)
    silent(plan)
    second = jobs.claim(PlanRecord, plan.pk)
    assert second is not None
    assert second.started_at == first.started_at
    assert not jobs.finish(first, Job.State.FAILED, "too late")
    assert jobs.finish(second, Job.State.DONE)


def test_the_heartbeat_of_a_replaced_worker_stops(plan: PlanRecord) -> None:
    first = jobs.claim(PlanRecord, plan.pk)
    assert jobs._beat(jobs.ours(first))
    silent(plan)
    jobs.claim(PlanRecord, plan.pk)
    assert not jobs._beat(jobs.ours(first))


@pytest.mark.parametrize(
    ("fields", "is_lost"),
    [
        ({"state": "queued"}, True),
        ({"state": "running"}, True),
        ({"state": "done"}, False),
        ({"state": "failed"}, False),
    ],
)
def test_what_is_open_and_silent_is_lost(plan: PlanRecord, fields: dict[str, str], is_lost: bool) -> None:
    silent(plan, **fields)
    assert jobs.lost(PlanRecord).exists() == is_lost


def test_what_was_sent_just_now_is_not_lost(plan: PlanRecord) -> None:
    PlanRecord.objects.update(sent_at=timezone.now())
    assert not jobs.lost(PlanRecord).exists()
