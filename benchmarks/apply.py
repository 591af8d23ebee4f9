"""Buckets as Stowplan and as Ansible make them, against one simulator: versioning, KMS, access block, lifecycle and tags.

`python -m benchmarks.apply [BUCKETS] [--many 1000]`. Ansible is measured where STOWPLAN_BENCH_ANSIBLE names its `ansible-playbook`; to
have it: `python3 -m venv ansible && ansible/bin/pip install ansible==12.3.0 boto3` (it brings amazon.aws and community.aws along; two
gigabytes when unpacked). Its start without any bucket is taken off, and so is ours: what is compared is what one more bucket takes.
Then each call waits 40 ms first, for one worker and for eight; and a thousand buckets are planned and applied, for memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from provisioning.apply import apply_plan
from provisioning.clients import Clients
from provisioning.journal import FileJournal
from provisioning.plan import make_plan
from recommendations.design import Design
from tests.provisioning.cases import PRIMARY, bucket, design_of, key, recorded, spec_of, sub, writes
from tests.support.simulator import Simulator, running_simulator

SUB_CONFIGURATIONS = 5
DELAY = 0.040
# Eight workers share them evenly; the baseline of plain boto3 is of fifty.
OF_WORKERS = 56
LIMIT_MIB, LIMIT_PEER, LIMIT_WORKERS = 300, 20, 6
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_EC2_METADATA_DISABLED": "true"}
LIFECYCLE = {
    "ID": "stowplan-data",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Transitions": [{"Days": 90, "StorageClass": "GLACIER"}],
}
PLAYBOOK = """
- hosts: localhost
  connection: local
  gather_facts: false
  module_defaults:
    group/aws: {{endpoint_url: "{url}", access_key: testing, secret_key: testing, region: {region}}}
  tasks:
    - amazon.aws.s3_bucket:
        name: "ansible-{{{{ item }}}}"
        versioning: true
        encryption: aws:kms
        encryption_key_id: "{kms}"
        public_access: {{block_public_acls: true, ignore_public_acls: true, block_public_policy: true, restrict_public_buckets: true}}
        tags: {{owner: it}}
      loop: "{{{{ range(count | int) | list }}}}"
    - community.aws.s3_lifecycle:
        name: "ansible-{{{{ item }}}}"
        rule_id: stowplan-data
        status: enabled
        transition_days: 90
        storage_class: glacier
      loop: "{{{{ range(count | int) | list }}}}"
