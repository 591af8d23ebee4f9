"""`make run` as a person at a terminal meets it: what is in the way is one line, a second start keeps the data, one end ends all."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.supervisor import read_procfile
from tests.support.processes import ROOT, answers_http, environment, free_port, stop, wait_until
from tests.support.stack import READY

RUN = [sys.executable, str(ROOT / "scripts" / "run.py")]


def start(data: Path, **variables: str) -> tuple[subprocess.Popen[bytes], Path]:
    log = data.parent / f"run-{time.monotonic_ns()}.log"
    env = environment(STOWPLAN_DATA_DIR=str(data), **variables)
    with log.open("wb") as output:
        return subprocess.Popen(RUN, cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True), log


def ports() -> dict[str, str]:
    return {"PORT": str(free_port()), "SIMULATOR_PORT": str(free_port())}


def children(pid: int) -> list[int]:
    """Process ids of the programs below `pid`, and of theirs."""
    direct = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return direct + [one for child in direct for one in children(child)]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.e2e
def test_it_starts_says_where_and_ends_all_on_ctrl_c_and_keeps_the_data(tmp_path):
    data, chosen = tmp_path / "var", ports()
    passwords = []
    for turn in range(2):
        process, log = start(data, **chosen)
        try:
            wait_until(lambda log=log: READY in log.read_text(), "Stowplan", process, log)
            assert answers_http(f"http://127.0.0.1:{chosen['PORT']}/")
            programs = children(process.pid)
            assert len(programs) >= len(read_procfile(ROOT / "Procfile"))
            process.send_signal(signal.SIGINT if turn == 0 else signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            stop(process)
        assert not [pid for pid in programs if is_alive(pid)]
        output = log.read_text()
        assert f"http://127.0.0.1:{chosen['PORT']}/" in output
        assert all(f"{role}@demo.example" in output for role in ("consultant", "reviewer", "engineer"))
        assert "Traceback" not in output
        passwords.append((data / "demo_password").read_text())
        assert passwords[-1].strip() in output
    assert passwords[0] == passwords[1]
    with sqlite3.connect(data / "stowplan.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM assessment_assessment").fetchone() == (3,)
        assert database.execute("SELECT count(*), count(DISTINCT endpoint_url) FROM provisioning_target").fetchone() == (3, 1)


@pytest.mark.e2e
def test_when_one_program_dies_all_end(tmp_path):
    process, log = start(tmp_path / "var", **ports())
    try:
        wait_until(lambda: READY in log.read_text(), "Stowplan", process, log)
        programs = children(process.pid)
        beat = next(pid for pid in programs if "beat" in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))
        os.kill(beat, signal.SIGKILL)
        assert process.wait(60) == 1
    finally:
        stop(process)
    assert not [pid for pid in programs if is_alive(pid)]
    assert "beat ended with exit code -9" in log.read_text()


def refusal(data: Path, **variables: str) -> str:
    """What `make run` says when it does not start: one line, and no traceback."""
    done = subprocess.run(
        RUN, cwd=ROOT, env=environment(STOWPLAN_DATA_DIR=str(data), **variables), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def test_a_port_that_is_taken_is_one_line(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"Port {port} on 127.0.0.1 is taken" in refusal(tmp_path / "var", PORT=port)
        assert "another with SIMULATOR_PORT=" in refusal(tmp_path / "var", SIMULATOR_PORT=port)


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1", ""])
def test_a_port_that_is_none_is_one_line(tmp_path, port):
    assert "PORT must be a port number between 1 and 65535" in refusal(tmp_path / "var", PORT=port)


def test_a_data_folder_that_cannot_be_is_one_line(tmp_path):
    (tmp_path / "file").touch()
    assert "STOWPLAN_DATA_DIR" in refusal(tmp_path / "file" / "var")


def test_a_data_folder_in_use_is_one_line(tmp_path):
    import fcntl

    (tmp_path / "var").mkdir()
    with (tmp_path / "var" / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "already runs with the data in" in refusal(tmp_path / "var")


def test_a_database_that_is_not_there_is_one_line(tmp_path):
    nowhere = f"postgres://stowplan@127.0.0.1:{free_port()}/stowplan"
    assert "The database cannot be used" in refusal(tmp_path / "var", DATABASE_URL=nowhere)
