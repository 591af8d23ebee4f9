"""A small hand-made design: an archive bucket with its replica, a database, EBS volumes with snapshots, and names of all kinds.

It holds every part that documents print, so that tests of documents do not depend on what the rules decide today.
"""

from __future__ import annotations

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

from assessment.engagement import engagement_from_document, engagement_to_document, read_engagement
from recommendations.design import Design

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "northwind-clinics.yaml"
WORKLOADS = {
    "pacs-imaging-archive": "PACS imaging archive",
    "electronic-health-record": "Electronic health record",
    "patient-portal": "Patient portal",
}


def sample_design(names: dict[str, str] | None = None, customer: str = "Northwind Clinics") -> Design:
    """`names` replaces names of workloads by key."""
    return Design.of(body({**WORKLOADS, **(names or {})}, customer))


def drilled_design() -> Design:
    """The sample with a calendar of drills."""
    found = body(WORKLOADS, "Northwind Clinics")
    found["drills"] = [
        {"workload": key, "cadence": "quarterly", "every_months": 3, "first_within_days": 90, "way": "by-hand", "resource": None}
        for key in WORKLOADS
    ]
    return Design.of(found)


def older_design(design: Design) -> Design:
    """A version before the sample: another encryption, a cheaper and slower design with one resource less."""
    found = copy.deepcopy({name: value for name, value in design.document.items() if name != "digest"})
    first = found["workloads"][0]
    first["settings"][0] |= {"value": "aws", "display": "AWS-managed KMS key"}
    first["recovery"][0] |= {"rto": "20h", "rto_met": False}
    found["costs"]["monthly_design"] = "2500.00"
    found["resources"].pop()
    return Design.of(found)


def answers(names: dict[str, str], customer: str) -> dict[str, Any]:
    """The example's answers, with these workloads alone and under these names."""
    document = engagement_to_document(read_engagement(EXAMPLE.read_bytes()))
    document["customer"]["name"] = customer
    by_name = {workload["name"]: workload for workload in document["workloads"]}
    document["workloads"] = [{**by_name[WORKLOADS[key]], "id": key, "name": names[key]} for key in WORKLOADS]
    for workload in document["workloads"]:
        workload["answers"]["wl_deps"] = []
    return engagement_to_document(engagement_from_document(document))


def setting(name: str, label: str, display: str, because: str, *read: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "value": display,
        "display": display,
        "table": name,
        "rule": f"{name}-1",
        "because": because,
        "answers": read,
    }


def recovery(disruption: str, mechanism: str, rpo: tuple[str, str, bool], rto: tuple[str, str, bool]) -> dict[str, Any]:
    return {
        "disruption": disruption,
        "mechanism": mechanism,
        **dict(zip(("rpo", "rpo_target", "rpo_met"), rpo, strict=True)),
        **dict(zip(("rto", "rto_target", "rto_met"), rto, strict=True)),
        "steps": [{"what": "Decide and find the copy", "duration": "30m"}, {"what": "Read 300 GiB at 8 Gbit/s", "duration": "6m"}],
        "note": "",
    }


def workload(key: str, name: str, kind: str, where: str, size: int, **more: Any) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "purpose": "Radiology and cardiology images",
        "kind": kind,
        "where": where,
        "tier": "important",
        "account_role": "production",
        "account_alias": "nwc-prod",
        "region": "us-east-1",
        "size_bytes": size,
        "objectives": {"rto": "12h", "rpo": "24h", "region_rto": "2d", "region_rpo": "24h"},
        "settings": [
            setting("encryption", "Encryption", "Customer-managed KMS key", "The customer keeps the keys.", "sec_enc", "sec_key_owner"),
            setting("drills", "Restore drills", "Quarterly", "Each quarter one rehearsal restores this workload.", "ops_drill", "wl_tier"),
        ],
        "lifecycle": None,
        "recovery": [
            recovery("deletion", "Restore an earlier version", ("24h", "24h", True), ("3h", "12h", True)),
            recovery("region-loss", "Read from the replica", ("15m", "24h", True), ("60h", "48h", False)),
        ],
        "costs": [
            {"item": "Storage", "quantity": "81920", "unit": "GiB-month", "price": "0.004", "source": "AWS price list", "monthly": "327.68"}
        ],
        "monthly_cost": "327.68",
        **more,
    }


def lifecycle() -> dict[str, Any]:
    return {
        "bucket": "bucket-pacs-imaging-archive",
        "steps": [
            {"storage_class": "STANDARD", "from_day": 0},
            {"storage_class": "GLACIER_IR", "from_day": 90},
            {"storage_class": "DEEP_ARCHIVE", "from_day": 365},
        ],
        "expire_day": 4018,
        "noncurrent": {"steps": [{"storage_class": "GLACIER_IR", "from_day": 0}], "expire_days": 90, "keep": 3},
        "abort_multipart_days": 7,
        "monthly_cost": "412.10",
        "runners_up": [
            {"steps": [{"storage_class": "STANDARD", "from_day": 0}], "monthly_cost": "1884.16", "reason": "USD 1472.06 a month more"}
        ],
    }


