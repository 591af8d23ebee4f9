"""A named person's decision on one digest. A decision is never changed: a later one stands beside it."""

from typing import Any

from auditlog.registry import auditlog
from django.conf import settings
from django.db import models

from accounts.models import OrganisationModel
from assessment.models import Assessment
from recommendations.models import DesignVersion


class Approval(OrganisationModel):
    """One decision. The one with the highest `number` for a digest is in force.

    `name` is the person's name as it was on that day, and `documents` the kind and SHA-256 of each PDF that stood ready
    then, so that the record still says what was signed when the person or the files are gone.
    """

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="approvals")
    # A design that somebody decided on cannot be deleted alone, only with its whole assessment.
    design = models.ForeignKey(DesignVersion, on_delete=models.RESTRICT, related_name="approvals")
    digest = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    documents = models.JSONField(default=list)

    class Meta:
        ordering = ("-at", "-number")
        constraints = (
            models.UniqueConstraint(fields=["assessment", "digest", "number"], name="one_decision_each"),
            models.CheckConstraint(condition=models.Q(decision="approved") | ~models.Q(reason=""), name="a_rejection_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.get_decision_display()} by {self.name}: {self.digest[:12]}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("A decision is never changed; make a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A decision is never deleted.")


auditlog.register(Approval)
