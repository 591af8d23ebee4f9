"""What restore drills measured, put beside the estimates of a design. Pure: the same measurements give the same digest.

An engagement carries answers only, so measurements are kept beside the assessment and join the design after it was worked out: each
stands in the `recovery` entry of its disruption as `measured`. It proves the estimate or belies it, and changes no setting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recommendations.design import Design

RECORD = "stowplan/rehearsal/1"
MEMBERS: Mapping[str, type] = {
    **dict.fromkeys(("workload", "disruption", "at", "measured_seconds", "way"), str),
    **{"bytes": int, "restored": int, "passed": bool},
}


@dataclass(frozen=True)
class Measured:
    """One drill: `on` a date as YYYY-MM-DD, `seconds` as a decimal text, `way` "versions" or "snapshot", `count` how many were restored."""

    workload: str
    disruption: str
    on: str
    seconds: str
    bytes: int
    count: int
    way: str
    passed: bool


def measured_from(record: Any) -> Measured:
    """What of a drill's record, `stowplan/rehearsal/1`, stands beside the estimate. Raises ValueError naming the member that is wrong."""
    if not isinstance(record, Mapping) or record.get("schema") != RECORD:
        raise ValueError(f"schema: expected {RECORD}, the record of `manage.py rehearse`")
    for name, kind in MEMBERS.items():
        if not isinstance(record.get(name), kind):
            raise ValueError(f"{name}: expected {kind.__name__}, not {record.get(name)!r}")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT.+", record["at"]):
        raise ValueError(f"at: expected a time as 2026-11-24T10:00:00+00:00, not {record['at']!r}")
    if not re.fullmatch(r"\d+(\.\d+)?", record["measured_seconds"]):
        raise ValueError(f"measured_seconds: expected a number as text, not {record['measured_seconds']!r}")
    return Measured(
        workload=record["workload"],
        disruption=record["disruption"],
        on=record["at"][:10],
        seconds=record["measured_seconds"],
        bytes=record["bytes"],
        count=record["restored"],
        way=record["way"],
        passed=record["passed"],
    )


def with_measured(design: Design, measured: Iterable[Measured]) -> Design:
    """The design with each measurement beside its estimate; the same design where there is none. The last of two of one kind holds."""
    found = {(one.workload, one.disruption): one for one in measured}
    if not found:
        return design
    document = {**design.document, "workloads": [_workload(one, found) for one in design.document["workloads"]]}
    return Design.of(document, plain_already=document.keys())


def sentence_of(measured: Mapping[str, Any]) -> str:
    """A measurement as it stands beside its estimate."""
    from_what = "old versions" if measured["way"] == "versions" else "a snapshot"
    if not measured["passed"]:
        return f"Rehearsed on {measured['on']}: the restore from {from_what} did not succeed."
    things = "1 was" if measured["count"] == 1 else f"{measured['count']} were"
    return f"Measured on {measured['on']}: {things} restored from {from_what} and checked, in {measured['seconds']} s."


def _workload(workload: Mapping[str, Any], found: Mapping[tuple[str, str], Measured]) -> dict[str, Any]:
    entries = []
    for entry in workload["recovery"]:
        one = found.get((workload["key"], entry["disruption"]))
        words = {name: value for name, value in asdict(one).items() if name not in ("workload", "disruption")} if one else None
        entries.append({**entry, "measured": words} if words else entry)
    return {**workload, "recovery": entries}
