"""A restore drill as a job. Its own module; `provisioning.models` imports it, where Django looks for models."""

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q

from accounts.jobs import Job


class RestoreDrill(Job):
    """One rehearsal of one workload of an applied design.

    `made` is what the drill noted as its own, as `provisioning.rehearsal` notes it, written before the next call: whoever takes the job
    over clears it away first. `record` is `stowplan/rehearsal/1`, empty until the drill is over.
    """

    plan = models.ForeignKey("provisioning.PlanRecord", on_delete=models.CASCADE, related_name="drills")
    workload = models.CharField(max_length=40)
    attempts = models.PositiveSmallIntegerField(default=0)
    made = models.JSONField(default=list)
    record = models.JSONField(default=dict)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["plan", "workload"], condition=Q(state__in=["queued", "running"]), name="one_open_drill_each"),
        )

    def __str__(self) -> str:
        return f"Drill {self.pk} of {self.workload}"


auditlog.register(RestoreDrill, exclude_fields=["made", "record", "heartbeat_at", "sent_at", "worker"])
