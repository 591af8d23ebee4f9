"""Engagement files are read and written without loss: the three examples, and any that can be made."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from assessment.engagement import (
    Answer,
    Customer,
    Engagement,
    Workload,
    engagement_from_document,
    engagement_to_document,
    read_engagement,
    workload_keys,
    write_engagement,
)
from tests.assessment.strategies import LINE, TEXT, engagements

EXAMPLES = sorted(Path("examples").glob("*.yaml"))
BARE = {
    "schema": "stowplan/engagement/1",
    "customer": {"name": "Acme"},
    "answers": {"aws_primary": "us-east-1"},
    "workloads": [
        {"name": "Data", "answers": {"wl_kind": "database", "wl_where": "aws", "wl_size": "1 TiB", "wl_rto": "4h", "wl_rpo": "1h"}}
    ],
}


def with_text(text):
    """An engagement whose free text is `text` wherever there is free text."""
    one = engagement_from_document(BARE)
    workload = one.workloads[0]
    answers = {**workload.answers, "wl_purpose": Answer("stated", text[:300], note=text, ask=text)}
    return replace(one, workloads=(replace(workload, answers=answers),))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_written_and_read_without_loss(path):
    engagement = read_engagement(path.read_bytes())
    assert read_engagement(write_engagement(engagement).encode()) == engagement
    document = engagement_to_document(engagement)
    assert engagement_from_document(json.loads(json.dumps(document))) == engagement
    assert engagement_to_document(read_engagement(write_engagement(engagement).encode())) == document


def test_there_are_three_examples():
    assert len(EXAMPLES) == 3


@settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))
@given(engagements())
def test_any_engagement_is_written_and_read_without_loss(engagement):
    read = read_engagement(write_engagement(engagement).encode())
    assert read == engagement
    text = write_engagement(read)
    assert write_engagement(read_engagement(text.encode())) == text
    assert engagement_from_document(engagement_to_document(engagement)) == engagement


@settings(max_examples=200, deadline=None)
@given(TEXT | st.from_regex(r"[+-]?[0-9.eE_:xob]{1,8}", fullmatch=True).filter(str.isascii))
@example("1e3")
@example("0o17")
@example("1_000")
@example("12:30")
@example(".5")
@example("1.")
@example("<<")
@example("=")
@example("a\n\n  b\n")
@example("\u2028x")
def test_text_is_written_so_that_it_is_read_as_text(text):
    engagement = with_text(text)
    assert read_engagement(write_engagement(engagement).encode()) == engagement


def test_what_is_written_is_canonical_and_bare_where_only_the_value_is_known():
    document = {**BARE, "workloads": [{**BARE["workloads"][0], "id": "db"}]}
    answers = document["workloads"][0]["answers"]
    document["workloads"][0]["answers"] = {
        **answers,
        "wl_size": "1024 GiB",
        "wl_change": {"value": 3, "note": "measured"},
        "wl_growth": {"state": "unknown"},
    }
    written = yaml.safe_load(write_engagement(engagement_from_document(document)))
    assert written["workloads"][0] == {
        "name": "Data",
        "id": "db",
        "answers": {
            "wl_kind": "database",
            "wl_where": "aws",
            "wl_rto": "4h",
            "wl_rpo": "1h",
            "wl_size": "1 TiB",
            "wl_change": {"value": "3 %", "note": "measured"},
            "wl_growth": {"state": "unknown"},
        },
    }


def test_states_and_remarks_are_kept():
    evidence = ({"file": "a.csv", "sha256": "0" * 64, "note": "x"},)
    answers = {
        "aws_primary": Answer("assumed", "us-east-1", "n", "Ann", date(2027, 2, 1), None, evidence),
        "bud_month": Answer("not-applicable", None, "internal", None, None, "out-of-scope"),
        "bud_growth": Answer("unknown", None, "no history", "Ann"),
        "net_bw": Answer("stated", 10**9, evidence=evidence),
    }
    workload = engagement_from_document(BARE).workloads[0]
    engagement = Engagement(Customer("Acme", "health"), answers, (workload,))
    assert read_engagement(write_engagement(engagement).encode()) == engagement


def test_typed_values_come_out():
    engagement = read_engagement(Path("examples/northwind-clinics.yaml").read_bytes())
    first = engagement.workloads[0].answers
    assert first["wl_rto"].value == timedelta(hours=4)
    assert first["wl_change"].value == Decimal(3)
    assert first["wl_size"].value == 4617948836659
    assert first["wl_steps"].value[0]["minutes"] == 35
    assert engagement.answers["cur_success"].evidence[0]["file"] == "commvault-2026-10.csv"


@pytest.mark.parametrize(
    ("pairs", "keys"),
    [
        ([(None, "Patient records")], ["patient-records"]),
        ([("db", "Patient records")], ["db"]),
        ([(None, "A b"), (None, "a-B"), (None, "a  b")], ["a-b", "a-b-2", "a-b-3"]),
        ([(None, "a b"), ("a-b", "x")], ["a-b-2", "a-b"]),
        ([(None, "数据")], ["shu-ju"]),
        ([(None, "!!!"), (None, "???")], ["workload", "workload-2"]),
        ([(None, "a b 2"), (None, "a b"), (None, "a-b")], ["a-b-2", "a-b", "a-b-3"]),
    ],
)
def test_keys_of_workloads(pairs, keys):
    assert workload_keys(pairs) == keys


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.none() | st.from_regex("[a-z0-9][a-z0-9-]{0,39}", fullmatch=True).filter(str.isascii), LINE),
        max_size=30,
        unique_by=lambda pair: pair[0] or object(),
    )
)
def test_keys_are_unique_short_and_safe(pairs):
    keys = workload_keys(pairs)
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert 1 <= len(key) <= 40
        assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_a_key_does_not_depend_on_workloads_behind_it():
    assert workload_keys([(None, "a b"), (None, "a-b")])[0] == workload_keys([(None, "a b")])[0]


def test_hidden_answers_are_kept():
    document = {**BARE, "answers": {"aws_primary": "us-east-1", "sec_enc": "aws-owned", "sec_key_rotation_days": 180}}
    engagement = engagement_from_document(document)
    assert engagement.answers["sec_key_rotation_days"].value == 180
    assert read_engagement(write_engagement(engagement).encode()) == engagement


def test_workloads_are_immutable_values():
    assert isinstance(engagement_from_document(BARE).workloads[0], Workload)
    with pytest.raises(AttributeError):
        engagement_from_document(BARE).workloads[0].name = "x"
