"""The `Design` value: plain data with a canonical JSON form and a SHA-256 digest over all of it.

The shape (`stowplan/design/1`) is in docs/architecture.md. A design holds no floats: quantities and money are decimals written as text.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
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


class DesignError(ValueError):
    """A document that is no design, or one that was edited after it was made. The message says which."""


def plain(value: Any, path: str = "$", depth: int = 0) -> Any:
    """Plain JSON data for `value`: decimals as text, tuples as lists, strings NFC. Raises DesignError for a float or an unknown type."""
    if depth > MAX_DEPTH:
        raise DesignError(f"{path}: nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, Mapping):
        return {_key(key, path): plain(item, f"{path}.{key}", depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value)]
    raise DesignError(f"{path}: {type(value).__name__} has no place in a design (decimals are text, never floats)")


def _key(key: Any, path: str) -> str:
    if not isinstance(key, str):
        raise DesignError(f"{path}: the key {key!r} is not text")
    return unicodedata.normalize("NFC", key)


def decimal_text(value: Decimal) -> str:
    """`1024`, `0.023`: no exponent, no trailing zeros, no minus zero."""
    if not value.is_finite():
        raise DesignError(f"{value} is not a finite number")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def canonical_json(obj: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks. The same data gives the same bytes on every machine."""
    return json.dumps(plain(obj), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest_of(document: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of everything but `digest` itself, 64 hex digits."""
    return hashlib.sha256(canonical_json({key: item for key, item in document.items() if key != "digest"})).hexdigest()


@dataclass(frozen=True)
class Design:
    """One outcome of `evaluate`. `document` is design.json with its digest; treat it as immutable."""

    document: dict[str, Any]

    @property
    def digest(self) -> str:
        return str(self.document["digest"])

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Design:
        """A design of a body without digest."""
        document = plain({key: item for key, item in body.items() if key != "digest"})
        return cls({**document, "digest": digest_of(document)})

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
    unknown = [key for key in document if key not in TOP_LEVEL]
    if missing or unknown:
        raise DesignError(f"missing: {', '.join(missing) or 'nothing'}; unknown: {', '.join(map(repr, unknown)) or 'nothing'}")
    if not re.fullmatch(r"[0-9a-f]{64}", str(document["digest"])):
        raise DesignError("digest is not 64 hexadecimal digits")
    actual = digest_of(document)
    if actual != document["digest"]:
        raise DesignError(f"the file was changed after the design was made: its content gives {actual}, it says {document['digest']}")
    wrong = next(shape_problems(document["resources"]), None)
    if wrong:
        raise DesignError(wrong)
    return Design(plain(document))
