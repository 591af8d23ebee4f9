"""The questionnaire is sound, and what would not be is refused by name; the command says both."""

import copy
import json
import subprocess
import sys
from functools import cache

import pytest

from assessment.documents import read_document
from assessment.questionnaire import FILE, QuestionnaireError, build, load_questionnaire


@cache
def document():
    return read_document(FILE.read_bytes()).value


def errors(change):
    """What is wrong with the questionnaire after `change` had its document and its questions by id."""
    changed = copy.deepcopy(document())
    change(changed, {question["id"]: question for section in changed["sections"] for question in section["questions"]})
    with pytest.raises(QuestionnaireError) as caught:
        build(changed, "x")
    return caught.value.errors


def test_all_questions_of_the_first_version_are_there():
    questionnaire = load_questionnaire()
    assert (questionnaire.version, len(questionnaire.sections), len(questionnaire.questions)) == (1, len(document()["sections"]), 125)
    assert len(questionnaire.digest) == 64


def test_bounds_and_defaults_are_typed():
    questions = load_questionnaire().questions
    assert questions["wl_size"].max == 100 * 2**50
    assert questions["rec_tiers"].default["important"]["rto"].seconds == 4 * 3600


FAULTS = [
    (lambda d, q: d.update(schema="x"), "schema: expected stowplan/questionnaire/1"),
    (lambda d, q: q["wl_tier"].update(id="wl_kind"), "this id is used twice"),
    (lambda d, q: q["wl_tier"].update(type="choice"), "unknown type choice"),
    (lambda d, q: q["wl_tier"].update(why=""), "a question has a text and says why it is asked"),
    (lambda d, q: q["wl_tier"].update(depth="deep"), "depth is core or full"),
    (lambda d, q: q["wl_tier"].update(reads=[]), "no decision reads it"),
    (lambda d, q: q["wl_tier"].update(reads=["nothing"]), "reads the unknown decision nothing"),
    (lambda d, q: q["wl_tier"]["options"].append({"value": "important", "label": "x"}), "an option stands twice"),
    (lambda d, q: q["wl_kind"].update(options=[]), "a single needs options"),
    (lambda d, q: q["wl_tier"].pop("default"), "say what happens when it is unknown"),
    (lambda d, q: q["wl_tier"].update(default="urgent"), "urgent"),
    (lambda d, q: q["wl_size"].update(max="lots"), "write a number"),
    (lambda d, q: q["wl_growth"].update(default_from="nobody"), "there is no question nobody"),
    (lambda d, q: q["wl_growth"].update(default_from="wl_size"), "wl_size has another type or scope"),
    (lambda d, q: q["wl_class"].update(options_from="cmp_retention_tbl.kind"), "there is no column cmp_retention_tbl.kind"),
    (lambda d, q: q["wl_tier"].update(show_if={"nobody": "true"}), "there is no question nobody"),
    (lambda d, q: q["wl_tier"].update(show_if={"wl_kind": '"databse"'}), "wl_kind has no option 'databse'"),
    (lambda d, q: q["wl_tier"].update(show_if={"wl_kind": "database"}), "double quotes"),
    (lambda d, q: q["wl_tier"].update(show_if={"wl_rto": "< 1"}), "is no duration"),
    (lambda d, q: q["wl_tier"].update(show_if={"wl_rto": "> 30d"}), "this condition can never hold"),
    (lambda d, q: q["wl_tier"].update(show_if={"wl_rto": "< 1m"}), "this condition can never hold"),
    (lambda d, q: q["wl_tier"].update(show_if={"wl_where": 'not("aws","on-premises","other-cloud")'}), "can never hold"),
    (lambda d, q: q["wl_tier"].update(show_if={"wl_tier": '"important"'}), "may not depend on itself"),
    (lambda d, q: q["sec_enc"].update(show_if={"wl_kind": '"database"'}), "may not depend on a workload's answer"),
    (
        lambda d, q: (q["wl_tier"].update(show_if={"wl_avail": '"99-9"'}), q["wl_avail"].update(show_if={"wl_tier": '"important"'})),
        "wait for each other",
    ),
    (lambda d, q: d["checks"][0].update(severity="awful"), "unknown severity awful"),
    (lambda d, q: d["checks"][0].update(reads=["nobody"]), "reads the unknown question nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), FAULTS, ids=[words for _, words in FAULTS])
def test_a_fault_is_refused_by_name(change, words):
    assert any(words in error for error in errors(change)), errors(change)


def test_all_faults_are_told_at_once():
    def change(d, q):
        q["wl_tier"].update(depth="deep")
        q["wl_kind"].update(reads=["nothing"])

    assert len(errors(change)) == 2


def test_the_command_needs_no_database_and_counts():
    run = subprocess.run([sys.executable, "manage.py", "check_questionnaire", "--json"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert (told["questions"], told["errors"]) == (125, [])


def test_the_command_prints_one_line_for_people():
    run = subprocess.run([sys.executable, "manage.py", "check_questionnaire"], capture_output=True, text=True, check=False)
    assert run.stdout.startswith("Questionnaire 1: 125 questions, ")
    assert run.stdout.endswith("no errors.\n")
