"""The plan of an undo: what goes, what is put back, what stays and why. It is shown and approved by its digest before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisioning.journal import Record
from provisioning.plan import call_of
from provisioning.plan_file import PlanFile, read_plan
from provisioning.resources import TYPES
from provisioning.resources.base import ClientSource
from provisioning.situation import Situation, fingerprint_of
from provisioning.undo.limits import not_undone
from provisioning.undo.steps import Change, Step, Undoing

SCHEMA = "stowplan/undo/1"
ACTIONS = ("delete", "restore", "keep", "gone")


class UndoProblem(ValueError):
    """A plan, journal or undo that does not fit or was edited. The message says where."""


@dataclass(frozen=True)
class Undone:
    """A run to undo: its checked plan, what it changed, and the situation that it is undone in."""

    plan: PlanFile
    changes: Mapping[str, Change]
    situation: Situation


def make_undo(plan: Mapping[str, Any], records: Sequence[Record], clients: ClientSource) -> dict[str, Any]:
    """The undo of one run as plain data (`stowplan/undo/1`). Reads the account, writes nothing.

    `records` is the run's journal. `steps` are in the order in which they are taken; `undo_digest` is the SHA-256 of all the rest.
    Raises UndoProblem, PlanProblem, TargetProblem, ReferenceProblem, NotObserved.
    """
    undone = look(plan, records, clients)
    undoing = Undoing(undone.situation, undone.changes)
    steps = [entry_of(undone.situation, undoing, step) for step in undoing.steps()]
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "run": undone.plan.plan_id,
        "journal_head": fingerprint_of(records[-1]),
        "design_digest": undone.plan.digest,
        "target": undone.plan.target.as_json(),
        "summary": {action: sum(step["action"] == action for step in steps) for action in ACTIONS},
        "steps": steps,
        "not_undone": not_undone(change for change in plan["resource_changes"] if change["name"] in undone.changes),
    }
    return {**document, "undo_digest": fingerprint_of(document)}


def look(plan: Mapping[str, Any], records: Sequence[Record], clients: ClientSource) -> Undone:
    """What a run changed, and the account as it is now. Raises as `make_undo`."""
    checked = read_plan(plan)
    changes = changes_of(plan, checked, records)
    if not changes:
        raise UndoProblem("this run changed nothing: there is nothing to undo")
    situation = Situation(checked.design.document, checked.target, clients)
    clients.check(checked.target.region)
    situation.observe_all()
    return Undone(checked, changes, situation)


def changes_of(plan: Mapping[str, Any], checked: PlanFile, records: Iterable[Record]) -> dict[str, Change]:
    """What the run began to change, by resource key, with the state before it: the plan's, held against the fingerprint taken then.

    Raises UndoProblem for a state before the run that is not the one that was observed.
    """
    mine = [record for record in records if record.get("plan") == checked.plan_id]
    begun = {record["address"] for record in mine if record["event"] == "intent"}
    ended = {record["address"]: record["state"] for record in mine if record["event"] == "resource"}
    found: dict[str, Change] = {}
    for change in plan["resource_changes"]:
        address, before = change["address"], change["change"]["before"]
        if address not in begun or "no_longer_designed" in change["stowplan"]:
            continue
        seen: dict[str, Any] = {"exists": before is not None, "identity": change["stowplan"]["id"] if before is not None else None}
        seen["blocked"] = False
        if before is not None:
            seen["properties"] = TYPES[change["type"]].canonical(before)
        if fingerprint_of(seen) != checked.fingerprints[address]:
            raise UndoProblem(f"{address}: the state before the run is not the one that was observed; the plan was edited")
        found[change["name"]] = Change(change["name"], before, ended.get(address) == "done")
    return found


def entry_of(situation: Situation, undoing: Undoing, step: Step) -> dict[str, Any]:
    """One entry of `steps`."""
    place, observed = situation.places[step.key], situation.observed[step.key]
    return {
        "address": place.address,
        "key": step.key,
        "kind": place.kind,
        "account": place.account,
        "region": place.region,
        "id": observed.identity or place.name,
        "action": step.action,
        "reason": step.reason,
        "settings": step.settings,
        "kept": step.kept,
        "calls": [call_of(call) for call in step.calls],
        "fingerprint": undoing.fingerprint(step.key),
    }


def check_undo(document: Any, plan_id: str) -> str:
    """The digest of an undo that was shown. Raises UndoProblem for one that was edited, or is of another run."""
    if not isinstance(document, Mapping) or document.get("schema") != SCHEMA:
        raise UndoProblem(f"schema: expected {SCHEMA!r}; an undo is made by `manage.py undo`")
    digest = fingerprint_of({name: value for name, value in document.items() if name != "undo_digest"})
    if document.get("undo_digest") != digest:
        raise UndoProblem("undo_digest: the file was changed after the undo was made")
    if document.get("run") != plan_id:
        raise UndoProblem("run: this undo is of another run than the plan's")
    return digest


def undo_lines(document: Mapping[str, Any]) -> list[str]:
    """The undo in words, for a terminal."""
    lines: list[str] = []
    for step in document["steps"]:
        sign = {"delete": "-", "restore": "~", "keep": "!", "gone": " "}[step["action"]]
        why = f": {step['reason']}" if step["reason"] else ""
        lines.append(f"{sign} {step['address']} ({step['id']}): {WORDS[step['action']]}{why}")
        lines += [f"    {call['words']}  [{call['service']}.{call['operation']}]" for call in step["calls"]]
        lines += [f"    left: {one['setting']}: {one['reason']}" for one in step["kept"]]
    lines += [f"Cannot be undone: {sentence}" for sentence in document["not_undone"]]
    summary = document["summary"]
    return [
        *lines,
        f"Undo: {summary['delete']} to delete, {summary['restore']} to put back, {summary['keep']} kept, {summary['gone']} gone.",
        f"Undo digest {document['undo_digest']}",
    ]


WORDS = {"delete": "is taken away", "restore": "is put back", "keep": "stays", "gone": "nothing to do"}
