"""Overrides on their page: who sets them, what is refused, what a day that is over does, and that the design and the document show them."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.headless import BadInput
from recommendations.models import DesignVersion, Override
from recommendations.overrides import OverrideErrors
from recommendations.services import generate_design, staleness_of
from tests.support.designs import EXAMPLES, few_workloads, make_assessment, make_version

pytestmark = pytest.mark.django_db
GIVEN = {
    "workload": "render-cache",
    "value": "versioning:enabled",
    "reason": "A render was lost.",
    "owner": "Ann Ray",
    "expires": "2099-06-30",
}


@pytest.fixture
def version(in_scope: Any, alice: Any) -> DesignVersion:
    assessment = make_assessment(in_scope, alice, few_workloads("lumen-media", ("Render cache", "Transcode servers")))
    return make_version(assessment, alice)


def post(client: Client, user: Any, version: DesignVersion, **more: str) -> Any:
    client.force_login(user)
    return client.post(reverse("recommendations:override_add", args=[version.assessment_id]), {**GIVEN, **more})


def test_an_override_is_stored_and_the_next_version_made(client: Client, alice: Any, version: DesignVersion) -> None:
    assert post(client, alice, version).status_code == 302
    (row,) = Override.objects.all()
    assert (row.by, row.setting, row.value, row.organisation_id) == (alice, "versioning", "enabled", version.organisation_id)
    made = DesignVersion.objects.get(number=2)
    assert [one["owner"] for one in made.document["overrides"]] == ["Ann Ray"]
    page = client.get(reverse("recommendations:version", args=[made.pk])).content.decode()
    assert "A render was lost." in page
    post(client, alice, version, workload="transcode-servers", value="dlm:168")
    page = client.get(reverse("recommendations:design", args=[version.assessment_id])).content.decode()
    assert "RPO after deleted or corrupted data" in page
    Override.objects.filter(setting="dlm").delete()
    client.post(reverse("recommendations:override_remove", args=[version.assessment_id, row.pk]))
    last = DesignVersion.objects.first()
    assert last is not None
    assert "overrides" not in last.document
    assert (last.number, last.digest) == (4, version.digest)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"value": "encryption:sse-s3"}, "sec_enc"),
        ({"value": "expire:days", "days": "44"}, "it may only be kept longer"),
        ({"expires": "2001-01-01"}, "name a day to come"),
        ({"reason": ""}, "expected a text"),
        ({"value": ""}, "cannot be overridden"),
    ],
)
def test_a_refused_override_is_said_beside_the_form_and_not_stored(
    client: Client, alice: Any, version: DesignVersion, more: dict[str, str], words: str
) -> None:
    answer = post(client, alice, version, **more)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Override.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("eve", 403), ("charlie", 404)])
def test_only_a_consultant_of_the_organisation_sets_overrides(
    request: Any, client: Client, version: DesignVersion, who: str, status: int
) -> None:
    assert post(client, request.getfixturevalue(who), version).status_code == status
    assert not Override.objects.exists()


def test_an_override_that_is_over_is_red_and_keeps_a_design_from_being_made(client: Client, alice: Any, version: DesignVersion) -> None:
    post(client, alice, version)
    Override.objects.update(expires=date(2001, 6, 30))
    with pytest.raises(OverrideErrors, match="overridden until 2001-06-30"):
        generate_design(version.assessment, alice)
    page = client.get(reverse("recommendations:overrides", args=[version.assessment_id])).content.decode()
    assert "Over since 30 Jun 2001" in page
    answer = client.post(reverse("recommendations:generate", args=[version.assessment_id]), follow=True).content.decode()
    assert "name a later day, or take it away" in answer
    assert staleness_of(DesignVersion.objects.get(number=2)).overrides
    assert not staleness_of(version).answers
    assert DesignVersion.objects.count() == 2


def test_the_trace_pages_show_the_override(client: Client, alice: Any, version: DesignVersion) -> None:
    post(client, alice, version)
    made = DesignVersion.objects.get(number=2)
    pointer = "workloads/render-cache/settings/versioning"
    page = client.get(reverse("recommendations:trace", args=[made.pk, pointer])).content.decode()
    assert "Owner Ann Ray, until 2099-06-30" in page
    found = client.get(reverse("recommendations:trace_json", args=[made.pk, pointer])).json()
    assert (found["rules"], found["override"]["reason"]) == (["override"], "A render was lost.")


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("eve", 200), ("charlie", 404)])
@pytest.mark.parametrize("name", ["recommendations:trace", "recommendations:trace_json", "recommendations:flips"])
def test_members_see_traces_and_strangers_do_not(
    request: Any, client: Client, version: DesignVersion, name: str, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse(name, args=[version.pk, "workloads/render-cache/settings/logging"])).status_code == status


def test_a_trace_of_nothing_is_not_found_and_one_of_other_rules_is_not_told(client: Client, alice: Any, version: DesignVersion) -> None:
    client.force_login(alice)
    assert client.get(reverse("recommendations:trace", args=[version.pk, "settings/nothing"])).status_code == 404
    version.document = {**version.document, "rule_pack": {"version": "0", "hash": "0" * 64}}
    version.save()
    answer = client.get(reverse("recommendations:trace", args=[version.pk, "settings/iam"]))
    assert answer.status_code == 409
    assert "other rules" in answer.content.decode()


def test_the_command_takes_a_file_of_overrides(tmp_path: Path) -> None:
    file = tmp_path / "overrides.yaml"
    row = "{workload: render-cache, setting: versioning, value: enabled, reason: Lost., owner: Ann, expires: 2099-06-30}"
    file.write_text(f"schema: stowplan/overrides/1\noverrides:\n- {row}\n")
    said = StringIO()
    call_command("design", str(EXAMPLES / "lumen-media.yaml"), overrides=str(file), stdout=said)
    assert '"owner": "Ann"' in said.getvalue()
    file.write_text(file.read_text().replace("2099", "2001"))
    with pytest.raises(BadInput, match=r"overrides.yaml:1: overrides\[0\].expires: .* until 2001-06-30"):
        call_command("design", str(EXAMPLES / "lumen-media.yaml"), overrides=str(file))
