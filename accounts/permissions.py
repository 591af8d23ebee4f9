"""Who may open a view: one decorator, by role in the current organisation."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


def role_required(*roles: str) -> Callable[[View], View]:
    """Let members with one of `roles` pass, and administrators always; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            membership = getattr(request, "membership", None)
            if membership is None or membership.role not in (*roles, "admin"):
                raise PermissionDenied("Your role does not allow this.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
