"""Opens the organisation's scope for every request of a signed-in member: the one place where the tenant is chosen."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_scopes import scope

from accounts.models import Membership

SESSION_KEY = "organisation"


def membership_of(request: HttpRequest) -> Membership | None:
    """The membership chosen in this session, else the user's first one."""
    if not request.user.is_authenticated:
        return None
    memberships = Membership.objects.select_related("organisation").filter(user=request.user).order_by("pk")
    chosen = memberships.filter(organisation_id=request.session.get(SESSION_KEY)).first()
    return chosen or memberships.first()


class OrganisationMiddleware:
    """Sets `request.membership` (or None) and runs the view inside the scope of its organisation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership = membership = membership_of(request)  # type: ignore[attr-defined]
        if membership is None:
            return self.get_response(request)
        with scope(organisation=membership.organisation):
            response = self.get_response(request)
            if not response.streaming and hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
            return response
