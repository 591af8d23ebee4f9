"""One spelling for values that mean the same to AWS: policy documents, sets, numbers and booleans written as text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from provisioning.references import Unknown

# Elements of a policy statement that hold a set of texts: one text and a list of it mean the same, and order does not matter.
SETS = ("Action", "NotAction", "Resource", "NotResource")
PRINCIPALS = ("Principal", "NotPrincipal")


def sort_key(value: Any) -> str:
    """A text to sort plain data by; unknown values sort by what they refer to."""
    return json.dumps(value, sort_keys=True, default=lambda item: item.text if isinstance(item, Unknown) else str(item))


def as_set(value: Any) -> list[Any]:
    """A text or list as a sorted list without repeats."""
    items = list(value) if isinstance(value, list | tuple) else [value]
    unique = {sort_key(item): item for item in items}
    return [unique[name] for name in sorted(unique)]


def policy(document: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A policy document in one spelling: statements sorted, sets as sorted lists, conditions as lists of text."""
    if document is None:
        return None
    statements = document.get("Statement", [])
    if isinstance(statements, Mapping):
        statements = [statements]
    return {
        "Version": document.get("Version", "2008-10-17"),
        "Statement": sorted((statement(item) for item in statements), key=sort_key),
    }


def statement(item: Mapping[str, Any]) -> dict[str, Any]:
    """One statement in one spelling."""
    found: dict[str, Any] = {}
    for name, value in item.items():
        if name in SETS:
            found[name] = as_set(value)
        elif name in PRINCIPALS:
            found[name] = _principal(value)
        elif name == "Condition":
            found[name] = {operator: {key: _texts(values) for key, values in keys.items()} for operator, keys in value.items()}
        else:
            found[name] = value
    return found


def by_id(rules: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Rules sorted, for configurations in which their order means nothing."""
    return sorted(rules, key=sort_key)


def _principal(value: Any) -> Any:
    if value == "*":
        # AWS answers either spelling for "everybody".
        return {"AWS": ["*"]}
    if isinstance(value, Mapping):
        return {kind: as_set(items) for kind, items in value.items()}
    return value


def _texts(values: Any) -> list[Any]:
    items = values if isinstance(values, list | tuple) else [values]
    return as_set([item if isinstance(item, Unknown) else _text(item) for item in items])


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
