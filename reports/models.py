"""Rendered documents. A row is a job: what is asked for, how far it is, and where the file is."""

from auditlog.registry import auditlog
from django.db import models
from django.db.models import Q

from accounts.jobs import Job
from accounts.models import OrganisationModel
from recommendations.models import DesignVersion
from reports import brand
from reports.languages import LANGUAGES
from reports.made import FILE_TITLES, FILES, FileKind


class Document(Job):
    """A PDF of one design, or the design in another format.

    `approval` is {by, at, digest} when it prints as approved; `sha256` is of the file.
    """

    design = models.ForeignKey(DesignVersion, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=20, choices=list(FILE_TITLES.items()))
    language = models.CharField(max_length=5, choices=list(LANGUAGES.items()), default="en")
    approval = models.JSONField(null=True, blank=True)
    # The version that a redline compares with; 0 for all other kinds.
    older_number = models.PositiveIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    file = models.FileField(blank=True, max_length=300)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=["design", "kind", "language", "older_number"],
                condition=Q(state__in=["queued", "running"]),
                name="one_open_document_each",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.design}"

    @property
    def file_name(self) -> str:
        """The name under which the file is handed out; made of the design's slug, never of a name."""
        kind = f"-{self.kind}" if self.of_kind.is_pdf else ""
        kind += "" if self.language == "en" else f"-{self.language}"
        return f"{self.design.document['engagement']['slug']}{kind}-{self.design.number}{self.of_kind.suffix}"

    @property
    def of_kind(self) -> FileKind:
        """What kind of file it is."""
        return FILES[self.kind]


class Brand(OrganisationModel):
    """The look of an organisation's documents; without a row they have the default one. `logo`: PNG as `reports.brand.logo` writes it."""

    dark = models.CharField(max_length=7, default=brand.DEFAULT.dark)
    accent = models.CharField(max_length=7, default=brand.DEFAULT.accent)
    cover_text = models.CharField(max_length=300, blank=True)
    logo = models.BinaryField(blank=True, default=b"")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["organisation"], name="one_brand_each"),)

    def __str__(self) -> str:
        return f"Look of {self.organisation}"

    @property
    def plain(self) -> brand.Brand:
        """What the renderer takes."""
        return brand.Brand(self.dark, self.accent, self.cover_text, bytes(self.logo))


auditlog.register(Brand, exclude_fields=["logo"])
auditlog.register(Document, exclude_fields=["percent", "message", "heartbeat_at", "sent_at", "worker"])
