"""Rendered documents. A row is a job: what is asked for, how far it is, and where the file is."""

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q

from accounts.jobs import Job
from recommendations.models import DesignVersion
from reports.made import FILE_TITLES, FILES, FileKind


class Document(Job):
    """A PDF of one design, or the design in another format.

    `approval` is {by, at, digest} when it prints as approved; `sha256` is of the file.
    """

    design = models.ForeignKey(DesignVersion, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=20, choices=list(FILE_TITLES.items()))
    approval = models.JSONField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(blank=True, max_length=300)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=["design", "kind"], condition=Q(state__in=["queued", "running"]), name="one_open_document_each"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.design}"

    @property
    def file_name(self) -> str:
        """The name under which the file is handed out; made of the design's slug, never of a name."""
        kind = f"-{self.kind}" if self.of_kind.is_pdf else ""
        return f"{self.design.document['engagement']['slug']}{kind}-{self.design.number}{self.of_kind.suffix}"

    @property
    def of_kind(self) -> FileKind:
        """What kind of file it is."""
        return FILES[self.kind]


auditlog.register(Document, exclude_fields=["percent", "message", "heartbeat_at", "sent_at", "worker"])
