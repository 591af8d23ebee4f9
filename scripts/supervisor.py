"""Runs the programs of a Procfile side by side: their lines on one output, and one end for all of them."""

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

GRACE_SECONDS = 20
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def read_procfile(path: Path) -> dict[str, list[str]]:
    """Name and argument list of each program, `$NAME` taken from the environment."""
    lines = [line for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {name: shlex.split(os.path.expandvars(command)) for name, command in (re.split(r":\s*", line, maxsplit=1) for line in lines)}


def supervise(programs: dict[str, list[str]], folder: Path) -> int:
    """Run them until one ends, or this process is told to end (Ctrl-C, SIGTERM, a closed terminal); then end all.

    Returns 0 when it was told to end, 1 when a program ended by itself.
    """
    with told_to_end() as told:
        processes = {name: start(name, command, folder) for name, command in programs.items()}
        try:
            while not told.wait(0.2):
                for name, process in processes.items():
                    if process.poll() is not None:
                        say("system", f"{name} ended with exit code {process.returncode}; ending the others.")
                        return 1
            say("system", "ending.")
            return 0
        finally:
            end(list(processes.values()))


@contextmanager
def told_to_end() -> Iterator[threading.Event]:
    """An event that is set by the signals that end a program."""
    event = threading.Event()
    before = {number: signal.signal(number, lambda *_: event.set()) for number in ENDING_SIGNALS}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start(name: str, command: list[str], folder: Path) -> subprocess.Popen[str]:
    """Start a program in a session of its own, so that Ctrl-C reaches it through here alone, in an orderly way."""
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True
    )
    threading.Thread(target=relay, args=(name, process), daemon=True).start()
    return process


def relay(name: str, process: subprocess.Popen[str]) -> None:
    for line in process.stdout or ():
        say(name, line)


def say(name: str, line: str) -> None:
    with suppress(BrokenPipeError):
        sys.stdout.write(f"{name:<10}| {line.rstrip()}\n")
        sys.stdout.flush()


def end(processes: list[subprocess.Popen[str]]) -> None:
    """SIGTERM to each program, which tells its own children; after the grace SIGKILL to whatever is left of its session."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
