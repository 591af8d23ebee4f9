from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def membership(request: HttpRequest) -> dict[str, Any]:
    """`membership`, `role` and `has_other_organisations` of the signed-in person, for the navigation."""
    found = getattr(request, "membership", None)
    return {
        "membership": found,
        "role": found.role if found else None,
        "has_other_organisations": SimpleLazyObject(lambda: bool(found) and request.user.memberships.count() > 1),
    }
