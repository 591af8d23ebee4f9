"""The review page: a reviewer decides, by name or with a reason, on the design that the page showed."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessment.services import save_answer
from recommendations.models import DesignVersion
from recommendations.services import generate_design
from reports.models import Document
from reviews.models import Approval
from reviews.services import approved, decide
from tests.support.designs import make_assessment, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(in_scope: Any, alice: Any) -> DesignVersion:
    return make_version(make_assessment(in_scope, alice), alice)


def form(version: DesignVersion, decision: str = "approved", **fields: Any) -> dict[str, Any]:
    return {"decision": decision, "name": "Bob", "reason": "", "digest": version.digest, "seen": 0, **fields}


def post(client: Client, user: Any, version: DesignVersion, data: dict[str, Any]) -> Any:
    client.force_login(user)
    return client.post(reverse("reviews:decide", args=[version.pk]), data)


def page_of(client: Client, user: Any, version: DesignVersion) -> str:
    client.force_login(user)
    return client.get(reverse("reviews:review", args=[version.assessment_id])).content.decode()


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("eve", 200), ("charlie", 404)])
def test_members_read_the_review_page(request: Any, client: Client, version: DesignVersion, who: str, status: int) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse("reviews:review", args=[version.assessment_id])).status_code == status


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("bob", 302), ("eve", 403), ("charlie", 403)])
def test_only_a_reviewer_decides(request: Any, client: Client, version: DesignVersion, who: str, status: int) -> None:
    user = request.getfixturevalue(who)
    assert post(client, user, version, form(version, name=str(user))).status_code == status
    assert Approval.objects.count() == (1 if status == 302 else 0)


def test_a_reviewer_of_another_organisation_finds_nothing(client: Client, version: DesignVersion, other_organisation: Any) -> None:
    from tests.conftest import member

    stranger = member(other_organisation, "Dora", "reviewer")
    assert post(client, stranger, version, form(version, name="Dora")).status_code == 404
    assert not Approval.objects.exists()


def test_an_administrator_may_decide(client: Client, version: DesignVersion, organisation: Any) -> None:
    from tests.conftest import member

    assert post(client, member(organisation, "Ada", "admin"), version, form(version, name="Ada")).status_code == 302
    assert approved(version).name == "Ada"


@pytest.mark.parametrize("name", ["Bob", "  bob "])
def test_the_name_signs(client: Client, bob: Any, version: DesignVersion, name: str) -> None:
    assert post(client, bob, version, form(version, name=name)).status_code == 302
    assert approved(version).name == "Bob"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Type your name as it stands in your account: Bob."),
        ({"name": "Robert"}, "Type your name as it stands in your account: Bob."),
        ({"decision": "rejected", "reason": " "}, "Say why, so that the design can be changed."),
        ({"digest": "0" * 64}, "This page showed another design."),
        ({"seen": 3}, "Load the page again."),
    ],
)
def test_an_incomplete_decision_is_not_recorded(client: Client, bob: Any, version: DesignVersion, changes: Any, words: str) -> None:
    answer = post(client, bob, version, form(version, **changes))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Approval.objects.exists()


def test_a_rejection_keeps_its_reason(client: Client, bob: Any, version: DesignVersion) -> None:
    post(client, bob, version, form(version, "rejected", reason="The archive must stay in Frankfurt."))
    assert approved(version) is None
    assert "The archive must stay in Frankfurt." in page_of(client, bob, version)


def test_after_a_rejection_the_page_asks_why_it_is_approved_now(client: Client, bob: Any, version: DesignVersion) -> None:
    post(client, bob, version, form(version, "rejected", reason="Too expensive."))
    assert "Bob rejected this version, and nothing in it has changed since." in page_of(client, bob, version)
    again = post(client, bob, version, form(version, seen=1))
    assert again.status_code == 422
    assert "Say why it is approved now." in again.content.decode()
    assert post(client, bob, version, form(version, seen=1, reason="The budget was raised.")).status_code == 302
    assert approved(version).reason == "The budget was raised."


def test_two_clicks_make_one_decision(client: Client, bob: Any, version: DesignVersion) -> None:
    for _ in range(2):
        assert post(client, bob, version, form(version)).status_code == 302
    assert Approval.objects.count() == 1


def test_a_new_version_starts_undecided(client: Client, alice: Any, bob: Any, version: DesignVersion) -> None:
    decide(version, bob, "approved")
    save_answer(version.assessment, None, "sec_key_rotation", "not-required", user=alice)
    second = generate_design(version.assessment, alice)
    page = page_of(client, bob, version)
    assert approved(second) is None
    assert f"Approve version {second.number}" in page
    assert "Approved" in page  # the older decision stands in the history


def test_the_page_offers_no_decision_to_others(client: Client, alice: Any, eve: Any, version: DesignVersion) -> None:
    for user in (alice, eve):
        assert reverse("reviews:decide", args=[version.pk]) not in page_of(client, user, version)


def test_an_approval_is_shown_on_the_design_page(client: Client, alice: Any, bob: Any, version: DesignVersion) -> None:
    decide(version, bob, "approved")
    client.force_login(alice)
    page = client.get(reverse("recommendations:version", args=[version.pk])).content.decode()
    assert "by Bob" in page


def test_approving_asks_for_the_signed_document(client: Client, bob: Any, version: DesignVersion) -> None:
    post(client, bob, version, form(version))
    asked = Document.objects.filter(design=version)
    assert {one.kind for one in asked} == {"design", "certificate"}
    assert {(one.approval["by"], one.approval["digest"]) for one in asked} == {("Bob", version.digest)}


def test_the_decision_says_which_documents_stood_ready(version: DesignVersion, bob: Any) -> None:
    Document.objects.create(organisation_id=version.organisation_id, design=version, kind="design", state="done", sha256="a" * 64)
    assert decide(version, bob, "approved").documents == [{"kind": "design", "sha256": "a" * 64}]


def test_a_broker_that_is_down_does_not_stop_a_decision(
    client: Client, bob: Any, version: DesignVersion, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise ConnectionError("the broker is down")

    monkeypatch.setattr("celery.app.task.Task.apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        answer = post(client, bob, version, form(version))
    assert answer.status_code == 302
    assert approved(version) is not None
