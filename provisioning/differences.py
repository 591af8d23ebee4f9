"""What differs between two configurations, member by member: rules are matched by their id and not by their place in a list."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What names an item of a list in AWS's own shapes, e.g. a lifecycle rule, a policy statement, a tag.
IDENTITIES = ("ID", "Id", "Sid", "Key", "Name")
MISSING = object()


@dataclass(frozen=True)
class Difference:
    """One member. `before` and `after` are text, None where the member is not there; `path` its names from the outside in."""

    path: tuple[str, ...]
    before: str | None
    after: str | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def differences(before: Any, after: Any) -> list[Difference]:
    """All members that differ between two plain values; nothing (`None`) on one side gives every member of the other."""
    return _walk((), before, after)


def _walk(path: tuple[str, ...], before: Any, after: Any) -> list[Difference]:
    # AWS answers null for what is not set.
    before, after = (MISSING if value is None else value for value in (before, after))
    if before == after:
        return []
    old, new = _members(before), _members(after)
    if (old or new) and all(part is not None or whole is MISSING for part, whole in ((old, before), (new, after))):
        old, new = old or {}, new or {}
        names = [*new, *(name for name in old if name not in new)]
        return [found for name in names for found in _walk((*path, name), old.get(name, MISSING), new.get(name, MISSING))]
    texts = (_text(before), _text(after))
    if texts[0] == texts[1]:  # e.g. a list of one empty word against an empty list, or a number against its text
        texts = (_json(before), _json(after))
    return [Difference(path, *texts)]


def _members(value: Any) -> dict[str, Any] | None:
    """The named members of a map or of a list whose items all have different ids; None for anything else and for what is empty."""
    if isinstance(value, Mapping):
        return {str(name): item for name, item in value.items()} or None
    if not isinstance(value, list | tuple):
        return None
    for identity in IDENTITIES:
        names = [item.get(identity) if isinstance(item, Mapping) else None for item in value]
        if names and all(isinstance(name, str) and name for name in names) and len(set(names)) == len(names):
            return {str(name): _without(item, identity) for name, item in zip(names, value, strict=True)}
    return None


def _without(item: Mapping[str, Any], identity: str) -> Any:
    rest = {name: value for name, value in item.items() if name != identity}
    # A tag is its value.
    return rest["Value"] if list(rest) == ["Value"] else rest


def _text(value: Any) -> str | None:
    if value is MISSING:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence) and all(isinstance(item, str | int) and not isinstance(item, bool) for item in value):
        return ", ".join(map(str, value)) or "none"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
