"""What the pages of plans and runs show, prepared from plan.json and from a run's journal. Plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from provisioning.coverage import ALARMING
from provisioning.differences import differences
from provisioning.undo.limits import not_undone

Row = dict[str, Any]
# Types in the order in which people care, with their plain names.
KINDS = {
    "AWS::S3::Bucket": "Buckets",
    "AWS::DLM::LifecyclePolicy": "Snapshot policies",
    "AWS::CloudTrail::Trail": "Audit trails",
    "AWS::KMS::Key": "Encryption keys",
    "AWS::KMS::Alias": "Names of keys",
    "AWS::IAM::Role": "Roles",
    "AWS::S3::BatchReplication": "Copies of what is there already",
    "AWS::S3::AccountPublicAccessBlock": "Public access of accounts",
    "AWS::EC2::EbsEncryption": "Encryption of new volumes",
    "AWS::SNS::Topic": "Alert topics",
    "AWS::SNS::Subscription": "Who is told",
    "AWS::Events::Rule": "Event rules",
    "AWS::CloudWatch::Alarm": "Alarms",
}
LATER = "(known once it is created)"
HAZARDS = {
    "data-loss": "Data is deleted",
    "irreversible": "Cannot be undone",
    "foreign": "Somebody else's setting gives way",
    "cost": "Costs money at once",
    "residency": "Data leaves the allowed countries",
}


class PlanPage:
    """One plan.json for its page."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.summary: Mapping[str, int] = document["stowplan"]["summary"]
        self.lost_separation: list[str] = document["stowplan"]["lost_separation"]
        self.notes: list[str] = document["stowplan"]["notes"]
        # Plans of before there was a preflight have none.
        self.preflight: Mapping[str, Any] = document.get("preflight") or {}
        # Neither have those of before it was looked at what the policies would find.
        self._coverage: list[Row] = document.get("coverage") or []
        design = document["design"]
        self._workloads = {workload["key"]: workload["name"] for workload in design["workloads"]}
        self._resources = {resource["key"]: resource for resource in design["resources"]}

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(change) for change in self.document["resource_changes"]]

    @property
    def nothing_to_do(self) -> bool:
        """Whether the account is as the design says, as far as this plan may touch it."""
        return not any(row["action"] in ("create", "update", "adopt") for row in self.rows)

    @cached_property
    def groups(self) -> list[Row]:
        """What is touched, by type: {title, rows}."""
        return grouped(row for row in self.rows if row["action"] in ("create", "update", "adopt"))

    def of_action(self, action: str) -> list[Row]:
        return [row for row in self.rows if row["action"] == action]

    @cached_property
    def blocked(self) -> list[Row]:
        return self.of_action("blocked")

    @cached_property
    def unchanged(self) -> list[Row]:
        return self.of_action("unchanged")

    @cached_property
    def left(self) -> list[Row]:
        return self.of_action("no longer designed")

    @cached_property
    def hazards(self) -> list[Row]:
        """Hazards with the name of what they are about."""
        return [{**hazard, "title": HAZARDS.get(hazard["kind"], hazard["kind"])} for hazard in self.document["hazards"]]

    @cached_property
    def not_undone(self) -> list[str]:
        """What an undo of the run could not take back."""
        return not_undone(self.document["resource_changes"])

    @cached_property
    def coverage(self) -> Row:
        """What the policies and selections would find, by state: what would copy nothing or cannot be told apart from the rest."""
        found: dict[str, list[Row]] = {"alarming": [], "rest": []}
        for entry in self._coverage:
            found["alarming" if entry["state"] in ALARMING else "rest"].append(entry)
        return found

    @cached_property
    def calls(self) -> int:
        return sum(len(row["calls"]) for row in self.rows)

    def _row(self, change: Mapping[str, Any]) -> Row:
        words, inner = change["stowplan"], change["change"]
        resource = self._resources.get(change["name"], {})
        after = filled(inner["after"], inner["after_unknown"])
        return {
            "address": change["address"],
            "key": change["name"],
            "type": change["type"],
            "action": action_of(change),
            "id": words.get("id"),
            "account": words["account"],
            "region": words["region"],
            "workloads": [self._workloads.get(key, key) for key in resource.get("workloads", ())],
            "calls": words.get("calls", []),
            "reason": words.get("blocked") or words.get("no_longer_designed"),
            "differences": differences(inner["before"], after) if words.get("calls") else [],
        }


