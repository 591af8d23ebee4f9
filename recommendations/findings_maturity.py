"""Areas that the customer rates as not thought of or ad hoc."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from recommendations.findings_model import (
    COST,
    OPERATIONS,
    PERFORMANCE,
    RELIABILITY,
    SECURITY,
    SUSTAINABILITY,
    Finding,
    finding,
)

AREAS: dict[str, tuple[str, str]] = {
    "operations": (OPERATIONS, "Operations"),
    "security": (SECURITY, "Security"),
    "reliability": (RELIABILITY, "Reliability"),
    "performance": (PERFORMANCE, "Performance"),
    "cost": (COST, "Cost"),
    "sustainability": (SUSTAINABILITY, "Sustainability"),
}
LEVELS = ("not thought of", "ad hoc")


def maturity(areas: Mapping[str, Any]) -> Iterator[Finding]:
    """One finding for each area under level 2."""
    for area, (pillar, label) in AREAS.items():
        level = areas.get(area, {}).get("level")
        if level is not None and level < len(LEVELS):
            severity = "medium" if level == 0 else "low"
            sentence = f"{label} is {LEVELS[level]} today (level {level} of 4)."
            fix = "Write down how it is done (level 2), then automate it (level 3)."
            yield finding(f"maturity-{area}", severity, pillar, None, sentence, fix, ("mat_pillars",), None)
