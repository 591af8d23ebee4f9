"""The reviewer's decision: approve with one's name, or reject with a reason."""

from typing import Any

from django import forms

from accounts.models import User
from reviews.models import Approval
from reviews.services import MAX_REASON


class DecisionForm(forms.Form):
    """`user` signs: the name typed must be the one of the account. `seen` is the number of the last decision on the page."""

    decision = forms.ChoiceField(choices=Approval.Decision.choices)
    name = forms.CharField(max_length=150, required=False)
    reason = forms.CharField(max_length=MAX_REASON, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    digest = forms.CharField(max_length=64)
    seen = forms.IntegerField(min_value=0)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        decision = cleaned.get("decision")
        if decision == Approval.Decision.APPROVED and folded(cleaned.get("name", "")) != folded(str(self.user)):
            self.add_error("name", f"Type your name as it stands in your account: {self.user}.")
        if decision == Approval.Decision.REJECTED and not cleaned.get("reason"):
            self.add_error("reason", "Say why, so that the design can be changed.")
        return cleaned


def folded(name: str) -> str:
    return " ".join(name.casefold().split())
