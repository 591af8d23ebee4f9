from typing import Any

from django.http import HttpRequest


def membership(request: HttpRequest) -> dict[str, Any]:
    """`membership` and `role` of the signed-in person, for the navigation."""
    found = getattr(request, "membership", None)
    return {"membership": found, "role": found.role if found else None}
