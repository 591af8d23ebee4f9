"""The slow path: which row fired, and for every other row the first cell that kept it from firing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessment.unary import holds
from recommendations.tables.model import Rejected, Table, Trace


def trace(table: Table, values: Mapping[str, Any]) -> Trace:
    """Evaluates every row cell by cell. In a `first` table a row after the one that fired is rejected by it."""
    fired: list[str] = []
    rejected: list[Rejected] = []
    for row in table.rows:
        failing = next((name for name, test in row.tests.items() if not holds(test, values[name])), None)
        if failing is not None:
            rejected.append(Rejected(row.id, failing, values[failing]))
        elif fired and table.hit_policy == "first":
            rejected.append(Rejected(row.id, "", fired[0]))
        else:
            fired.append(row.id)
    return Trace(tuple(fired), tuple(rejected))
