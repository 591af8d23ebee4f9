"""The `Design` value: plain data with a canonical JSON form and a SHA-256 digest over all of it.

The shape (`stowplan/design/1`) is in docs/architecture.md. A design holds no floats: quantities and money are decimals written as text.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Container, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from recommendations.resource_shape import shape_problems

SCHEMA = "stowplan/design/1"
MAX_DEPTH = 60
TOP_LEVEL = (
    "schema",
    "digest",
    "questionnaire",
    "rule_pack",
    "price_book",
    "engagement",
    "regions",
    "accounts",
    "answers",
    "summary",
    "settings",
    "workloads",
    "findings",
    "compliance",
    "costs",
    "resources",
    "handover",
    "assumptions",
    "open_points",
)
# Parts that designs of earlier versions do not have; such a design can still be read.
LATER = ("conflicts", "pillars", "overrides", "drills")


class DesignError(ValueError):
    """A document that is no design, or one that was edited after it was made. The message says which."""


class _Misfit(Exception):
    """Something that has no place in a design; `path` grows on the way out, so that nothing is spent on it where all is well."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message, self.path = message, ""


def plain(value: Any) -> Any:
    """Plain JSON data for `value`: decimals as text, tuples as lists, strings NFC. Raises DesignError for a float or an unknown type.

    What is plain already is not copied: the result shares it.
    """
    try:
        return _plain(value, 0)
    except _Misfit as misfit:
        raise DesignError(f"${misfit.path}: {misfit.message}") from None


def _plain(value: Any, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if value is None or kind is int or kind is bool:
        return value
    if depth > MAX_DEPTH:
        raise _Misfit(f"nested deeper than {MAX_DEPTH} levels")
    if kind is Decimal:
        return decimal_text(value)
    if isinstance(value, Mapping):
        return _plain_map(value, depth + 1)
    if isinstance(value, list | tuple):
        return _plain_list(value, depth + 1)
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, int):
        return value
    raise _Misfit(f"{kind.__name__} has no place in a design (decimals are text, never floats)")


def _plain_map(value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    renamed = False
    for key, item in value.items():
        if not isinstance(key, str):
            raise _Misfit(f"the key {key!r} is not text")
        renamed = renamed or not (key.isascii() or unicodedata.is_normalized("NFC", key))
        try:
            new = _plain(item, depth)
        except _Misfit as misfit:
            misfit.path = f".{key}{misfit.path}"
            raise
        if new is not item:
            changed[key] = new
    if renamed:
        return {unicodedata.normalize("NFC", key): changed.get(key, item) for key, item in value.items()}
    if type(value) is dict and not changed:
        return value
    return {**value, **changed}


def _plain_list(value: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
    found = []
    same = type(value) is list
    for index, item in enumerate(value):
        try:
            new = _plain(item, depth)
        except _Misfit as misfit:
            misfit.path = f"[{index}]{misfit.path}"
            raise
        same = same and new is item
        found.append(new)
    return value if same and isinstance(value, list) else found


def decimal_text(value: Decimal) -> str:
    """`1024`, `0.023`: no exponent, no trailing zeros, no minus zero."""
    if not value.is_finite():
        raise DesignError(f"{value} is not a finite number")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False)


def canonical_json(obj: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks. The same data gives the same bytes on every machine."""
    return _CANONICAL.encode(plain(obj)).encode()


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of everything but `digest` itself, 64 hex digits."""
    return _digest(plain({key: item for key, item in document.items() if key != "digest"}))


def _digest(document: Mapping[str, Any]) -> str:
    """The digest of plain data without a digest. The text is hashed entry by entry and never held as a whole."""
    total = hashlib.sha256()
    for number, key in enumerate(sorted(document)):
        item = document[key]
        total.update(f"{',' if number else '{'}{_CANONICAL.encode(key)}:".encode())
        if not isinstance(item, list):
            total.update(_CANONICAL.encode(item).encode())
            continue
        total.update(b"[")
        for place, entry in enumerate(item):
            total.update(b"," if place else b"")
            total.update(_CANONICAL.encode(entry).encode())
        total.update(b"]")
    total.update(b"}" if document else b"{}")
    return total.hexdigest()


@dataclass(frozen=True)
class Design:
    """One outcome of `evaluate`. `document` is design.json with its digest; treat it as immutable."""

    document: dict[str, Any]

    @property
    def digest(self) -> str:
        return str(self.document["digest"])

    @classmethod
    def of(cls, body: Mapping[str, Any], plain_already: Container[str] = ()) -> Design:
        """A design of a body without digest. The parts named in `plain_already` are plain data and not looked at again."""
        document = {key: item if key in plain_already else plain(item) for key, item in body.items() if key != "digest"}
        return cls({**document, "digest": _digest(document)})

    def text(self) -> str:
        """design.json as it is written to a file: indented, keys in canonical order, one line feed at the end."""
        return json.dumps(self.document, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def load_design(document: Any) -> Design:
    """The design in plain data, e.g. a parsed design.json.

    Raises DesignError when it is not a design of this schema, when a top-level part is missing or unknown, when its digest does not
    match its content, or when a resource has another structure than `resource_shape` says.
    """
    if not isinstance(document, dict):
        raise DesignError("a design is a JSON object")
    if document.get("schema") != SCHEMA:
        raise DesignError(f"schema is {document.get('schema')!r}, expected {SCHEMA!r}")
    missing = [key for key in TOP_LEVEL if key not in document]
    unknown = [key for key in document if key not in (*TOP_LEVEL, *LATER)]
    if missing or unknown:
        raise DesignError(f"missing: {', '.join(missing) or 'nothing'}; unknown: {', '.join(map(repr, unknown)) or 'nothing'}")
    if not re.fullmatch(r"[0-9a-f]{64}", str(document["digest"])):
        raise DesignError("digest is not 64 hexadecimal digits")
    document = plain(document)
    actual = _digest({key: item for key, item in document.items() if key != "digest"})
    if actual != document["digest"]:
        raise DesignError(f"the file was changed after the design was made: its content gives {actual}, it says {document['digest']}")
    wrong = next(shape_problems(document["resources"]), None)
    if wrong:
        raise DesignError(wrong)
    return Design(document)
