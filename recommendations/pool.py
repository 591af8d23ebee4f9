"""Equal parts of a design kept once: thousands of workloads say the same things, and a design is never changed after it was made."""

from __future__ import annotations

import marshal
from hashlib import blake2b
from typing import Any

# Bytes of the largest part that is looked up, and how many parts (and as many texts) are remembered at least: more would cost more than
# they save. Names of one workload are never met again, so of what is remembered the half that was not met for longest goes first; else
# they would keep out what all later workloads share.
LARGEST = 1500
MOST = 15_000


class Pool:
    """Gives for plain JSON data an equal value, with every small part shared with those that it gave before."""

    def __init__(self) -> None:
        self._parts: dict[bytes, Any] = {}
        self._older_parts: dict[bytes, Any] = {}
        self._texts: dict[str, str] = {}
        self._older_texts: dict[str, str] = {}

    def share(self, value: Any) -> Any:
        """`value` with its parts shared. Parts are put in place of equal ones, so whoever holds `value` sees no difference."""
        return self._shared(value)[0]

    def _shared(self, value: Any) -> tuple[Any, bool]:
        """The shared value, and whether it is small enough to be a part of a shared one."""
        kind = type(value)
        if kind is str:
            return self._text(value), True
        if kind is not dict and kind is not list:
            return value, True
        small = True
        for key, item in value.items() if kind is dict else enumerate(value):
            shared, fits = self._shared(item)
            small = small and fits
            if shared is not item:
                value[key] = shared
        if not small:
            return value, False
        # Version 2 has no references, so equal values give equal bytes; unlike comparing, it tells True from 1.
        written = marshal.dumps(value, 2)
        if len(written) > LARGEST:
            return value, False
        name = blake2b(written, digest_size=16).digest()
        known = self._parts.get(name)
        if known is None:
            known = self._older_parts.get(name, value)
            if len(self._parts) >= MOST:
                self._older_parts, self._parts = self._parts, {}
            self._parts[name] = known
        return known, True

    def _text(self, value: str) -> str:
        known = self._texts.get(value)
        if known is None:
            known = self._older_texts.get(value, value)
            if len(self._texts) >= MOST:
                self._older_texts, self._texts = self._texts, {}
            self._texts[known] = known
        return known
