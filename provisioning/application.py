"""One application of one plan: resources side by side, each after what it needs, every call between its intent and its receipt."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from provisioning.crew import Crew
from provisioning.journal import Journal, Record
from provisioning.outcome import Outcome, ResourceOutcome
from provisioning.perform import CallFailed, MayBeThere, NotReached, Pace, perform
from provisioning.plan_file import PlanFile
from provisioning.resources.base import Call
from provisioning.situation import Item, Situation
from provisioning.target import NotObserved

WORKERS = 8
MOST_WORKERS = 32
# A resource is looked at again after a creating call without an answer; more rounds than this would mean that AWS contradicts itself.
ROUNDS = 5
SETTLE_STEP = 1.0
# How many resources of a service are changed at a time in one account and Region. S3 takes as many as there are workers. The others stay
# below the request rates of their control planes, which are a handful a second, so that throttling is the exception; where it comes all
# the same, `perform` and botocore's adaptive mode wait (aws-facts section n). CloudTrail changes one trail at a time; IAM and AWS Backup
# answer changes that overlap with ConcurrentModification and ConflictException.
ROOM = {"KMS": 4, "IAM": 2, "Backup": 2, "DLM": 2, "CloudTrail": 1, "CloudWatch": 3, "SNS": 3, "Events": 2, "EC2": 1}
EVERYWHERE = frozenset({"IAM"})


class Stopped(Exception):
    """Asked to stop between two steps."""


@dataclass
class Application:
    """One application of one plan. Workers change only what is their resource's own; everything in common is `_hear`'s."""

    plan: PlanFile
    situation: Situation
    journal: Journal
    on_event: Callable[[Record], None]
    should_stop: Callable[[], bool]
    pace: Pace
    workers: int = WORKERS
    made: set[str] = field(default_factory=set)
    missing: dict[str, None] = field(default_factory=dict)
    step: int = 0
    steps: int = 0
    stopping: bool = False
    # The last intent, receipt or failure of each resource, by address, from this and earlier runs of the plan.
    last: dict[str, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for record in self.journal.of_plan(self.plan.plan_id):
            self._remember(record)
        self.crew: Crew[ResourceOutcome] = Crew(
            self.workers, work=self._resource, hear=self._hear, group=self._group, room=lambda group: ROOM.get(group[0], self.workers)
        )

    def go(self, start: Mapping[str, Any]) -> Outcome:
        """Everything that can be done."""
        self.steps = sum(len(item.calls) for item in self.situation.items())
        self._note([{"event": "start", "steps": self.steps, **start}])
        ended = self.crew.go(self.situation.order, self.situation.needs)
        outcomes = {key: self._outcome(key, future) for key, future in ended.items()}
        unreachable = any(isinstance(future.exception(), NotReached | NotObserved) for future in ended.values())
        left = any(outcome.state in ("failed", "blocked", "skipped") for outcome in outcomes.values())
        state = "failed" if unreachable else "stopped" if self.stopping else "failed" if left else "done"
        everything = [outcomes.get(key) or ResourceOutcome(self.situation.places[key].address, "open") for key in self.situation.order]
        outcome = Outcome(state, tuple(everything), tuple(sorted(self.missing)))
        self._note([{"event": "end", "state": state, "lines": outcome.lines()}])
        return outcome

    def _outcome(self, key: str, future: Future[ResourceOutcome]) -> ResourceOutcome:
        error = future.exception()
        address = self.situation.places[key].address
        if isinstance(error, Stopped):
            return ResourceOutcome(address, "open")
        if isinstance(error, NotReached | NotObserved):
            return ResourceOutcome(address, "failed", str(error))
        return future.result()

    # ------------------------------------------------------------------------------------------------ in the caller's thread
    def _group(self, key: str) -> tuple[str, str, str]:
        place = self.situation.places[key]
        service = place.kind.split("::")[1]
        return service, place.account, "" if service in EVERYWHERE else place.region

    def _hear(self, questions: list[dict[str, Any]]) -> list[Any]:
        """Stores what workers are about to do and have done; none begins a step once somebody asked to stop."""
        if not self.stopping and any(question["event"] == "intent" for question in questions) and self.should_stop():
            self._stop()
        answers: list[Any] = []
        records: list[dict[str, Any]] = []
        for question in questions:
            if question["event"] == "unreachable":
                self._stop()
            elif question["event"] == "intent" and self.stopping:
                answers.append(Stopped())
                continue
            elif question["event"] == "intent":
                self.step += 1
                question |= {"step": self.step, "steps": max(self.steps, self.step)}
                records.append(question)
            else:
                records.append(question)
            answers.append({name: question[name] for name in ("step", "steps") if name in question})
        self._note(records)
        return answers

    def _stop(self) -> None:
        self.stopping = True
        self.crew.close()

    def _note(self, records: list[dict[str, Any]]) -> None:
        stored = self.journal.append_all([{"plan": self.plan.plan_id, **record} for record in records])
        for record in stored:
            self._remember(record)
        for record in stored:
            self.on_event(record)

    def _remember(self, record: Record) -> None:
        if record["event"] in ("intent", "receipt", "failure"):
            self.last[record["address"]] = record

    # ------------------------------------------------------------------------------------------------------- in the workers
    def _resource(self, key: str) -> ResourceOutcome:
        address = self.situation.places[key].address
        absent = [need for need in sorted(self.situation.needs[key]) if not self.situation.observed[need].exists]
        if absent:
            outcome = ResourceOutcome(address, "skipped", f"it needs {self.situation.places[absent[0]].address}, which is not there")
        else:
            try:
                outcome = self._converge(key)
            except (NotReached, NotObserved):
                self.crew.ask({"event": "unreachable"})
                raise
        if outcome.state != "unchanged":
            self.crew.ask({"event": "resource", "address": address, "state": outcome.state, "message": outcome.message})
        return outcome

    def _converge(self, key: str) -> ResourceOutcome:
        """Rounds of looking and calling until nothing is left; a second round follows a creating call without an answer."""
        self._settle(key)
        failures: list[str] = []
        changed = False
        for _ in range(ROUNDS):
            item = self._current(key)
            address = item.place.address
            if item.blocked:
                return ResourceOutcome(address, "blocked", item.blocked)
            if not item.calls:
                return ResourceOutcome(address, "done" if changed else "unchanged")
            changed = True
            try:
                failures = self._calls(item)
                return ResourceOutcome(address, "failed" if failures else "done", "; ".join(failures))
            except MayBeThere:
                self._await(key)
        return ResourceOutcome(address, "failed", "AWS neither made it nor said why")

    def _current(self, key: str) -> Item:
        """The item by what is known now; one that exists is read again right before it is changed, so that nothing of others is lost."""
        item = self.situation.item(key)
        if not item.calls or not item.observed.exists:
            return item
        before = self.situation.fingerprint(key)
        self.situation.observe_again(key)
        if self.situation.fingerprint(key) != before and item.place.address not in self.last:
            return Item(item.place, item.observed, item.want, {}, (), "it was changed by somebody else during this run: make a new plan")
        return self.situation.item(key)

    def _calls(self, item: Item) -> list[str]:
        """Makes the calls of one resource; what went wrong, one sentence each. Without its creation the rest is left."""
        failures: list[str] = []
        identity = item.observed.identity
        for call in item.calls:
            try:
                answer = self._call(item, call, identity)
            except CallFailed as error:
                failures.append(f"{call.operation}: {error}")
                if error.missing:
                    self.missing[error.missing] = None
                if call.creates or call.clears_way:
                    break
                continue
            if call.creates:
                identity = item.type.created_id(answer) or item.place.own_name
                self.situation.created(item.place.key, identity)
                self.made.add(item.place.key)
        return failures

    def _call(self, item: Item, call: Call, identity: str | None) -> dict[str, Any]:
        about: dict[str, Any] = {"address": item.place.address, "service": call.service, "operation": call.operation, "words": call.words}
        about |= {"account": item.place.account, "region": item.place.region}
        about |= self.crew.ask({"event": "intent", "creates": call.creates, **about})
        fresh = bool(self.made & ({item.place.key} | self.situation.needs[item.place.key]))
        try:
            answer = perform(item.place, call, identity, fresh=fresh, pace=self.pace)
        except (CallFailed, MayBeThere, NotReached) as error:
            self.crew.ask({"event": "failure", "message": str(error), **about})
            raise
        request_id = answer.get("ResponseMetadata", {}).get("RequestId", "")
        self.crew.ask({"event": "receipt", "request_id": request_id, **about})
        return answer

    def _settle(self, key: str) -> None:
        """After a kill between a creating call and its receipt: gives AWS the time to show what it made."""
        last = self.last.get(self.situation.places[key].address)
        if last and last["event"] == "intent" and last["creates"] and not self.situation.observed[key].exists:
            self._await(key)

    def _await(self, key: str) -> None:
        """Looks until the resource is there, or the time for that is over."""
        end = time.monotonic() + self.pace.settle
        while not self.situation.observe_again(key).exists and time.monotonic() < end:
            self.pace.sleep(SETTLE_STEP)
