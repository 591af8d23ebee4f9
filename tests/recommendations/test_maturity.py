"""Maturity of the pillars: the scale, what counts as there, and that no open finding leaves its pillar at the top."""

import re
from pathlib import Path

import pytest
import yaml

from recommendations.conflicts import load_texts
from recommendations.evaluate import evaluate
from recommendations.findings import BEFORE
from recommendations.findings_gaps import GAPS
from recommendations.findings_model import PILLARS
from recommendations.findings_workloads import EXCEPTIONS, KNOWN
from recommendations.maturity import PracticeError, load_practices, maturity_of, read_practices
from recommendations.maturity.practices_file import FILE
from tests.recommendations.cases import case
from tests.strategies import random_engagement

PRACTICES = load_practices()
ALL = {practice.id: practice for one in PRACTICES.pillars for practice in one.practices}


def design(kind="object-data", customer=None, **answers):
    made = case(kind, customer=customer, **answers)
    return evaluate(made.tree.engagement).document


def states(document):
    return {one["id"]: (one["before"], one["after"]) for pillar in document["pillars"] for one in pillar["practices"]}


def every_check():
    """The ids of all findings, as the modules write them."""
    written = "".join(path.read_text() for path in Path("recommendations").glob("findings*.py"))
    plain = set(re.findall(r'finding\(\s*"([a-z-]+)"', written)) | set(re.findall(r'"((?:region-|account-)?rpo-not-met)"', written))
    times = {"rto-below-estimate", "region-rto-below-estimate"}
    reasons = {f"exception-without-reason-{name[3:]}" for name in EXCEPTIONS}
    own = {
        name for name, text in load_texts().items() if text.check is None or name in ("lock-against-erasure", "residency-against-recovery")
    }
    return plain | times | reasons | own | {gap.check for gap in GAPS} | set(BEFORE) | set(KNOWN)


def test_every_check_weighs_on_a_practice():
    named = {check for practice in ALL.values() for check in practice.findings}
    assert named == every_check()
    assert named >= PRACTICES.of_the_design


def test_pillars_stand_in_the_order_of_the_framework():
    assert tuple(one["pillar"] for one in design()["pillars"]) == PILLARS


def test_what_is_unknown_or_assumed_today_counts_as_not_there():
    stated = design(customer={"cmp_retention_tbl": [{"class": "records", "min": "30d", "erasure": False}]})
    assert states(stated)["cost-expiry"][0] == "all"
    assert states(design(customer={"ops_runbook": {"state": "unknown"}}))["ops-procedures"][0] == "none"
    assert states(design(customer={"ops_runbook": {"state": "assumed", "value": "current"}}))["ops-procedures"][0] == "none"
    assert states(design(customer={"ops_runbook": "current"}))["ops-procedures"] == ("all", "all")


def test_a_gap_that_the_design_closes_denies_today_only():
    document = design(customer={"cur_last_restore_result": "never"})
    assert states(document)["rel-rehearsed"] == ("none", "all")


def test_a_finding_that_stays_open_holds_the_pillar_down():
    open_gap = design(customer={"sec_log_readers": {"state": "unknown"}})
    logged = next(one for pillar in open_gap["pillars"] for one in pillar["practices"] if one["id"] == "sec-logged")
    assert (logged["after"], logged["evidence"]["open"]) == ("some", ["logs-without-reader"])
    missed = states(design("ebs-volumes", wl_rpo="1h"))
    assert missed["rel-loss"][1] == "none"
    assert states(design("ebs-volumes", wl_rpo="6h"))["rel-loss"][1] == "all"


def test_a_workload_that_lacks_it_leaves_it_there_in_part():
    other = {"name": "Cache", "wl_kind": "object-data", "wl_immut": "not-needed", "wl_immut_why": "It is made again."}
    document = evaluate(case("object-data", others=(other,)).tree.engagement).document
    locked = next(one for pillar in document["pillars"] for one in pillar["practices"] if one["id"] == "sec-locked")
    assert (locked["after"], locked["evidence"]["lacking"], locked["evidence"]["lacking_count"]) == ("some", ["cache"], 1)


def test_the_scale_is_the_weighted_mean():
    pillar = next(one for one in design(customer={"ops_change": "not-at-all"})["pillars"] if one["pillar"] == "operational excellence")
    weights = {one["id"]: one["weight"] for one in pillar["practices"]}
    there = {one["id"]: {"none": 0, "some": 1, "all": 2}[one["after"]] for one in pillar["practices"]}
    assert float(pillar["after"]) == pytest.approx(5 * sum(weights[k] * there[k] for k in weights) / 2 / sum(weights.values()), abs=0.051)
    assert there["ops-changes"] == 0


def test_the_customers_own_rating_stands_beside():
    document = design(customer={"mat_pillars": {"performance": {"level": 3}}})
    assert [one["stated"] for one in document["pillars"]] == [None, None, None, 3, None, None]


def test_no_pillar_is_at_the_top_with_an_open_finding():
    for seed in range(25):
        document = evaluate(random_engagement(seed, 4)).document
        for pillar in document["pillars"]:
            assert 0 <= float(pillar["before"]) <= 5
            held = [one for one in pillar["practices"] if one["evidence"]["open"]]
            assert not (held and pillar["after"] == "5.0"), (seed, pillar["pillar"])


def test_the_same_design_gives_the_same_maturity():
    made = case("object-data")
    document = evaluate(made.tree.engagement).document
    assert maturity_of(made.tree, document) == document["pillars"]


def changed(**more):
    document = yaml.safe_load(FILE.read_text())
    document["pillars"][0]["practices"][0].update(more)
    return yaml.safe_dump(document, sort_keys=False).encode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"before": {"moon": "true"}}, "ops-watched: moon is no question"),
        ({"before": {"watched": '"all"'}}, "watched is no question"),
        ({"after": {"moon": "true"}}, "no question and no fact"),
        ({"after": {}}, "after needs a test"),
        ({"weight": 9}, "weight is a whole number from 1 to 3"),
        ({"before": {"cur_success": "> many"}}, "ops-watched: cur_success"),
        ({"extra": 1}, "a practice is a map of"),
        ({"id": "ops-owners"}, "stands there twice"),
    ],
)
def test_the_loader_names_what_is_wrong(more, words):
    with pytest.raises(PracticeError, match=words):
        read_practices(changed(**more))
