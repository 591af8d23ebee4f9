"""What documents print of a design's application: names in AWS, the latest run for the as-built report, hazards that were accepted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from provisioning.names import NAMED, name_of
from reports.records import moment_text

Plain = Mapping[str, Any]


def printed_name(document: Plain, resource: Plain) -> str | None:
    """The name in AWS, in the account that the design names; None where AWS gives it, or no account is named."""
    by_alias = {one["alias"]: one["account"] for one in document["accounts"]}
    by_role = {one["role"]: one["account"] for one in document["accounts"]}
    account = by_alias.get(resource.get("account_alias")) or by_role.get(resource["account_role"])
    if resource["type"] not in NAMED or not account:
        return None
    slug, adopt = document["engagement"]["slug"], resource.get("adopt")
    return name_of(resource["type"], account=account, region=resource["region"], slug=slug, key=resource["key"], adopt=adopt)


def accepted_record(version: Any) -> dict[str, Any]:
    """{hazards: [{plan, place, sentence, name, at}]} of all runs of a design's digest: who accepted which hazard of which plan."""
    from provisioning.models import Run

    runs = Run.objects.filter(plan__design__assessment=version.assessment_id, plan__design__digest=version.digest)
    return {
        "hazards": [
            {
                "plan": f"Plan {run.plan_id}",
                "place": target_text(run.target),
                "sentence": one["sentence"],
                "name": one["name"],
                "at": time_text(one["at"]),
            }
            for run in runs.select_related("target").order_by("pk")
            for one in run.accepted
        ]
    }


def target_text(target: Any) -> str:
    return f"{target.account} in {target.region}" + (f" and {target.dr_region}" if target.dr_region else "")


def time_text(text: str) -> str:
    """`24 November 2026, 14:31 UTC` for a time as a run keeps it."""
    return moment_text(datetime.fromisoformat(text))


def built_record(version: Any) -> dict[str, Any] | None:
    """The record of the latest run of a design's version whose evidence was filed, as `reports.documents.as_built` prints it."""
    from provisioning.models import Run

    runs = Run.objects.filter(plan__design__assessment=version.assessment_id, plan__design__digest=version.digest).exclude(evidence="")
    run = runs.select_related("plan", "target", "created_by").first()
    if run is None or not run.evidence.storage.exists(run.evidence.name):
        return None
    with run.evidence.open("rb") as file:
        return record_of_run(run, file.read())


def record_of_run(run: Any, pack: bytes) -> dict[str, Any]:
    """The record of one run from its evidence pack (zip bytes) and its journal."""
    from provisioning.as_built import rows_in

    rows = [
        {
            "resource": row.key,
            "type": row.kind,
            "account": row.account,
            "region": row.region,
            "setting": row.setting or "As a whole",
            "designed": row.designed if row.setting else "there",
            "read_back": row.read_back if row.setting else (row.problem or "there"),
            "equal": row.equal,
            "read_at": row.read_at.replace("T", " ").replace("+00:00", " UTC"),
            "request_id": row.request_id,
        }
        for row in rows_in(pack)
    ]
    events = [(event.at, event.data) for event in run.events.all()]
    return {
        "run": f"Run {run.pk} of plan {run.plan_id}",
        "by": str(run.created_by) if run.created_by else "",
        "at": moment_text(run.finished_at) if run.finished_at else "",
        "target": target_text(run.target),
        "accepted": [{"sentence": one["sentence"], "name": one["name"], "at": time_text(one["at"])} for one in run.accepted],
        "rows": rows,
        "receipts": [
            {
                "at": f"{at:%Y-%m-%d %H:%M:%S} UTC",
                "resource": data.get("address", ""),
                "operation": data.get("operation", ""),
                "request_id": data.get("request_id", ""),
            }
            for at, data in events
            if data.get("event") == "receipt"
        ],
        "chain": "",
    }
