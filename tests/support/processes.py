"""Starting and ending the real programs that tests talk to."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPLICATION_VARIABLES = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DJANGO_SETTINGS_MODULE", "DOCUMENT_STORAGE_URL")
AWS_VARIABLES = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**changes: str) -> dict[str, str]:
    """The environment of a program under test: nothing of the test process's settings, AWS credentials that are none."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("STOWPLAN_", "AWS_", "PYTEST_"))}
    for name in APPLICATION_VARIABLES:
        kept.pop(name, None)
    return {**kept, **AWS_VARIABLES, "PYTHONUNBUFFERED": "1", **changes}


def manage(*arguments: str | Path, env: Mapping[str, str] | None = None, timeout: int = 120) -> subprocess.CompletedProcess[str]:
    """Run `manage.py ARGUMENTS` as its own process, with no database and no data folder unless `env` names them."""
    command = [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]
    nowhere = {"STOWPLAN_DATA_DIR": "/nonexistent/stowplan"}
    return subprocess.run(
        command, cwd=ROOT, env=environment(**nowhere, **(env or {})), capture_output=True, text=True, timeout=timeout, check=False
    )


@contextlib.contextmanager
def running(command: list[str], log: Path, env: Mapping[str, str] | None = None, grace: int = 20) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program in its own process group, its output in `log`, and end it with all its children."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(env or environment()), stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        stop(process, grace)


def stop(process: subprocess.Popen[bytes], grace: int = 20) -> None:
    """SIGTERM to the program, and SIGKILL to its group when it has not ended after `grace` seconds."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(grace)


def answers_http(url: str) -> bool:
    """Whether anything speaks HTTP there; an error status is an answer too."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def wait_until(ready: Callable[[], object], what: str, process: subprocess.Popen[bytes], log: Path, seconds: int = 240) -> None:
    """Wait until `ready()` is true; fail with the end of the log when the program ends or the time is over."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > end:
            state = "ended" if process.poll() is not None else f"did not come up in {seconds} s"
            raise RuntimeError(f"{what} {state}:\n{log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.1)
