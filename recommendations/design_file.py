"""Reads a design.json that was named on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from accounts.headless import BadInput, read_bytes
from recommendations.design import Design, DesignError, load_design


def read_design(path: str | Path) -> Design:
    """The design in a file. Raises BadInput for a file that cannot be read, is no design, or was edited after it was made."""
    try:
        return load_design(json.loads(read_bytes(path).decode(), parse_constant=_no_constant, object_pairs_hook=_pairs))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise BadInput(f"{path}:{line}: $: not JSON in UTF-8: {error}") from error
    except DesignError as error:
        raise BadInput(f"{path}:1: $: {error}") from error


def _no_constant(name: str) -> NoReturn:
    raise DesignError(f"{name} is no number of a design")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise DesignError(f"the key {next(n for n in names if names.count(n) > 1)!r} stands twice in one object")
    return found
