"""What a document prints that is not in the design: who approved it, what AWS has. Kept by packages further to the right.

Each of them says where its records are when the application starts; a document of a kind that needs one is refused without it.
Records by name: `approval` {by, at, digest, comment, documents}, `built` (`reports.documents.as_built`), and `accepted`
{hazards: [{plan, place, sentence, name, at}]}, the hazards of the design's plans with who accepted each, which a certificate lists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

# A version of a design (a row of recommendations.models.DesignVersion) -> plain data, or None where there is no record.
Source = Callable[[Any], Mapping[str, Any] | None]
_sources: dict[str, Source] = {}
MISSING = {
    "approval": "Only an approved design has an approval certificate. Approve it first, on the page Review.",
    "built": "Nothing of this design has been applied and read back yet. Apply it first, on the page Apply.",
    "older": "A redline compares with an older version. Choose which one.",
}


class NoRecord(ValueError):
    """There is no such record of this design; the message says what to do first."""


def moment_text(at: datetime) -> str:
    """`24 November 2026, 14:31 UTC`: as records tell times, and as `reports.wording.day_text` reads them."""
    return f"{at.astimezone(UTC):%-d %B %Y, %H:%M} UTC"


def add_source(name: str, source: Source) -> None:
    """Records called `name` come from `source` from now on."""
    _sources[name] = source


def record_of(name: str, version: Any) -> dict[str, Any]:
    """The record of a design's version. Raises NoRecord."""
    found = _sources[name](version) if name in _sources else None
    if found is None:
        raise NoRecord(MISSING[name])
    return dict(found)


def accepted_hazards(version: Any) -> list[dict[str, Any]]:
    """The hazards that were accepted in applying a version, in the order of its plans; nothing where none was."""
    found = _sources["accepted"](version) if "accepted" in _sources else None
    return [dict(one) for one in (found or {}).get("hazards", ())]
