"""The local AWS simulator as tests see it: a program that speaks HTTP, and plain boto3 in front of it."""

import contextlib
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from tests.support.processes import ROOT, answers_http, environment, free_port, running, wait_until

ACCOUNT = "123456789012"
REGION = "us-east-1"


@dataclass(frozen=True)
class Simulator:
    """`url` is the endpoint of every service; moto's account is 123456789012 whatever the credentials."""

    url: str
    log: Path

    def session(self, region: str = REGION) -> boto3.Session:
        return boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name=region)

    def client(self, service: str, region: str = REGION) -> Any:
        return _shared(self, region).client(service, endpoint_url=self.url)

    def reset(self) -> None:
        """Forget every resource of every account."""
        request = urllib.request.Request(f"{self.url}/moto-api/reset", method="POST")
        with urllib.request.urlopen(request, timeout=30):
            pass


@cache
def _shared(simulator: Simulator, region: str) -> boto3.Session:
    """One session for all clients of a Region: each one parses AWS's descriptions anew."""
    return simulator.session(region)


@contextlib.contextmanager
def running_simulator(folder: Path) -> Iterator[Simulator]:
    """`manage.py simulator` on a free port; its output in `folder`."""
    port, log = free_port(), folder / "simulator.log"
    command = [sys.executable, str(ROOT / "manage.py"), "simulator", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    # The recorder keeps what the simulator is asked, for tests that must know that nothing was written.
    env = environment(STOWPLAN_DATA_DIR=str(folder), MOTO_RECORDER_FILEPATH=str(folder / "recording"))
    with running(command, log, env) as process:
        wait_until(lambda: answers_http(f"{url}/moto-api/"), "The AWS simulator", process, log)
        yield Simulator(url, log)
