"""Where a design is applied, what would change there, and each application of it. Plans and runs are jobs: rows with a state."""

from datetime import datetime

from auditlog.registry import auditlog
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from accounts.jobs import Job
from accounts.models import OrganisationModel
from assessment.models import Assessment
from provisioning.after_models import DriftReport as DriftReport
from provisioning.after_models import Undo as Undo
from provisioning.after_models import UndoEvent as UndoEvent
from provisioning.drill_models import RestoreDrill as RestoreDrill
from provisioning.target import Access, TargetSpec, is_simulated
from provisioning.window import next_opening, window_of
from recommendations.models import DesignVersion
from reviews.models import Approval


class Target(OrganisationModel):
    """An AWS account and Regions, reached by role and external id. Holds no credentials: the worker assumes the role."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="targets")
    account = models.CharField(max_length=12, validators=[RegexValidator(r"^\d{12}\Z", "An AWS account id has 12 digits.")])
    region = models.CharField(max_length=25)
    dr_region = models.CharField(max_length=25, blank=True)
    role_arn = models.CharField(max_length=600, blank=True)
    external_id = models.CharField(max_length=1224, blank=True)
    endpoint_url = models.CharField(max_length=300, blank=True)
    # More accounts of the same design, each reached by its own role: {"account", "role_arn", "external_id"}.
    others = models.JSONField(default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return f"{self.account} in {self.region}"

    @property
    def spec(self) -> TargetSpec:
        """The target as plan and apply take it; empty text is None. Raises TargetProblem."""
        return TargetSpec(
            account=self.account,
            region=self.region,
            dr_region=self.dr_region or None,
            role_arn=self.role_arn or None,
            external_id=self.external_id or None,
            endpoint_url=self.endpoint_url or None,
            others=tuple(Access(one["account"], one["role_arn"], one["external_id"]) for one in self.others),
        )


class PlanRecord(Job):
    """What would change: `document` is plan.json, empty until the job is done."""

    design = models.ForeignKey(DesignVersion, on_delete=models.CASCADE, related_name="plans")
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="plans")
    document = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["design", "target"], condition=Q(state__in=["queued", "running"]), name="one_open_plan_each"),
        )

    def __str__(self) -> str:
        return f"Plan {self.pk} for {self.target}"


class Run(Job):
    """One application of one plan: a plan is applied once, and a target by one run at a time.

    `accepted` holds the accepted hazards, `{"id", "sentence", "name", "at"}` each; `outcome` what was done and what was not.
    """

    CANCELLED = "cancelled"
    PAUSED = "paused"
    ENDINGS = ((PAUSED, "Paused"), (CANCELLED, "Cancelled"))
    # As long as a run is in one of these, its target is taken: a paused run has changed half of what it is about.
    HOLDING = (*Job.OPEN, PAUSED)

    state = models.CharField(max_length=10, choices=[*Job.State.choices, *ENDINGS], default=Job.State.QUEUED, db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    plan = models.OneToOneField(PlanRecord, on_delete=models.CASCADE, related_name="run")
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="runs")
    approval = models.ForeignKey(Approval, on_delete=models.RESTRICT, related_name="runs")
    accepted = models.JSONField(default=list)
    cancel_requested = models.BooleanField(default=False)
    pause_requested = models.BooleanField(default=False)
    # When the customer's window opens, for a run that waits for it.
    not_before = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict)
    evidence = models.FileField(blank=True, upload_to="evidence/%Y/%m")
    evidence_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["target"], condition=Q(state__in=["queued", "running", "paused"]), name="one_open_run_each"),
        )

    def __str__(self) -> str:
        return f"Run of {self.plan}"

    @property
    def waits(self) -> bool:
        """Whether the run is queued until the customer's window opens."""
        return self.state == Job.State.QUEUED and self.not_before is not None

    def opening(self, now: datetime) -> datetime | None:
        """When the customer lets this plan be applied; None for now. A simulator is nobody's account, so no window binds it."""
        if is_simulated(self.target.endpoint_url):
            return None
        return next_opening(window_of(self.plan.document["design"]), now)


class RunEvent(OrganisationModel):
    """One line of a run's journal, in the order it was written. `data` is the entry as `provisioning.journal` wrote it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    data = models.JSONField()

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="one_event_number"),)

    def __str__(self) -> str:
        return f"{self.number} of {self.run}"


BEATS = ["heartbeat_at", "sent_at", "worker"]
for model, heavy in ((Target, []), (PlanRecord, ["document", *BEATS]), (Run, ["outcome", *BEATS])):
    auditlog.register(model, exclude_fields=heavy)
