"""The target form: which account, reached how. What is wrong is said at the field."""

from typing import Any

from django import forms
from django.conf import settings

from provisioning.models import Target
from provisioning.target import Access, TargetProblem, check_endpoint, fit, parse_other
from recommendations.models import DesignVersion


class TargetForm(forms.Form):
    """An AWS account for one assessment. `design` is the latest one, whose Regions are offered and must fit."""

    account = forms.RegexField(
        r"^\d{12}\Z",
        strip=True,
        label="AWS account",
        help_text="12 digits",
        error_messages={"invalid": "An AWS account id has 12 digits."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12}),
    )
    region = forms.CharField(max_length=25, label="Region", help_text="As in the design")
    dr_region = forms.CharField(
        max_length=25, required=False, label="Recovery Region", help_text="As in the design; empty when it has none"
    )
    role_arn = forms.CharField(
        max_length=600,
        required=False,
        label="Role ARN",
        help_text="The role that is assumed, like arn:aws:iam::123456789012:role/stowplan. Empty: the worker's own credentials.",
    )
    external_id = forms.CharField(max_length=1224, required=False, label="External id", help_text="As the role's trust policy asks for it")
    endpoint_url = forms.CharField(
        max_length=300,
        required=False,
        label="Endpoint URL",
        help_text="Empty for AWS itself; the address of the simulator to try things out",
    )
    others = forms.CharField(
        required=False,
        label="Other accounts of the design",
        help_text="One a line: ACCOUNT=ROLE_ARN,EXTERNAL_ID. Empty puts everything into the account above.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, design: DesignVersion | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.design = design

    def clean_account(self) -> str:
        account: str = self.cleaned_data["account"]
        self._checked("account", lambda: Access(account))
        return account

    def clean_endpoint_url(self) -> str:
        url: str = self.cleaned_data["endpoint_url"].rstrip("/")
        self._checked("endpoint_url", lambda: check_endpoint(url or None, settings.STOWPLAN_ALLOWED_ENDPOINTS))
        return url

    def clean_others(self) -> list[dict[str, str | None]]:
        found = []
        for line in filter(str.strip, self.cleaned_data["others"].splitlines()):
            other = self._checked("others", lambda line=line: parse_other(line.strip()))
            if other:
                found.append({"account": other.account, "role_arn": other.role_arn, "external_id": other.external_id})
        return found

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        account, role, external = cleaned.get("account"), cleaned.get("role_arn") or None, cleaned.get("external_id") or None
        if account and role and self._checked("role_arn", lambda: Access(account, role)) and external:
            self._checked("external_id", lambda: Access(account, role, external))
        elif account and external and not role:
            self.add_error("external_id", "An external id goes with a role: give the role's ARN too.")
        if not self.errors and self.design:
            self._check_design(cleaned)
        return cleaned

    def _check_design(self, cleaned: dict[str, Any]) -> None:
        document = self.design.document if self.design else {}
        for name, designed in (("region", document["regions"]["primary"]), ("dr_region", document["regions"]["dr"] or "")):
            if cleaned[name] != designed:
                self.add_error(name, f"The design says {designed}." if designed else "The design has no recovery Region; leave this empty.")
        if not self.errors:
            self._checked("others", lambda: fit(Target(**cleaned).spec, document))

    def _checked(self, name: str, check: Any) -> Any:
        try:
            return check() or True
        except TargetProblem as problem:
            self.add_error(name, sentence(str(problem)))
            return None


def sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
