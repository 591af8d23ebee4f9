"""The pages of questions: who may, what is saved, what a page costs, and that nothing typed is lost."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from assessment.answer_tree import AnswerTree
from assessment.models import Answer, Assessment
from assessment.questionnaire import load_questionnaire
from assessment.services import create_assessment, draft_of, save_answer
from assessment.workload_services import add_workload
from tests.assessment.examples import NAMES, Controls, stored

pytestmark = pytest.mark.stack


@pytest.fixture
def empty(in_scope: Organisation) -> Assessment:
    return create_assessment(in_scope, "Fresh Foods", "", None)


@pytest.fixture
def consultant(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def section(assessment: Assessment, name: str, workload: str | None = None) -> str:
    if workload is None:
        return reverse("assessment:section", args=[assessment.pk, name])
    return reverse("assessment:workload_section", args=[assessment.pk, workload, name])


def answer(assessment: Assessment) -> str:
    return reverse("assessment:answer", args=[assessment.pk])


def value_of(question: str) -> object:
    row = Answer.objects.filter(question=question).first()
    return row.value if row else None


# --------------------------------------------------------------------------------------------------------------- who may
def test_a_stranger_finds_nothing(client: Client, empty: Assessment, charlie: User):
    client.force_login(charlie)
    for url in (
        section(empty, "engagement"),
        reverse("assessment:detail", args=[empty.pk]),
        reverse("assessment:export_file", args=[empty.pk]),
    ):
        assert client.get(url).status_code == 404
    assert client.post(answer(empty), {"question": "net_bw", "net_bw-value": "1 Gbit/s"}).status_code == 404
    assert client.post(section(empty, "engagement"), {"shown": "eng_goal"}).status_code == 404


@pytest.mark.parametrize("person", ["bob", "eve"])
def test_reviewers_and_engineers_read_and_do_not_write(client: Client, empty: Assessment, person: str, request: pytest.FixtureRequest):
    client.force_login(request.getfixturevalue(person))
    page = client.get(section(empty, "landing-zone"))
    assert page.status_code == 200
    assert b"<fieldset disabled" in page.content
    assert b"hx-post" not in page.content
    assert client.post(answer(empty), {"question": "net_bw", "net_bw-value": "1 Gbit/s"}).status_code == 403
    assert client.post(section(empty, "landing-zone"), {"shown": "net_bw", "net_bw-value": "1 Gbit/s"}).status_code == 403
    assert not Answer.objects.exists()


@pytest.mark.parametrize("name", ["identity", "nonsense"])
def test_a_section_that_is_not_there(consultant: Client, empty: Assessment, name: str):
    assert consultant.get(section(empty, name)).status_code == 404


def test_a_workload_that_is_not_there(consultant: Client, empty: Assessment):
    assert consultant.get(section(empty, "identity", "nonsense")).status_code == 404
    assert consultant.post(answer(empty) + "?workload=nonsense", {"question": "wl_kind"}).status_code == 404


@pytest.mark.parametrize("question", ["", "nonsense", "wl_kind", "wl_name"])
def test_a_question_that_is_not_asked_here(consultant: Client, empty: Assessment, question: str):
    assert consultant.post(answer(empty), {"question": question}).status_code == 404


# ----------------------------------------------------------------------------------------------------------- what it shows
@pytest.mark.parametrize("section_id", [one.id for one in load_questionnaire().of_scope("customer")])
def test_every_customer_section_opens_empty(consultant: Client, empty: Assessment, section_id: str):
    response = consultant.get(section(empty, section_id))
    assert response.status_code == 200
    assert b"style=" not in response.content
    asked = {block.question.id for block in response.context["blocks"] if block.visible}
    shown = set(re.findall(r'data-question="(\w+)"', response.content.decode()))
    assert shown == asked == {question.id for question in AnswerTree(load_questionnaire(), draft_of(empty)).customer.questions(section_id)}


def test_what_people_wrote_is_escaped(consultant: Client, empty: Assessment):
    add_workload(empty, "<script>alert(1)</script>{{ 7|add:7 }}")
    save_answer(empty, None, "sec_log_readers", "<b>'\"&{% now %}", user=None)
    page = consultant.get(section(empty, "security")).content.decode()
    assert "<b>'" not in page
    assert "&lt;b&gt;&#x27;&quot;&amp;{% now %}" in page
    listed = consultant.get(reverse("assessment:workloads", args=[empty.pk])).content.decode()
    assert "<script>alert" not in listed
    assert "{{ 7|add:7 }}" in listed


@pytest.mark.parametrize("many", [3, 60])
def test_a_page_costs_the_same_whatever_the_number_of_workloads(
    consultant: Client, empty: Assessment, many: int, django_assert_max_num_queries
):
    for number in range(many):
        row = add_workload(empty, f"Workload {number}")
        save_answer(empty, row, "wl_kind", "database", user=None)
    consultant.get(section(empty, "identity", "workload-0"))
    with django_assert_max_num_queries(8):
        response = consultant.get(section(empty, "identity", "workload-0"))
    assert response.status_code == 200


# ---------------------------------------------------------------------------------------------------- saved as you go
def test_one_field_is_saved(consultant: Client, empty: Assessment, alice: User):
    response = consultant.post(
        answer(empty), {"question": "net_bw", "net_bw-value": "0.2 gbps", "net_bw-version": "0", "shown": ["net_bw"]}
    )
    text = response.content.decode()
    row = Answer.objects.get()
    assert (row.value, row.updated_by, row.version) == ("200 Mbit/s", alice, 1)
    assert "Saved" in text
    assert 'name="net_bw-version" value="1"' in text
    assert 'id="side"' in text
    assert re.search(r'href="[^"]*/sections/landing-zone/" aria-current="page"', text)


def test_questions_that_begin_to_show_come_along(consultant: Client, empty: Assessment):
    shown = {"question": "eng_deadline", "shown": ["eng_goal", "eng_deadline"]}
    text = consultant.post(answer(empty), {**shown, "eng_deadline-value": "2027-06-30"}).content.decode()
    assert 'id="q-eng_deadline_why" class="q card" hx-swap-oob="true"' in text
    gone = {**shown, "shown": ["eng_deadline", "eng_deadline_why"], "eng_deadline-value": "", "eng_deadline-version": "1"}
    text = consultant.post(answer(empty), gone).content.decode()
    assert 'id="q-eng_deadline_why" class="q-absent" hx-swap-oob="true" hidden' in text
    assert not Answer.objects.exists()


def test_a_wrong_entry_is_said_below_the_field_and_not_saved(consultant: Client, empty: Assessment):
    text = consultant.post(answer(empty), {"question": "net_bw", "net_bw-value": "fast"}).content.decode()
    assert "Not saved" in text
    assert "like 200 Mbit/s" in text
    assert 'data-wrong="net_bw-value"' in text
    assert not Answer.objects.exists()


def test_an_unfinished_row_waits(consultant: Client, empty: Assessment):
    entered = {"question": "eng_people", "eng_people-value-0-name": "Dana Reyes"}
    text = consultant.post(answer(empty), entered).content.decode()
    assert "Not saved yet" in text
    assert "Row 1, E-mail" in text
    assert 'data-wrong="eng_people-value-0-role eng_people-value-0-email"' in text


def test_a_conflict_says_who_and_what_and_keeps_the_entry(consultant: Client, empty: Assessment, bob: User):
    save_answer(empty, None, "net_bw", "500 Mbit/s", user=bob)
    mine = {"question": "net_bw", "net_bw-value": "1 Gbit/s", "net_bw-version": "0"}
    response = consultant.post(answer(empty), mine)
    text = response.content.decode()
    assert response["HX-Retarget"] == "#q-net_bw"
    assert "Bob saved another answer" in text
    assert "500 Mbit/s" in text
    assert 'value="1 Gbit/s"' in text
    assert value_of("net_bw") == "500 Mbit/s"

    kept = consultant.post(answer(empty), {**mine, "net_bw-version": "1", "action": "save"})
    assert "Saved" in kept.content.decode()
    assert value_of("net_bw") == "1 Gbit/s"


def test_taking_theirs_shows_what_is_stored(consultant: Client, empty: Assessment, bob: User):
    save_answer(empty, None, "net_bw", "500 Mbit/s", user=bob)
    text = consultant.post(answer(empty), {"question": "net_bw", "net_bw-value": "1 Gbit/s", "action": "take"}).content.decode()
    assert 'value="500 Mbit/s"' in text
    assert 'name="net_bw-version" value="1"' in text


def test_clearing_and_stating_the_default(consultant: Client, empty: Assessment):
    consultant.post(answer(empty), {"question": "rec_tiers", "action": "default", "rec_tiers-version": "0"})
    assert value_of("rec_tiers")["important"] == {"rto": "4h", "rpo": "1h", "mtd": "12h"}
    consultant.post(answer(empty), {"question": "rec_tiers", "action": "clear", "rec_tiers-version": "1"})
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("entered", "stored_row"),
    [
        ({"state": "unknown", "note": "no history", "ask": "Dana"}, ("unknown", None, "no history", "Dana", "")),
        ({"state": "not-applicable", "reason": "out-of-scope", "value": "5"}, ("not-applicable", None, "", "", "out-of-scope")),
        ({"state": "assumed", "value": "1.5", "ask": "Dana"}, ("assumed", "1.5 %", "", "Dana", "")),
        ({"value": "1.5 %", "note": "measured"}, ("stated", "1.5 %", "measured", "", "")),
    ],
)
def test_states(consultant: Client, empty: Assessment, entered: dict, stored_row: tuple):
    consultant.post(answer(empty), {"question": "bud_growth", **{f"bud_growth-{name}": text for name, text in entered.items()}})
    row = Answer.objects.get()
    assert (row.state, row.value, row.note, row.ask, row.reason) == stored_row


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ({}, "Add whom to ask and what is known so far: the follow-up list prints it."),
        ({"ask": "Dana"}, "Add what is known so far: the follow-up list prints it."),
        ({"note": "no history"}, "Add whom to ask: the follow-up list prints it."),
        ({"note": "no history", "ask": "Dana"}, ""),
    ],
)
def test_an_unknown_answer_asks_for_what_the_follow_up_list_prints(consultant: Client, empty: Assessment, entered: dict, words: str):
    posted = {"question": "bud_growth", "bud_growth-state": "unknown", **{f"bud_growth-{name}": text for name, text in entered.items()}}
    text = consultant.post(answer(empty), posted).content.decode()
    assert Answer.objects.get().state == "unknown"
    assert words in text
    assert ("q-wanted" in text) is bool(words)


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        ({"state": "assumed"}, "The assumed value is missing."),
        ({"note": "asked twice"}, "The value is missing."),
        ({"state": "not-applicable"}, "Say why it does not apply"),
        ({"state": "guessed", "value": "5"}, "guessed"),
        ({"state": "assumed", "value": "5", "confirm_by": "soon"}, "like 2027-03-31"),
    ],
)
def test_states_that_lack_something(consultant: Client, empty: Assessment, entered: dict, message: str):
    posted = {"question": "bud_growth", **{f"bud_growth-{name}": text for name, text in entered.items()}}
    assert message in consultant.post(answer(empty), posted).content.decode()
    assert not Answer.objects.exists()


def test_hostile_version_fields_are_no_error(consultant: Client, empty: Assessment):
    for version in ("x", "-1", "9" * 40, "٣"):
        response = consultant.post(answer(empty), {"question": "net_bw", "net_bw-value": "1 Gbit/s", "net_bw-version": version})
        assert response.status_code == 200


# ------------------------------------------------------------------------------------------------------ without JavaScript
def test_save_stores_the_touched_answers_and_says_so(consultant: Client, empty: Assessment):
    page = consultant.get(section(empty, "landing-zone"))
    data = Controls(page.content.decode()).data()
    data["net_bw-value"], data["go"] = ["1 Gbit/s"], ["stay"]
    response = consultant.post(section(empty, "landing-zone"), data, follow=True)
    assert "Saved." in response.content.decode()
    assert {row.question for row in Answer.objects.all()} == {"net_bw"}


def test_save_and_go_on(consultant: Client, empty: Assessment):
    data = Controls(consultant.get(section(empty, "engagement")).content.decode()).data()
    response = consultant.post(section(empty, "engagement"), {**data, "go": "next"})
    assert response.url == section(empty, "recovery")
    data = Controls(consultant.get(section(empty, "maturity")).content.decode()).data()
    response = consultant.post(section(empty, "maturity"), {**data, "go": "next"})
    assert response.url == reverse("assessment:detail", args=[empty.pk])


def test_what_is_wrong_is_kept_and_the_rest_is_saved(consultant: Client, empty: Assessment):
    data = Controls(consultant.get(section(empty, "landing-zone")).content.decode()).data()
    data |= {"net_bw-value": ["quick"], "net_down-value": ["2 Gbit/s"]}
    response = consultant.post(section(empty, "landing-zone"), data)
    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="quick"' in text
    assert "like 200 Mbit/s" in text
    assert "1 answer could not be saved" in text
    assert value_of("net_down") == "2 Gbit/s"


def test_somebody_elses_answer_is_no_conflict_unless_it_was_touched(consultant: Client, empty: Assessment):
    data = Controls(consultant.get(section(empty, "landing-zone")).content.decode()).data()
    save_answer(empty, None, "net_bw", "500 Mbit/s", user=None)
    consultant.post(section(empty, "landing-zone"), {**data, "net_down-value": ["2 Gbit/s"]})
    assert (value_of("net_bw"), value_of("net_down")) == ("500 Mbit/s", "2 Gbit/s")

    response = consultant.post(section(empty, "landing-zone"), {**data, "net_bw-value": ["1 Gbit/s"]})
    assert response.status_code == 422
    assert "saved another answer" in response.content.decode()
    assert value_of("net_bw") == "500 Mbit/s"


def test_rows_are_added_and_removed_by_buttons(consultant: Client, empty: Assessment):
    url = section(empty, "landing-zone")
    data = Controls(consultant.get(url).content.decode()).data()
    data |= {"aws_tags-value-0-key": ["owner"], "aws_tags-value-0-value": ["it"], "add-row": ["aws_tags"]}
    page = consultant.post(url, data).content.decode()
    assert value_of("aws_tags") == [{"key": "owner", "value": "it"}]
    data = Controls(page).data()
    data |= {"aws_tags-value-1-key": ["class"], "aws_tags-value-1-value": ["phi"]}
    consultant.post(url, data)
    assert [row["key"] for row in value_of("aws_tags")] == ["owner", "class"]

    data = Controls(consultant.get(url).content.decode()).data()
    consultant.post(url, {**data, "remove-row": ["aws_tags:0"]})
    assert [row["key"] for row in value_of("aws_tags")] == ["class"]


@pytest.mark.parametrize("button", ["clear", "default"])
def test_buttons_of_one_answer(consultant: Client, empty: Assessment, button: str):
    save_answer(empty, None, "net_bw", "500 Mbit/s", user=None)
    url = section(empty, "landing-zone")
    data = Controls(consultant.get(url).content.decode()).data()
    consultant.post(url, {**data, button: ["net_bw"]})
    assert value_of("net_bw") == (None if button == "clear" else "20 Mbit/s")


# ----------------------------------------------------------------------------------------------------- every type, lossless
@pytest.mark.parametrize("name", NAMES)
def test_every_page_posted_as_it_came_changes_nothing(consultant: Client, in_scope: Organisation, name: str):
    """Every answer counts as touched here: what the fields hold means what was stored."""
    assessment = stored(in_scope, name)
    before = draft_of(assessment)
    urls = [section(assessment, one.id) for one in load_questionnaire().of_scope("customer")]
    urls += [section(assessment, one.id, w.key) for w in before.workloads[:2] for one in load_questionnaire().of_scope("workload")]
    for url in urls:
        data = Controls(consultant.get(url).content.decode()).data()
        touched = {field: ["touched"] if field.endswith("-was") else values for field, values in data.items()}
        assert consultant.post(url, {**touched, "go": "stay"}).status_code == 302, url
    assert draft_of(assessment) == before
    assert set(Answer.objects.values_list("version", flat=True)) == {1}


def test_every_type_can_be_answered_by_form(consultant: Client, empty: Assessment):
    """One entry for each type and shape, as a browser posts it; the values as the engagement file has them."""
    add_workload(empty, "Files")
    add_workload(empty, "Orders")
    entries = json.loads(ENTRIES)
    for question, (posted, value) in entries.items():
        scope = "?workload=files" if question.startswith("wl_") else ""
        text = consultant.post(answer(empty) + scope, {"question": question, **posted}).content.decode()
        assert "Not saved" not in text, (question, text)
        assert value_of(question) == value, question
    kinds = {load_questionnaire().question(question).type for question in entries}
    assert kinds == {question.type for question in load_questionnaire().questions.values()} - {"tag"}


ENTRIES = """{
  "eng_goal": [{"eng_goal-value": ["meet-audit", "cut-cost", ""]}, ["meet-audit", "cut-cost"]],
  "eng_deadline": [{"eng_deadline-value": "2027-06-30"}, "2027-06-30"],
  "eng_deadline_why": [{"eng_deadline_why-value": "Two\\r\\nlines"}, "Two\\nlines"],
  "eng_country": [{"eng_country-value": ["DE", "", "FR"]}, ["DE", "FR"]],
  "cmp_residency": [{"cmp_residency-value-word": "any"}, "any"],
  "rec_disrupt": [{"rec_disrupt-value": ["deletion", "region-loss"]}, ["deletion", "region-loss"]],
  "rec_manual": [{"rec_manual-value": "4 hours"}, "4h"],
  "rec_cost_down": [{"rec_cost_down-value": "48,000"}, "48000 USD"],
  "cur_success": [{"cur_success-value": "93.5"}, "93.5 %"],
  "aws_primary": [{"aws_primary-value": "eu-central-1"}, "eu-central-1"],
  "aws_dr": [{"aws_dr-value-none": "on"}, []],
  "eng_people": [{"eng_people-value-none": "on"}, []],
  "cmp_retention_tbl": [{"cmp_retention_tbl-value-0-class": "records", "cmp_retention_tbl-value-0-min": "6y",
    "cmp_retention_tbl-value-4-class": "notes", "cmp_retention_tbl-value-4-min": "90 days", "cmp_retention_tbl-value-4-erasure": "on"},
    [{"class": "records", "min": "6y", "erasure": false}, {"class": "notes", "min": "90d", "erasure": true}]],
  "cur_cost_split": [{"cur_cost_split-value-hardware-monthly": "1200", "cur_cost_split-value-cloud-monthly": "$300"},
    {"hardware": "1200 USD", "cloud": "300 USD"}],
  "aws_window": [{"aws_window-value-days": ["sat", "sun"], "aws_window-value-from": "22:00", "aws_window-value-to": "04:00",
    "aws_window-value-zone": "Europe/Berlin"}, {"days": ["sat", "sun"], "from": "22:00", "to": "04:00", "zone": "Europe/Berlin"}],
  "net_bw": [{"net_bw-value": "200 mbps"}, "200 Mbit/s"],
  "net_device": [{"net_device-value": "false"}, false],
  "bud_restore_cost": [{"bud_restore_cost-value": "1 200"}, 1200],
  "wl_kind": [{"wl_kind-value": "object-data"}, "object-data"],
  "wl_size": [{"wl_size-value": "1.5tib"}, "1.5 TiB"],
  "wl_expire": [{"wl_expire-value-word": "never"}, "never"],
  "wl_owner": [{"wl_owner-value-name": "Dana", "wl_owner-value-email": "dana@example.org"}, {"name": "Dana", "email": "dana@example.org"}],
  "wl_deps": [{"wl_deps-value": ["Orders"]}, ["Orders"]],
  "wl_bucket": [{"wl_bucket-value-none": "on"}, ""]
}"""
