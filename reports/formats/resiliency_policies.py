"""The recovery objectives as AWS Resilience Hub policies: one for each set of objectives, in the shape of `CreateResiliencyPolicy`.

Source: AWS Resilience Hub API reference, CreateResiliencyPolicy and FailurePolicy. `Software` is the loss
of data or of an application, `Hardware` of a server or disk, `AZ` of a zone, `Region` of a Region. A target of zero would always be
judged as breached, so the least is one second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from recommendations.design import Design
from reports import display

TITLE = "Resilience Hub policies"
TEXT = "The recovery objectives, for `aws resiliencehub create-resiliency-policy --cli-input-json`, one policy for each set of objectives."
SUFFIX = ".resilience-hub.json"
MEDIA_TYPE = "application/json"

Plain = Mapping[str, Any]
TIERS = {"mission-critical": "MissionCritical", "important": "Important", "standard": "CoreServices", "archive": "NonCritical"}
NAME_LIMIT = 60  # characters, the first one a letter or digit (EntityName of the service's model)
DAY = 24 * 3600


def write(design: Design) -> bytes:
    """`{"policies": [{"policy": CreateResiliencyPolicy input, "workloads": [key]}]}`."""
    return (
        json.dumps(
            {"schema": "stowplan/resiliency-policies/1", "design": design.digest, "policies": policies_of(design.document)},
            indent=2,
            sort_keys=True,
        )
        + "\n"
    ).encode()


def policies_of(document: Plain) -> list[dict[str, Any]]:
    """Policies in the order in which the workloads first ask for them."""
    found: dict[tuple[Any, ...], list[str]] = {}
    for workload in document["workloads"]:
        goals = workload["objectives"]
        key = (TIERS.get(workload["tier"], "NotApplicable"), *(seconds(goals[name]) for name in ("rto", "rpo", "region_rto", "region_rpo")))
        found.setdefault(key, []).append(workload["key"])
    slug = document["engagement"]["slug"]
    where = "AnyLocation" if document["regions"]["dr"] else "SameCountry"
    return [
        {"policy": policy(f"{slug[: NAME_LIMIT - 4]}-{number}", key, where), "workloads": keys}
        for number, (key, keys) in enumerate(found.items(), 1)
    ]


def policy(name: str, key: tuple[Any, ...], where: str) -> dict[str, Any]:
    tier, rto, rpo, region_rto, region_rpo = key
    usual = {"rtoInSecs": rto, "rpoInSecs": rpo}
    return {
        "policyName": name,
        "policyDescription": f"Recovery objectives of tier {tier}",
        "tier": tier,
        "dataLocationConstraint": where,
        "policy": {"Software": usual, "Hardware": usual, "AZ": usual, "Region": {"rtoInSecs": region_rto, "rpoInSecs": region_rpo}},
    }


def seconds(value: Any) -> int:
    """A duration of a design in seconds, at least one."""
    span = display.duration_of(value)
    return max(1, int(span.total_seconds())) if span is not None else DAY
