"""The checks of the answers: each fires, and stays silent right beside."""

from datetime import date
from pathlib import Path

import pytest

from assessment.answer_tree import AnswerTree
from assessment.checks import CHECKS, run_checks
from assessment.engagement import read_engagement
from assessment.link import Line, day_bytes, seed_days, window_bytes
from assessment.questionnaire import load_questionnaire
from tests.assessment.build import tree

DATABASE = {"wl_kind": "database", "wl_log_backup": True}
CLASS = {"cmp_retention_tbl": [{"class": "ledger", "min": "1y", "max": "7y", "erasure": True}]}
OUTSIDE = {"wl_kind": "file-share", "wl_where": "on-premises"}
SLOW = {"net_bw": "8 Mbit/s", "net_bw_off": "8 Mbit/s"}
FILES = {"wl_kind": "object-data"}


def found(check, answers=None, *workloads, today=None):
    return [one for one in run_checks(tree(answers, *workloads), today) if one.check == check]


# check, customer answers, workload answers that fire, workload answers that do not
PAIRS = [
    ("frequency-longer-than-rpo", {}, {"wl_freq": "4h"}, {"wl_freq": "hourly"}),
    (
        "frequency-longer-than-rpo",
        {},
        {"wl_freq": "4h", **DATABASE, "wl_log_every": "61m"},
        {"wl_freq": "4h", **DATABASE, "wl_log_every": "1h"},
    ),
    ("rto-without-reserve", {}, {"wl_mtd": "4h"}, {"wl_mtd": "241m"}),
    ("rto-without-reserve", {}, {"wl_rto": "12h"}, {"wl_rto": "11h"}),
    (
        "latency-slower-than-rto",
        {},
        {**FILES, "wl_latency": "up-to-12h", "wl_rto": "719m"},
        {**FILES, "wl_latency": "up-to-12h", "wl_rto": "12h"},
    ),
    ("latency-slower-than-rto", {}, {**FILES, "wl_latency": "minutes", "wl_rto": "4m"}, {**FILES, "wl_latency": "minutes", "wl_rto": "5m"}),
    (
        "retention-against-class",
        CLASS,
        {"wl_class": "ledger", "wl_retain": {"daily": 365}},
        {"wl_class": "ledger", "wl_retain": {"daily": 366}},
    ),
    (
        "retention-against-class",
        CLASS,
        {"wl_class": "ledger", "wl_retain": {"yearly": 8}},
        {"wl_class": "ledger", "wl_retain": {"yearly": 7}},
    ),
    (
        "retention-against-class",
        CLASS,
        {**FILES, "wl_class": "ledger", "wl_expire": "never"},
        {**FILES, "wl_class": "ledger", "wl_expire": "2y"},
    ),
    ("retention-against-class", CLASS, {**FILES, "wl_class": "ledger", "wl_expire": "365d"}, {"wl_class": None, "wl_retain": {"daily": 1}}),
    (
        "strict-lock-with-erasure",
        {**CLASS, "cmp_immutable": "strict"},
        {"wl_class": "ledger"},
        {"wl_class": "ledger", "wl_immut": "not-needed"},
    ),
    ("error-budget", {"rec_sla": "99-9"}, {"wl_tier": "mission-critical", "wl_rto": "9h"}, {"wl_tier": "important", "wl_rto": "9h"}),
    (
        "error-budget",
        {"rec_sla": "99-9"},
        {"wl_tier": "mission-critical", "wl_rto": "526m"},
        {"wl_tier": "mission-critical", "wl_rto": "525m"},
    ),
    (
        "event-without-copy",
        {"aws_dr": ["us-west-2"], "cmp_residency": "any"},
        {"wl_tier": "mission-critical", "wl_xregion": "not-needed"},
        {"wl_tier": "important", "wl_xregion": "not-needed"},
    ),
    ("event-without-copy", {"aws_dr": []}, {"wl_tier": "mission-critical"}, {"wl_tier": "standard"}),
    (
        "daily-change-exceeds-window",
        SLOW,
        {**OUTSIDE, "wl_size": "1 TiB", "wl_change": "3 %"},
        {**OUTSIDE, "wl_size": "1 TiB", "wl_change": "2 %"},
    ),
    ("daily-change-exceeds-window", SLOW, {**OUTSIDE, "wl_size": "1 TiB", "wl_change": "3 %"}, {"wl_size": "1 TiB", "wl_change": "3 %"}),
]


