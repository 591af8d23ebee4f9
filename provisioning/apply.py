"""Applies a plan: only the approved design, only while what was observed still holds, only with every hazard accepted by name.

Nothing is deleted. Several workers make the calls (`provisioning.application`). A killed run is resumed by the same call: what has an
intent in the journal is observed anew, what AWS made in the meantime is found by name or tag, and nothing is made twice. What is denied
is reported, and everything else is done.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from provisioning.application import WORKERS, Application
from provisioning.journal import Journal, Record
from provisioning.outcome import Outcome
from provisioning.perform import Pace
from provisioning.plan import hazards_of
from provisioning.plan_file import PlanFile, read_plan
from provisioning.resources.base import ClientSource
from provisioning.situation import Item, Situation, side_by_side


class ApplyRefused(Exception):
    """The plan is not applied, and nothing was written: not approved, drifted, or a hazard that nobody accepted. `lines` say what."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


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
    workers: int = WORKERS,
) -> Outcome:
    """Applies plan.json by `workers` threads. Journal, `on_event` and `should_stop` are used in the caller's thread only, one at a time;
    `on_event` gets each journal record once it is stored, and before what it announces is done.

    Raises ApplyRefused, PlanProblem, TargetProblem, NotObserved: in all of these nothing was written to AWS.
    """
    checked = read_plan(plan)
    refuse(checked, approved_digest, accepted, accepted_by)
    situation = Situation(checked.design.document, checked.target, clients)
    situation.readers = workers
    clients.check(checked.target.region)
    situation.observe_all()
    begun = {record["address"] for record in journal.of_plan(checked.plan_id) if record["event"] == "intent"}
    refuse_drifted(checked, situation, begun, accepted)
    if pace is None:
        pace = Pace(settle=0.0) if clients.endpoint_url else Pace()
    run = Application(checked, situation, journal, on_event, should_stop, pace, workers)
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

    def against(item: Item) -> list[str]:
        address = item.place.address
        if situation.fingerprint(item.place.key) != plan.fingerprints[address]:
            return [f"{address} is no longer as the plan saw it: make a new plan"]
        found = [hazard for hazard in hazards_of(item, plan.design.document) if hazard["id"] not in accepted]
        return [f"hazard {hazard['id']} is not accepted: {hazard['sentence']}" for hazard in found]

    untouched = [item for item in situation.items() if item.place.address not in begun]
    lines = [line for found in side_by_side(against, untouched, situation.readers) for line in found]
    if lines:
        raise ApplyRefused(lines)
