"""What was built, setting by setting: the rows of the as-built report, from the read-backs of `evidence`. Plain data in, plain data out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The read that a setting's value comes from; other settings come from the last read of their resource.
READS = {
    "Versioning": "GetBucketVersioning",
    "Encryption": "GetBucketEncryption",
    "PublicAccessBlock": "GetPublicAccessBlock",
    "ObjectOwnership": "GetBucketOwnershipControls",
    "PolicyStatements": "GetBucketPolicy",
    "LifecycleRules": "GetBucketLifecycleConfiguration",
    "TransitionDefaultMinimumObjectSize": "GetBucketLifecycleConfiguration",
    "Replication": "GetBucketReplication",
    "ObjectLock": "GetObjectLockConfiguration",
    "Logging": "GetBucketLogging",
    "Inventory": "ListBucketInventoryConfigurations",
    "IntelligentTiering": "ListBucketIntelligentTieringConfigurations",
    "Notifications": "GetBucketNotificationConfiguration",
    "EnableKeyRotation": "GetKeyRotationStatus",
    "RotationPeriodInDays": "GetKeyRotationStatus",
    "Policy": "GetKeyPolicy",
}


@dataclass(frozen=True)
class AsBuilt:
    """One setting. `designed` and `read_back` are plain data as AWS spells them; `equal` whether they mean the same to AWS.

    `read_at` is ISO 8601 in UTC, `request_id` AWS's id of the read. A resource that is not there, or that may not be touched, is one row
    whose `setting` is empty and whose `problem` says why.
    """

    address: str
    kind: str
    key: str
    account: str
    region: str
    identity: str
    setting: str
    designed: Any
    read_back: Any
    equal: bool
    read_at: str
    request_id: str
    problem: str = ""


def rows_of(read_backs: Iterable[Mapping[str, Any]]) -> list[AsBuilt]:
    """Rows from read-backs as `evidence.read_back` makes them, in their order; a resource's settings in alphabetical order."""
    return [row for found in read_backs for row in _rows(found)]


def rows_in(evidence: str | Path | bytes) -> list[AsBuilt]:
    """Rows of an evidence folder, or of an evidence pack (zip) as bytes. Raises OSError, KeyError, ValueError for what is none."""
    if isinstance(evidence, bytes):
        with zipfile.ZipFile(io.BytesIO(evidence)) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            return rows_of(json.loads(archive.read(entry["file"])) for entry in manifest["entries"])
    folder = Path(evidence)
    manifest = json.loads((folder / "manifest.json").read_text())
    return rows_of(json.loads((folder / entry["file"]).read_text()) for entry in manifest["entries"])


def _rows(found: Mapping[str, Any]) -> Iterable[AsBuilt]:
    about = {"address": found["address"], "kind": found["type"], "key": found["name"], "account": found["account"]}
    about |= {"region": found["region"], "identity": found["id"] or "", "read_at": found.get("read_at", "")}
    reads = found.get("requests", [])
    for name, field in sorted(found["fields"].items()):
        values = {"designed": field["designed"], "read_back": field["read_back"], "equal": field["as_designed"]}
        yield AsBuilt(**about, setting=name, **values, request_id=_request_of(name, reads))
    if not found["fields"]:
        problem = "; ".join(found["differences"])
        yield AsBuilt(
            **about, setting="", designed=None, read_back=None, equal=not problem, request_id=_request_of("", reads), problem=problem
        )


def _request_of(setting: str, reads: list[Mapping[str, str]]) -> str:
    operation = "GetBucketTagging" if setting == "Tags" else READS.get(setting)
    named = [read["request_id"] for read in reads if read["operation"] == operation]
    rest = [read["request_id"] for read in reads]
    return (named or rest or [""])[-1]
