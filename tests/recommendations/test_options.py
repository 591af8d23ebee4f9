"""Cheap, balanced and strict: never dearer, never cheaper, and no hard constraint touched."""

import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from assessment.engagement import engagement_from_document, engagement_to_document
from assessment.questionnaire import load_questionnaire
from recommendations import options_views
from recommendations.evaluate import evaluate
from recommendations.option_moves import CHEAP, STRICT
from recommendations.options import controls, moved, options_of
from recommendations.options_document import options_document
from tests.strategies import engagements
from tests.support.designs import EXAMPLES, example, make_assessment, make_version

HARD = (
    "wl_retain",
    "wl_expire",
    "wl_class",
    "wl_versions",
    "wl_versions_keep",
    "cmp_retention_tbl",
    "cmp_residency",
    "cmp_regimes",
    "aws_dr",
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(engagements(3))
def test_cheap_is_never_dearer_and_strict_never_cheaper(engagement):
    cheap, balanced, strict = options_of(engagement)
    document = options_document((cheap, balanced, strict))
    for figure in ("monthly", "months"):
        low, middle, high = (None if one[figure] is None else Decimal(one[figure]) for one in document["options"])
        if low is not None and middle is not None:
            assert low <= middle, [one.move.question for one in cheap.taken]
        if middle is not None and high is not None:
            assert middle <= high, [one.move.question for one in strict.taken]
    assert controls(balanced.design.document) <= controls(cheap.design.document)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(engagements(3))
def test_hard_constraints_stay_and_the_answers_are_still_an_engagement(engagement):
    for name, moves in (("cheap", CHEAP), ("strict", STRICT)):
        changed, taken = moved(engagement, name, moves)
        assert all(one.move.question not in HARD for one in taken)
        assert {key: changed.answers.get(key) for key in HARD} == {key: engagement.answers.get(key) for key in HARD}
        assert engagement_from_document(engagement_to_document(changed)) == changed


def test_every_move_is_of_a_question_and_of_its_options():
    questions = load_questionnaire().questions
    for move in (*CHEAP, *STRICT):
        question = questions[move.question]
        assert move.question not in HARD
        values = {*move.becomes, *move.becomes.values(), *move.adds}
        assert values <= {option.value for option in question.options}
        assert bool(move.bounds) == (question.type == "duration")


@pytest.fixture(scope="module")
def northwind():
    return options_document(options_of(example()))


def test_the_three_are_told_side_by_side(northwind):
    cheap, balanced, strict = northwind["options"]
    assert [one["option"] for one in northwind["options"]] == ["cheap", "balanced", "strict"]
    assert Decimal(cheap["monthly"]) < Decimal(balanced["monthly"]) < Decimal(strict["monthly"])
    assert cheap["met"] < balanced["met"] < strict["met"]
    assert {one["asked"] for one in northwind["options"]} == {balanced["asked"]}
    assert any(row["label"] == "Vault Lock" for row in northwind["settings"])


def test_what_a_regime_forbids_is_named_with_what_it_would_save(northwind):
    kept = northwind["options"][0]["kept"]
    assert [one["question"] for one in kept] == ["wl_xregion"]
    assert Decimal(kept[0]["saves"]) > 1000
    assert any("HIPAA" in one for one in kept[0]["controls"])


def test_the_balanced_option_is_the_design(northwind):
    assert northwind["options"][1]["digest"] == evaluate(example()).digest


def test_the_command_prints_a_table_and_json(capsys):
    call_command("options", str(EXAMPLES / "lumen-media.yaml"))
    text = capsys.readouterr().out
    assert "Balanced" in text
    assert "The log holds every access to objects" in text
    call_command("options", str(EXAMPLES / "lumen-media.yaml"), json=True)
    assert json.loads(capsys.readouterr().out)["schema"] == "stowplan/options/1"


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("eve", 200), ("charlie", 404)])
def test_the_page(request, client, in_scope, who, status):
    alice = request.getfixturevalue("alice")
    version = make_version(make_assessment(in_scope, alice), alice)
    client.force_login(request.getfixturevalue(who))
    answer = client.get(reverse("recommendations:options", args=[version.pk]))
    assert answer.status_code == status
    if status == 200:
        assert "Settings that differ" in answer.content.decode()
        assert answer.context["options"]["options"][1]["digest"] == version.digest


@pytest.mark.django_db
def test_the_page_of_a_large_engagement_names_the_command(client, in_scope, alice, monkeypatch):
    version = make_version(make_assessment(in_scope, alice), alice)
    monkeypatch.setattr(options_views, "MOST_WORKLOADS", 1)
    client.force_login(alice)
    answer = client.get(reverse("recommendations:options", args=[version.pk]))
    assert "manage.py options" in answer.content.decode()
    assert "options" not in answer.context
