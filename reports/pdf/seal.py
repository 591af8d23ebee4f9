"""One changed byte is noticed: the file's identifier is a hash of all its other bytes.

A PDF has two identifiers in its trailer (ISO 32000-1, 14.4); the second one is for this very state of the file. Here it is the first
half of the SHA-256 over the file with that field filled with zeros. It tells an accident or an edit, not a forger who knows how it is made:
against those stands a signature.
"""

from __future__ import annotations

import hashlib
import re

FIELD = re.compile(rb"/ID\s*\[\s*<[0-9a-f]+>\s*<([0-9a-f]{32})>\s*\]")


def sealed(data: bytes) -> bytes:
    """The file with its identifier. Raises ValueError where there is no place for it."""
    start, end = place(data)
    return data[:start] + hash_of(data, start, end) + data[end:]


def is_whole(data: bytes) -> bool:
    """Whether every byte is as it was when the file was sealed."""
    try:
        start, end = place(data)
    except ValueError:
        return False
    return data[start:end] == hash_of(data, start, end)


def place(data: bytes) -> tuple[int, int]:
    """Where the second identifier of the last trailer stands."""
    found = list(FIELD.finditer(data))
    if not found:
        raise ValueError("the file has no identifier of 16 bytes in its trailer")
    return found[-1].span(1)


def hash_of(data: bytes, start: int, end: int) -> bytes:
    found = hashlib.sha256(data[:start])
    found.update(b"0" * (end - start))
    found.update(data[end:])
    return found.hexdigest()[: end - start].encode()
