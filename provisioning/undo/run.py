"""Carries an undo out: only one that was shown and approved by name, only while the account is as it was shown, call by call in a journal.

A killed undo is taken up by the same call: what has an intent in its journal is looked at anew and brought to its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from provisioning.apply import ApplyRefused
from provisioning.journal import Journal, Record
from provisioning.outcome import Outcome, ResourceOutcome
from provisioning.perform import CallFailed, MayBeThere, NotReached, Pace, perform
from provisioning.resources.base import ClientSource
from provisioning.target import NotObserved
from provisioning.undo.plan import check_undo, look
from provisioning.undo.steps import Step, Undoing


def apply_undo(
    document: Mapping[str, Any],
    plan: Mapping[str, Any],
    records: Sequence[Record],
    *,
    clients: ClientSource,
    approved_digest: str,
    approved_by: str,
    journal: Journal,
    on_event: Callable[[Record], None] = lambda record: None,
    should_stop: Callable[[], bool] = lambda: False,
    pace: Pace | None = None,
) -> Outcome:
    """Undoes a run as `document` says. `records` is the run's own journal, `journal` the undo's.

    Raises ApplyRefused (nothing was touched), UndoProblem, PlanProblem, TargetProblem, ReferenceProblem, NotObserved.
    """
    undone = look(plan, records, clients)
    digest = check_undo(document, undone.plan.plan_id)
    if approved_digest != digest:
        raise ApplyRefused([f"the undo has the digest {digest}; {approved_digest or 'nothing'} is approved"])
    if not approved_by.strip():
        raise ApplyRefused(["an undo is approved by a person: say by whom"])
    begun = {record["key"] for record in journal.of_plan(digest) if record["event"] == "intent"}
    run = _Run(document, Undoing(undone.situation, undone.changes, begun), digest, journal, on_event, should_stop, pace or Pace())
    if not begun:
        run.refuse_changed()
    return run.go(approved_by)


class _Run:
    def __init__(
        self,
        document: Mapping[str, Any],
        undoing: Undoing,
        digest: str,
        journal: Journal,
        on_event: Callable[[Record], None],
        should_stop: Callable[[], bool],
        pace: Pace,
    ) -> None:
        self.document, self.undoing, self.digest, self.journal = document, undoing, digest, journal
        self.on_event, self.should_stop, self.pace = on_event, should_stop, pace
        self.steps = sum(len(step["calls"]) for step in document["steps"])
        self.step = 0
        self.missing: dict[str, None] = {}

    def refuse_changed(self) -> None:
        """Raises ApplyRefused where the account is not as it was when the undo was shown."""
        lines = []
        shown = {step["key"]: step for step in self.document["steps"]}
        for step in self.undoing.steps():
            if step.key not in shown or self.undoing.fingerprint(step.key) != shown[step.key]["fingerprint"]:
                address = self.undoing.situation.places[step.key].address
                lines.append(f"{address} is no longer as it was when the undo was shown: make the undo anew")
        if lines:
            raise ApplyRefused(lines)

    def go(self, approved_by: str) -> Outcome:
        self._note("start", steps=self.steps, approved_by=approved_by, run=self.document["run"])
        outcomes: dict[str, ResourceOutcome] = {}
        state = "done"
        for shown in self.document["steps"]:
            if self.should_stop():
                state = "stopped"
                break
            try:
                outcomes[shown["address"]] = made = self._one(shown)
            except (NotReached, NotObserved) as error:
                outcomes[shown["address"]] = ResourceOutcome(shown["address"], "failed", str(error))
                state = "failed"
                break
            self._note("resource", key=shown["key"], address=made.address, state=made.state, message=made.message)
        if state == "done" and any(one.state == "failed" for one in outcomes.values()):
            state = "failed"
        rest = [ResourceOutcome(one["address"], "open") for one in self.document["steps"] if one["address"] not in outcomes]
        outcome = Outcome(state, (*outcomes.values(), *rest), tuple(self.missing))
        self._note("end", state=state, lines=outcome.lines())
        return outcome

    def _one(self, shown: Mapping[str, Any]) -> ResourceOutcome:
        """One resource, looked at again right before its calls."""
        key, address = shown["key"], shown["address"]
        self.undoing.situation.observe_again(key)
        step = self.undoing.step(key)
        if shown["action"] not in ("delete", "restore") or step.action == "gone":
            return ResourceOutcome(
                address, "unchanged" if shown["action"] == "gone" else "done" if step.action == "gone" else "kept", step.reason
            )
        if step.action != shown["action"] or (key not in self.undoing.begun and self.undoing.fingerprint(key) != shown["fingerprint"]):
            return ResourceOutcome(address, "kept", step.reason or "it was changed by somebody else since the undo was shown")
        failures = self._calls(step, shown)
        if failures:
            # What did not go stays, and so does whatever it needs.
            step.action, step.then = "keep", dict(self.undoing.situation.observe_again(key).properties)
            return ResourceOutcome(address, "failed", "; ".join(failures))
        if step.action == "delete":
            return ResourceOutcome(address, "done", "taken away")
        return ResourceOutcome(address, "done", "; ".join(f"{one['setting']}: {one['reason']}" for one in step.kept))

    def _calls(self, step: Step, shown: Mapping[str, Any]) -> list[str]:
        place, identity = self.undoing.situation.places[step.key], self.undoing.situation.observed[step.key].identity
        failures = []
        for call in step.calls:
            self.step += 1
            about: dict[str, Any] = {
                "key": step.key,
                "address": place.address,
                "service": call.service,
                "operation": call.operation,
                "words": call.words,
            }
            about |= {"account": place.account, "region": place.region, "step": self.step, "steps": max(self.steps, self.step)}
            self._note("intent", creates=call.creates, **about)
            try:
                answer = perform(place, call, identity, fresh=False, pace=self.pace)
            except NotReached as error:
                self._note("failure", message=str(error), **about)
                raise
            except (CallFailed, MayBeThere) as error:
                self._note("failure", message=str(error), **about)
                failures.append(f"{call.operation}: {error}")
                if getattr(error, "missing", None):
                    self.missing[str(error.missing)] = None  # type: ignore[union-attr]
                if step.action == "delete":
                    break
                continue
            self._note("receipt", request_id=answer.get("ResponseMetadata", {}).get("RequestId", ""), **about)
        return failures

    def _note(self, event: str, **more: Any) -> None:
        self.on_event(self.journal.append({"event": event, "plan": self.digest, **more}))
