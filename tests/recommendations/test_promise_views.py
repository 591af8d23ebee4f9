"""The price of a promise and the what-if on screen: who sees it, what it says, that nothing is saved until it is taken over."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessment.models import Answer
from recommendations.models import DesignVersion
from recommendations.services import generate_design
from tests.support.designs import make_assessment, make_version

pytestmark = pytest.mark.django_db
KEY, PACS = "patient-portal", "pacs-imaging-archive"
INSIDE = {"HX-Request": "true"}


@pytest.fixture
def version(in_scope: Any, alice: Any) -> DesignVersion:
    return make_version(make_assessment(in_scope, alice), alice)


def signed_in(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


def url(name: str, version: DesignVersion, key: str = KEY) -> str:
    return reverse(f"recommendations:{name}", args=[version.pk, key])


def values(client: Client, version: DesignVersion, key: str = KEY, **changed: str) -> dict[str, str]:
    """The fields of the form as the page gives them, some of them changed."""
    form = client.get(url("promise", version, key)).context["form"]
    fields: dict[str, str] = {}
    for name in form.questions:
        field = form[name]
        parts = field.field.widget.parts(name, field.value())
        if "rows" in parts:
            fields.update({cell["name"]: cell["text"] for row in parts["rows"] for cell in row["cells"]})
        else:
            fields[name] = parts.get("text", parts.get("value", ""))
    return {**fields, **changed}


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("eve", 200), ("charlie", 404)])
def test_members_try_and_strangers_do_not(request: Any, client: Client, version: DesignVersion, who: str, status: int) -> None:
    signed_in(client, request.getfixturevalue(who))
    assert client.get(url("promise", version)).status_code == status
    assert client.post(url("what_if", version), {"wl_rto": "8h", "wl_rpo": "4h"}, headers=INSIDE).status_code == status
    assert client.get(reverse("reports:front", args=[version.pk, KEY])).status_code == status


def test_the_page_shows_the_front_with_the_design_in_it(client: Client, version: DesignVersion, alice: Any) -> None:
    answer = signed_in(client, alice).get(url("promise", version))
    page = answer.content.decode()
    assert "This is the design" in page
    assert page.count('<th scope="row">') >= len(answer.context["promise"]["points"])
    drawing = client.get(reverse("reports:front", args=[version.pk, KEY]))
    assert drawing["Content-Type"] == "image/svg+xml"
    assert "Price of the promise for Patient portal" in drawing.content.decode()


def test_the_form_says_what_the_design_says(client: Client, version: DesignVersion, alice: Any) -> None:
    signed_in(client, alice)
    answer = client.post(url("what_if", version), values(client, version), headers=INSIDE)
    assert (answer.status_code, answer.context["found"]) == (200, None)
    assert "Nothing is saved" in answer.content.decode()


def test_a_tighter_promise_is_priced_and_nothing_is_saved(client: Client, version: DesignVersion, alice: Any) -> None:
    signed_in(client, alice)
    before = list(Answer.objects.order_by("pk").values("pk", "value", "version"))
    data = values(client, version, PACS, wl_region_rpo="1h", wl_rto="30m")
    answer = client.post(url("what_if", version, PACS), data, headers=INSIDE)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["found"].difference > 0
    assert "Replication Time Control" in page
    assert "Take over as answers" in page
    assert list(Answer.objects.order_by("pk").values("pk", "value", "version")) == before
    assert DesignVersion.objects.count() == 1


def test_wrong_values_are_named_by_their_field(client: Client, version: DesignVersion, alice: Any) -> None:
    signed_in(client, alice)
    data = values(client, version, wl_rto="soon", wl_rpo="", **{"wl_retain-daily-copies": "-1"})
    answer = client.post(url("what_if", version), data, headers=INSIDE)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Back within (RTO): " in page
    assert "Data lost, at most (RPO): A value is needed here." in page
    assert "Copies kept: Daily: " in page


def test_a_consultant_takes_the_values_over_and_a_new_version_has_them(client: Client, version: DesignVersion, alice: Any) -> None:
    signed_in(client, alice)
    answer = client.post(url("take_over", version), values(client, version, wl_rto="30m"), follow=True)
    assert "1 answer taken over" in answer.content.decode()
    assert Answer.objects.get(question="wl_rto", workload__name="Patient portal").value == "30m"
    assert generate_design(version.assessment, alice).number == 2


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 403), ("charlie", 404)])
def test_nobody_else_takes_values_over(request: Any, client: Client, version: DesignVersion, who: str, status: int) -> None:
    answer = signed_in(client, request.getfixturevalue(who)).post(url("take_over", version), {"wl_rto": "30m", "wl_rpo": "4h"})
    assert answer.status_code == status
    assert Answer.objects.get(question="wl_rto", workload__name="Patient portal").value != "30m"


def test_a_workload_that_is_not_there_is_not_found(client: Client, version: DesignVersion, alice: Any) -> None:
    assert signed_in(client, alice).get(url("promise", version, "nothing")).status_code == 404


def test_a_design_of_other_rules_says_so(client: Client, version: DesignVersion, alice: Any) -> None:
    DesignVersion.objects.filter(pk=version.pk).update(document={**version.document, "rule_pack": {"version": "0", "hash": "0"}})
    answer = signed_in(client, alice).get(url("promise", version))
    assert answer.status_code == 409
    assert "made with other rules" in answer.content.decode()
