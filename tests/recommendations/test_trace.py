"""Traces and counterfactuals, held against the engine: answers are changed one by one, and what changes must have been foretold."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from accounts.headless import BadInput
from assessment.answer_tree import AnswerTree
from assessment.engagement import Answer, Engagement
from assessment.engagement_checks import cross_checks
from assessment.questionnaire import load_questionnaire
from assessment.values import parse_value
from recommendations.candidates import candidates, valid
from recommendations.counterfactual import Outcomes, flips, outcome_of, setting_look
from recommendations.decisions import decide_customer
from recommendations.evaluate import evaluate
from recommendations.prices import load_price_book
from recommendations.provenance import Source, Sources
from recommendations.settings import workload_settings
from recommendations.settings_customer import customer_settings
from recommendations.tables import load_rule_pack
from recommendations.trace import OtherRules, TraceError, Tracer
from recommendations.what_if import decided
from tests.strategies import _value
from tests.support.designs import EXAMPLES, example, few_workloads

Place = tuple[str | None, str]  # workload key or None, setting
QUESTIONNAIRE = load_questionnaire()
# Answers that the settings' own lists leave out: whether a question is asked at all, and the answers of other workloads.
GATES = {"wl_db_host"}


@dataclass(frozen=True)
class Subject:
    """An engagement with what its settings are and what was read for them."""

    engagement: Engagement
    tracer: Tracer
    sources: dict[Place, Sources]
    listed: dict[Place, set[str]]


@cache
def subject(name: str, workloads: tuple[str, ...] = ()) -> Subject:
    engagement = few_workloads(name, workloads) if workloads else example(name)
    tracer = Tracer(evaluate(engagement).document)
    made = {(None, setting): one for setting, one in tracer.recording.settings().items()}
    for workload in engagement.workloads:
        made |= {(workload.key, setting): one for setting, one in tracer.workload(workload.key).settings().items()}
    return Subject(
        engagement,
        tracer,
        {place: one.sources for place, one in made.items()},
        {place: set(one.made["answers"]) for place, one in made.items()},
    )


SMALL = ("lumen-media", ("Render cache", "Transcode servers"))
ALL = [pytest.param((name, ()), marks=pytest.mark.long) for name in ("lumen-media", "northwind-clinics", "baltic-bank")]
# Every other value of every answer takes its time: these workloads go each its own way.
SOME = [
    pytest.param(which, marks=pytest.mark.long)
    for which in (
        ("lumen-media", ("Master archive", "Edit suites NAS", "Asset database")),
        ("northwind-clinics", ("Scanned charts and consents", "Patient portal", "Human resources and finance")),
        ("baltic-bank", ("Trading desk", "KYC document store", "Instant payments")),
    )
]


def outcomes(engagement: Engagement) -> dict[Place, Any]:
    """All settings of an engagement, by the engine itself."""
    pack, book = load_rule_pack(), load_price_book()
    whole = decided(AnswerTree(QUESTIONNAIRE, engagement), pack, book)
    found = {(None, one["name"]): outcome_of(one) for one in customer_settings(whole.customer, decide_customer(whole.customer, pack))}
    for part in whole.parts:
        found |= {(part.key, one["name"]): outcome_of(one) for one in workload_settings(part, whole.customer)}
    return found


def mutations(engagement: Engagement, dice: random.Random) -> Iterator[tuple[Source, Any]]:
    """Every question that is asked, with a few other values: nearest, farthest, one between, and one at random."""
    tree = AnswerTree(QUESTIONNAIRE, engagement)
    for key, scope in tree.scopes():
        for question in QUESTIONNAIRE.questions.values():
            if question.id == "wl_name" or (question.scope == "workload") != (key is not None) or not scope.visible(question.id):
                continue
            others = [one.value for one in candidates(question, scope.value(question.id), scope)]
            chosen = [others[0], others[-1], others[len(others) // 2]] if others else []
            if question.type != "workloads" and not question.options_from:
                chosen.append(_value(dice, question))
            for value in {repr(one): one for one in chosen if valid(question, one)}.values():
                yield (key, question.id), value


def changed_by(it: Subject, source: Source, value: Any, before: dict[Place, Any]) -> set[Place] | None:
    """Settings that come out otherwise; None where the changed answers contradict each other."""
    engagement = Outcomes(it.tracer.tree, it.tracer.pack, it.tracer.book).changed(source, value)
    if cross_checks(engagement, QUESTIONNAIRE):
        return None
    after = outcomes(engagement)
    return {place for place in before if before[place] != after.get(place)}


@cache
def observed(name: str, workloads: tuple[str, ...]) -> tuple[tuple[Source, Any, frozenset[Place]], ...]:
    """What each mutation changed."""
    it = subject(name, workloads)
    before = outcomes(it.engagement)
    found = []
    for source, value in mutations(it.engagement, random.Random(name)):
        places = changed_by(it, source, value, before)
        if places is not None:
            found.append((source, repr(value), frozenset(places)))
    return tuple(found)


@pytest.mark.parametrize("which", [SMALL, *ALL])
def test_a_setting_changes_only_by_answers_that_its_trace_read(which: tuple[str, tuple[str, ...]]) -> None:
    it, seen = subject(*which), observed(*which)
    assert len({source for source, _, _ in seen}) > 60
    surprises = [(source, value, place) for source, value, places in seen for place in places if source not in it.sources[place]]
    assert surprises == []


@pytest.mark.parametrize("which", [SMALL, *SOME])
def test_a_counterfactual_flips_what_it_says_and_nothing_else_does(which: tuple[str, tuple[str, ...]]) -> None:
    it = subject(*which)
    tracer, before, wrong, flipped = it.tracer, outcomes(it.engagement), [], 0
    for place, sources in it.sources.items():
        for row in flips(tracer.outcomes, setting_look(*place), sources):
            source = (row["workload"], row["question"])
            if row["flip"] is None:
                wrong += [(place, source, value) for one, value, places in observed(*which) if one == source and place in places]
                continue
            flipped += 1
            answer = Answer("unknown") if row["flip"]["answer"] is None else stated(row)
            after = outcomes(with_answer(it.engagement, source, answer))
            if before[place] == after.get(place):
                wrong.append((place, source, row["flip"]))
            elif source[1] not in it.listed[place] | GATES and source[0] in (None, place[0]):
                wrong.append((place, source, "not among its answers"))
    assert wrong == []
    assert flipped > 20


def stated(row: dict[str, Any]) -> Answer:
    return Answer("stated", parse_value(QUESTIONNAIRE.question(row["question"]), row["flip"]["answer"]))


def with_answer(engagement: Engagement, source: Source, answer: Answer) -> Engagement:
    key, question = source
    if key is None:
        return replace(engagement, answers={**engagement.answers, question: answer})
    workloads = tuple(replace(one, answers={**one.answers, question: answer}) if one.key == key else one for one in engagement.workloads)
    return replace(engagement, workloads=workloads)


# --------------------------------------------------------------------------------------------------------------- the trace
def test_the_recording_gives_the_settings_and_figures_of_the_design() -> None:
    it = subject(*SMALL)
    document = it.tracer.document
    assert [one.made for one in it.tracer.recording.settings().values()] == document["settings"]
    for workload in document["workloads"]:
        recording = it.tracer.workload(workload["key"])
        assert [one.made for one in recording.settings().values()] == workload["settings"]
        assert [one.made for one in recording.recovery().values()] == workload["recovery"]


def test_a_trace_names_rows_that_fired_and_the_cell_that_kept_each_other_from_it() -> None:
    found = subject(*SMALL).tracer.trace("workloads/render-cache/settings/object_lock")
    (table,) = found["tables"]
    assert [one["rule"] for one in table["fired"]] == ["ol-no-rule"] == found["rules"]
    rejected = {one["rule"]: one for one in table["rejected"]}
    assert rejected["ol-exception"]["input"] == "wanted"
    assert (rejected["ol-governance"]["input"], rejected["ol-governance"]["after"]) == (None, "ol-no-rule")
    assert ("cmp_immutable", "No") in [(one["question"], one["value"]) for one in found["answers"]]
    assert all(one["page"].startswith("https://docs.aws.amazon.com/") for one in found["limits"])


def test_prices_of_a_trace_are_the_lines_of_the_design() -> None:
    tracer = subject(*SMALL).tracer
    workload = tracer.document["workloads"][0]
    assert tracer.trace("workloads/render-cache/settings/storage_class")["prices"] == workload["costs"]
    line = tracer.trace("workloads/render-cache/costs/0")
    assert line["prices"] == [workload["costs"][0]]
    assert {"wl_size", "aws_primary"} <= {one["question"] for one in line["answers"]}


def test_the_bills_of_each_workload_are_traced_to_lines_that_add_up_to_them() -> None:
    for name in ("lumen-media", "baltic-bank"):
        tracer = Tracer(evaluate(example(name)).document)
        parts = []
        for workload in tracer.document["workloads"]:
            at = f"workloads/{workload['key']}"
            for which, figure in (("costs", "monthly_cost"), ("naive", "monthly_naive")):
                found = tracer.trace(f"{at}/{which}")
                assert sum(Decimal(line["monthly"]) for line in found["prices"]) == Decimal(workload[figure]), (at, which)
                assert found["value"] == f"USD {workload[figure]} a month"
                assert all(line["source"] and line["price"] is not None for line in found["prices"])
            classes = {line["item"].split(": ")[-1].split(",")[0] for line in tracer.trace(f"{at}/naive")["prices"]}
            assert not classes & {"S3 Standard-IA", "S3 Glacier Instant Retrieval", "S3 Glacier Deep Archive", "S3 Intelligent-Tiering"}
            (line,) = tracer.trace(f"{at}/today")["prices"]
            assert abs(Decimal(line["quantity"]) * Decimal(line["price"]) - Decimal(line["monthly"])) < 1
            parts.append(Decimal(line["monthly"]))
            json.dumps(tracer.trace(f"{at}/naive"))
        assert abs(sum(parts) - Decimal(tracer.document["costs"]["today"])) < Decimal("0.1")


def test_every_setting_figure_finding_and_property_of_the_examples_can_be_traced() -> None:
    for name in ("northwind-clinics", "baltic-bank"):
        tracer = Tracer(evaluate(example(name)).document)
        document = tracer.document
        pointers = [f"settings/{one['name']}" for one in document["settings"]]
        pointers += [f"findings/{index}" for index in range(len(document["findings"]))]
        pointers += [f"costs/shared/{index}" for index in range(len(document["costs"]["shared"]))]
        pointers += [f"resources/{one['key']}/{name}" for one in document["resources"] for name in one["properties"]]
        for workload in document["workloads"]:
            at = f"workloads/{workload['key']}"
            pointers += [f"{at}/settings/{one['name']}" for one in workload["settings"]]
            pointers += [f"{at}/recovery/{one['disruption']}/{figure}" for one in workload["recovery"] for figure in ("rpo", "rto")]
            pointers += [f"{at}/costs/{index}" for index in range(len(workload["costs"]))]
            pointers += [f"{at}/costs", f"{at}/naive", f"{at}/today"]
            pointers += [f"{at}/lifecycle/{index}" for index in range(len((workload["lifecycle"] or {"steps": []})["steps"]))]
        for pointer in pointers:
            found = tracer.trace(pointer)
            assert found["value"], pointer
            assert found["answers"] or found["kind"] in ("resource", "finding"), pointer
        json.dumps([tracer.trace(pointer) for pointer in pointers[:20]])


def test_a_missed_objective_says_what_would_meet_it() -> None:
    tracer = subject("lumen-media", ("Edit suites NAS",)).tracer
    rows = [(w["key"], r["disruption"]) for w in tracer.document["workloads"] for r in w["recovery"] if not r["rto_met"]]
    key, disruption = rows[0]
    found = tracer.flips(f"workloads/{key}/recovery/{disruption}/rto")
    assert found
    assert "met" in {one["flip"]["becomes"] for one in found if one["flip"]} <= {"met", "not there any more"}
    assert "wl_rto" in {one["question"] for one in found if one["flip"]}


@pytest.mark.parametrize(
    ("pointer", "words"),
    [
        ("workloads/nobody/settings/dlm", "render-cache"),
        ("workloads/render-cache/settings/nothing", "storage_class"),
        ("workloads/render-cache/costs/99", "counted from 0"),
        ("resources/bucket-render-cache/Nothing", "LifecycleRules"),
        ("else/where", "workloads/KEY/settings/NAME"),
    ],
)
def test_a_pointer_that_leads_nowhere_says_what_there_is(pointer: str, words: str) -> None:
    with pytest.raises(TraceError, match=words):
        subject(*SMALL).tracer.trace(pointer)


def test_a_design_of_other_rules_is_not_explained_by_these() -> None:
    document = {**subject(*SMALL).tracer.document, "rule_pack": {"version": "0", "hash": "0" * 64}}
    with pytest.raises(OtherRules, match="other rules"):
        Tracer(document)


def test_the_command_prints_the_trace_and_its_flips(tmp_path: Any) -> None:
    out = tmp_path / "design.json"
    call_command("design", str(EXAMPLES / "lumen-media.yaml"), out=str(out))
    said = StringIO()
    call_command("trace", str(out), of="workloads/transcode-servers/settings/dlm", stdout=said)
    assert "fired" in said.getvalue()
    assert "Would change if" in said.getvalue()
    with pytest.raises(BadInput, match="there are protection"):
        call_command("trace", str(out), of="workloads/transcode-servers/settings/none")
