"""The whole of Stowplan as `make run` starts it, on free ports, with the demo organisation and data of its own."""

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.support.processes import ROOT, environment, free_port, running, wait_until
from tests.support.simulator import Simulator

PASSWORD = "a-demo-password-of-the-tests"
READY = "Ctrl-C ends it."
# Processes that run tests side by side have a stack each.
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")


@dataclass(frozen=True)
class Stack:
    """`url` ends without a slash; `simulator` is the account that the demo's targets lead to; `data` is its data folder."""

    url: str
    simulator: Simulator
    data: Path
    log: Path
    password: str = PASSWORD

    def email(self, role: str) -> str:
        """Login of the demo's `consultant`, `reviewer` or `engineer`."""
        return f"{role}@demo.example"


def servers(name: str) -> dict[str, str]:
    """DATABASE_URL and REDIS_URL of a database of its own, when the tests run on PostgreSQL and Redis; else nothing."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        return {}
    with psycopg.connect(server.replace("postgres://", "postgresql://"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"')
    # The upper half of Redis's sixteen databases; the tests themselves use the lower one.
    number = 8 + int(PROCESS.removeprefix("gw") or 0) if PROCESS.startswith("gw") else 15
    return {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}", "REDIS_URL": f"{os.environ['STOWPLAN_TEST_REDIS_URL']}/{number}"}


@contextlib.contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    """`scripts/run.py` with its data and its log in `folder`."""
    port, simulator_port, log = free_port(), free_port(), folder / "run.log"
    env = environment(
        PORT=str(port), SIMULATOR_PORT=str(simulator_port), STOWPLAN_DATA_DIR=str(folder / "var"),
        STOWPLAN_DEMO_PASSWORD=PASSWORD, **servers(f"stowplan_stack_{PROCESS}"),
    )  # fmt: skip
    with running([sys.executable, str(ROOT / "scripts" / "run.py")], log, env) as process:
        wait_until(lambda: READY in log.read_text(errors="replace"), "Stowplan", process, log)
        yield Stack(f"http://127.0.0.1:{port}", Simulator(f"http://127.0.0.1:{simulator_port}", log), folder / "var", log)
