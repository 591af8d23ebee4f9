"""The executive summary: one headline and a few points, from the figures of the design alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from recommendations import words
from recommendations.facts import CustomerFacts
from recommendations.parts import Part


def summary_of(
    customer: CustomerFacts,
    parts: Sequence[Part],
    findings: Sequence[Mapping[str, Any]],
    monthly: Decimal | None,
    naive: Decimal | None,
    paid: Decimal | None,
) -> dict[str, Any]:
    """`headline` and `points` of design.json."""
    count = len(parts)
    workloads = f"{count} workload{'s' if count != 1 else ''}"
    price = f"for USD {whole(monthly)} a month" if monthly is not None else "at a cost that is not known in full"
    points = [protection_point(parts), copies_point(customer, parts), cost_point(monthly, naive, paid), findings_point(findings)]
    return {"headline": f"{customer.customer}: {workloads} protected in {customer.primary} {price}", "points": [p for p in points if p]}


def whole(amount: Decimal) -> str:
    """`12,345`."""
    return f"{amount.quantize(Decimal(1), ROUND_HALF_UP):,f}"


def protection_point(parts: Sequence[Part]) -> str:
    names = {
        "s3": "in their own buckets",
        "s3-landing": "copied into buckets",
        "database-dump": "by database backups in buckets",
        "dlm": "by EBS snapshots",
        "aws-backup": "by AWS Backup",
        "backup-gateway": "by AWS Backup through a gateway",
        "export": "by exports in buckets",
    }
    counts = Counter(part.decisions.path for part in parts)
    return f"Protected: {words.listed([f'{counts[path]} {text}' for path, text in names.items() if counts[path]])}."


def copies_point(customer: CustomerFacts, parts: Sequence[Part]) -> str:
    if customer.dr is None:
        reason = (
            "no recovery Region that the residency rule allows is named"
            if "region-loss" in customer.disruptions
            else "it was not asked for"
        )
        return f"Nothing is copied out of {customer.primary}: {reason}."
    copied = sum(part.decisions.replicated for part in parts)
    locked = sum(part.decisions.lock is not None or part.decisions.value("vault_lock", "lock") != "none" for part in parts)
    return f"{copied} of {len(parts)} are copied to {customer.dr}; {locked} have copies that cannot be deleted in daily work."


def cost_point(monthly: Decimal | None, naive: Decimal | None, paid: Decimal | None) -> str:
    if monthly is None:
        return "Some prices of these Regions are unknown, so no total is given; the findings name them."
    text = f"USD {whole(monthly)} a month"
    if naive is not None and naive > monthly:
        text += f"; all of it in S3 Standard without lifecycle rules would be USD {whole(naive)}"
    if paid is not None:
        text += f"; today's protection costs USD {whole(paid)}"
    return f"{text}."


def findings_point(findings: Sequence[Mapping[str, Any]]) -> str:
    counts = Counter(str(one["severity"]) for one in findings)
    named = [f"{counts[severity]} {severity}" for severity in ("critical", "high", "medium", "low") if counts[severity]]
    return f"Findings: {words.listed(named)}." if named else "No findings."
