"""The list, a new assessment, the overview, the workloads, import and export."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from assessment.engagement import read_engagement
from assessment.models import Answer, Assessment, Workload
from assessment.services import create_assessment, save_answer, store_engagement
from assessment.workload_services import add_workload
from tests.assessment.examples import FOLDER, NAMES, example, stored

pytestmark = pytest.mark.stack


@pytest.fixture
def consultant(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


@pytest.fixture
def empty(in_scope: Organisation) -> Assessment:
    return create_assessment(in_scope, "Fresh Foods", "", None)


def url(name: str, *args: object) -> str:
    return reverse(f"assessment:{name}", args=args)


# --------------------------------------------------------------------------------------------------------- list and new
def test_the_list_has_what_the_organisation_has(consultant: Client, in_scope: Organisation):
    stored(in_scope)
    page = consultant.get(url("list")).content.decode()
    assert "Northwind Clinics" in page
    assert "9 workloads" in page


def test_the_list_of_others_is_empty(client: Client, charlie: User, in_scope: Organisation):
    stored(in_scope)
    client.force_login(charlie)
    page = client.get(url("list")).content.decode()
    assert "Northwind" not in page
    assert "No assessments yet" in page


@pytest.mark.parametrize(("wanted", "found"), [("northw", True), ("nobody", False)])
def test_the_list_is_searched(consultant: Client, in_scope: Organisation, wanted: str, found: bool):
    stored(in_scope)
    assert ("Northwind Clinics" in consultant.get(url("list"), {"q": wanted}).content.decode()) is found


def test_a_long_list_costs_the_same(consultant: Client, in_scope: Organisation, django_assert_max_num_queries):
    for number in range(30):
        create_assessment(in_scope, f"Customer {number}", "", None)
    consultant.get(url("list"))
    with django_assert_max_num_queries(6):
        consultant.get(url("list"))


def test_a_new_assessment(consultant: Client, alice: User, in_scope: Organisation):
    given = {"customer": "Fjord Energy", "industry": "energy", "region": "eu-north-1", "title": ""}
    response = consultant.post(url("new"), given)
    made = Assessment.objects.get()
    assert response.url == url("detail", made.pk)
    assert (made.title, made.customer.name, made.customer.industry, made.created_by) == ("Fjord Energy", "Fjord Energy", "energy", alice)
    assert {row.question: row.value for row in Answer.objects.all()} == {"aws_primary": "eu-north-1", "eng_industry": "energy"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"customer": ""}, "This field is required."),
        ({"customer": "x" * 101}, "at most 100 characters"),
        ({"customer": "a\u202eb"}, "A name is on one line"),
        ({"region": "us-east-9"}, "Select a valid choice"),
    ],
)
def test_a_new_assessment_that_is_not_made(consultant: Client, in_scope: Organisation, wrong: dict, message: str):
    response = consultant.post(url("new"), {"customer": "Fjord", "region": "eu-north-1", **wrong})
    assert response.status_code == 422
    assert message in response.content.decode()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("person", ["bob", "eve"])
def test_only_consultants_make_and_import(client: Client, person: str, request: pytest.FixtureRequest):
    client.force_login(request.getfixturevalue(person))
    for name in ("new", "import_file"):
        assert client.get(url(name)).status_code == 403
        assert client.post(url(name), {"customer": "Fjord", "region": "eu-north-1"}).status_code == 403
    page = client.get(url("list")).content.decode()
    assert url("new") not in page


# ------------------------------------------------------------------------------------------------------------- overview
def test_the_overview_of_an_empty_assessment_says_what_is_needed(consultant: Client, empty: Assessment):
    page = consultant.get(url("detail", empty.pk)).content.decode()
    assert "Which Region is primary?" in page
    assert "Add at least one workload." in page
    assert f"{url('section', empty.pk, 'landing-zone')}#q-aws_primary" in page


def test_the_overview_of_a_complete_assessment(consultant: Client, in_scope: Organisation):
    assessment = stored(in_scope)
    page = consultant.get(url("detail", assessment.pk)).content.decode()
    assert "Ready for a design" in page
    assert "408 of" in page
    assert url("workload_start", assessment.pk, "electronic-health-record") in page


def test_findings_of_the_answers_are_listed_with_their_place(consultant: Client, in_scope: Organisation):
    assessment = stored(in_scope)
    record = Workload.objects.get(name="Electronic health record")
    save_answer(assessment, record, "wl_rto", "20d", user=None)
    page = consultant.get(url("detail", assessment.pk)).content.decode()
    assert "state-high" in page or "state-medium" in page or "state-critical" in page
    assert url("workload_section", assessment.pk, "electronic-health-record", "targets") in page


@pytest.mark.parametrize("answered", [[], ["wl_kind"], ["wl_kind", "wl_where"]])
def test_a_half_answered_workload_is_no_error(consultant: Client, in_scope: Organisation, answered: list):
    assessment = stored(in_scope)
    row = add_workload(assessment, "Half")
    for question in answered:
        save_answer(assessment, row, question, {"wl_kind": "database", "wl_where": "aws"}[question], user=None)
    page = consultant.get(url("detail", assessment.pk))
    assert page.status_code == 200
    assert "Before a design can be made" in page.content.decode()


def many_workloads(organisation: Organisation, count: int) -> Assessment:
    """Northwind's nine workloads again and again under other names."""
    given = example("northwind-clinics")
    first = given.workloads
    more = [type(first[0])("", f"{one.name} {number}", None, one.answers) for number in range(count // 9 + 1) for one in first]
    lean = [type(w)(w.key, w.name, None, {q: a for q, a in w.answers.items() if q != "wl_deps"}) for w in more[:count]]
    return store_engagement(organisation, type(given)(given.customer, given.answers, tuple(lean)), None)


def test_two_hundred_workloads_stay_usable(consultant: Client, in_scope: Organisation, django_assert_max_num_queries):
    assessment = many_workloads(in_scope, 200)
    for page in (url("detail", assessment.pk), url("workloads", assessment.pk)):
        with django_assert_max_num_queries(8):
            assert consultant.get(page).status_code == 200


# ------------------------------------------------------------------------------------------------------------ workloads
def test_a_workload_is_added_and_opened(consultant: Client, empty: Assessment):
    response = consultant.post(url("workload_new", empty.pk), {"name": "Order database"}, follow=True)
    assert response.redirect_chain[-1][0] == url("workload_section", empty.pk, "order-database", "identity")
    assert response.status_code == 200


@pytest.mark.parametrize("name", ["New", "new", "Identity", "workloads", "日本", "!!!", "a" * 100])
def test_any_name_leads_to_a_page(consultant: Client, empty: Assessment, name: str):
    response = consultant.post(url("workload_new", empty.pk), {"name": name}, follow=True)
    assert response.status_code == 200
    assert name in response.content.decode()


def test_two_workloads_of_one_name_are_refused(consultant: Client, empty: Assessment):
    add_workload(empty, "Files")
    response = consultant.post(url("workload_new", empty.pk), {"name": "files"})
    assert response.status_code == 422
    assert "names must differ" in response.content.decode()


def test_renaming_moving_and_removing(consultant: Client, empty: Assessment):
    for name in ("Files", "Orders"):
        add_workload(empty, name)
    consultant.post(url("workload_edit", empty.pk, "files"), {"name": "File share"})
    consultant.post(url("workload_move", empty.pk, "orders"), {"to": "up"})
    assert [row.name for row in Workload.objects.all()] == ["Orders", "File share"]
    assert "File share" in consultant.get(url("workload_remove", empty.pk, "files")).content.decode()
    assert Workload.objects.count() == 2
    consultant.post(url("workload_remove", empty.pk, "files"))
    assert [row.name for row in Workload.objects.all()] == ["Orders"]


@pytest.mark.parametrize("name", ["workload_edit", "workload_move", "workload_remove"])
def test_workloads_of_others_are_not_there(client: Client, charlie: User, empty: Assessment, name: str):
    add_workload(empty, "Files")
    client.force_login(charlie)
    assert client.post(url(name, empty.pk, "files"), {"name": "Mine", "to": "up"}).status_code == 404
    assert [row.name for row in Workload.objects.all()] == ["Files"]


@pytest.mark.parametrize("person", ["bob", "eve"])
def test_workloads_are_changed_by_consultants_alone(client: Client, empty: Assessment, person: str, request: pytest.FixtureRequest):
    add_workload(empty, "Files")
    client.force_login(request.getfixturevalue(person))
    assert client.get(url("workloads", empty.pk)).status_code == 200
    for name in ("workload_edit", "workload_move", "workload_remove"):
        assert client.post(url(name, empty.pk, "files"), {"name": "Mine", "to": "up"}).status_code == 403
    assert client.post(url("workload_new", empty.pk), {"name": "More"}).status_code == 403
    assert [row.name for row in Workload.objects.all()] == ["Files"]


# ------------------------------------------------------------------------------------------------------ import and export
def upload(client: Client, data: bytes, name: str = "engagement.yaml"):
    return client.post(url("import_file"), {"file": SimpleUploadedFile(name, data), "title": ""})


@pytest.mark.parametrize("name", NAMES)
def test_what_is_exported_is_what_was_imported(consultant: Client, organisation: Organisation, in_scope: Organisation, name: str):
    response = upload(consultant, (FOLDER / f"{name}.yaml").read_bytes())
    made = Assessment.objects.get()
    assert response.url == url("detail", made.pk)
    exported = consultant.get(url("export_file", made.pk))
    assert exported["Content-Disposition"] == f'attachment; filename="{name}.yaml"'
    assert read_engagement(exported.content) == example(name)


def test_every_error_of_a_file_is_shown_and_nothing_is_stored(consultant: Client, in_scope: Organisation):
    text = (
        (FOLDER / "northwind-clinics.yaml")
        .read_text()
        .replace("net_bw: 1 Gbit/s", "net_bw: fast")
        .replace("rec_sla: 99-9", "rec_slo: 99-9")
    )
    response = upload(consultant, text.encode(), "../<b>evil.yaml")
    page = response.content.decode()
    assert response.status_code == 422
    for expected in ("answers.net_bw", "answers.rec_slo", "like 200 Mbit/s", "did you mean rec_sla", "&lt;b&gt;evil.yaml was not imported"):
        assert expected in page
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("data", [b"\xff\xfe", b"a: [", b"- 1", b"!!python/object:os.system {}", b"a: 1\na: 2"])
def test_files_that_are_nothing_of_ours(consultant: Client, in_scope: Organisation, data: bytes):
    response = upload(consultant, data)
    assert response.status_code == 422
    assert "was not imported" in response.content.decode()
    assert not Assessment.objects.exists()


def test_an_empty_file_and_no_file(consultant: Client):
    assert "The submitted file is empty." in upload(consultant, b"").content.decode()
    assert "This field is required." in consultant.post(url("import_file"), {}).content.decode()


def test_a_file_above_the_limit_is_refused(consultant: Client, in_scope: Organisation):
    response = upload(consultant, b"#" * (32 * 1024 * 1024 + 1))
    assert response.status_code == 422
    assert "more than 32 MiB" in response.content.decode()
    assert not Assessment.objects.exists()


def test_the_export_of_others_is_not_there(client: Client, charlie: User, empty: Assessment):
    client.force_login(charlie)
    assert client.get(url("export_file", empty.pk)).status_code == 404
