"""A what-if of one workload says what the whole changed design would say, and decides no other workload."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from assessment.engagement import Answer
from recommendations import alternative, parts
from recommendations.alternative import Bench, setting_changes
from recommendations.evaluate import evaluate
from recommendations.overrides import Override
from recommendations.trace import OtherRules
from tests.strategies import engagements
from tests.support.designs import example, small_example

CHANGES = (
    {"wl_rpo": timedelta(minutes=5), "wl_rto": timedelta(minutes=30)},
    {"wl_rpo": timedelta(days=2), "wl_rto": timedelta(days=5)},
    {"wl_retain": {"daily": 7}},
    {"wl_growth": Decimal(80)},
    {"wl_immut": "not-needed"},
)


def changed(engagement, index, answers):
    workloads = list(engagement.workloads)
    stated = {name: Answer("stated", value) for name, value in answers.items()}
    workloads[index] = replace(workloads[index], answers={**workloads[index].answers, **stated})
    return replace(engagement, workloads=tuple(workloads))


def own_findings(document, key):
    """The findings of a workload, without the reference to a conflict of the whole design."""
    found = [one for one in document["findings"] if one["workload"] == key]
    return [{name: value for name, value in one.items() if name != "conflict"} for one in found]


def same_as_whole(engagement, document, index, answers):
    key = document["workloads"][index]["key"]
    found = Bench(document, key).changed(answers)
    whole = evaluate(changed(engagement, index, answers)).document
    own = whole["workloads"][index]
    assert found.after.document == own
    assert list(found.after.findings) == own_findings(whole, key)
    assert list(found.before.findings) == own_findings(document, key)
    if found.total is None:
        assert whole["costs"]["monthly_design"] is None or document["costs"]["monthly_design"] is None
        return found
    assert found.total == Decimal(whole["costs"]["monthly_design"])
    months = sum(Decimal(month["design"]) for month in whole["costs"]["months"])
    assert abs(found.total_months - months) < Decimal("0.40")
    return found


@pytest.fixture(scope="module")
def northwind():
    return example(), evaluate(example()).document


@pytest.mark.parametrize("index", range(9))
def test_it_says_what_the_whole_changed_design_says(northwind, index):
    engagement, document = northwind
    for turn in range(2):
        same_as_whole(engagement, document, index, CHANGES[(index + turn * 2) % len(CHANGES)])


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(engagements(3))
def test_of_random_engagements_too(engagement):
    document = evaluate(engagement).document
    for index in range(len(engagement.workloads)):
        same_as_whole(engagement, document, index, CHANGES[index % 2])


def test_only_the_workload_that_is_asked_about_is_decided(northwind, monkeypatch):
    _, document = northwind
    decided, real = [], parts.decide
    monkeypatch.setattr(parts, "decide", lambda workload, *rest: decided.append(workload.key) or real(workload, *rest))
    key = document["workloads"][0]["key"]
    Bench(document, key).changed(CHANGES[0])
    assert decided == [key, key]


def test_no_change_changes_nothing(northwind):
    _, document = northwind
    for workload in document["workloads"]:
        found = Bench(document, workload["key"]).changed({})
        assert found.before.document == workload
        assert (found.settings, found.new_findings, found.gone_findings) == ((), (), ())
        assert found.total == Decimal(document["costs"]["monthly_design"])


def test_settings_tell_before_and_after():
    old = [
        {"name": "a", "label": "A", "value": 1, "display": "one", "because": "x"},
        {"name": "b", "label": "B", "value": 1, "display": "b", "because": "x"},
    ]
    new = [{"name": "a", "label": "A", "value": 2, "display": "two", "because": "y"}]
    assert setting_changes(old, new) == [
        {"label": "A", "before": "one", "after": "two", "because": "y"},
        {"label": "B", "before": "b", "after": "", "because": ""},
    ]


def test_a_design_of_other_rules_and_a_workload_that_is_not_there_are_refused(northwind):
    _, document = northwind
    with pytest.raises(OtherRules, match="rules"):
        alternative.Bench({**document, "rule_pack": {"version": "0", "hash": "0"}}, "x")
    with pytest.raises(KeyError, match="no-such"):
        Bench(document, "no-such")


def test_overrides_of_the_design_stay_in_force():
    engagement = small_example()
    key = evaluate(engagement).document["workloads"][0]["key"]
    override = Override(key, "versioning", "enabled", "Asked for by the owner", "Ann Ray", date(2027, 6, 30))
    document = evaluate(engagement, overrides=(override,)).document
    found = Bench(document, key).changed({})
    assert found.before.document == document["workloads"][0]
    assert document["workloads"][0]["settings"] != evaluate(engagement).document["workloads"][0]["settings"]
