"""Answers and engagements in the database: without loss, one at a time, never over somebody else's."""

import datetime

import pytest

from accounts.models import Organisation, User
from assessment.engagement import EngagementErrors, engagement_to_document
from assessment.models import Answer, Assessment, Customer, Workload
from assessment.queries import keys_of, load_part
from assessment.services import (
    AnswerConflict,
    InvalidAnswer,
    clear_answer,
    create_assessment,
    draft_of,
    engagement_of,
    save_answer,
    store_engagement,
)
from assessment.workload_services import NameTaken, add_workload, move_workload, remove_workload, rename_workload
from tests.assessment.examples import NAMES, example, stored

pytestmark = pytest.mark.stack


@pytest.fixture
def northwind(in_scope: Organisation) -> Assessment:
    return stored(in_scope)


@pytest.fixture
def empty(in_scope: Organisation) -> Assessment:
    return create_assessment(in_scope, "Fresh Foods", "retail", None)


def workload(assessment: Assessment, name: str) -> Workload:
    return Workload.objects.get(assessment=assessment, name=name)


# ------------------------------------------------------------------------------------------------------ whole engagements
@pytest.mark.parametrize("name", NAMES)
def test_an_engagement_comes_back_without_loss(in_scope: Organisation, name: str):
    given = example(name)
    back = engagement_of(store_engagement(in_scope, given, None))
    assert back == given
    assert engagement_to_document(back) == engagement_to_document(given)


def test_every_answer_is_a_row(in_scope: Organisation):
    given = example("baltic-bank")
    assessment = store_engagement(in_scope, given, None)
    assert Answer.objects.filter(assessment=assessment).count() == len(given.answers) + sum(len(w.answers) for w in given.workloads)
    assert Workload.objects.filter(assessment=assessment).count() == len(given.workloads)


def test_storing_takes_few_queries(in_scope: Organisation, django_assert_max_num_queries):
    given = example("baltic-bank")
    with django_assert_max_num_queries(25):
        store_engagement(in_scope, given, None)


def test_the_same_customer_is_one_row(in_scope: Organisation):
    stored(in_scope)
    stored(in_scope)
    assert Customer.objects.count() == 1
    assert Assessment.objects.count() == 2


def test_nothing_is_stored_when_it_fails_half_way(in_scope: Organisation, monkeypatch: pytest.MonkeyPatch):
    def fail(*args: object, **more: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Answer.objects, "bulk_create", fail)
    with pytest.raises(OSError, match="disk full"):
        stored(in_scope)
    assert not Assessment.objects.exists()
    assert not Customer.objects.exists()


def test_an_incomplete_assessment_is_a_draft_and_no_engagement(empty: Assessment):
    assert draft_of(empty).customer.name == "Fresh Foods"
    with pytest.raises(EngagementErrors) as error:
        engagement_of(empty)
    assert [problem.path for problem in error.value.problems] == ["answers.aws_primary", "workloads"]


# ------------------------------------------------------------------------------------------------------------- one answer
def test_a_value_is_stored_in_canonical_form(empty: Assessment, alice: User):
    row = save_answer(empty, None, "net_bw", "0.2 Gbit/s", user=alice)
    assert (row.value, row.state, row.version, row.updated_by) == ("200 Mbit/s", "stated", 1, alice)


def test_the_same_answer_again_changes_nothing(empty: Assessment):
    save_answer(empty, None, "net_bw", "200 Mbit/s", user=None)
    assert save_answer(empty, None, "net_bw", "0.2 Gbit/s", user=None).version == 1


def test_another_answer_counts_up(empty: Assessment):
    save_answer(empty, None, "net_bw", "200 Mbit/s", user=None)
    assert save_answer(empty, None, "net_bw", "1 Gbit/s", user=None).version == 2
    assert Answer.objects.count() == 1


def test_states_are_kept_with_their_words(empty: Assessment):
    save_answer(empty, None, "bud_growth", None, user=None, state="unknown", note="no history", ask="Dana Reyes")
    save_answer(empty, None, "bud_restore_cost", 3, user=None, state="assumed", ask="R. Iyer", confirm_by=datetime.date(2027, 2, 1))
    save_answer(empty, None, "rec_sla", None, user=None, state="not-applicable", reason="out-of-scope", note="internal only")
    answers = draft_of(empty).answers
    assert (answers["bud_growth"].state, answers["bud_growth"].note, answers["bud_growth"].ask) == ("unknown", "no history", "Dana Reyes")
    assert (answers["bud_restore_cost"].value, answers["bud_restore_cost"].confirm_by) == (3, datetime.date(2027, 2, 1))
    assert (answers["rec_sla"].state, answers["rec_sla"].reason) == ("not-applicable", "out-of-scope")


