"""The look of the organisation's documents: colours, logo and cover text, with the cover that they give."""

from __future__ import annotations

import base64
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import Role
from accounts.permissions import role_required
from reports import brand
from reports.looks import brand_of, cover_picture
from reports.models import Brand


class LookForm(forms.Form):
    """The fields of a look; a logo is re-encoded as it comes in."""

    dark = forms.CharField(label="Headings and cover", max_length=7, help_text="Six hexadecimal digits, like #0b2f4a.")
    accent = forms.CharField(label="Numbers and rules", max_length=7, help_text="Both need a contrast of 4.5:1 against white paper.")
    cover_text = forms.CharField(label="Text on the cover", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    logo = forms.FileField(label="Logo", required=False, help_text="PNG or JPEG, at most 1 MiB. It is shown on white.")
    no_logo = forms.BooleanField(label="Take the logo away", required=False)

    def clean_dark(self) -> str:
        return checked(brand.colour, self.cleaned_data["dark"])  # type: ignore[no-any-return]

    def clean_accent(self) -> str:
        return checked(brand.colour, self.cleaned_data["accent"])  # type: ignore[no-any-return]

    def clean_logo(self) -> bytes:
        upload = self.cleaned_data["logo"]
        return checked(brand.logo, upload.read(brand.UPLOAD_LIMIT + 1)) if upload else b""  # type: ignore[no-any-return]


def checked(check: Any, value: Any) -> Any:
    try:
        return check(value)
    except brand.BrandError as error:
        raise ValidationError(str(error)) from error


@role_required(Role.CONSULTANT)
def look(request: HttpRequest) -> HttpResponse:
    """The look with its preview. `preview` shows what was entered and keeps nothing."""
    organisation = request.membership.organisation  # type: ignore[attr-defined]
    kept = brand_of(organisation)
    first = {"dark": kept.dark, "accent": kept.accent, "cover_text": kept.cover_text}
    form = LookForm(request.POST, request.FILES) if request.method == "POST" else LookForm(initial=first)
    shown = kept
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        logo = b"" if data["no_logo"] else data["logo"] or kept.logo
        shown = brand.Brand(data["dark"], data["accent"], data["cover_text"].strip(), logo)
        if "preview" not in request.POST:
            Brand.objects.update_or_create(organisation=organisation, defaults=vars(shown))
            messages.success(request, "Documents made from now on have this look.")
            return redirect("reports:look")
    picture = base64.b64encode(cover_picture(shown, organisation.name)).decode()
    context = {"form": form, "picture": picture, "unsaved": shown != kept, "has_logo": bool(kept.logo)}
    return render(request, "reports/look.html", context, status=422 if form.errors else 200)
