"""The document pages: who may see and ask for what, and what they show."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from reports import tasks
from reports.models import Document
from reports.services import request_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(version: Any, alice: Any, in_scope: Any) -> Any:
    return request_document(version, "summary", alice)


@pytest.fixture
def done(document: Any) -> Any:
    tasks.render_document_task(document.pk)
    document.refresh_from_db()
    return document


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ["document", "status", "file"])
def test_a_stranger_sees_no_document(name: str, done: Any, charlie: Any) -> None:
    assert as_user(charlie).get(reverse(f"reports:{name}", args=[done.pk])).status_code == 404


def test_a_stranger_sees_no_list_and_can_ask_for_nothing(version: Any, charlie: Any, organisation: Any) -> None:
    client = as_user(charlie)
    assert client.get(reverse("reports:list", args=[version.assessment_id])).status_code == 404
    assert client.post(reverse("reports:request", args=[version.pk]), {"kind": "design"}).status_code == 404
    with scope(organisation=organisation):
        assert not Document.objects.exists()


def test_a_visitor_is_sent_to_the_login(done: Any) -> None:
    response = Client().get(reverse("reports:file", args=[done.pk]))
    assert (response.status_code, "login" in response["Location"]) == (302, True)


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 403), ("eve", 403)])
def test_only_the_consultant_asks_for_documents(who: str, status: int, version: Any, request: pytest.FixtureRequest) -> None:
    response = as_user(request.getfixturevalue(who)).post(reverse("reports:request", args=[version.pk]), {"kind": "design"})
    assert response.status_code == status


def test_asking_is_a_post(version: Any, alice: Any) -> None:
    assert as_user(alice).get(reverse("reports:request", args=[version.pk])).status_code == 405


def test_an_unknown_kind_leads_back_with_a_message(version: Any, alice: Any) -> None:
    response = as_user(alice).post(reverse("reports:request", args=[version.pk]), {"kind": "poem"}, follow=True)
    assert "There is no document &#x27;poem&#x27;." in response.content.decode()


@pytest.mark.parametrize("who", ["alice", "bob", "eve"])
def test_every_member_takes_the_file(who: str, done: Any, request: pytest.FixtureRequest) -> None:
    response = as_user(request.getfixturevalue(who)).get(reverse("reports:file", args=[done.pk]))
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="northwind-clinics-summary-1.pdf"'
    assert b"".join(response.streaming_content).startswith(b"%PDF")


def test_there_is_no_file_before_it_is_done(document: Any, alice: Any) -> None:
    assert as_user(alice).get(reverse("reports:file", args=[document.pk])).status_code == 404


def test_the_status_polls_while_open_and_stops_when_done(document: Any, alice: Any) -> None:
    Document.objects.filter(pk=document.pk).update(state="running", percent=42, message="Laying out page 7")
    page = as_user(alice).get(reverse("reports:status", args=[document.pk])).content.decode()
    assert "Laying out page 7" in page
    assert re.search(r'<progress[^>]*value="42"', page)
    assert 'role="status"' in page
    assert "hx-get" in page
    Document.objects.filter(pk=document.pk).update(state="failed", reason="The disk is full.")
    page = as_user(alice).get(reverse("reports:status", args=[document.pk])).content.decode()
    assert "The disk is full." in page
    assert "hx-get" not in page


def test_the_list_shows_state_and_file(done: Any, version: Any, alice: Any) -> None:
    page = as_user(alice).get(reverse("reports:list", args=[version.assessment_id])).content.decode()
    assert reverse("reports:file", args=[done.pk]) in page
    assert "Done" in page
    assert " style=" not in page