@pytest.mark.parametrize(
    ("question", "raw", "more", "message"),
    [
        ("net_bw", "fast", {}, "like 200 Mbit/s"),
        ("aws_primary", "us-east-9", {}, "did you mean us-east-2"),
        ("aws_primary", None, {"state": "unknown"}, "needs a value"),
        ("rec_sla", None, {"state": "not-applicable"}, "Say why"),
        ("bud_growth", "5 %", {"state": "assumed", "confirm_by": "tomorrow"}, "like 2027-03-31"),
        ("eng_goal", ["cut-cost", "cut-cost"], {}, "stands twice"),
    ],
)
def test_a_wrong_answer_is_not_stored(empty: Assessment, question: str, raw: object, more: dict, message: str):
    with pytest.raises(InvalidAnswer, match=message):
        save_answer(empty, None, question, raw, user=None, **more)
    assert not Answer.objects.exists()


def test_an_answer_seen_in_another_version_is_a_conflict(empty: Assessment, alice: User):
    save_answer(empty, None, "net_bw", "200 Mbit/s", user=alice, seen_version=0)
    with pytest.raises(AnswerConflict) as conflict:
        save_answer(empty, None, "net_bw", "1 Gbit/s", user=None, seen_version=0)
    assert conflict.value.current.value == "200 Mbit/s"
    assert conflict.value.current.updated_by == alice
    assert Answer.objects.get().value == "200 Mbit/s"


def test_a_cleared_answer_is_a_conflict_too(empty: Assessment):
    save_answer(empty, None, "net_bw", "200 Mbit/s", user=None)
    clear_answer(empty, None, "net_bw", seen_version=1)
    with pytest.raises(AnswerConflict) as conflict:
        save_answer(empty, None, "net_bw", "1 Gbit/s", user=None, seen_version=1)
    assert conflict.value.current is None


def test_evidence_survives_a_change_of_the_value(northwind: Assessment):
    before = Answer.objects.get(question="cur_success").evidence
    save_answer(northwind, None, "cur_success", "95 %", user=None)
    assert before
    assert Answer.objects.get(question="cur_success").evidence == before


@pytest.mark.parametrize(
    ("question", "raw", "message"),
    [
        ("wl_deps", ["Electronic health record"], "cannot wait for itself"),
        ("wl_deps", ["Elektronic health record"], "did you mean Electronic health record"),
        ("wl_class", "clinical", "clinical-records"),
    ],
)
def test_answers_that_name_other_answers_are_checked(northwind: Assessment, question: str, raw: object, message: str):
    with pytest.raises(InvalidAnswer, match=message):
        save_answer(northwind, workload(northwind, "Electronic health record"), question, raw, user=None)


def test_a_circle_of_dependencies_is_refused(northwind: Assessment):
    first, second = workload(northwind, "Electronic health record"), workload(northwind, "Billing and claims")
    save_answer(northwind, first, "wl_deps", [], user=None)
    save_answer(northwind, second, "wl_deps", [first.name], user=None)
    with pytest.raises(InvalidAnswer, match="wait for each other"):
        save_answer(northwind, first, "wl_deps", [second.name], user=None)


def test_the_recovery_region_is_not_the_primary_one(northwind: Assessment):
    with pytest.raises(InvalidAnswer, match="already the primary Region"):
        save_answer(northwind, None, "aws_dr", ["us-east-1"], user=None)


# -------------------------------------------------------------------------------------------------------------- workloads
def test_a_renamed_workload_keeps_its_key_and_its_dependants(northwind: Assessment):
    record = workload(northwind, "Electronic health record")
    waiting = workload(northwind, "Billing and claims")
    save_answer(northwind, waiting, "wl_deps", [record.name], user=None)
    before = keys_of(Workload.objects.all())
    rename_workload(record, "Health record")
    assert keys_of(Workload.objects.all()) == before
    assert Answer.objects.get(workload=waiting, question="wl_deps").value == ["Health record"]
    assert engagement_of(northwind).workloads[0].name == "Health record"


def test_a_removed_workload_is_named_nowhere(northwind: Assessment):
    record = workload(northwind, "Electronic health record")
    waiting = workload(northwind, "Billing and claims")
    save_answer(northwind, waiting, "wl_deps", [record.name], user=None)
    remove_workload(record)
    assert Answer.objects.get(workload=waiting, question="wl_deps").value == []
    assert len(engagement_of(northwind).workloads) == 8


@pytest.mark.parametrize("name", ["electronic HEALTH record", "Electronic  health record"])
def test_names_of_workloads_differ(northwind: Assessment, name: str):
    with pytest.raises(NameTaken):
        add_workload(northwind, name)


def test_equal_slugs_get_different_keys(empty: Assessment):
    names = ["Files", "Files!", "Files?"]
    for name in names:
        add_workload(empty, name)
    assert list(load_part(empty, None).keys.values()) == ["files", "files-2", "files-3"]


def test_workloads_move_by_one_and_stop_at_the_ends(empty: Assessment):
    for name in "abc":
        add_workload(empty, name)
    move_workload(workload(empty, "c"), -1)
    move_workload(workload(empty, "a"), -1)
    assert [row.name for row in Workload.objects.filter(assessment=empty)] == ["a", "c", "b"]
