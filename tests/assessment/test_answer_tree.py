"""What is visible, in force, answered, open and next."""

from datetime import timedelta
from pathlib import Path

import pytest

from assessment.answer_tree import AnswerTree, Place, text_of
from assessment.engagement import read_engagement
from assessment.questionnaire import load_questionnaire
from tests.assessment.build import tree

QUESTIONS = load_questionnaire().questions


def test_a_question_shows_when_its_condition_holds():
    assert not tree({"sec_enc": "aws-owned"}).customer.visible("sec_key_owner")
    assert tree({"sec_enc": "customer-managed"}).customer.visible("sec_key_owner")


def test_a_condition_on_a_hidden_question_never_holds():
    # sec_key_owner is hidden, so its default (security-team) does not count, nor does an answer that was given before.
    made = tree({"sec_enc": "aws-owned", "sec_key_owner": "separate-account", "sec_key_account": "111122223333"})
    assert not made.customer.visible("sec_key_account")
    assert made.customer.value("sec_key_account") is None
    assert made.customer.answer("sec_key_account").value == "111122223333"
    assert made.customer.state("sec_key_account") == "hidden"


def test_an_open_question_takes_part_with_its_default():
    assert tree().customer.visible("sec_key_owner")  # sec_enc is open: customer-managed
    assert tree({"sec_enc": {"state": "unknown"}}).customer.visible("sec_key_owner")
    assert tree({"sec_enc": {"state": "not-applicable", "reason": "other"}}).customer.visible("sec_key_owner")


def test_a_workloads_condition_reads_the_customers_answers():
    assert tree({"rec_disrupt": ["region-loss"]}).workloads[0].visible("wl_region_rto")
    assert not tree({"rec_disrupt": ["deletion"]}).workloads[0].visible("wl_region_rto")


def test_a_condition_on_a_value_that_is_not_there():
    assert not tree({"aws_dr": []}).workloads[0].visible("wl_xregion")
    assert tree({"aws_dr": ["us-west-2"]}).workloads[0].visible("wl_xregion")
    assert not tree().customer.visible("bud_hard")
    assert tree({"bud_month": "1 USD"}).customer.visible("bud_hard")


def test_the_value_in_force():
    made = tree({"bud_growth": "30 %"}, {"wl_rto": "8h", "wl_growth": {"state": "unknown"}})
    scope = made.workloads[0]
    assert scope.value("wl_growth") == 30  # from bud_growth
    assert scope.value("wl_region_rto") == timedelta(hours=8)  # from wl_rto
    assert scope.value("wl_tier") == "important"
    assert scope.value("aws_primary") == "us-east-1"
    assert scope.value("wl_owner") is None
    assert made.customer.value("eng_industry") == "health"  # the customer's industry is its default


def test_states():
    made = tree({"net_bw": "1 Gbit/s", "net_down": {"state": "unknown"}, "net_device": {"state": "assumed", "value": True}})
    wanted = {"net_bw": "stated", "net_down": "unknown", "net_device": "assumed", "bud_month": "unanswered", "bud_hard": "hidden"}
    assert {name: made.customer.state(name) for name in wanted} == wanted


def test_progress_counts_what_is_asked_and_any_answer():
    before = tree({"sec_enc": "aws-owned"}).progress("security")
    after = tree({"sec_enc": "customer-managed"}).progress("security")
    assert (before.answered, after.answered) == (1, 1)
    # key owner and rotation come to it
    assert after.asked == before.asked + 2
    unknown = tree({"sec_enc": {"state": "unknown"}}).progress("security")
    assert (unknown.answered, unknown.unknown, unknown.known, unknown.known_percent) == (1, 1, 0, 0)
    hidden = tree({"sec_enc": "aws-owned", "sec_key_rotation": "yearly"}).progress("security")
    assert (hidden.answered, hidden.asked) == (before.answered, before.asked)


