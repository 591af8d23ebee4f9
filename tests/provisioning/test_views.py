"""Targets, plans and runs in the browser: who may do what, and what stands in the way of applying."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from provisioning.models import PlanRecord, Run, Target
from provisioning.plan_file import read_plan
from provisioning.tasks import apply_run
from reviews.services import decide
from tests.support.designs import ACCOUNT, make_assessment, make_plan_record, make_target, make_version

pytestmark = pytest.mark.django_db
ENDPOINT = "http://127.0.0.1:5055"


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of boto3's own chain, as a worker has them; the simulator takes any."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


@pytest.fixture
def version(in_scope: Any, alice: Any) -> Any:
    return make_version(make_assessment(in_scope, alice), alice)


@pytest.fixture
def target(version: Any) -> Target:
    return make_target(version.assessment, ENDPOINT)


@pytest.fixture
def plan(version: Any, simulator: Any, eve: Any) -> PlanRecord:
    """A plan against the empty simulator."""
    return make_plan_record(version, make_target(version.assessment, simulator.url), eve)


def get(client: Client, user: Any, name: str, pk: int) -> Any:
    client.force_login(user)
    return client.get(reverse(f"provisioning:{name}", args=[pk]))


def post(client: Client, user: Any, name: str, pk: int, data: Any = None) -> Any:
    client.force_login(user)
    return client.post(reverse(f"provisioning:{name}", args=[pk]), data or {})


def hazards_of(plan: PlanRecord) -> list[str]:
    return [hazard["id"] for hazard in plan.document["hazards"]]


# ------------------------------------------------------------------------------------------------------------ permissions
@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 200), ("eve", 200), ("charlie", 404)])
def test_members_read_targets_and_plans(request: Any, client: Client, target: Target, version: Any, who: str, status: int) -> None:
    user = request.getfixturevalue(who)
    waiting = PlanRecord.objects.create(organisation_id=target.organisation_id, design=version, target=target)
    assert get(client, user, "apply", target.assessment_id).status_code == status
    assert get(client, user, "plan", waiting.pk).status_code == status
    assert get(client, user, "plan_status", waiting.pk).status_code == status


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("bob", 403), ("eve", 200), ("charlie", 403)])
def test_engineers_set_targets_up(request: Any, client: Client, version: Any, who: str, status: int) -> None:
    assert get(client, request.getfixturevalue(who), "target_new", version.assessment_id).status_code == status


@pytest.mark.parametrize(("who", "status"), [("alice", 403), ("bob", 403), ("eve", 302), ("charlie", 403)])
def test_engineers_make_plans(request: Any, client: Client, target: Target, who: str, status: int) -> None:
    assert post(client, request.getfixturevalue(who), "plan_new", target.pk).status_code == status
    assert PlanRecord.objects.count() == (1 if status == 302 else 0)


@pytest.mark.parametrize("who", ["alice", "bob", "charlie"])
def test_only_engineers_apply(request: Any, client: Client, plan: PlanRecord, bob: Any, who: str) -> None:
    decide(plan.design, bob, "approved")
    answer = post(client, request.getfixturevalue(who), "run_new", plan.pk, {"accept": hazards_of(plan)})
    assert answer.status_code == 403
    assert not Run.objects.exists()


def test_an_engineer_of_another_organisation_finds_nothing(client: Client, target: Target, version: Any, other_organisation: Any) -> None:
    from tests.conftest import member

    stranger = member(other_organisation, "Dora", "engineer")
    waiting = PlanRecord.objects.create(organisation_id=target.organisation_id, design=version, target=target)
    for name, pk in (("plan_new", target.pk), ("run_new", waiting.pk)):
        assert post(client, stranger, name, pk).status_code == 404
    for name, pk in (("target_new", target.assessment_id), ("plan_file", waiting.pk)):
        assert get(client, stranger, name, pk).status_code == 404


def test_the_external_id_is_for_engineers(client: Client, version: Any, alice: Any, eve: Any) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/stowplan"
    target = make_target(version.assessment, "", role_arn=role, external_id="secret-handshake-7")
    assert "secret-handshake-7" in get(client, eve, "apply", target.assessment_id).content.decode()
    assert "secret-handshake-7" not in get(client, alice, "apply", target.assessment_id).content.decode()


# ---------------------------------------------------------------------------------------------------------------- targets
def fields(**changes: str) -> dict[str, str]:
    good = {"account": ACCOUNT, "region": "us-east-1", "dr_region": "us-west-2", "role_arn": "", "external_id": "", "endpoint_url": ""}
    return {**good, "others": "", **changes}


def test_the_form_offers_what_the_design_says(client: Client, eve: Any, version: Any) -> None:
    form = get(client, eve, "target_new", version.assessment_id).context["form"]
    account = next(row["account"] for row in version.document["accounts"] if row["role"] == "production")
    assert (form["account"].value(), form["region"].value(), form["dr_region"].value()) == (account, "us-east-1", "us-west-2")


def test_a_target_is_kept_as_it_was_typed(client: Client, eve: Any, version: Any) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/stowplan"
    data = fields(role_arn=role, external_id="abc-123", endpoint_url="http://127.0.0.1:5055/")
    assert post(client, eve, "target_new", version.assessment_id, data).status_code == 302
    made = Target.objects.get()
    assert (made.role_arn, made.external_id, made.endpoint_url, made.created_by) == (role, "abc-123", "http://127.0.0.1:5055", eve)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"account": "1234"}, "account"),
        ({"account": "１２３４５６７８９０１２"}, "account"),
        ({"region": "eu-central-1"}, "region"),
        ({"dr_region": ""}, "dr_region"),
        ({"role_arn": "stowplan"}, "role_arn"),
        ({"role_arn": "arn:aws:iam::210987654321:role/stowplan"}, "role_arn"),
        ({"external_id": "abc-123"}, "external_id"),
        ({"role_arn": f"arn:aws:iam::{ACCOUNT}:role/stowplan", "external_id": "ä"}, "external_id"),
        ({"endpoint_url": "http://169.254.169.254/"}, "endpoint_url"),
        ({"endpoint_url": "https://aws.example.com"}, "endpoint_url"),
        ({"endpoint_url": "file:///etc/passwd"}, "endpoint_url"),
        ({"others": "nonsense"}, "others"),
        ({"others": "999999999999=arn:aws:iam::999999999999:role/stowplan,x1"}, "others"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client: Client, eve: Any, version: Any, changes: dict[str, str], field: str) -> None:
    answer = post(client, eve, "target_new", version.assessment_id, fields(**changes))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Target.objects.exists()


def test_an_endpoint_that_the_operator_allows_is_taken(client: Client, eve: Any, version: Any, settings: Any) -> None:
    settings.STOWPLAN_ALLOWED_ENDPOINTS = ["https://aws.example.com"]
    assert post(client, eve, "target_new", version.assessment_id, fields(endpoint_url="https://aws.example.com")).status_code == 302


def test_the_other_accounts_of_the_design_have_roles_of_their_own(client: Client, eve: Any, version: Any) -> None:
    other = next(row["account"] for row in version.document["accounts"] if row["account"] != ACCOUNT)
    data = fields(others=f"{other}=arn:aws:iam::{other}:role/stowplan,ext-1\n")
    assert post(client, eve, "target_new", version.assessment_id, data).status_code == 302
    assert Target.objects.get().spec.others[0].account == other


# ------------------------------------------------------------------------------------------------------------------ plans
def test_two_clicks_ask_for_one_plan(client: Client, eve: Any, target: Target) -> None:
    first, second = (post(client, eve, "plan_new", target.pk)["Location"] for _ in range(2))
    assert first == second
    assert PlanRecord.objects.count() == 1


def test_a_plan_that_is_being_made_asks_again_and_then_loads(client: Client, eve: Any, target: Target, version: Any) -> None:
    waiting = PlanRecord.objects.create(organisation_id=target.organisation_id, design=version, target=target)
    page = get(client, eve, "plan", waiting.pk).content.decode()
    assert reverse("provisioning:plan_status", args=[waiting.pk]) in page
    assert get(client, eve, "plan_status", waiting.pk).headers.get("HX-Refresh") is None
    PlanRecord.objects.update(state="failed", reason="Nobody answers.")
    assert get(client, eve, "plan_status", waiting.pk).headers["HX-Refresh"] == "true"
    assert "Nobody answers." in get(client, eve, "plan", waiting.pk).content.decode()


def test_a_plan_says_what_is_done_with_calls_and_values(client: Client, eve: Any, plan: PlanRecord) -> None:
    page = get(client, eve, "plan", plan.pk).content.decode()
    summary = plan.document["stowplan"]["summary"]
    assert f"{summary['create']} resources to create" in page
    for change in plan.document["resource_changes"]:
        assert (change["stowplan"]["id"] or change["name"]) in page
        for call in change["stowplan"]["calls"]:
            assert f"<code>{call['action']}</code>" in page
    assert "<ins>aws:kms</ins>" in page
    assert "Separation is lost." in page


def test_the_plan_file_is_the_plan(client: Client, eve: Any, plan: PlanRecord) -> None:
    answer = get(client, eve, "plan_file", plan.pk)
    assert read_plan(json.loads(answer.content)).digest == plan.design.digest


def test_the_role_for_a_plan_is_for_engineers(client: Client, eve: Any, alice: Any, charlie: Any, plan: PlanRecord) -> None:
    assert reverse("provisioning:plan_onboarding", args=[plan.pk]) in get(client, eve, "plan", plan.pk).content.decode()
    with zipfile.ZipFile(io.BytesIO(get(client, eve, "plan_onboarding", plan.pk).content)) as archive:
        assert sorted(archive.namelist()) == ["README.md", f"onboard-{ACCOUNT}.template.yaml", f"onboard-{ACCOUNT}.tf.json"]
    assert get(client, alice, "plan_onboarding", plan.pk).status_code == 403
    assert get(client, charlie, "plan_onboarding", plan.pk).status_code == 403


def test_an_unapproved_plan_says_who_decides_and_is_not_applied(client: Client, eve: Any, bob: Any, plan: PlanRecord) -> None:
    page = get(client, eve, "plan", plan.pk).content.decode()
    assert "Bob decides" in page
    assert "Apply to account" not in page
    answer = post(client, eve, "run_new", plan.pk, {"accept": hazards_of(plan)})
    assert answer.status_code == 409
    assert "is not approved" in answer.content.decode()
    assert not Run.objects.exists()


def test_a_rejected_design_is_not_applied(client: Client, eve: Any, bob: Any, plan: PlanRecord) -> None:
    decide(plan.design, bob, "approved")
    decide(plan.design, bob, "rejected", "Not yet.")
    assert post(client, eve, "run_new", plan.pk, {"accept": hazards_of(plan)}).status_code == 409
    assert not Run.objects.exists()


def test_every_hazard_has_a_box_of_its_own_and_needs_it(client: Client, eve: Any, bob: Any, plan: PlanRecord) -> None:
    decide(plan.design, bob, "approved")
    ids = hazards_of(plan)
    page = get(client, eve, "plan", plan.pk).content.decode()
    assert ids
    assert all(page.count(f'name="accept" value="{one}"') == 1 for one in ids)
    answer = post(client, eve, "run_new", plan.pk, {"accept": ids[1:]})
    assert answer.status_code == 409
    assert plan.document["hazards"][0]["sentence"] in answer.content.decode()
    assert not Run.objects.exists()


# ------------------------------------------------------------------------------------------------------------------- runs
@pytest.fixture
def run(client: Client, plan: PlanRecord, eve: Any, bob: Any) -> Run:
    """A run that is queued."""
    decide(plan.design, bob, "approved")
    post(client, eve, "run_new", plan.pk, {"accept": hazards_of(plan)})
    return Run.objects.get()


def test_two_clicks_make_one_run(client: Client, run: Run, eve: Any) -> None:
    again = post(client, eve, "run_new", run.plan_id, {"accept": hazards_of(run.plan)})
    assert again["Location"] == reverse("provisioning:run", args=[run.pk])
    assert Run.objects.count() == 1


def test_a_run_says_who_accepted_each_hazard(run: Run) -> None:
    assert {one["id"] for one in run.accepted} == set(hazards_of(run.plan))
    assert {one["name"] for one in run.accepted} == {"Eve"}


def test_one_run_at_a_time_for_a_target(client: Client, run: Run, eve: Any) -> None:
    second = make_plan_record(run.plan.design, run.target, eve)
    answer = post(client, eve, "run_new", second.pk, {"accept": hazards_of(second)})
    assert answer.status_code == 409
    assert f"Run {run.pk} is under way on {run.target}: wait for its end." in answer.content.decode()
    assert Run.objects.count() == 1


def test_a_run_is_watched_and_ends_with_evidence(client: Client, run: Run, alice: Any, charlie: Any) -> None:
    assert "data-live" in get(client, alice, "run", run.pk).content.decode()
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "done", run.reason
    stream = get(client, alice, "run_live", run.pk)
    told = b"".join(stream.streaming_content).decode()
    assert (stream["Content-Type"], stream["Cache-Control"]) == ("text/event-stream", "no-store")
    assert told.count("event: step\n") == run.events.filter(data__event="receipt").count()
    assert told.endswith("event: end\ndata: done\n\n")
    page = get(client, alice, "run", run.pk).content.decode()
    assert "Applied:" in page
    assert "data-live" not in page
    answer = get(client, alice, "evidence", run.pk)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["design_digest"], manifest["as_designed"]) == (run.plan.design.digest, True)
    for name in ("run", "run_live", "evidence"):
        assert get(client, charlie, name, run.pk).status_code == 404


def test_the_plan_after_a_run_says_no_changes(client: Client, run: Run, eve: Any) -> None:
    apply_run(run.pk)
    second = make_plan_record(run.plan.design, run.target, eve)
    page = get(client, eve, "plan", second.pk).content.decode()
    assert "No changes" in page
    assert "There is nothing to apply." in page


def test_a_queued_run_is_cancelled_at_once(client: Client, run: Run, eve: Any, alice: Any) -> None:
    assert post(client, alice, "run_cancel", run.pk).status_code == 403
    assert post(client, eve, "run_cancel", run.pk).status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"
    apply_run(run.pk)
    assert not run.events.exists()


def test_a_cancelled_run_goes_on_where_it_ended(client: Client, run: Run, eve: Any) -> None:
    post(client, eve, "run_cancel", run.pk)
    assert "Go on with this run" in get(client, eve, "run", run.pk).content.decode()
    post(client, eve, "run_continue", run.pk)
    apply_run(run.pk)
    run.refresh_from_db()
    assert run.state == "done"


def test_a_done_run_does_not_go_on(client: Client, run: Run, eve: Any) -> None:
    apply_run(run.pk)
    count = run.events.count()
    post(client, eve, "run_continue", run.pk)
    apply_run(run.pk)
    assert run.events.count() == count
