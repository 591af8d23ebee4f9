"""Where a person lands, and which organisation they work for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.middleware import SESSION_KEY
from accounts.models import Membership


def home(request: HttpRequest) -> HttpResponse:
    """The assessments, whatever the role: the list leads on to the stage that the role works on."""
    if getattr(request, "membership", None) is None:
        return render(request, "accounts/no_organisation.html", status=403)
    return redirect(reverse("assessment:list"))


def organisations(request: HttpRequest) -> HttpResponse:
    """Choose one of the organisations that the person is a member of; POST `organisation` (id)."""
    memberships = Membership.objects.filter(user=request.user).select_related("organisation").order_by("organisation__name")
    if request.method == "POST":
        chosen = next((m for m in memberships if str(m.organisation_id) == request.POST.get("organisation")), None)
        if chosen is None:
            messages.error(request, "You are not a member of that organisation.")
        else:
            request.session[SESSION_KEY] = chosen.organisation_id
            messages.success(request, f"You now work for {chosen.organisation} as {chosen.get_role_display().lower()}.")
            return redirect("accounts:home")
    return render(request, "accounts/organisations.html", {"memberships": memberships})
