"""The pages of an undo and of a drift check at both widths: readable without a mouse, nothing wider than the window."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from provisioning.after_models import DriftReport, Undo
from provisioning.models import PlanRecord, Run
from reviews.services import decide
from tests.recommendations.test_promise_pages import PICTURES, faultless
from tests.support.browser import DESKTOP, PHONE, open_page
from tests.support.designs import make_assessment, make_target, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.e2e]
NAME = "stowplan-harbour-bucket-data-e15e1688"
PLACE = {"account": "123456789012", "region": "eu-central-1"}


def step(key: str, action: str, **more: Any) -> dict[str, Any]:
    about = {"key": key, "address": f"AWS::S3::Bucket.{key}", "id": NAME, "action": action, "reason": "", "kept": [], "calls": [], **PLACE}
    return {**about, **more}


@pytest.fixture
def rows(in_scope: Any, alice: Any, bob: Any, eve: Any) -> dict[str, int]:
    """Name of a page -> number of what it shows."""
    version = make_version(make_assessment(in_scope, alice), alice)
    approval = decide(version, bob, "approved")
    target = make_target(version.assessment, "http://127.0.0.1:5055")
    own = {"organisation": in_scope, "created_by": eve, "state": "done"}
    plan = PlanRecord.objects.create(design=version, target=target, **own)
    run = Run.objects.create(plan=plan, target=target, approval=approval, outcome={"resources": []}, **own)
    call = {"words": f"Delete the empty bucket {NAME}", "service": "s3", "operation": "delete_bucket"}
    kept = [{"setting": "Versioning", "reason": "versioning is suspended: it can never be turned off again; versions that are there stay"}]
    stays = step("bucket-logs", "keep", reason=f"bucket {NAME} holds objects or versions of them; data is never deleted")
    steps = [step("bucket-data", "delete", calls=[call]), step("bucket-cargo", "restore", calls=[call], kept=kept), stays]
    document = {"steps": steps, "undo_digest": "ab" * 32, "summary": {"delete": 1, "restore": 1, "keep": 1, "gone": 0}}
    undo = Undo.objects.create(
        run=run, document={**document, "not_undone": ["AWS::KMS::Key.key-data: a key is only deleted 30 days later."]}, **own
    )
    sentence = f"The lifecycle of bucket {NAME} was removed: copies will not be deleted after 7 years."
    drifted = {
        "address": "AWS::S3::Bucket.bucket-data",
        "setting": "LifecycleRules",
        "sentence": sentence,
        "read_at": "2026-01-01T10:00:00.000",
    }
    drifted |= {
        "read_at": "2026-01-01T10:00:00.000",
        "designed": [{"ID": "stowplan-data", "Expiration": {"Days": 2557}}],
        "read_back": [],
        **PLACE,
    }
    found = {"settings": 40, "resources": 9, "drifted": [drifted], "unseen": []}
    report = DriftReport.objects.create(target=target, plan=plan, document=found, **own)
    return {"undo": undo.pk, "drift": report.pk, "run": run.pk, "apply": version.assessment_id}


def test_pages_after_a_run_hold_at_both_widths(live_server: Any, browser: Browser, client: Client, rows: dict[str, int], bob: Any) -> None:
    client.force_login(bob)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value, "url": live_server.url}
    for width, viewport in (("wide", DESKTOP), ("narrow", PHONE)):
        with open_page(browser, Path(PICTURES), viewport) as page:
            page.context.add_cookies([cookie])
            for name, pk in rows.items():
                page.goto(live_server.url + reverse(f"provisioning:{name}", args=[pk]))
                faultless(page, f"{name} {width}")
                page.screenshot(path=str(Path(PICTURES) / f"after-{name}-{width}.png"), full_page=True)
