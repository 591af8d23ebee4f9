"""The rule pack on screen: tables in words, the rows that fired for a design, DMN files, and what newer rules would change."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recommendations.dmn_export import dmn_files
from recommendations.models import DesignVersion
from recommendations.rule_pages import EVERYTHING, fired_rows, rule_pages
from recommendations.services import newer_parts
from recommendations.tables import load_rule_pack
from tests.support.designs import make_assessment, make_version

pytestmark = pytest.mark.django_db
PACK = load_rule_pack()


@pytest.fixture
def version(in_scope: Any, alice: Any) -> DesignVersion:
    return make_version(make_assessment(in_scope, alice), alice)


@pytest.fixture
def page(client: Client, alice: Any, version: DesignVersion) -> Any:
    client.force_login(alice)
    return lambda name="design_rules", query="": client.get(reverse(f"recommendations:{name}", args=[version.pk]) + query)


def other_rules(version: DesignVersion, **changed: str) -> None:
    """The design as if made with another pack or book."""
    for part, field in changed.items():
        version.document[part][field] = "0" * 64 if field == "hash" else "0"
    version.save(update_fields=["document"])


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("eve", 200), ("charlie", 404)])
@pytest.mark.parametrize("name", ["design_rules", "newer"])
def test_members_see_the_rules_of_a_design_and_strangers_do_not(
    request: Any, client: Client, version: DesignVersion, name: str, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(reverse(f"recommendations:{name}", args=[version.pk])).status_code == status


def test_every_row_of_every_table_is_shown_with_its_reason(client: Client, alice: Any, version: DesignVersion) -> None:
    client.force_login(alice)
    answer = client.get(reverse("recommendations:rules"))
    text = answer.content.decode()
    for table in PACK.tables.values():
        assert f'id="{table.name}"' in text
        assert all(f'id="{row.id}"' in text for row in table.rows)
    assert "Fired" not in text
    assert "How fast must it be back" in text or "RTO" in text or "downtime" in text.lower()


def test_the_rows_that_are_marked_are_those_of_the_settings(page: Any, version: DesignVersion) -> None:
    document = version.document
    settings = [*document["settings"], *(one for workload in document["workloads"] for one in workload["settings"])]
    expected = {(one["table"], row) for one in settings for row in (one["rule"], *one.get("rules", ()))}
    fired = fired_rows(document)
    assert set(fired) == expected
    marked = {(table.name, row.id) for table in rule_pages(PACK, document) for row in table.rows if row.fired}
    assert marked == {one for one in expected if one[0] in PACK.tables}
    assert page().content.decode().count('class="fired"') == len(marked)
    assert fired["trail", next(one["rule"] for one in settings if one["table"] == "trail")] == [EVERYTHING]


def test_one_workload_shows_its_own_rows_only(page: Any, version: DesignVersion) -> None:
    one = version.document["workloads"][0]
    mine = fired_rows(version.document, one["key"])
    assert mine
    assert all(names == [one["name"]] for names in mine.values())
    text = page(query=f"?workload={one['key']}").content.decode()
    assert f"Fired: {one['name']}" in text
    assert EVERYTHING not in text
    assert page(query="?workload=nobody").status_code == 404


def test_the_settings_of_the_design_page_lead_to_their_row(page: Any, version: DesignVersion) -> None:
    text = page("version").content.decode()
    rules = reverse("recommendations:design_rules", args=[version.pk])
    for setting in version.document["settings"]:
        if setting["table"] in PACK.tables:
            assert f'href="{rules}#{setting["rule"]}"' in text


def test_the_dmn_files_are_an_archive(client: Client, alice: Any) -> None:
    client.force_login(alice)
    answer = client.get(reverse("recommendations:rules_dmn"))
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert set(archive.namelist()) == set(dmn_files(PACK))


@pytest.mark.parametrize(
    ("part", "field", "words"), [("rule_pack", "hash", "rules"), ("rule_pack", "version", "rules"), ("price_book", "version", "prices")]
)
def test_other_rules_and_prices_are_known_by_version_and_by_content(version: DesignVersion, part: str, field: str, words: str) -> None:
    assert newer_parts(version.document) == ()
    other_rules(version, **{part: field})
    assert newer_parts(version.document) == (words,)


def test_a_design_of_other_rules_shows_what_they_would_change_and_stores_nothing(page: Any, version: DesignVersion) -> None:
    assert "would make the same design again" in page("newer").content.decode()
    version.document["workloads"][0]["settings"][0]["display"] = "Something of the past"
    version.document["workloads"][0]["settings"][0]["value"] = "past"
    other_rules(version, rule_pack="hash")
    text = page("newer").content.decode()
    assert "Something of the past" in text
    assert "Make the design with them" in text
    assert DesignVersion.objects.count() == 1
    assert "made with other rules than those below" in page().content.decode()
    assert reverse("recommendations:newer", args=[version.pk]) in page("version").content.decode()


def test_answers_that_the_questions_of_now_refuse_are_named(page: Any, version: DesignVersion) -> None:
    version.document["answers"]["answers"]["sec_enc"] = "rot13"
    other_rules(version, questionnaire="hash")
    text = page("newer").content.decode()
    assert "answers.sec_enc" in text
    assert "Make the design with them" not in text
