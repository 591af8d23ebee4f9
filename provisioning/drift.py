"""Drift: every applied setting read again and compared with the designed value. It reports and never repairs by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from provisioning.drift_words import changed, gone
from provisioning.evidence import read_back
from provisioning.plan_file import read_plan
from provisioning.resources.base import ClientSource
from provisioning.seen import Reading

SCHEMA = "stowplan/drift/1"


def check(plan: Mapping[str, Any], clients: ClientSource) -> dict[str, Any]:
    """What is no longer as the plan's design says, as plain data (`stowplan/drift/1`).

    `drifted` has {address, kind, id, account, region, setting, sentence, designed, read_back} for each setting (an empty `setting` for
    a whole resource), `unseen` {address, sentence} for what could not be read: that is no drift, and no proof either.
    Raises PlanProblem, TargetProblem, ReferenceProblem, NotObserved.
    """
    checked = read_plan(plan)
    situation = Reading(checked.design.document, checked.target, clients)
    clients.check(checked.target.region)
    situation.observe_all()
    drifted: list[dict[str, Any]] = []
    unseen: list[dict[str, str]] = []
    settings = 0
    for item in situation.items():
        found = read_back(item)
        settings += len(found["fields"])
        about = {"address": found["address"], "kind": found["type"], "id": found["id"], "account": found["account"]}
        about |= {"region": found["region"], "read_at": situation.read_at[item.place.key]}
        name = str(found["id"] or item.place.key)
        if item.observed.exists and item.blocked:
            unseen.append({"address": found["address"], "sentence": item.blocked})
            continue
        if not item.observed.exists:
            drifted.append({**about, "setting": "", "sentence": gone(item.place.kind, name), "designed": None, "read_back": None})
            continue
        for setting, field in found["fields"].items():
            if not field["as_designed"]:
                sentence = changed(item.place.kind, name, setting, field["designed"], field["read_back"])
                values = {"designed": field["designed"], "read_back": field["read_back"]}
                drifted.append({**about, "setting": setting, "sentence": sentence, **values})
    return {
        "schema": SCHEMA,
        "design_digest": checked.digest,
        "checked_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "resources": len(situation.order),
        "settings": settings,
        "drifted": drifted,
        "unseen": unseen,
    }


def headline(report: Mapping[str, Any]) -> str:
    """The report in one sentence."""
    count = len(report["drifted"])
    if not count and not report["unseen"]:
        return f"No drift: {report['settings']} settings of {report['resources']} resources are as designed."
    dark = f" {len(report['unseen'])} resources could not be read." if report["unseen"] else ""
    return f"{count or 'No'} difference{'s' * (count != 1)} from the design.{dark}"
