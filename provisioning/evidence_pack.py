"""The evidence pack: read-backs by resource and by family, plan, design, approval, receipts, report and verifier, each by its hash."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from provisioning import names
from provisioning.as_built import AsBuilt, rows_in
from provisioning.journal import Record
from provisioning.situation import fingerprint_of

SCHEMA = "stowplan/evidence-pack/1"
INDEX = "pack.json"
VERIFIER = Path(__file__).parent / "verifier" / "verify.py"
# The date of every file in an archive: the same content makes the same bytes.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
# Settings of a bucket -> family.
OF_BUCKET = {
    **dict.fromkeys(("LifecycleRules", "TransitionDefaultMinimumObjectSize", "IntelligentTiering"), "lifecycle"),
    **dict.fromkeys(("Versioning", "ObjectLock"), "retention"),
    **dict.fromkeys(("PolicyStatements", "PublicAccessBlock", "ObjectOwnership"), "access"),
    **dict.fromkeys(("Logging", "Inventory"), "logging"),
    **{"Encryption": "encryption", "Replication": "replication", "Notifications": "monitoring", "Tags": "tags"},
}
OF_TYPE = {
    **dict.fromkeys((names.KEY, names.ALIAS), "keys"),
    **dict.fromkeys((names.ROLE, names.ACCOUNT_ACCESS), "access"),
    **dict.fromkeys((names.TOPIC, names.SUBSCRIPTION, names.RULE, names.ALARM), "monitoring"),
    **{names.DLM_POLICY: "snapshots", names.TRAIL: "trail", names.BATCH: "replication", names.EBS_ENCRYPTION: "encryption"},
}


def seal(
    folder: Path, plan: Mapping[str, Any], records: Sequence[Record], approval: Mapping[str, Any], report: bytes | None = None
) -> None:
    """Makes a pack of a folder that `evidence.collect` filled. `approval` has design_digest, by, at and accepted; `report` is a PDF."""
    rows = rows_in(folder)
    put(folder, "plan.json", plan)
    put(folder, "design.json", plan["design"])
    put(folder, "approval.json", approval)
    lines = [json.dumps(record, sort_keys=True, ensure_ascii=False) + "\n" for record in records]
    (folder / "receipts.jsonl").write_text("".join(lines))
    for family, members in families(rows).items():
        put(folder, f"families/{family}.json", members)
    (folder / "verify.py").write_bytes(VERIFIER.read_bytes())
    if report is not None:
        (folder / "as-built.pdf").write_bytes(report)
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file() and path.name != INDEX}
    index: dict[str, Any] = {
        "schema": SCHEMA,
        "design_digest": plan["design_digest"],
        "files": {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(files.items())},
        "receipts": {"count": len(records), "head": fingerprint_of(records[-1]) if records else None},
    }
    put(folder, INDEX, {**index, "seal": fingerprint_of(index)})


def families(rows: Iterable[AsBuilt]) -> dict[str, list[dict[str, Any]]]:
    """Rows by family, e.g. `lifecycle`, `trail`, `encryption`: what an auditor asks for together."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(family_of(row.kind, row.setting), []).append(
            {
                "address": row.address,
                "account": row.account,
                "region": row.region,
                "id": row.identity,
                "setting": row.setting,
                "designed": row.designed,
                "read_back": row.read_back,
                "as_designed": row.equal,
                "read_at": row.read_at,
                "request_id": row.request_id,
                **({"problem": row.problem} if row.problem else {}),
            }
        )
    return dict(sorted(found.items()))


def family_of(kind: str, setting: str) -> str:
    """The family of one setting."""
    if kind == names.BUCKET:
        return OF_BUCKET.get(setting, "buckets")
    if kind.startswith("AWS::Backup::"):
        return "backup"
    return OF_TYPE.get(kind, "other")


def approval_of(records: Iterable[Record]) -> dict[str, Any]:
    """The approval as a headless run's journal holds it: which digest was approved, and who accepted which hazards."""
    start = next((record for record in records if record["event"] == "start"), {})
    known = {"design_digest": start.get("design_digest", ""), "by": start.get("accepted_by", ""), "at": start.get("at", "")}
    return {**known, "accepted": list(start.get("accepted", ()))}


def zipped(folder: Path) -> bytes:
    """The files of a folder as a zip; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.writestr(zipfile.ZipInfo(path.relative_to(folder).as_posix(), ZIP_DATE), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def put(folder: Path, name: str, value: Any) -> None:
    """A file of plain data."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n")
