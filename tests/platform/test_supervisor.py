"""One end for all programs: on a signal, and when one of them ends by itself."""

import os
import signal
import subprocess
import sys
import time

import pytest

from scripts import supervisor
from tests.support.processes import ROOT

SLEEPER = "import os, time; print('pid', os.getpid(), flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
CODE = """
import sys
from pathlib import Path
from scripts import supervisor
supervisor.GRACE_SECONDS = 1
sys.exit(supervisor.supervise({programs!r}, Path(".")))
"""


def start(**programs: str) -> subprocess.Popen[str]:
    commands = {name: [sys.executable, "-c", code] for name, code in programs.items()}
    return subprocess.Popen([sys.executable, "-c", CODE.format(programs=commands)], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def pids(process: subprocess.Popen[str], count: int) -> list[int]:
    lines = [process.stdout.readline() for _ in range(count)]
    return [int(line.split()[-1]) for line in lines]


def gone(pid: int) -> bool:
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_programs_even_those_that_will_not(number):
    process = start(one=SLEEPER, two=STUBBORN)
    children = pids(process, 2)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert all(gone(pid) for pid in children)


def test_when_one_program_dies_the_others_end_and_the_failure_is_named():
    process = start(one=SLEEPER, two=SLEEPER)
    children = pids(process, 2)
    os.kill(children[1], signal.SIGKILL)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "ended with exit code -9; ending the others." in output
    assert all(gone(pid) for pid in children)


def test_a_procfile_is_read_with_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SIMULATOR_PORT", "5077")
    (tmp_path / "Procfile").write_text("# a remark\n\nweb: serve --on 1\nsimulator: simulate --port $SIMULATOR_PORT 'a b'\n")
    assert supervisor.read_procfile(tmp_path / "Procfile") == {
        "web": ["serve", "--on", "1"],
        "simulator": ["simulate", "--port", "5077", "a b"],
    }
