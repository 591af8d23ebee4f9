"""Fixtures of all tests: the cast, the AWS simulator, a Celery worker; and what holds for every run.

The cast: Alice is a consultant, Bob the customer's reviewer and Eve the cloud engineer of one organisation; Charlie is the consultant
of another one and must never see anything of theirs.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import open_page, running_browser
from tests.support.processes import environment, running, wait_until
from tests.support.simulator import Simulator, running_simulator
from tests.support.stack import Stack, running_stack

STACK_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "worker"}

# Playwright's loop lives in the thread of the tests; the ORM is used there as plain synchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_itemcollected(item: pytest.Item) -> None:
    """What has a browser is marked `e2e`; what else touches the database or the broker is marked `stack`.

    A page looks the same whatever database is below it; where that matters, a test of the browser is marked `stack` by hand.
    """
    fixtures = set(getattr(item, "fixturenames", ()))
    if fixtures & {"stack", "browser"}:
        item.add_marker(pytest.mark.e2e)
    elif fixtures & STACK_FIXTURES or item.get_closest_marker("django_db"):
        item.add_marker(pytest.mark.stack)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test is a failure: a missing service must not look like success."""
    reporter: Any = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


# --------------------------------------------------------------------------------------------------------------- the cast
@pytest.fixture
def organisation(db: None) -> Any:
    from accounts.models import Organisation

    return Organisation.objects.create(name="Harbour Consulting", slug="harbour")


@pytest.fixture
def other_organisation(db: None) -> Any:
    from accounts.models import Organisation

    return Organisation.objects.create(name="Other Consulting", slug="other")


def member(organisation: Any, name: str, role: str) -> Any:
    """A new user, password `PASSWORD`, with that role in the organisation."""
    from accounts.models import Membership, User

    user = User.objects.create_user(f"{name.lower()}@example.com", PASSWORD, name=name)
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


PASSWORD = "wind-and-tide-42"


@pytest.fixture
def alice(organisation: Any) -> Any:
    return member(organisation, "Alice", "consultant")


@pytest.fixture
def bob(organisation: Any) -> Any:
    return member(organisation, "Bob", "reviewer")


@pytest.fixture
def eve(organisation: Any) -> Any:
    return member(organisation, "Eve", "engineer")


@pytest.fixture
def charlie(other_organisation: Any) -> Any:
    return member(other_organisation, "Charlie", "consultant")


@pytest.fixture
def in_scope(organisation: Any) -> Iterator[Any]:
    """The organisation, with its scope open, as the middleware and the tasks open it."""
    from django_scopes import scope

    with scope(organisation=organisation):
        yield organisation


# ----------------------------------------------------------------------------------------------------------- real programs
@pytest.fixture(scope="session")
def simulator_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("simulator")) as simulator:
        yield simulator


@pytest.fixture
def simulator(simulator_process: Simulator) -> Simulator:
    """The AWS simulator over HTTP, empty."""
    simulator_process.reset()
    return simulator_process


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[Path]:
    """A real Celery worker on the test database and this process's broker. Yields its log."""
    log = tmp_path / "worker.log"
    with running_worker(log):
        yield log


@contextlib.contextmanager
def running_worker(log: Path, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    """The same as a program, for tests that kill it; `more` is added to its environment."""
    from django.conf import settings
    from django.db import connection

    url = os.environ.get("DATABASE_URL", "sqlite:///").rpartition("/")[0] + "/" + str(connection.settings_dict["NAME"])
    variables = {name: os.environ[name] for name in ("SECRET_KEY", "REDIS_URL") if name in os.environ}
    env = environment(DATABASE_URL=url, STOWPLAN_DATA_DIR=str(settings.DATA_DIR), **variables, **more)
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--loglevel", "info", "--concurrency", "1"]
    with running(command, log, env) as process:
        wait_until(lambda: "ready." in log.read_text(errors="replace"), "The Celery worker", process, log)
        yield process


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole of Stowplan as `make run` starts it, with the demo organisation. Shared: a test changes only what it made."""
    with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with running_browser() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A page at 1280 x 800 of a visitor who is not logged in."""
    with open_page(browser, tmp_path) as page:
        yield page
