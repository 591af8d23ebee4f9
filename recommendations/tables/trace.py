"""Which row fired, and for every other row the first cell that kept it from firing, in words of the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recommendations.tables.model import Rejected, Table, Trace


def trace(table: Table, values: Mapping[str, Any]) -> Trace:
    """Every row with what refused it. In a `first` table a row after the one that fired is rejected by it."""
    fired: list[str] = []
    rejected: list[Rejected] = []
    for row, failing in zip(table.rows, table.refusals(values), strict=True):
        if failing is not None:
            rejected.append(Rejected(row.id, failing, values[failing]))
        elif fired and table.hit_policy == "first":
            rejected.append(Rejected(row.id, "", fired[0]))
        else:
            fired.append(row.id)
    return Trace(tuple(fired), tuple(rejected))
