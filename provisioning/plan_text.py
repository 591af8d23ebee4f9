"""A plan in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from provisioning.coverage import ALARMING
from provisioning.undo.limits import not_undone

SIGNS = {"create": "+", "update": "~", "no-op": " "}


def plan_lines(plan: Mapping[str, Any]) -> list[str]:
    """The whole plan, a line each: what changes by which calls, what is blocked or left, hazards, and the sum."""
    changes = plan["resource_changes"]
    lines = [line for change in changes for line in _change(change)]
    words = plan["stowplan"]
    lines += [f"Note: {sentence}" for sentence in [*words["lost_separation"], *words["notes"]]]
    lines += list(_coverage(plan))
    lines += [f"Cannot be undone: {sentence}" for sentence in not_undone(changes)]
    for hazard in plan["hazards"]:
        lines += [f"Hazard {hazard['id']}", f"    {hazard['sentence']}"]
    return [*lines, headline(plan), f"Design {plan['design_digest']}"]


def headline(plan: Mapping[str, Any]) -> str:
    """How much changes, in one sentence."""
    summary = plan["stowplan"]["summary"]
    if not (summary["create"] or summary["update"] or summary["blocked"]):
        return f"No changes: {summary['unchanged']} resources are as designed."
    parts = [f"{summary['create']} to create", f"{summary['update']} to change"]
    if summary["adopt"]:
        parts.append(f"{summary['adopt']} of them adopted")
    parts += [f"{summary['unchanged']} unchanged", f"{summary['blocked']} blocked"]
    return f"Plan: {', '.join(parts)}."


def _coverage(plan: Mapping[str, Any]) -> Iterator[str]:
    """What policies and selections would find today; plans of before it was looked at have none."""
    for entry in plan.get("coverage", ()):
        yield f"{'Warning' if entry['state'] in ALARMING else 'Coverage'}: {entry['sentence']}"


def _change(change: Mapping[str, Any]) -> Iterator[str]:
    words, action = change["stowplan"], change["change"]["actions"][0]
    if "blocked" in words:
        yield f"! {change['address']} is blocked: {words['blocked']}"
    elif "no_longer_designed" in words:
        yield f"- {words['no_longer_designed']}"
    elif action != "no-op":
        adopted = " (adopted)" if "importing" in change["change"] else ""
        yield f"{SIGNS[action]} {change['address']}{adopted} in {words['account']}, {words['region']}"
        for call in words["calls"]:
            yield f"    {call['words']}  [{call['service']}.{call['operation']}]"
