"""Conflicts: each fires on its demands and not beside them, names options with consequences, and findings refer to it."""

import re
from decimal import Decimal

import pytest

from assessment.questionnaire import load_questionnaire
from recommendations.conflicts import load_texts
from recommendations.evaluate import evaluate
from recommendations.findings_model import PILLARS, SEVERITIES
from tests.recommendations.cases import CUSTOMER, case

PEOPLE = {"class": "records", "min": "30d", "erasure": True}
ERASABLE = {"cmp_retention_tbl": [PEOPLE], "cmp_hold": "never"}
# conflict -> kind, customer, workload answers that make it, and the same with one demand less
CASES = [
    ("retention-against-erasure", "object-data", ERASABLE, {}, {"cmp_retention_tbl": [{**PEOPLE, "erasure": False}]}),
    ("lock-against-erasure", "object-data", ERASABLE, {}, {"cmp_immutable": "none"}),
    ("copies-against-erasure", "ebs-volumes", ERASABLE, {}, {"cmp_retention_tbl": [{**PEOPLE, "erasure": False}]}),
    ("hold-against-deletion", "object-data", {**ERASABLE, "cmp_hold": "often"}, {}, {"cmp_hold": "never"}),
    ("lock-against-release", "object-data", {"cmp_hold": "often", "cmp_immutable": "strict"}, {}, {"cmp_immutable": "governance"}),
    ("residency-against-recovery", "object-data", {"aws_dr": ["eu-central-1"], "cmp_residency": ["US"]}, {}, {"cmp_residency": "any"}),
    (
        "regime-against-maximum", "object-data",
        {"cmp_regimes": ["sox"], "cmp_retention_tbl": [{"class": "records", "min": "30d", "max": "2y", "erasure": False}]}, {},
        {"cmp_regimes": ["soc-2"]},
    ),
    ("no-lock-against-ransomware", "object-data", {"cmp_immutable": "none"}, {}, {"cmp_immutable": "governance"}),
    ("one-account-against-account-loss", "object-data", {"sec_separate_acct": "none"}, {}, {"sec_separate_acct": "exists"}),
    ("budget-against-promise", "object-data", {"bud_month": "1 USD", "bud_hard": True}, {}, {"bud_hard": False}),
    ("log-wish-against-regime", "object-data", {"sec_log": "management", "cmp_regimes": ["hipaa"]}, {}, {"cmp_regimes": ["soc-2"]}),
    ("outside-key-against-recovery", "object-data", {"sec_enc": "external-key-store"}, {}, {"sec_enc": "customer-managed"}),
]  # fmt: skip


def design(kind, customer, **answers):
    return evaluate(case(kind, customer=customer, **answers).tree.engagement).document


def found(document):
    return {one["id"]: one for one in document["conflicts"]}


def test_each_kind_of_conflict_has_a_case_and_words():
    assert [name for name, *_ in CASES] == list(load_texts())
    for text in load_texts().values():
        assert text.pillar in PILLARS
        assert text.severity in SEVERITIES
        assert set(text.answers) <= set(load_questionnaire().questions)
        assert len(text.options) >= 2


@pytest.mark.parametrize(("name", "kind", "customer", "answers", "less"), CASES, ids=[one[0] for one in CASES])
def test_a_conflict_fires_on_its_demands_and_not_with_one_less(name, kind, customer, answers, less):
    document = design(kind, customer, **answers)
    one = found(document)[name]
    assert not re.search(r"[{}]", " ".join([one["sentence"], one["design"], *(o["label"] + o["consequence"] for o in one["options"])]))
    assert all(option["consequence"].endswith(".") for option in one["options"])
    refers = [f for f in document["findings"] if f.get("conflict") == name]
    assert refers
    assert {f["check"] for f in refers} == {one["finding"]}
    assert name not in found(design(kind, {**customer, **less}, **answers))


def test_a_customer_without_demands_against_each_other_has_none():
    assert design("object-data", {}, wl_region_rpo="15m")["conflicts"] == []


def test_options_carry_the_monthly_cost_of_the_whole_design_where_it_is_cheap_to_work_out():
    document = design("object-data", {"cmp_immutable": "none"})
    accept = found(document)["no-lock-against-ransomware"]["options"]
    assert accept[2]["monthly"] == document["costs"]["monthly_design"]
    locked = design("object-data", {"cmp_immutable": "governance"})
    assert accept[0]["monthly"] == locked["costs"]["monthly_design"]


def test_the_option_of_unlocking_costs_what_the_design_without_the_lock_costs():
    options = found(design("object-data", ERASABLE, wl_versions=5))["lock-against-erasure"]["options"]
    other = design("object-data", ERASABLE, wl_versions=5, wl_immut="not-needed", wl_immut_why="Erasure")
    assert Decimal(options[1]["monthly"]) == Decimal(other["costs"]["monthly_design"])


def test_a_strict_rule_refers_from_the_critical_finding():
    document = design("object-data", {**ERASABLE, "cmp_immutable": "strict"})
    strict = next(one for one in document["findings"] if one["check"] == "strict-lock-with-erasure")
    assert strict["conflict"] == "lock-against-erasure"
    assert found(document)["lock-against-erasure"]["design"].startswith("Copies are locked in governance mode")


def test_a_region_in_an_allowed_country_is_offered_with_its_price():
    document = design("object-data", {"aws_dr": ["eu-central-1"], "cmp_residency": ["US"]})
    options = found(document)["residency-against-recovery"]["options"]
    assert options[0]["label"].startswith("Use us-")
    other = design("object-data", {"aws_dr": [options[0]["label"][4:]], "cmp_residency": ["US"]})
    assert options[0]["monthly"] == other["costs"]["monthly_design"]


def test_several_classes_give_one_finding_that_names_them():
    customer = {**ERASABLE, "cmp_retention_tbl": [PEOPLE, {**PEOPLE, "class": "mail"}]}
    other = {"name": "Mail", "wl_kind": "object-data", "wl_class": "mail"}
    made = case("object-data", customer=customer, others=(other,))
    document = evaluate(made.tree.engagement).document
    assert [one["subject"] for one in document["conflicts"] if one["id"] == "retention-against-erasure"] == ["records", "mail"]
    told = [one["sentence"] for one in document["findings"] if one["check"] == "retention-against-erasure"]
    assert told == ["Minimum retention against erasure, in 2 cases: records, mail."]


def test_the_cases_start_from_a_customer_without_conflicts():
    assert CUSTOMER["cmp_retention_tbl"][0]["erasure"] is False
