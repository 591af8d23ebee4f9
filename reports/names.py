"""The names that AWS will know a design's resources by, for documents that print commands.

How names are made is known further to the right; that package says it when the application starts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Plain = Mapping[str, Any]
Namer = Callable[[Plain, Plain], str | None]
_namers: list[Namer] = []


def use_namer(namer: Namer) -> None:
    """From now on names come from `namer(document, resource)`, which gives None for what AWS names itself."""
    _namers[:] = [namer]


def name_in_aws(document: Plain, resource: Plain) -> str:
    """The name in AWS, or `<KEY>` where there is none before it is made."""
    name = _namers[0](document, resource) if _namers else None
    return name or f"<{resource['key']}>"
