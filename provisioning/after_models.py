"""What comes after a run: its undo, and drift found later. Both are jobs. `provisioning.models` imports it for Django."""

from typing import Any

from auditlog.registry import auditlog
from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

from accounts.jobs import Job
from accounts.models import OrganisationModel

OPEN = Q(state__in=["queued", "running"])


class Undo(Job):
    """The undo of a run: worked out and shown first, then approved by a person and carried out.

    `document` is `stowplan/undo/1`, empty until it is worked out; the approval is for its digest. `outcome` is what was done.
    """

    run = models.ForeignKey("provisioning.Run", on_delete=models.CASCADE, related_name="undos")
    document = models.JSONField(default=dict)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    approved_name = models.CharField(max_length=300, blank=True)
    approved_digest = models.CharField(max_length=64, blank=True)
    approved_at = models.DateTimeField(null=True)
    outcome = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (models.UniqueConstraint(fields=["run"], condition=OPEN, name="one_open_undo_each"),)

    def __str__(self) -> str:
        return f"Undo {self.pk} of run {self.run_id}"

    @classmethod
    def begun(cls) -> QuerySet["Undo"]:
        """Undos that may have changed something: approved, and not refused before their first call."""
        return cls.objects.exclude(approved_digest="").exclude(outcome__has_key="refused")

    @property
    def waits_for_approval(self) -> bool:
        return self.state == Job.State.DONE and bool(self.document) and not self.approved_digest

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Steps that do something."""
        return [step for step in self.document.get("steps", ()) if step["action"] in ("delete", "restore")]

    @property
    def stays(self) -> list[dict[str, Any]]:
        """Steps of what stays, in whole."""
        return [step for step in self.document.get("steps", ()) if step["action"] == "keep"]


class UndoEvent(OrganisationModel):
    """One line of an undo's journal, in the order it was written."""

    undo = models.ForeignKey(Undo, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    data = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["undo", "number"], name="one_undo_event_number"),)

    def __str__(self) -> str:
        return f"{self.number} of {self.undo}"


class DriftReport(Job):
    """What was no longer as designed at one time: `document` is `stowplan/drift/1`, empty until the check is over."""

    target = models.ForeignKey("provisioning.Target", on_delete=models.CASCADE, related_name="drifts")
    plan = models.ForeignKey("provisioning.PlanRecord", on_delete=models.CASCADE, related_name="drifts")
    document = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (models.UniqueConstraint(fields=["target"], condition=OPEN, name="one_open_drift_each"),)

    def __str__(self) -> str:
        return f"Drift check {self.pk} of {self.target}"

    @property
    def count(self) -> int:
        return len(self.document.get("drifted", ()))


BEATS = ["heartbeat_at", "sent_at", "worker"]
for model, heavy in ((Undo, ["document", "outcome"]), (DriftReport, ["document"])):
    auditlog.register(model, exclude_fields=[*heavy, *BEATS])