def action_of(change: Mapping[str, Any]) -> str:
    """create, update, adopt, unchanged, blocked or no longer designed."""
    if "no_longer_designed" in change["stowplan"]:
        return "no longer designed"
    if "blocked" in change["stowplan"]:
        return "blocked"
    if "importing" in change["change"]:
        return "adopt"
    action: str = change["change"]["actions"][0]
    return "unchanged" if action == "no-op" else action


def filled(after: Any, unknown: Any) -> Any:
    """The configuration to come, with words where AWS has yet to assign a value."""
    if unknown is True:
        return LATER
    if isinstance(unknown, Mapping) and unknown and isinstance(after, Mapping):
        return {name: filled(item, unknown.get(name)) for name, item in after.items()}
    if isinstance(unknown, list) and isinstance(after, list):
        return [filled(item, unknown[index] if index < len(unknown) else None) for index, item in enumerate(after)]
    return after


def grouped(rows: Iterable[Row]) -> list[Row]:
    """Rows by type: {title, rows}, known types first in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["type"], []).append(row)
    order = [*KINDS, *sorted(kind for kind in found if kind not in KINDS)]
    return [{"title": KINDS.get(kind, kind), "rows": found[kind]} for kind in order if kind in found]


class RunPage:
    """A run for its page: one step for each call that was begun, from the records of its journal (oldest first)."""

    def __init__(self, records: Iterable[Mapping[str, Any]], outcome: Mapping[str, Any]) -> None:
        self.records = list(records)
        self.outcome = outcome

    @cached_property
    def steps(self) -> list[Row]:
        """Calls in the order in which they were begun: {n, words, address, state, message, at, request_id, latest}; the
        latest attempt last. `latest` is the number of the record that changed the step last."""
        steps: list[Row] = []
        # Several resources are worked on at a time, each by one worker: an end belongs to the last beginning of its resource.
        open_steps: dict[str, Row] = {}
        for record in self.records:
            event = record["event"]
            if event == "intent":
                open_steps[record["address"]] = {**record, "state": "running", "message": "", "latest": record["n"]}
                steps.append(open_steps[record["address"]])
            elif event in ("receipt", "failure") and record["address"] in open_steps:
                step, state = open_steps.pop(record["address"]), "done" if event == "receipt" else "failed"
                more = {"message": record.get("message", ""), "request_id": record.get("request_id", "")}
                step |= {"state": state, "latest": record["n"], **more}
            elif event == "start":
                # A worker that was killed wrote no end; the next one looked at what AWS has and went on.
                for step in open_steps.values():
                    step |= {"state": "interrupted", "latest": record["n"]}
                open_steps.clear()
        return steps

    @property
    def newest(self) -> int:
        """The number of the newest record."""
        return self.records[-1]["n"] if self.records else 0

    @cached_property
    def total(self) -> int:
        """Calls of the whole run: those before the last start and those that it still had to make."""
        starts = [index for index, record in enumerate(self.records) if record["event"] == "start"]
        if not starts:
            return 0
        before = sum(1 for record in self.records[: starts[-1]] if record["event"] == "receipt")
        return before + int(self.records[starts[-1]].get("steps", 0))

    @cached_property
    def done(self) -> int:
        return sum(1 for step in self.steps if step["state"] == "done")

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.total) if self.total else 0

    @cached_property
    def starts(self) -> int:
        """How often a worker took the run up."""
        return sum(1 for record in self.records if record["event"] == "start")

    @cached_property
    def problems(self) -> list[Row]:
        """Resources that did not end as planned."""
        return [one for one in self.outcome.get("resources", ()) if one["state"] in ("failed", "blocked", "skipped", "open")]