def test_progress_of_a_workload_and_of_all():
    made = tree({}, {}, {"wl_tier": "standard"})
    assert made.progress("targets", "b").answered == made.progress("targets", "a").answered + 1
    everything = made.total_progress(everything=True)
    assert everything.answered == 1 + 5 + 6
    assert everything.asked == sum(1 for _ in made.places())
    assert 0 < everything.percent < 100


def test_the_name_of_a_workload_is_no_question():
    assert "wl_name" not in [question.id for question in tree().workloads[0].questions("identity")]


def test_the_next_question_without_an_answer():
    assert tree().next_unanswered() == Place(None, "engagement", "eng_goal")
    assert tree({"eng_goal": {"state": "unknown"}}).next_unanswered() == Place(None, "engagement", "eng_deadline")


def test_open_points_name_their_default():
    made = tree({"bud_growth": {"state": "unknown", "note": "no history", "ask": "Dana"}})
    points = {point["question"]: point for point in made.open_points() if point["workload"] is None}
    assert points["bud_growth"] == {
        "workload": None,
        "question": "bud_growth",
        "text": QUESTIONS["bud_growth"].text,
        "note": "no history",
        "ask": "Dana",
        "default": "20 %",
    }
    assert points["bud_month"]["default"] == "No budget is checked."
    assert "sec_key_account" not in points  # hidden
    assert "aws_primary" not in points
    own = {point["question"]: point["default"] for point in made.open_points() if point["workload"] == "a"}
    assert own["wl_growth"] == "20 %"


def test_what_does_not_apply_is_no_open_point():
    made = tree({"bud_growth": {"state": "not-applicable", "reason": "other"}})
    assert "bud_growth" not in [point["question"] for point in made.open_points()]
    assert made.customer.value("bud_growth") == 20


def test_assumptions_say_who_confirms_by_when():
    made = tree({}, {"wl_growth": {"state": "assumed", "value": "7 %", "note": "guess", "ask": "Dana", "confirm_by": "2027-02-01"}})
    assert made.assumptions() == [
        {
            "workload": "a",
            "question": "wl_growth",
            "text": QUESTIONS["wl_growth"].text,
            "note": "guess",
            "ask": "Dana",
            "value": "7 %",
            "confirm_by": "2027-02-01",
        }
    ]


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("wl_tier", "mission-critical", "Mission critical"),
        ("cmp_regimes", ["gdpr", "pci-dss"], "GDPR, PCI DSS"),
        ("net_device", True, "Yes"),
        ("bud_month", "1200 USD", "1200 USD"),
        ("wl_retain", {"daily": 35, "yearly": 7}, "Daily: 35; Yearly: 7"),
        ("aws_window", {"days": ["sat", "sun"], "from": "22:00", "to": "04:00", "zone": "UTC"}, "sat, sun 22:00-04:00 UTC"),
        ("wl_expire", "never", "never"),
        ("aws_dr", ["eu-west-1"], "eu-west-1"),
        ("aws_tags", [], "None"),
    ],
)
def test_values_as_people_read_them(name, raw, words):
    where = {name: raw}
    made = tree({}, where) if name.startswith("wl_") else tree(where)
    scope = made.workloads[0] if name.startswith("wl_") else made.customer
    value = scope.answer(name).value
    assert text_of(QUESTIONS[name], value) == words


def test_an_unknown_workload_is_a_key_error():
    with pytest.raises(KeyError):
        tree().scope("nobody")


@pytest.mark.parametrize("path", sorted(Path("examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_place_of_the_examples_is_visible_and_counted_once(path):
    made = AnswerTree(load_questionnaire(), read_engagement(path.read_bytes()))
    places = list(made.places())
    assert len(places) == len(set(places))
    assert all(made.scope(place.workload).visible(place.question) for place in places)
    answered = sum(1 for place in places if made.scope(place.workload).answer(place.question))
    assert made.total_progress(everything=True).answered == answered
    for place in places:
        text_of(QUESTIONS[place.question], made.scope(place.workload).value(place.question))
