"""The design as an OSCAL component definition: one component for each mechanism, with the NIST SP 800-53 controls that it supports.

Source: NIST OSCAL 1.1.2, component-definition JSON model; controls of SP 800-53 revision 5. Identifiers are functions of the digest, so
that the same design gives the same file; `last-modified` is the date of its price book, since a design knows no other date.
A mechanism supports a control; whether the control is satisfied is for an assessor to say.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from recommendations.design import Design

TITLE = "OSCAL component definition"
TEXT = "The mechanisms of the design with the NIST SP 800-53 controls that they support, for GRC tools that read OSCAL."
SUFFIX = ".oscal.json"
MEDIA_TYPE = "application/json"

Plain = Mapping[str, Any]
VERSION = "1.1.2"
NAMESPACE = uuid.UUID("6f1d3b0e-51c6-4c43-9f0e-6a3c1f0d7c11")
CATALOGUE = "https://raw.githubusercontent.com/usnistgov/oscal-content/main/nist.gov/SP800-53/rev5/json/NIST_SP-800-53_rev5_catalog.json"


@dataclass(frozen=True)
class Mechanism:
    """What the design builds of one kind: resource types, settings that describe it, and control -> how it helps."""

    id: str
    title: str
    purpose: str
    types: tuple[str, ...]
    settings: tuple[str, ...]
    controls: Mapping[str, str]


MECHANISMS = (
    Mechanism(
        "object-storage",
        "Amazon S3 buckets with versions and lifecycle",
        "Keeps data and copies with their earlier versions, for as long as was asked for.",
        ("AWS::S3::Bucket",),
        ("storage_class", "versioning", "object_lock"),
        {
            "cp-9": "Copies are kept in versioned buckets for the designed retention.",
            "si-12": "Lifecycle rules keep data for its retention and remove it afterwards.",
            "sc-28": "Every bucket is encrypted at rest.",
            "ac-3": "Public access is blocked and TLS is demanded.",
        },
    ),
    Mechanism(
        "replication",
        "S3 Cross-Region Replication",
        "Keeps a copy in a second Region.",
        ("AWS::IAM::Role",),
        ("replication",),
        {"cp-6": "Copies stand in a Region apart.", "cp-9": "New objects are copied as they are written."},
    ),
    Mechanism(
        "snapshots",
        "EBS snapshots by Amazon Data Lifecycle Manager",
        "Takes, keeps, copies and removes snapshots of volumes.",
        ("AWS::DLM::LifecyclePolicy",),
        ("dlm",),
        {"cp-9": "Snapshots are taken by schedule.", "cp-10": "Volumes are made anew from snapshots."},
    ),
    Mechanism(
        "backup",
        "AWS Backup vaults and plans",
        "Takes and keeps recovery points in vaults.",
        ("AWS::Backup::BackupVault", "AWS::Backup::BackupPlan"),
        ("backup_plan", "vault_lock"),
        {"cp-9": "Recovery points are taken by plan into vaults.", "cp-10": "Recovery points are restored from vaults."},
    ),
    Mechanism(
        "keys",
        "AWS KMS keys",
        "Encrypts data, copies and logs with keys of the customer's.",
        ("AWS::KMS::Key",),
        ("encryption",),
        {
            "sc-12": "Keys are made and rotated by AWS KMS.",
            "sc-13": "AWS KMS uses validated modules.",
            "sc-28": "Data at rest is encrypted.",
        },
    ),
    Mechanism(
        "trail",
        "AWS CloudTrail",
        "Records who did what, object by object where the design says so.",
        ("AWS::CloudTrail::Trail",),
        ("logging", "trail"),
        {
            "au-2": "Management events, and data events where designed, are recorded.",
            "au-9": "Log files are validated and stand in a bucket of their own.",
            "au-11": "The log bucket's lifecycle keeps records for the designed time.",
        },
    ),
    Mechanism(
        "monitoring",
        "Amazon EventBridge, CloudWatch and SNS",
        "Tells people when a copy fails or a protection is switched off.",
        ("AWS::SNS::Topic", "AWS::Events::Rule", "AWS::CloudWatch::Alarm"),
        ("monitoring",),
        {"si-4": "Failures and changes raise an alarm.", "au-5": "A trail that is stopped is reported."},
    ),
    Mechanism(
        "restore-tests",
        "Restore tests of AWS Backup",
        "Restores recovery points by schedule and keeps the result.",
        ("AWS::Backup::RestoreTestingPlan",),
        ("drills",),
        {"cp-4": "Restores are rehearsed by schedule.", "cp-9.1": "Recovery points are tested by restoring them."},
    ),
)


def write(design: Design) -> bytes:
    """The component definition as JSON."""
    document = design.document
    date = document["price_book"]["version"]
    found = [component(design, one, made) for one in MECHANISMS if (made := made_of(document, one))]
    body: dict[str, Any] = {
        "uuid": identifier(design, "definition"),
        "metadata": {
            "title": f"Storage, backup and recovery of {document['engagement']['customer']}",
            "last-modified": f"{date}T00:00:00Z",
            "version": design.digest[:12],
            "oscal-version": VERSION,
            "remarks": f"Made from design {design.digest}. It says what supports which control, not that a control is satisfied.",
        },
    }
    if found:
        body["components"] = found
    return (json.dumps({"component-definition": body}, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def made_of(document: Plain, mechanism: Mechanism) -> list[Plain]:
    """The resources of a mechanism; for replication those buckets that have it."""
    if mechanism.id == "replication":
        return [one for one in document["resources"] if one["properties"].get("Replication")]
    return [one for one in document["resources"] if one["type"] in mechanism.types]


def component(design: Design, mechanism: Mechanism, made: list[Plain]) -> dict[str, Any]:
    return {
        "uuid": identifier(design, mechanism.id),
        "type": "service",
        "title": mechanism.title,
        "description": f"{mechanism.purpose} {sentence(made)}",
        "purpose": mechanism.purpose,
        "props": [{"name": "resource-key", "value": one["key"]} for one in made],
        "control-implementations": [
            {
                "uuid": identifier(design, f"{mechanism.id}/controls"),
                "source": CATALOGUE,
                "description": f"What {mechanism.title} does for the controls of SP 800-53.",
                "implemented-requirements": [
                    {
                        "uuid": identifier(design, f"{mechanism.id}/{control}"),
                        "control-id": control,
                        "description": " ".join([text, *values_of(design.document, mechanism)]),
                    }
                    for control, text in mechanism.controls.items()
                ],
            }
        ],
    }


def sentence(made: list[Plain]) -> str:
    regions = sorted({one["region"] for one in made})
    return f"{len(made)} in {' and '.join(regions)}."


def values_of(document: Plain, mechanism: Mechanism) -> list[str]:
    """What the design decided, each value once: `Storage class: …`."""
    parts = [document, *document["workloads"]]
    lines = [f"{one['label']}: {one['display']}." for part in parts for one in part["settings"] if one["name"] in mechanism.settings]
    return list(dict.fromkeys(lines))


def identifier(design: Design, name: str) -> str:
    """A UUID of version 5 from the digest; OSCAL asks for version 4 or 5."""
    return str(uuid.uuid5(NAMESPACE, f"{design.digest}/{name}"))
