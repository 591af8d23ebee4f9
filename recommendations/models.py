"""Designs as they were generated. The value itself is `recommendations.design.Design`; a row never changes."""

from auditlog.registry import auditlog
from django.conf import settings
from django.db import models

from accounts.models import OrganisationModel
from assessment.models import Assessment


class DesignVersion(OrganisationModel):
    """One generated design of an assessment. `document` is design.json; `digest` is what is approved and applied."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="designs")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    document = models.JSONField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["assessment", "number"], name="one_design_number"),)

    def __str__(self) -> str:
        return f"Design {self.number} of {self.assessment}"


class Override(OrganisationModel):
    """A setting that an architect sets otherwise than the rules; in force until it is removed, and never after its last day."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="overrides")
    workload = models.CharField(max_length=40)
    setting = models.CharField(max_length=40)
    value = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)
    owner = models.CharField(max_length=200)
    expires = models.DateField("until")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("workload", "setting", "value")
        constraints = (models.UniqueConstraint(fields=["assessment", "workload", "setting", "value"], name="one_override"),)

    def __str__(self) -> str:
        return f"{self.setting} of {self.workload} in {self.assessment}"


class Measurement(OrganisationModel):
    """What a restore drill measured of one workload; the newest of each disruption stands in the next design beside the estimate."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="measurements")
    workload = models.CharField(max_length=40)
    disruption = models.CharField(max_length=20)
    on = models.DateField()
    seconds = models.DecimalField(max_digits=12, decimal_places=1)
    bytes = models.BigIntegerField()
    count = models.PositiveIntegerField()
    way = models.CharField(max_length=10)
    passed = models.BooleanField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.workload} after {self.disruption}, measured on {self.on}"


auditlog.register(Override)
auditlog.register(Measurement)
auditlog.register(DesignVersion, exclude_fields=["document"])