def resource(
    key: str, kind: str, properties: dict[str, Any], region: str = "us-east-1", role: str = "production", *workloads: str
) -> dict[str, Any]:
    return {
        "key": key,
        "type": kind,
        "account_role": role,
        "account_alias": {"production": "nwc-prod", "backup": "nwc-backup"}.get(role),
        "region": region,
        "workloads": list(workloads),
        "adopt": None,
        "properties": properties,
    }


def resources() -> list[dict[str, Any]]:
    replicate = {
        "Role": {"$sub": "${role-replicate.arn}"},
        "Rules": [{"ID": "stowplan-dr", "Destination": {"Bucket": {"$sub": "${replica-pacs.arn}"}}}],
    }
    kms = {"SSEAlgorithm": "aws:kms"}
    policy: dict[str, Any] = {"Version": "2012-10-17", "Statement": []}
    role = {"$sub": "${role-replicate.arn}"}
    copy = {"Schedules": [{"CrossRegionCopyRules": [{"TargetRegion": "us-west-2"}]}]}
    return [
        resource("key-data", "AWS::KMS::Key", {"MultiRegion": True, "Policy": policy}),
        resource(
            "bucket-pacs",
            "AWS::S3::Bucket",
            {"Versioning": "Enabled", "Encryption": kms, "Replication": replicate},
            "us-east-1",
            "production",
            "pacs-imaging-archive",
        ),
        resource(
            "replica-pacs", "AWS::S3::Bucket", {"Versioning": "Enabled", "Encryption": kms}, "us-west-2", "backup", "pacs-imaging-archive"
        ),
        resource(
            "bucket-ehr", "AWS::S3::Bucket", {"Versioning": "Enabled", "Encryption": kms}, "us-east-1", "backup", "electronic-health-record"
        ),
        resource(
            "snapshots-portal",
            "AWS::DLM::LifecyclePolicy",
            {"ExecutionRoleArn": role, "PolicyDetails": copy},
            "us-east-1",
            "production",
            "patient-portal",
        ),
        resource("role-replicate", "AWS::IAM::Role", {"AssumeRolePolicyDocument": policy}),
        resource("trail", "AWS::CloudTrail::Trail", {"IsMultiRegionTrail": True, "S3BucketName": "logs"}, "us-east-1", "log-archive"),
    ]


def body(names: dict[str, str], customer: str) -> dict[str, Any]:
    tib = 1024**4
    months = [{"month": n, "design": Decimal(3000) + 40 * n, "naive": Decimal(5200) + 110 * n} for n in range(1, 37)]
    hashes = {"version": "1", "hash": "ab" * 32}
    return {
        "schema": "stowplan/design/1",
        "questionnaire": hashes,
        "rule_pack": hashes,
        "price_book": {**hashes, "version": "2026-10-01"},
        "engagement": {"customer": customer, "industry": "health", "slug": "northwind-clinics"},
        "regions": {"primary": "us-east-1", "dr": "us-west-2"},
        "accounts": [
            {"alias": "nwc-prod", "account": "123456789012", "role": "production"},
            {"alias": "nwc-backup", "account": "210987654321", "role": "backup"},
        ],
        "answers": answers(names, customer),
        "summary": {
            "headline": "Three workloads, two Regions, one copy that nobody can delete",
            "points": ["Every copy is encrypted.", "One target is missed."],
        },
        "settings": [setting("logging", "Audit trail", "All Regions, object-level", "Auditors want to see every read.", "sec_log")],
        "workloads": [
            workload("pacs-imaging-archive", names["pacs-imaging-archive"], "archive-set", "on-premises", 80 * tib, lifecycle=lifecycle()),
            workload("electronic-health-record", names["electronic-health-record"], "database", "on-premises", 42 * tib // 10),
            workload("patient-portal", names["patient-portal"], "ebs-volumes", "aws", 15 * tib // 10),
        ],
        "findings": [
            {
                "check": "rto-below-estimate",
                "severity": "high",
                "pillar": "reliability",
                "workload": "pacs-imaging-archive",
                "sentence": "After the loss of a Region the archive is back in 60 hours; 48 were asked for.",
                "fix": "Keep the last year of the replica in Glacier Instant Retrieval.",
                "answers": ["wl_region_rto"],
                "setting": "replication",
            }
        ],
        "costs": {
            "currency": "USD",
            "horizon_months": 36,
            "months": months,
            "today": "6100.00",
            "monthly_design": "3040.00",
            "monthly_naive": "5310.00",
        },
        "resources": resources(),
        "handover": [{"workload": None, "what": "Alarm on a late replica", "why": "Needs the pager's address."}],
        "assumptions": [
            {
                "workload": None,
                "question": "net_device",
                "text": "Can data be shipped on a device?",
                "value": "Yes",
                "note": "from the offer",
                "ask": "Dana Reyes",
                "confirm_by": "2027-02-01",
            }
        ],
        "compliance": {"version": "1", "hash": "0" * 64, "regimes": []},
        "open_points": [
            {
                "workload": "patient-portal",
                "question": "wl_growth",
                "text": "How fast does it grow?",
                "default": "10 %",
                "note": "no history",
                "ask": "Lena Ortiz",
            }
        ],
    }
