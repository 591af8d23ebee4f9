"""Who uses Stowplan, and for which consultancy. Every row of another package belongs to an Organisation."""

from typing import Any, ClassVar

from auditlog.registry import auditlog
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django_scopes import ScopedManager


class UserManager(BaseUserManager["User"]):
    """Creates users by e-mail address; there are no user names."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person. The e-mail address is the login, kept in lower case."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150, blank=True)
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_is_unique"),)

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Organisation(models.Model):
    """The consultancy that uses Stowplan: the tenant."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=60, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do; a person can be a member of several organisations."""

    CONSULTANT = "consultant", "Consultant"
    REVIEWER = "reviewer", "Customer reviewer"
    ENGINEER = "engineer", "Cloud engineer"
    ADMIN = "admin", "Administrator"


class Membership(models.Model):
    """One person's role in one organisation. Not scoped: it is what the scope is derived from."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_each"),)

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.organisation})"


class OrganisationModel(models.Model):
    """Base of every row that belongs to one organisation.

    `objects` raises `ScopeError` outside of `django_scopes.scope(organisation=…)`, so that a query which forgets the
    organisation fails loudly instead of showing somebody else's data. The middleware and the tasks open the scope.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", editable=False)

    objects = ScopedManager(organisation="organisation")

    class Meta:
        abstract = True


auditlog.register(User, exclude_fields=["password", "last_login"])
auditlog.register(Organisation)
auditlog.register(Membership)
