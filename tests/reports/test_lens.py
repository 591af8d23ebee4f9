"""The custom lens within the limits of its format, and answers given to it, back in an engagement."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from assessment.engagement import read_engagement
from assessment.questionnaire import load_questionnaire
from recommendations.evaluate import evaluate
from reports.formats import FORMATS
from reports.formats.lens import LensError, answers_of, asked, choice_id
from tests.support.designs import EXAMPLES, small_example
from tests.support.processes import manage

IDENTIFIER = re.compile(r"[A-Za-z0-9_]{3,128}")


@pytest.fixture(scope="module")
def lens() -> Any:
    data = FORMATS["lens"].write(evaluate(small_example()))
    assert len(data) < 500 * 1000
    return json.loads(data)


def test_the_lens_keeps_to_the_limits_of_the_format(lens: Any) -> None:
    assert lens["schemaVersion"] == "2021-11-01"
    assert 0 < len(lens["pillars"]) <= 10
    for pillar in lens["pillars"]:
        assert IDENTIFIER.fullmatch(pillar["id"])
        assert 0 < len(pillar["questions"]) <= 20
        for question in pillar["questions"]:
            ids = [choice["id"] for choice in question["choices"]]
            assert IDENTIFIER.fullmatch(question["id"])
            assert len(question["title"]) <= 128
            assert len(question["description"]) <= 2048
            assert 0 < len(ids) == len(set(ids)) <= 15
            assert all(IDENTIFIER.fullmatch(one) for one in ids)
            assert all(len(choice["title"]) <= 128 for choice in question["choices"])


def test_every_risk_rule_names_choices_of_its_question_and_ends_with_the_default(lens: Any) -> None:
    for question in (one for pillar in lens["pillars"] for one in pillar["questions"]):
        ids = {choice["id"] for choice in question["choices"]}
        assert question["riskRules"][-1]["condition"] == "default"
        for rule in question["riskRules"][:-1]:
            assert set(rule["condition"].split(" || ")) <= ids
            assert rule["risk"] in ("HIGH_RISK", "MEDIUM_RISK", "NO_RISK")


def test_every_choice_question_of_the_customer_is_in_the_lens(lens: Any) -> None:
    there = [one["id"] for pillar in lens["pillars"] for one in pillar["questions"]]
    wanted = [q.id for q in load_questionnaire().questions.values() if q.scope == "customer" and q.type in ("single", "multi", "boolean")]
    assert sorted(there) == sorted(wanted)


def summaries(answers: Any) -> dict[str, Any]:
    """The service's response to ListAnswers for what an engagement says."""
    rows = []
    for question in asked():
        answer = answers.get(question.id)
        if answer is None or answer.state != "stated":
            continue
        values = answer.value if question.type == "multi" else [answer.value]
        plain = ["true" if one is True else "false" if one is False else one for one in values]
        rows.append({"QuestionId": question.id, "IsApplicable": True, "SelectedChoices": [choice_id(question, one) for one in plain]})
    return {"WorkloadId": "a" * 32, "LensAlias": "stowplan", "AnswerSummaries": rows}


def test_answers_come_back_as_they_were(tmp_path: Path) -> None:
    before = read_engagement((EXAMPLES / "northwind-clinics.yaml").read_bytes())
    document = summaries(before.answers)
    assert len(document["AnswerSummaries"]) > 15
    source, out = tmp_path / "answers.json", tmp_path / "new.yaml"
    source.write_text(json.dumps(document), encoding="utf-8")
    done = manage("import_lens", source, "--into", EXAMPLES / "northwind-clinics.yaml", "--out", out)
    assert done.returncode == 0, done.stderr
    after = read_engagement(out.read_bytes())
    taken = [row["QuestionId"] for row in document["AnswerSummaries"]]
    assert {name: after.answers[name].value for name in taken} == {name: before.answers[name].value for name in taken}


def test_what_does_not_apply_and_what_is_open_stay_so() -> None:
    one, two, *_ = asked()
    rows = [{"QuestionId": one.id, "IsApplicable": False, "Reason": "OUT_OF_SCOPE", "Notes": "Not ours."}, {"QuestionId": two.id}]
    assert answers_of({"AnswerSummaries": rows}) == {one.id: {"state": "not-applicable", "reason": "out-of-scope", "note": "Not ours."}}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"QuestionId": "nobody"}, "no question"),
        ({"QuestionId": 7}, "no question"),
        ({"QuestionId": "sec_enc", "SelectedChoices": ["sec_enc__tea"]}, "expected choices of sec_enc: sec_enc__"),
        ({"QuestionId": "sec_enc", "SelectedChoices": "all"}, "expected choices"),
        ({"QuestionId": "sec_enc", "IsApplicable": False, "Reason": "MOOD"}, "none of OUT_OF_SCOPE"),
    ],
)
def test_answers_that_do_not_fit_are_named(row: dict[str, Any], said: str) -> None:
    with pytest.raises(LensError, match=said) as error:
        answers_of({"AnswerSummaries": [row]})
    assert str(error.value).startswith("$.AnswerSummaries[0]")


def test_two_choices_for_one_answer_are_refused() -> None:
    single = next(one for one in asked() if one.type == "single")
    ids = [choice_id(single, one.value) for one in single.options[:2]]
    with pytest.raises(LensError, match="has one answer; 2 are chosen"):
        answers_of({"AnswerSummaries": [{"QuestionId": single.id, "SelectedChoices": ids}]})
