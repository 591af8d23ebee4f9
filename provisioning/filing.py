"""The evidence pack of a run in the database: its receipts, its approval and, where it can be laid out, the as-built report."""

import hashlib
import io
import json
import logging
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from provisioning.clients import Clients
from provisioning.evidence import collect
from provisioning.evidence_pack import seal, zipped
from provisioning.models import Run, RunEvent
from provisioning.printed import record_of_run, time_text
from recommendations.services import design_of
from reports.as_built import as_built_pdf
from reports.records import moment_text
from reports.render import RenderError

REPORT = "as-built.pdf"
log = logging.getLogger(__name__)


def pack_of(run: Run, clients: Clients, folder: Path) -> bytes:
    """Reads the target back into `folder` and gives the pack as zip. Raises NotObserved, BotoCoreError, ClientError."""
    collect(run.plan.document, clients, folder)
    records = [event.data for event in RunEvent.objects.filter(run=run).order_by("number")]
    approval = {"design_digest": run.plan.design.digest, "by": "", "at": "", "accepted": run.accepted}
    if run.approval:
        approval |= {"by": run.approval.name, "at": run.approval.at.isoformat(timespec="seconds"), "design_digest": run.approval.digest}
    seal(folder, run.plan.document, records, approval)
    return zipped(folder)


def add_report(run: Run) -> None:
    """Puts the as-built report into the pack of a run that has ended: laying it out takes longer than a run should wait for."""
    with run.evidence.open("rb") as file:
        pack = file.read()
    with tempfile.TemporaryDirectory(prefix="stowplan-report-") as name:
        folder = Path(name)
        zipfile.ZipFile(io.BytesIO(pack)).extractall(folder)
        if (folder / REPORT).exists():
            return
        records = [json.loads(line) for line in (folder / "receipts.jsonl").read_text().splitlines()]
        approval = json.loads((folder / "approval.json").read_text())
        report = _report(run, pack, records, approval)
        if report is None:
            return
        seal(folder, run.plan.document, records, approval, report)
        data = zipped(folder)
    digest, old = hashlib.sha256(data).hexdigest(), run.evidence.name
    made = run.evidence.storage.save(f"{old.rpartition('-')[0]}-{digest[:12]}.zip", ContentFile(data))
    if Run.objects.filter(pk=run.pk, evidence=old).update(evidence=made, evidence_sha256=digest):
        run.evidence.storage.delete(old)
    else:
        run.evidence.storage.delete(made)


def _report(run: Run, pack: bytes, records: list[dict[str, Any]], approval: dict[str, Any]) -> bytes | None:
    """The as-built report. A pack without it still proves everything: what cannot be laid out is left out, and the log says why."""
    built = record_of_run(run, pack) | {"at": moment_text(timezone.now())}
    receipts = [record for record in records if record["event"] == "receipt"]
    built["chain"] = receipts[-1]["previous"] if receipts else ""
    at = time_text(approval["at"]) if approval["at"] else ""
    signed = {"by": approval["by"], "at": at, "digest": approval["design_digest"]}
    try:
        return as_built_pdf(design_of(run.plan.design), built, approval=signed, organisation=str(run.organisation))
    except RenderError as error:
        log.warning("no as-built report of run %s: %s", run.pk, error)
        return None
