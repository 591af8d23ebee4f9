"""Applies a plan: only the approved design, only while what was observed still holds, only with every hazard accepted by name.

Nothing is deleted. A killed run is resumed by the same call: what has an intent in the journal is observed anew, what AWS made in the
meantime is found by name or tag, and nothing is made twice. What is denied is reported, and everything else is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from provisioning.journal import Journal, Record
from provisioning.perform import CallFailed, MayBeThere, NotReached, Pace, perform
from provisioning.plan import hazards_of
from provisioning.plan_file import PlanFile, read_plan
from provisioning.resources.base import Call, ClientSource
from provisioning.situation import Item, Situation
from provisioning.target import NotObserved

# A resource is looked at again after a creating call without an answer; more rounds than this would mean that AWS contradicts itself.
ROUNDS = 5
SETTLE_STEP = 1.0


class ApplyRefused(Exception):
    """The plan is not applied, and nothing was written: not approved, drifted, or a hazard that nobody accepted. `lines` say what."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class ResourceOutcome:
    """How one resource ended. `state`: done, unchanged, failed, blocked, skipped or open (not reached)."""

    address: str
    state: str
    message: str = ""


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `state`: done, failed or stopped."""

    state: str
    resources: tuple[ResourceOutcome, ...]
    missing_permissions: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        return 0 if self.state == "done" else 1

    def lines(self) -> list[str]:
        """What was done and what was not, one line each."""
        counts: dict[str, int] = {}
        for resource in self.resources:
            counts[resource.state] = counts.get(resource.state, 0) + 1
        said = ", ".join(f"{number} {state}" for state, number in counts.items()) or "nothing to do"
        lines = [f"{resource.address}: {resource.state}: {resource.message}" for resource in self.resources if resource.message]
        if self.missing_permissions:
            lines.append(f"missing permissions: {', '.join(self.missing_permissions)}")
        return [*lines, f"{self.state}: {said}"]


def apply_plan(
    plan: Mapping[str, Any],
    *,
    clients: ClientSource,
    approved_digest: str,
    accepted: Collection[str] = (),
    accepted_by: str = "",
    journal: Journal,
    on_event: Callable[[Record], None] = lambda record: None,
    should_stop: Callable[[], bool] = lambda: False,
    pace: Pace | None = None,
) -> Outcome:
    """Applies plan.json in the caller's thread. `on_event` gets each journal record once it is stored.

    Raises ApplyRefused, PlanProblem, TargetProblem, NotObserved: in all of these nothing was written to AWS.
    """
    checked = read_plan(plan)
    refuse(checked, approved_digest, accepted, accepted_by)
    situation = Situation(checked.design.document, checked.target, clients)
    clients.check(checked.target.region)
    situation.observe_all()
    begun = {record["address"] for record in journal.of_plan(checked.plan_id) if record["event"] == "intent"}
    refuse_drifted(checked, situation, begun, accepted)
    if pace is None:
        pace = Pace(settle=0.0) if clients.endpoint_url else Pace()
    run = Run(checked, situation, journal, on_event, should_stop, pace)
    return run.go({"accepted": sorted(accepted), "accepted_by": accepted_by, "design_digest": checked.digest})


def refuse(plan: PlanFile, approved_digest: str, accepted: Collection[str], accepted_by: str) -> None:
    """Raises ApplyRefused for a plan of another design than the approved one, or with a hazard that nobody accepts. Calls nothing."""
    if approved_digest != plan.digest:
        said = f"{approved_digest} is approved" if approved_digest else "nothing is approved"
        raise ApplyRefused([f"the plan is of design {plan.digest}; {said}"])
    lines = [f"hazard {hazard.id} is not accepted: {hazard.sentence}" for hazard in plan.hazards if hazard.id not in accepted]
    if plan.hazards and not lines and not accepted_by.strip():
        lines = ["hazards are accepted by a person: say by whom"]
    if lines:
        raise ApplyRefused(lines)


def refuse_drifted(plan: PlanFile, situation: Situation, begun: Collection[str], accepted: Collection[str]) -> None:
    """Raises ApplyRefused where something is no longer as the plan saw it. What this plan itself has begun to change is exempt.

    Hazards are found anew, so that a plan file from which one was removed does not get past it.
    """
    lines: list[str] = []
    for item in situation.items():
        address = item.place.address
        if address in begun:
            continue
        if situation.fingerprint(item.place.key) != plan.fingerprints[address]:
            lines.append(f"{address} is no longer as the plan saw it: make a new plan")
            continue
        found = [hazard for hazard in hazards_of(item, plan.design.document) if hazard["id"] not in accepted]
        lines += [f"hazard {hazard['id']} is not accepted: {hazard['sentence']}" for hazard in found]
    if lines:
        raise ApplyRefused(lines)


class _Stopped(Exception):
    """Asked to stop between two steps."""


@dataclass
class Run:
    """One application of one plan."""

    plan: PlanFile
    situation: Situation
    journal: Journal
    on_event: Callable[[Record], None]
    should_stop: Callable[[], bool]
    pace: Pace
    made: set[str] = field(default_factory=set)
    missing: dict[str, None] = field(default_factory=dict)
    step: int = 0
    steps: int = 0
    # The last intent, receipt or failure of each resource, by address, from this and earlier runs of the plan.
    last: dict[str, Record] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for record in self.journal.of_plan(self.plan.plan_id):
            self._remember(record)

    def go(self, start: Mapping[str, Any]) -> Outcome:
        """Everything that can be done, in order of dependencies."""
        self.steps = sum(len(item.calls) for item in self.situation.items())
        self._note("start", steps=self.steps, **start)
        outcomes: dict[str, ResourceOutcome] = {}
        state = "done"
        try:
            for key in self.situation.order:
                outcomes[key] = self._resource(key, outcomes)
        except _Stopped:
            state = "stopped"
        except (NotReached, NotObserved) as error:
            state = "failed"
            outcomes[key] = ResourceOutcome(self.situation.places[key].address, "failed", str(error))
        if state == "done" and any(outcome.state in ("failed", "blocked", "skipped") for outcome in outcomes.values()):
            state = "failed"
        rest = [ResourceOutcome(self.situation.places[key].address, "open") for key in self.situation.order if key not in outcomes]
        outcome = Outcome(state, (*outcomes.values(), *rest), tuple(self.missing))
        self._note("end", state=state, lines=outcome.lines())
        return outcome

    def _resource(self, key: str, outcomes: Mapping[str, ResourceOutcome]) -> ResourceOutcome:
        address = self.situation.places[key].address
        absent = [need for need in sorted(self.situation.needs[key]) if not self.situation.observed[need].exists]
        if absent:
            outcome = ResourceOutcome(address, "skipped", f"it needs {outcomes[absent[0]].address}, which is not there")
        else:
            outcome = self._converge(key)
        if outcome.state != "unchanged":
            self._note("resource", address=address, state=outcome.state, message=outcome.message)
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
            if self.should_stop():
                raise _Stopped
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
        self.step += 1
        about: dict[str, Any] = {"address": item.place.address, "service": call.service, "operation": call.operation, "words": call.words}
        about |= {"account": item.place.account, "region": item.place.region, "step": self.step, "steps": max(self.steps, self.step)}
        self._note("intent", creates=call.creates, **about)
        fresh = bool(self.made & ({item.place.key} | self.situation.needs[item.place.key]))
        try:
            answer = perform(item.place, call, identity, fresh=fresh, pace=self.pace)
        except (CallFailed, MayBeThere, NotReached) as error:
            self._note("failure", message=str(error), **about)
            raise
        request_id = answer.get("ResponseMetadata", {}).get("RequestId", "")
        self._note("receipt", request_id=request_id, **about)
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

    def _remember(self, record: Record) -> None:
        if record["event"] in ("intent", "receipt", "failure"):
            self.last[record["address"]] = record

    def _note(self, event: str, **more: Any) -> None:
        record = self.journal.append({"event": event, "plan": self.plan.plan_id, **more})
        self._remember(record)
        self.on_event(record)
