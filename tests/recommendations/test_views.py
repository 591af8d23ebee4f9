"""The design page: who sees it, what it says, and what making a design again does."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessment.services import clear_answer, save_answer
from recommendations.models import DesignVersion
from recommendations.pages import DesignPage
from recommendations.services import generate_design, staleness_of
from tests.support.designs import make_assessment, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(in_scope: Any, alice: Any) -> Any:
    return make_assessment(in_scope, alice)


@pytest.fixture
def version(assessment: Any, alice: Any) -> DesignVersion:
    return make_version(assessment, alice)


def signed_in(client: Client, user: Any) -> Client:
    client.force_login(user)
    return client


# ------------------------------------------------------------------------------------------------------------ permissions
GET_PAGES = ("recommendations:design", "recommendations:version", "recommendations:json")


@pytest.mark.parametrize("name", GET_PAGES)
@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("eve", 200), ("charlie", 404)])
def test_members_see_a_design_and_strangers_do_not(
    request: Any, client: Client, version: DesignVersion, name: str, who: str, status: int
) -> None:
    pk = version.assessment_id if name.endswith("design") else version.pk
    user = request.getfixturevalue(who)
    assert signed_in(client, user).get(reverse(name, args=[pk])).status_code == status


@pytest.mark.parametrize(("who", "status"), [("alice", 302), ("bob", 403), ("eve", 403), ("charlie", 404)])
def test_a_consultant_makes_designs(request: Any, client: Client, assessment: Any, who: str, status: int) -> None:
    user = request.getfixturevalue(who)
    answer = signed_in(client, user).post(reverse("recommendations:generate", args=[assessment.pk]))
    assert answer.status_code == status
    assert DesignVersion.objects.count() == (1 if status == 302 else 0)


def test_nobody_sees_a_design_without_signing_in(client: Client, version: DesignVersion) -> None:
    answer = client.get(reverse("recommendations:version", args=[version.pk]))
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_a_user_of_no_organisation_is_refused(client: Client, version: DesignVersion, django_user_model: Any) -> None:
    lonely = django_user_model.objects.create_user("lonely@example.com")
    assert signed_in(client, lonely).get(reverse("recommendations:version", args=[version.pk])).status_code == 403


@pytest.mark.parametrize("name", ["recommendations:generate", "reviews:decide"])
def test_what_writes_refuses_to_be_read(client: Client, alice: Any, version: DesignVersion, name: str) -> None:
    assert signed_in(client, alice).get(reverse(name, args=[version.pk])).status_code == 405


# ---------------------------------------------------------------------------------------------------------------- making
def test_the_same_answers_give_the_version_that_is_there(version: DesignVersion, alice: Any) -> None:
    assert generate_design(version.assessment, alice) == version


def test_a_changed_answer_gives_the_next_version(version: DesignVersion, alice: Any) -> None:
    save_answer(version.assessment, None, "sec_key_rotation", "not-required", user=alice)
    second = generate_design(version.assessment, alice)
    assert (second.number, second.digest != version.digest) == (2, True)


def test_answers_that_make_no_design_are_listed_with_their_questions(client: Client, assessment: Any, alice: Any) -> None:
    clear_answer(assessment, None, "aws_primary")
    workload = assessment.workloads.first()
    clear_answer(assessment, workload, "wl_rto")
    answer = signed_in(client, alice).post(reverse("recommendations:generate", args=[assessment.pk]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"/assessments/{assessment.pk}/sections/" in page
    assert "#q-aws_primary" in page
    assert "#q-wl_rto" in page
    assert workload.name in page
    assert not DesignVersion.objects.exists()


def test_a_design_is_stale_once_an_answer_changed(version: DesignVersion, alice: Any) -> None:
    assert not staleness_of(version)
    save_answer(version.assessment, None, "sec_key_rotation", "not-required", user=alice)
    stale = staleness_of(version)
    assert [row["name"] for row in stale.answers] == ["sec_key_rotation"]


def test_a_note_alone_makes_a_design_stale_too(version: DesignVersion, alice: Any) -> None:
    """The whole engagement is part of the design, and so of its digest."""
    row = version.assessment.answers.get(question="sec_key_rotation", workload=None)
    save_answer(version.assessment, None, "sec_key_rotation", row.value, note="asked again", user=alice)
    assert staleness_of(version)
    assert generate_design(version.assessment, alice).digest != version.digest


# ------------------------------------------------------------------------------------------------------------------ page
def test_the_page_says_headline_findings_settings_and_why(client: Client, version: DesignVersion, alice: Any) -> None:
    page = signed_in(client, alice).get(reverse("recommendations:version", args=[version.pk])).content.decode()
    document = version.document
    assert version.digest[:12] in page
    for workload in document["workloads"]:
        assert f'id="w-{workload["key"]}"' in page
        for setting in workload["settings"]:
            assert re.search(rf"<code>{setting['table']}</code>, rule <a href=\"[^\"]+\"><code>{setting['rule']}</code>", page)
    assert f"/assessments/{version.assessment_id}/workloads/pacs-imaging-archive/" in page


def test_an_answer_that_changed_is_said_on_the_page(client: Client, version: DesignVersion, alice: Any) -> None:
    save_answer(version.assessment, None, "sec_key_rotation", "not-required", user=alice)
    page = signed_in(client, alice).get(reverse("recommendations:design", args=[version.assessment_id])).content.decode()
    assert "Out of date" in page
    assert "<code>sec_key_rotation</code>" in page


def test_an_older_version_leads_to_the_latest(client: Client, version: DesignVersion, alice: Any) -> None:
    save_answer(version.assessment, None, "sec_key_rotation", "not-required", user=alice)
    second = generate_design(version.assessment, alice)
    page = signed_in(client, alice).get(reverse("recommendations:version", args=[version.pk])).content.decode()
    assert "This is an older version" in page
    assert reverse("recommendations:changes", args=[second.pk, version.pk]) in page


def test_markup_in_a_name_stays_text(client: Client, in_scope: Any, alice: Any) -> None:
    assessment = make_assessment(in_scope, alice)
    assessment.workloads.update(name='<script>alert("x")</script>')
    workload = assessment.workloads.first()
    assessment.workloads.exclude(pk=workload.pk).delete()
    version = make_version(assessment, alice)
    page = signed_in(client, alice).get(reverse("recommendations:version", args=[version.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_file_is_the_design(client: Client, version: DesignVersion, alice: Any) -> None:
    from recommendations.design import load_design

    answer = signed_in(client, alice).get(reverse("recommendations:json", args=[version.pk]))
    assert load_design(json.loads(answer.content)).digest == version.digest
    assert answer["Content-Disposition"] == 'attachment; filename="northwind-clinics-1.design.json"'


def test_what_changed_names_answers_settings_and_resources(client: Client, version: DesignVersion, alice: Any) -> None:
    save_answer(version.assessment, None, "sec_key_rotation", "not-required", user=alice)
    second = generate_design(version.assessment, alice)
    answer = signed_in(client, alice).get(reverse("recommendations:changes", args=[second.pk, version.pk]))
    changes = answer.context["changes"]
    assert [(row["name"], row["before"], row["after"]) for row in changes["answers"]] == [("sec_key_rotation", "yearly", "not-required")]
    assert changes["resources"]
    assert all(row["change"] == "changed" for row in changes["resources"])


def test_designs_of_two_assessments_are_not_compared(client: Client, version: DesignVersion, in_scope: Any, alice: Any) -> None:
    other = make_version(make_assessment(in_scope, alice), alice)
    assert signed_in(client, alice).get(reverse("recommendations:changes", args=[version.pk, other.pk])).status_code == 404


def test_a_design_of_older_rules_is_stale(version: DesignVersion) -> None:
    version.document["rule_pack"]["hash"] = "0" * 64
    assert staleness_of(version).parts == ("rules",)


def test_objectives_are_counted_as_in_the_documents(version: DesignVersion) -> None:
    rows = [row for workload in version.document["workloads"] for row in workload["recovery"]]
    marks = [row[name] for row in rows for name in ("rpo_met", "rto_met") if row[name] is not None]
    expected = {"asked": len(marks), "met": marks.count(True), "unmet": marks.count(False)}
    assert marks
    assert DesignPage(version.document, lambda workload, question: "").objectives == expected


def test_assumptions_and_open_points_name_their_workload(version: DesignVersion) -> None:
    page = DesignPage(version.document, lambda workload, question: "")
    points = [*page.assumptions, *page.open_points]
    assert {point["workload_name"] for point in points if point["workload"]} <= set(page.names.values())
    assert all(point["workload_name"] for point in points if point["workload"])
    assert any(point["workload"] for point in points)
