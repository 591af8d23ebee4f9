"""Runs that kill themselves: `python -m tests.provisioning.killed_run` reads `[PLAN, JOURNAL, WHEN, N, WORKERS]` as JSON, a line each,
makes each run in a process of its own and answers with how that ended (-9: killed). The parent has loaded everything, so a run is cheap.

WHEN `event`: right after the N-th record is in the journal. WHEN `answer`: after the N-th change took effect and before its receipt.
"""

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from provisioning.clients import Clients
from provisioning.journal import FileJournal
from tests.provisioning.cases import ACCOUNT, PRIMARY, READ_WORDS, run, spec_of

SERVICES = ("s3", "s3control", "kms", "iam", "sts", "dlm", "ec2", "cloudtrail", "sns", "events", "cloudwatch", "backup")


def kill_at(number: int) -> None:
    kill_at.count += 1
    if kill_at.count == number:
        os.kill(os.getpid(), signal.SIGKILL)


kill_at.count = 0


class KillingClients(Clients):
    """Dies when the answer to the N-th change has come."""

    number = 0

    def client(self, service, account, region, *, once=False):
        with self._lock:
            known = len(self._clients)
            client = super().client(service, account, region, once=once)
            if len(self._clients) > known:
                client.meta.events.register_last("after-call.*.*", self._after)
        return client

    def _after(self, event_name="", **_):
        if self.number and not event_name.rpartition(".")[2].startswith(READ_WORDS):
            kill_at(self.number)


def main(plan_path: str, journal_path: str, when: str, number: int, workers: int) -> int:
    plan = json.loads(Path(plan_path).read_text())
    clients = KillingClients(spec_of(plan["target"]["endpoint_url"]))
    clients.number = number if when == "answer" else 0
    on_event = (lambda record: kill_at(number)) if when == "event" else (lambda record: None)
    with FileJournal(journal_path) as journal:
        outcome = run(plan, clients, journal, on_event=on_event, workers=workers)
    return outcome.exit_code


def load_descriptions(plan_path: str) -> None:
    """AWS's descriptions of the services of a plan: a third of a second of every run otherwise."""
    target = json.loads(Path(plan_path).read_text())["target"]
    clients = Clients(spec_of(target["endpoint_url"]))
    for service in SERVICES:
        clients.client(service, ACCOUNT, PRIMARY)


def in_a_process(order: list) -> int:
    """How `main` ended in a process of its own."""
    child = os.fork()
    if not child:
        code = 70
        try:
            code = main(*order)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    for number, line in enumerate(sys.stdin):
        if number == 0:
            load_descriptions(json.loads(line)[0])
        print(in_a_process(json.loads(line)), flush=True)
