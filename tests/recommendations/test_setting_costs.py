"""Costs by the setting that causes them, and month by month."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.engagement import Engagement
from recommendations.costs import Curve, months
from recommendations.design import Design, load_design
from recommendations.evaluate import evaluate
from recommendations.prices import price_book_from
from recommendations.setting_costs import by_setting, costs_by_workload, costs_of_workload, months_by_setting, settings_of_workload, settled
from recommendations.trace import Tracer
from tests.strategies import engagements
from tests.support.designs import example

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("northwind-clinics", "baltic-bank", "lumen-media")
CENT = Decimal("0.01")


@cache
def document_of(name: str) -> dict[str, Any]:
    return evaluate(example(name)).document


def total(amounts: Any) -> Decimal:
    return sum(map(Decimal, amounts), Decimal(0))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(engagements())
def test_the_setting_of_every_line_is_one_of_its_part(engagement: Engagement) -> None:
    document = evaluate(engagement).document
    shared = {one["name"] for one in document["settings"]}
    assert {line["setting"] for line in document["costs"]["shared"]} <= shared
    for workload in document["workloads"]:
        own = {one["name"] for one in workload["settings"]}
        assert {line["setting"] for line in workload["costs"]} <= own | {"iam"} & shared
    rows = document["costs"]["by_setting"]
    if document["costs"]["monthly_design"] is not None:
        assert total(row["monthly"] for row in rows) == Decimal(document["costs"]["monthly_design"])
        assert {row["share"] for row in rows} <= {None} or total(row["share"] for row in rows) == 100


@pytest.mark.parametrize("name", NAMES)
def test_settings_add_up_in_the_design_in_each_workload_and_in_each_month(name: str) -> None:
    document = document_of(name)
    costs = document["costs"]
    assert total(row["monthly"] for row in costs["by_setting"]) == Decimal(costs["monthly_design"])
    assert total(row["share"] for row in costs["by_setting"]) == 100
    by_month = months_by_setting(document)
    assert list(by_month) == [row["setting"] for row in costs["by_setting"]]
    for index, row in enumerate(costs["months"]):
        assert sum(amounts[index] for amounts in by_month.values()) == Decimal(row["design"])
    for workload in document["workloads"]:
        assert total(row["monthly"] for row in settings_of_workload(document, workload)) == Decimal(workload["monthly_cost"])


@pytest.mark.parametrize("name", NAMES)
def test_workloads_add_up_to_the_months_of_the_design(name: str) -> None:
    document = document_of(name)
    costs = document["costs"]
    each = [costs_of_workload(document, workload["key"]) for workload in document["workloads"]]
    assert [rows for _, rows in costs_by_workload(document)] == each
    assert [rows[0]["design"] for rows in each] == [workload["monthly_cost"] for workload in document["workloads"]]
    shared = total(line["monthly"] for line in costs["shared"])
    for index, row in enumerate(costs["months"]):
        for key, more in (("design", shared), ("naive", shared), ("today", 0)):
            assert abs(total(rows[index][key] for rows in each) + more - Decimal(row[key])) <= CENT * len(each)
    assert costs["months"][0]["today"] == costs["today"]
    assert Decimal(costs["months"][35]["today"]) > Decimal(costs["today"])
    with pytest.raises(KeyError):
        costs_of_workload(document, "no-such-workload")


def test_today_grows_with_the_data_and_stays_away_where_it_was_not_told() -> None:
    curves = [Curve(Decimal(1), Decimal(2), Decimal(100), 300), Curve(None, Decimal(2), Decimal(0), 100)]
    rows = months(curves, 13, Decimal(40))
    assert rows[12] == {"month": 13, "design": None, "naive": "6.00", "today": "70.00"}
    assert [row["today"] for row in months(curves, 13)] == [None] * 13
    assert months([Curve(Decimal(1), Decimal(1), Decimal(50))], 13, Decimal(40))[12]["today"] == "40.00"


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=12))
def test_what_is_settled_adds_up_and_is_within_a_step(parts: list[Decimal]) -> None:
    found = settled(parts, Decimal(100), Decimal("0.1"))
    if not sum(parts):
        assert set(found) == {Decimal(0)}
        return
    assert sum(found) == 100
    assert all(abs(one - part * 100 / sum(parts)) < Decimal("0.1") for one, part in zip(found, parts, strict=True))


def test_an_unknown_price_takes_the_amount_from_its_setting_only() -> None:
    raw = json.loads((ROOT / "recommendations" / "prices" / "prices.json").read_text())
    del raw["regions"]["eu-central-1"]["cloudtrail"]["data_events_100k"]
    document = evaluate(example("baltic-bank"), price_book=price_book_from(json.dumps(raw).encode())).document
    amounts = {row["setting"]: row["monthly"] for row in document["costs"]["by_setting"]}
    assert [name for name, amount in amounts.items() if amount is None] == ["logging"]
    assert {row["share"] for row in document["costs"]["by_setting"]} == {None}
    assert months_by_setting(document) == {}


def test_a_design_that_does_not_know_settings_of_lines_can_still_be_read() -> None:
    body = {key: item for key, item in document_of("lumen-media").items() if key != "digest"}
    workloads = [
        {
            **{key: item for key, item in one.items() if key not in ("monthly_naive", "growth_percent")},
            "costs": [{key: item for key, item in line.items() if key != "setting"} for line in one["costs"]],
        }
        for one in body["workloads"]
    ]
    months = [{key: item for key, item in row.items() if key != "today"} for row in body["costs"]["months"]]
    costs = {key: item for key, item in body["costs"].items() if key != "by_setting"} | {"months": months}
    older = load_design(Design.of({**body, "workloads": workloads, "costs": costs}).document).document
    first = older["workloads"][0]
    assert by_setting(first["costs"], {}) == settings_of_workload(older, first) == []
    assert costs_of_workload(older, first["key"]) == []
    assert months_by_setting(older) == {}
    assert "Caused by" not in Tracer(older).trace(f"workloads/{first['key']}/costs/0")["because"]


def test_the_trace_of_a_line_says_what_causes_it() -> None:
    document = document_of("baltic-bank")
    tracer = Tracer(document)
    labels = {one["name"]: one["label"] for one in document["settings"]}
    workload = next(one for one in document["workloads"] if any(line["setting"] == "iam" for line in one["costs"]))
    labels |= {one["name"]: one["label"] for one in workload["settings"]}
    for index, line in enumerate(workload["costs"]):
        found = tracer.trace(f"workloads/{workload['key']}/costs/{index}")
        assert (found["setting"], f"Caused by the setting {labels[line['setting']]}" in found["because"]) == (line["setting"], True)
    assert "Caused by the setting Home of the keys" in tracer.trace("costs/shared/0")["because"]
    apart = tracer.trace("settings/iam")["prices"]
    assert apart
    assert {line["setting"] for line in apart} == {"iam"}
