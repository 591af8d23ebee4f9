"""Why the golden designs say what surprises in them. Sections are those of aws-facts, as the rules cite them.

A place is a path through a design: keys of maps, and in lists the entry whose key, name, ID, Sid, rule, item or disruption is that word,
or its number. A list of storage classes is written `STANDARD 0, GLACIER_IR 30`: the class, and the age in days at which it begins.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ABSENT = "(absent)"
NAMES = ("key", "name", "ID", "Sid", "RuleName", "Name", "ControlName", "ConditionKey", "disruption", "item", "check", "workload")


@dataclass(frozen=True)
class Reason:
    """One surprising choice: where it stands, what it is, and why."""

    place: str
    value: Any
    because: str


@cache
def design(name: str) -> Any:
    return json.loads((HERE / f"{name}.design.json").read_text())


def at(name: str, place: str) -> Any:
    """What stands at a place of a golden design; ABSENT where a map or list on the way lacks its last step."""
    found = design(name)
    steps = place.split("/")
    for number, step in enumerate(steps, start=1):
        if isinstance(found, list):
            named = [one for one in found if isinstance(one, dict) and any(one.get(key) == step for key in NAMES)]
            chosen = named[:1] or (found[int(step) : int(step) + 1] if step.isdigit() else [])
            present, found = bool(chosen), chosen[0] if chosen else None
        else:
            present, found = step in found, found.get(step)
        if not present:
            assert number == len(steps), f"{name}: {place} ends at {step}"
            return ABSENT
    return shown(found)


def shown(value: Any) -> Any:
    """Classes with their ages as text, a reference as its text, all else as it is."""
    if isinstance(value, dict) and set(value) == {"$sub"}:
        return value["$sub"]
    if isinstance(value, list) and value and all(isinstance(one, dict) and "storage_class" in one for one in value):
        return ", ".join(f"{one['storage_class']} {one['from_day']}" for one in value)
    return value
