"""Runs that are made and undone, for the tests of undo."""

from typing import Any

from provisioning.clients import Clients
from provisioning.journal import MemoryJournal
from provisioning.undo.plan import make_undo
from provisioning.undo.run import apply_undo
from tests.provisioning.cases import NO_WAIT, plan_of, run, spec_of


def applied(design: Any, url: str) -> tuple[dict[str, Any], MemoryJournal]:
    """A plan that was applied, and the journal of it."""
    plan, journal = plan_of(design, url), MemoryJournal()
    outcome = run(plan, journal=journal)
    assert outcome.state == "done", outcome.lines()
    return plan, journal


def undo_of(plan: dict[str, Any], journal: MemoryJournal, url: str) -> dict[str, Any]:
    return make_undo(plan, journal.records(), Clients(spec_of(url)))


def carry(undo: dict[str, Any], plan: dict[str, Any], journal: MemoryJournal, url: str, own: Any = None, **more: Any) -> Any:
    """The undo, approved and carried out."""
    given = {"approved_digest": undo["undo_digest"], "approved_by": "Kim Berg", "pace": NO_WAIT, **more}
    clients = given.pop("clients", None) or Clients(spec_of(url))
    return apply_undo(undo, plan, journal.records(), clients=clients, journal=own or MemoryJournal(), **given)


def step_of(undo: dict[str, Any], key: str) -> dict[str, Any]:
    return next(step for step in undo["steps"] if step["key"] == key)


def actions(undo: dict[str, Any]) -> dict[str, str]:
    """Key -> what is done."""
    return {step["key"]: step["action"] for step in undo["steps"]}
