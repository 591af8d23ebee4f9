"""One discovery engagement and its answers, one row each. The meaning of an answer lives in the pure modules beside."""

from auditlog.registry import auditlog
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import OrganisationModel


class Customer(OrganisationModel):
    """Whose data it is."""

    name = models.CharField(max_length=100)
    industry = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name


class Assessment(OrganisationModel):
    """One discovery engagement for one customer: its answers, designs, documents, approvals and runs."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="assessments")
    title = models.CharField(max_length=150)
    questionnaire_version = models.CharField(max_length=20)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title


class Workload(OrganisationModel):
    """One body of data with one set of needs. `identifier` is the engagement file's optional `id`."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="workloads")
    identifier = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=100)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name


class Answer(OrganisationModel):
    """One answer: `value` is the canonical text form of `assessment.values`, null where there is none."""

    class State(models.TextChoices):
        STATED = "stated", "Stated"
        ASSUMED = "assumed", "Assumed"
        UNKNOWN = "unknown", "Unknown"
        NOT_APPLICABLE = "not-applicable", "Not applicable"

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    workload = models.ForeignKey(Workload, null=True, blank=True, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60)
    state = models.CharField(max_length=20, choices=State.choices, default=State.STATED)
    value = models.JSONField(null=True, blank=True)
    note = models.TextField(blank=True)
    ask = models.TextField(blank=True)
    confirm_by = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["assessment", "question"], condition=Q(workload__isnull=True), name="one_customer_answer"),
            models.UniqueConstraint(fields=["workload", "question"], condition=Q(workload__isnull=False), name="one_workload_answer"),
        )

    def __str__(self) -> str:
        return f"{self.question}: {self.value if self.value is not None else self.state}"


for model in (Customer, Assessment, Workload, Answer):
    auditlog.register(model)
