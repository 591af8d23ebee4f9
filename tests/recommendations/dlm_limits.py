"""What Data Lifecycle Manager refuses of a snapshot policy, from AWS's words and none of the engine's or the simulator's code.

Sources: DLM API Reference (FastRestoreRule, ArchiveRule, RetentionArchiveTier, RetainRule) and EC2 User Guide, considerations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Least days of a month and a year: what is to stay 90 days has to stay that long in the shortest of them.
LEAST = {"DAYS": 1, "WEEKS": 7, "MONTHS": 28, "YEARS": 365}
MONTHLY = re.compile(r"cron\(\d+ \d+ (\d+|\?) (\*|\d+) (\?|[A-Z]{3}#[1-4]) \*\)")


def wrong(policy: dict[str, Any]) -> Iterator[str]:
    """Each rule of AWS that a policy resource breaks."""
    details = policy["properties"]["PolicyDetails"]
    for schedule in details["Schedules"]:
        fast, archive = schedule.get("FastRestoreRule"), schedule.get("ArchiveRule")
        if fast:
            zones = fast.get("AvailabilityZones", [])
            if not 1 <= len(set(zones)) <= 10 or len(set(zones)) != len(zones):
                yield "one to ten zones, each once"
            if not all(zone.startswith(policy["region"]) and len(zone) == len(policy["region"]) + 1 for zone in zones):
                yield "zones are those of the Region"
            if ("Count" in fast) == ("Interval" in fast):
                yield "fast restore by count or by age"
        if archive:
            tier = archive["RetainRule"]["RetentionArchiveTier"]
            if details["ResourceTypes"] != ["VOLUME"]:
                yield "only snapshots of volumes are archived"
            if not MONTHLY.fullmatch(schedule["CreateRule"].get("CronExpression", "")):
                yield "archived schedules are cron expressions of 28 days or more"
            if ("Count" in tier) != ("Count" in schedule["RetainRule"]):
                yield "both tiers by count, or both by age"
            if "Interval" in tier and tier["Interval"] * LEAST[tier["IntervalUnit"]] < 90:
                yield "90 days in the archive at least"
        for copy in schedule.get("CrossRegionCopyRules", []):
            if "ArchiveRule" in copy or "FastRestoreRule" in copy:
                yield "copies are neither archived nor kept ready"
