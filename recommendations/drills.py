"""The calendar of restore drills: for each workload how often, by when the first, and whether AWS Backup restores by itself.

No date of today enters a design: the first drill is told in days after the design is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from recommendations.parts import Part

MONTHS: Mapping[str, int] = {"monthly": 1, "quarterly": 3, "half-yearly": 6, "yearly": 12}
FIRST_DAYS: Mapping[str, int] = {"within-30-days": 30, "within-90-days": 90}


def drills_of(parts: Sequence[Part], resources: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """design.json `drills`: one entry for each workload, in their order. `resource` is the restore testing plan that restores it."""
    tested = {key: one["key"] for one in resources if one["type"] == "AWS::Backup::RestoreTestingPlan" for key in one["workloads"]}
    found = []
    for part in parts:
        hit = part.decisions.hit("drills")
        if hit:
            plan = tested.get(part.key)
            found.append(
                {
                    "workload": part.key,
                    "cadence": hit["cadence"],
                    "every_months": MONTHS[hit["cadence"]],
                    "first_within_days": FIRST_DAYS[hit["first"]],
                    "way": "restore-testing" if plan else "by-hand",
                    "resource": plan,
                }
            )
    return found
