"""Evidence: what AWS says is configured now, read back, compared field by field with the design, hashed and filed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from provisioning.plan import known
from provisioning.plan_file import read_plan
from provisioning.resources.base import ClientSource
from provisioning.seen import Reading
from provisioning.situation import Item

SCHEMA = "stowplan/evidence/1"
MANIFEST = "manifest.json"


def collect(plan: Mapping[str, Any], clients: ClientSource, folder: str | Path) -> dict[str, Any]:
    """Reads back every resource of a plan into `folder`: one file each and `manifest.json`, which is returned.

    `entries` chain the files: each `chain` is the SHA-256 of the previous one and the file's own hash, both as hex text. `differences`
    holds a sentence for everything that is not as designed. Raises PlanProblem, TargetProblem, NotObserved, OSError.
    """
    checked = read_plan(plan)
    situation = Reading(checked.design.document, checked.target, clients)
    clients.check(checked.target.region)
    situation.observe_all()
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, Any]] = []
    differences: list[str] = []
    chain = hashlib.sha256(checked.digest.encode()).hexdigest()
    for item in situation.items():
        key = item.place.key
        found = {**read_back(item), "read_at": situation.read_at[key], "requests": situation.requests[key]}
        data = _json(found)
        name = f"{item.place.key}.json"
        (place / name).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        chain = hashlib.sha256(f"{chain}{digest}".encode()).hexdigest()
        entries.append({"file": name, "address": item.place.address, "sha256": digest, "chain": chain, "as_designed": found["as_designed"]})
        differences += [f"{item.place.address}: {sentence}" for sentence in found["differences"]]
    manifest = {
        "schema": SCHEMA,
        "design_digest": checked.digest,
        "collected_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "target": checked.target.as_json(),
        "entries": entries,
        "chain": chain,
        "as_designed": not differences,
        "differences": differences,
    }
    (place / MANIFEST).write_bytes(_json(manifest))
    return manifest


def read_back(item: Item) -> dict[str, Any]:
    """What stands in one file: each designed field beside the value read back, and the whole configuration that AWS has."""
    fields = {} if item.blocked or not item.observed.exists else compared(item)
    differences = [f"{name} is not as designed" for name, field in fields.items() if not field["as_designed"]]
    if item.blocked:
        differences = [item.blocked]
    elif not item.observed.exists:
        differences = ["it does not exist"]
    return {
        "address": item.place.address,
        "type": item.place.kind,
        "name": item.place.key,
        "account": item.place.account,
        "region": item.place.region,
        "id": item.observed.identity or item.place.name,
        "fields": fields,
        "configuration": item.observed.properties,
        "as_designed": not differences,
        "differences": differences,
    }


def compared(item: Item) -> dict[str, dict[str, Any]]:
    """Each field that the design sets, with both values; equal where they mean the same to AWS.

    The designed value stands beside what is kept of others', e.g. foreign lifecycle rules, since AWS has one configuration for both.
    `compared` holds both in one spelling: they are equal as plain data exactly where they mean the same.
    """
    designed, have = item.type.canonical(item.after), item.type.canonical(item.observed.properties)
    fields = {}
    for name, value in item.want.items():
        if value is None:
            continue
        equal = _includes(have.get(name), known(value)) if name == "Tags" else designed.get(name) == have.get(name)
        both = {"designed": known(designed.get(name)), "read_back": have.get(name)}
        if name == "Tags":
            # Tags of others beside the design's are no difference.
            both = {"designed": known(value), "read_back": {tag: (have.get(name) or {}).get(tag) for tag in value}}
        fields[name] = {"designed": known(value), "read_back": item.observed.properties.get(name), "compared": both, "as_designed": equal}
    return fields


def _includes(have: Any, want: Mapping[str, str]) -> bool:
    return all((have or {}).get(name) == value for name, value in want.items())


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