"""


def buckets(count: int) -> Design:
    """A key and `count` buckets."""
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": sub("${key-data.arn}"), "BucketKeyEnabled": False}
    more = {"Encryption": encryption, "PolicyStatements": [], "ObjectOwnership": None, "LifecycleRules": [LIFECYCLE]}
    return design_of(key(), *(bucket(f"bucket-{number}", **more) for number in range(count)))


def once(design: Design, url: str, folder: Path, workers: int = 8, kind: type[Clients] = Clients) -> tuple[float, float]:
    """Seconds of a plan, and of its application."""
    spec = spec_of(url)
    clients = kind(spec)
    start = time.perf_counter()
    plan = make_plan(design, spec, clients)
    planned = time.perf_counter()
    with tempfile.NamedTemporaryFile(dir=folder) as file, FileJournal(file.name) as journal:
        outcome = apply_plan(
            plan,
            clients=clients,
            approved_digest=plan["design_digest"],
            accepted=[hazard["id"] for hazard in plan["hazards"]],
            accepted_by="benchmark",
            journal=journal,
            workers=workers,
        )
    assert outcome.state == "done", outcome.lines()
    return planned - start, time.perf_counter() - planned


def ours(simulator: Simulator, count: int, folder: Path) -> dict[str, Any]:
    """Seconds a bucket of a first apply and of one that finds nothing to do, and writes a bucket; plan and apply together."""
    once(buckets(1), simulator.url, folder)
    found: dict[str, Any] = {}
    simulator.reset()
    nothing = sum(once(buckets(0), simulator.url, folder))
    for name in ("first", "no-op"):
        with recorded(simulator.url) as seen:
            seconds = sum(once(buckets(count), simulator.url, folder))
        # What makes the key is the run without buckets; a bucket's own creation is no change of a sub-configuration.
        made = sum(method == "PUT" and path.rstrip("/").count("/") == 3 and "?" not in path for method, path, _ in writes(seen))
        found[name] = {"seconds": max(seconds - nothing, 0) / count, "writes": (len(writes(seen)) - made) / count}
    return found


def ansible(simulator: Simulator, count: int, folder: Path) -> dict[str, float]:
    """The same of the same by Ansible: seconds a bucket."""
    simulator.reset()
    kms = simulator.client("kms", PRIMARY).create_key()["KeyMetadata"]["Arn"]
    book = folder / "buckets.yml"
    book.write_text(PLAYBOOK.format(url=simulator.url, region=PRIMARY, kms=kms))

    def played(number: int) -> float:
        env = {**os.environ, "ANSIBLE_LOCALHOST_WARNING": "false", "ANSIBLE_HOME": str(folder / "ansible"), "LC_ALL": "C.UTF-8"}
        python = str(Path(os.environ["STOWPLAN_BENCH_ANSIBLE"]).with_name("python"))
        command = [os.environ["STOWPLAN_BENCH_ANSIBLE"], "-i", "localhost,", "-e", f"ansible_python_interpreter={python}"]
        start = time.perf_counter()
        done = subprocess.run([*command, "-e", f"count={number}", str(book)], env=env, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise SystemExit(done.stdout[-3000:] + done.stderr[-3000:])
        return time.perf_counter() - start

    nothing = played(0)
    return {name: (played(count) - nothing) / count for name in ("first", "no-op")}


class SlowClients(Clients):
    """Clients that wait 40 ms before each request, as if AWS were that far away: in the worker, which costs neither side any work."""

    def client(self, service: str, account: str, region: str, *, once: bool = False) -> Any:
        with self._lock:
            known = len(self._clients)
            client = super().client(service, account, region, once=once)
            if len(self._clients) > known:
                client.meta.events.register_first("before-send.*.*", lambda **_: time.sleep(DELAY))
        return client


def by_workers(simulator: Simulator, folder: Path) -> dict[int, float]:
    """Seconds of a first apply (without its plan) with 40 ms on each call, by number of workers."""
    found = {}
    for workers in (1, 8):
        simulator.reset()
        found[workers] = once(buckets(OF_WORKERS), simulator.url, folder, workers, SlowClients)[1]
    return found


def many(url: str, count: int, folder: Path) -> dict[str, float]:
    """Seconds of plan and apply of many buckets, and MiB of this process at its most."""
    planned, applied = once(buckets(count), url, folder)
    again = sum(once(buckets(count), url, folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"plan": planned, "apply": applied, "plan and no-op": again, "MiB": peak}


def verdict(good: bool) -> str:
    return "holds" if good else "DOES NOT HOLD"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("buckets", nargs="?", type=int, default=20)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--child", metavar="URL", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.update(CREDENTIALS)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.child:
            print(json.dumps(many(options.child, options.many, folder)))
            return
        with running_simulator(folder) as simulator:
            compare(simulator, options, folder)


def compare(simulator: Simulator, options: argparse.Namespace, folder: Path) -> None:
    """Everything, line by line."""
    count = options.buckets
    mine = ours(simulator, count, folder)
    for kind, found in mine.items():
        limit = SUB_CONFIGURATIONS if kind == "first" else 0
        said = f"at most {limit}: {verdict(found['writes'] <= limit)}"
        say(f"{kind}: {1000 * found['seconds']:.0f} ms a bucket, {found['writes']:.1f} writes of sub-configurations ({said})")
    if os.environ.get("STOWPLAN_BENCH_ANSIBLE"):
        for kind, seconds in ansible(simulator, count, folder).items():
            times = seconds / mine[kind]["seconds"]
            said = f"at least {LIMIT_PEER}: {verdict(times >= LIMIT_PEER)}"
            say(f"Ansible, {kind}: {1000 * seconds:.0f} ms a bucket, {times:.0f} x ({said})")
    else:
        say("Ansible is not measured: STOWPLAN_BENCH_ANSIBLE does not name its ansible-playbook")
    slow = by_workers(simulator, folder)
    times = slow[1] / slow[8]
    said = f"at least {LIMIT_WORKERS}: {verdict(times >= LIMIT_WORKERS)}"
    say(f"with 40 ms a call: {slow[1]:.1f} s with one worker, {slow[8]:.1f} s with eight, {times:.1f} x ({said})")
    for number in (options.many // 4, options.many):
        simulator.reset()
        command = [sys.executable, "-m", "benchmarks.apply", "--many", str(number), "--child", simulator.url]
        far = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)  # noqa: S603
        told = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in far.items() if name != "MiB")
        say(f"{number} buckets: {told}, {far['MiB']:.0f} MiB (under {LIMIT_MIB}: {verdict(far['MiB'] < LIMIT_MIB)})")


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
