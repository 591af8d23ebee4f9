"""Every document of the small sample, made once a session: what tests of pages, links and reading order look at."""

from __future__ import annotations

from functools import cache
from typing import Any

from reports.documents import KINDS
from reports.render import render_document
from tests.reports.sample import drilled_design, older_design

READ = {"account": "nwc-prod", "region": "us-east-1", "read_at": "2026-11-24 14:40:12 UTC", "request_id": "6A3F1C9E0D1B4C55"}
BUILT: dict[str, Any] = {
    "run": "Run 12 of plan 7",
    "by": "Dana Reyes",
    "at": "24 November 2026, 14:31 UTC",
    "target": "123456789012 in us-east-1 and us-west-2",
    "accepted": [{"sentence": "The lock begins: nobody shortens it again.", "name": "Samuel Grant", "at": "24 November 2026"}],
    "rows": [
        {"resource": "bucket-pacs", "type": "AWS::S3::Bucket", "setting": "Versioning", "designed": "Enabled", "read_back": "Suspended"}
        | {"equal": False, **READ},
        {"resource": "key-data", "type": "AWS::KMS::Key", "setting": "Policy", "designed": {"a": "x" * 900}, "read_back": {"a": "x" * 900}}
        | {"equal": True, **READ},
    ],
    "receipts": [{"at": "2026-11-24 14:31:05 UTC", "resource": "bucket-pacs", "operation": "CreateBucket", "request_id": "REQ-1"}],
    "chain": "ab" * 32,
}


@cache
def document(kind: str) -> bytes:
    """The PDF of a kind, with all that it needs."""
    design = drilled_design()
    more: dict[str, Any] = {}
    if KINDS[kind].NEEDS == "approval":
        more["approval"] = {"by": "Samuel Grant", "at": "24 November 2026", "digest": design.digest, "comment": "Drill before March."}
    if KINDS[kind].NEEDS == "older":
        more["older"] = older_design(design)
    if KINDS[kind].NEEDS == "built":
        more["built"] = BUILT
    return render_document(design, kind, organisation="Harbour Consulting", version=3, **more)
