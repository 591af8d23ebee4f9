"""The approval in force as documents print it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.records import moment_text


def approval_record(version: Any) -> Mapping[str, Any] | None:
    """{by, at, digest, comment, documents (with their titles)} of the decision in force on a version, if it is a yes."""
    # Models are loaded once the application has started.
    from reports.made import FILE_TITLES
    from reviews.services import approved

    found = approved(version)
    if found is None:
        return None
    return {
        "by": found.name,
        "at": moment_text(found.at),
        "digest": found.digest,
        "comment": found.reason,
        "documents": [{**one, "title": FILE_TITLES.get(one["kind"], one["kind"])} for one in found.documents],
    }
