"""What restore drills measured, put beside the estimates of a design. Pure: the same measurements give the same digest.

An engagement carries answers only, so measurements are kept beside the assessment and join the design after it was worked out: each
stands in the `recovery` entry of its disruption as `measured`. It proves the estimate or belies it, and changes no setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recommendations.design import Design


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