@pytest.mark.parametrize(("check", "customer", "fires", "silent"), PAIRS)
def test_a_check_fires_and_stays_silent_beside(check, customer, fires, silent):
    assert len(found(check, customer, fires)) == 1
    assert found(check, customer, silent) == []


def test_every_check_before_the_design_is_computed():
    before = {check.id for check in load_questionnaire().checks if check.where == "before" and check.severity != "error"}
    assert before == {*CHECKS, "seed-misses-deadline"}
    assert {check for check, *_ in PAIRS} | {"dependency-chain", "dr-region-outside-residency"} == set(CHECKS)


def test_a_finding_says_what_where_and_how_to_mend_it():
    one = found("frequency-longer-than-rpo", {}, {}, {"wl_freq": "4h"})[0]
    assert (one.workload, one.path, one.severity) == ("b", "workloads[1].answers.wl_freq", "high")
    assert one.sentence == "A copy every 4h cannot keep a loss under 1h."
    assert one.answers == ("wl_freq", "wl_log_backup", "wl_log_every", "wl_rpo")


def test_a_dependency_that_is_slower():
    slow, own = {"name": "Base", "wl_rto": "5h"}, {"name": "App", "wl_deps": ["Base"]}
    one = found("dependency-chain", {}, slow, own)[0]
    assert (one.workload, one.path) == ("app", "workloads[1].answers.wl_deps")
    assert found("dependency-chain", {}, {**slow, "wl_rto": "4h"}, own) == []


@pytest.mark.parametrize(
    ("answers", "regions"),
    [
        ({"aws_dr": ["eu-west-1"]}, ["eu-west-1"]),
        ({"aws_dr": ["us-west-2"]}, []),
        ({"aws_dr": ["eu-west-1"], "cmp_residency": "any"}, []),
        ({"aws_dr": ["eu-west-1", "eu-central-1"], "cmp_residency": ["US", "IE"]}, ["eu-central-1"]),
        ({"aws_dr": ["eu-west-1"], "cmp_residency": ["IE"]}, ["us-east-1"]),
    ],
)
def test_regions_outside_of_the_allowed_countries(answers, regions):
    told = found("dr-region-outside-residency", answers)
    assert [one.sentence.split()[0] for one in told] == regions


def test_the_loss_of_an_account_without_another():
    assert [one.path for one in found("event-without-copy", {"rec_disrupt": ["account-loss"]})] == ["answers.sec_separate_acct"]
    assert found("event-without-copy", {"rec_disrupt": ["account-loss"], "sec_separate_acct": "exists"}) == []


@pytest.mark.parametrize(("today", "fires"), [(date(2027, 1, 1), True), (date(2026, 12, 1), False)])
def test_the_first_copy_against_the_deadline(today, fires):
    # 1 TiB at 80 % of 8 Mbit/s around the clock: 69.12 GB a day, 15.9 days
    answers = {**SLOW, "eng_deadline": "2027-01-10"}
    told = found("seed-misses-deadline", answers, OUTSIDE, today=today)
    assert bool(told) is fires
    if fires:
        assert "16 days" in told[0].sentence
        assert "2027-01-17" in told[0].sentence
    assert found("seed-misses-deadline", {**answers, "net_device": True}, OUTSIDE, today=today) == []
    assert found("seed-misses-deadline", answers, OUTSIDE) == []


def test_a_line_that_carries_nothing_never_ends():
    answers = {"net_bw": "0 Mbit/s", "eng_deadline": "2099-01-01"}
    assert "never" in found("seed-misses-deadline", answers, OUTSIDE, today=date(2027, 1, 1))[0].sentence


def test_what_the_line_carries():
    line = Line(10**9, 2 * 10**9)
    assert window_bytes(line, "night") == 2 * 10**9 * 8 * 3600 // 10  # 8 h, bits to bytes at 80 %
    assert window_bytes(line, "weekend") == 2 * 10**9 * 24 * 3600 // 10
    assert day_bytes(line) == (10**9 * 10 + 2 * 10**9 * 14) * 3600 // 10
    assert seed_days(Line(0, 0), 1) is None
    assert seed_days(line, day_bytes(line)) == 1
    assert seed_days(line, day_bytes(line) + 1) == 2


@pytest.mark.parametrize("path", sorted(Path("examples").glob("*.yaml")), ids=lambda path: path.stem)
def test_sentences_of_the_examples_are_filled_in(path):
    made = AnswerTree(load_questionnaire(), read_engagement(path.read_bytes()))
    for one in run_checks(made, date(2026, 11, 1)):
        assert "{" not in one.sentence
        assert one.fix
