"""The harness itself: the mode that was asked for is the mode that runs, and the real programs answer."""

import os
import time
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.db import connection


def test_the_database_is_the_one_that_was_asked_for(db):
    expected = "postgresql" if "DATABASE_URL" in os.environ else "sqlite"
    assert connection.vendor == expected
    if expected == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_tests_never_write_to_the_data_of_the_checkout():
    assert Path(settings.BASE_DIR) not in Path(settings.DATA_DIR).parents


def test_a_celery_worker_answers_over_the_broker(worker):
    broker = "redis" if "STOWPLAN_TEST_REDIS_URL" in os.environ else "filesystem"
    assert current_app.connection_for_write().transport_cls == broker
    current_app.send_task("celery.backend_cleanup")
    deadline = time.monotonic() + 30
    while "Task celery.backend_cleanup" not in worker.read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert "Task celery.backend_cleanup" in worker.read_text()


def test_the_cast_has_one_role_each(alice, bob, eve, charlie, organisation, other_organisation):
    roles = {user.name: user.memberships.get().role for user in (alice, bob, eve, charlie)}
    assert roles == {"Alice": "consultant", "Bob": "reviewer", "Eve": "engineer", "Charlie": "consultant"}
    assert {membership.user for membership in organisation.memberships.all()} == {alice, bob, eve}
    assert [membership.user for membership in other_organisation.memberships.all()] == [charlie]
