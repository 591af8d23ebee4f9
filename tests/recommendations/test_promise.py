"""The Pareto front against an independent brute force: no point is dominated, none is missing, and the design is priced as it is."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from assessment.answer_tree import AnswerTree
from assessment.quantities import parse_duration
from assessment.questionnaire import load_questionnaire
from recommendations import promise_space as space
from recommendations.bills import bills_of
from recommendations.decisions import conclude
from recommendations.prices import load_price_book
from recommendations.promise import NEVER, Scale, promise_of, time
from recommendations.recovery import recovery_of
from recommendations.schedules import schedules_of
from recommendations.tables import load_rule_pack
from recommendations.what_if import decided
from tests.recommendations.cases import case
from tests.strategies import engagements

PACK, BOOK = load_rule_pack(), load_price_book()
KINDS = {
    "objects": {"kind": "object-data"},
    "volumes": {"kind": "ebs-volumes", "wl_rto": "30m"},
    "files": {"kind": "file-share", "wl_where": "on-premises", "wl_freq": "daily"},
    "dumps": {"kind": "database", "wl_where": "on-premises", "wl_engine": "oracle", "wl_log_backup": True},
    "ec2": {"kind": "database", "wl_db_host": "ec2", "wl_engine": "postgresql", "wl_log_backup": True},
    "rds": {"kind": "database", "wl_db_host": "rds", "wl_engine": "postgresql"},
    "machines": {"kind": "virtual-machine", "wl_where": "on-premises"},
    "again": {"kind": "object-data", "wl_reproduce": "within-rto"},
}


def decided_case(name, **more):
    """(part, customer, monthly cost of the design) of one small workload."""
    answers = {**KINDS[name], **more}
    kind = answers.pop("kind")
    made = case(kind, **answers)
    base = decided(made.tree, PACK, BOOK)
    return base.parts[0], base.customer, base.bills[0].design.total()


def beats(one, other):
    """At least as good in all three figures, and better in one."""
    pairs = list(zip(one, other, strict=True))
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


def weigh_plainly(part, customer, one):
    """(cost, worst time, worst loss) of a mechanism the long way: every table asked anew, the recovery read from what a design says."""
    facts = space.lived(one, part)
    bare = space.stored(one, facts, part.decisions.path)
    decisions = conclude(space.Forced(bare, customer, PACK, space.outputs_of(one, part)), BOOK)
    schedules = schedules_of(facts, int(one.snapshots), part.start) if one.snapshots != "none" else ()
    bill = bills_of(facts, customer, decisions, schedules, BOOK).design.total()
    entries = recovery_of(facts, customer, decisions)
    return bill, {e["disruption"]: tuple(NEVER if e[k] is None else parse_duration(e[k]) for k in ("rto", "rpo")) for e in entries}


def brute_front(part, customer):
    """All figures that nothing beats, by comparing each with each."""
    found = []
    for one in space.mechanisms(part, customer):
        if one.fast or space.broken(one, part, customer):
            continue
        found.append(weigh_plainly(part, customer, one))
    survived = {name for _, rows in found for name, row in rows.items() if NEVER not in row}
    figures = {
        (cost, max((rows[n][0] for n in survived), default=timedelta(0)), max((rows[n][1] for n in survived), default=timedelta(0)))
        for cost, rows in found
    }
    return {one for one in figures if not any(beats(other, one) for other in figures)}


@pytest.mark.parametrize("name", KINDS)
def test_the_front_is_what_brute_force_finds(name, monkeypatch):
    part, customer, monthly = decided_case(name)
    # Fast snapshot restore has no counterpart in a design; it is held to its own figures below.
    whole = space.choices
    monkeypatch.setattr(space, "choices", lambda p, c: {**whole(p, c), "fast": (False,)})
    promise = promise_of(part, customer, PACK, BOOK)
    assert {(p.monthly, time(p.rto), time(p.rpo)) for p in promise.points} == brute_front(part, customer)
    assert len({(p.monthly, p.rto, p.rpo) for p in promise.points}) == len(promise.points)
    assert [p.monthly for p in promise.points] == sorted(p.monthly for p in promise.points)
    assert promise.design.monthly == monthly


def test_every_combination_of_the_choices_is_weighed_or_refused_for_a_reason():
    part, customer, _ = decided_case("objects")
    values = space.choices(part, customer)
    combinations = [space.Mechanism(*one) for one in product(*(values[name] for name in space.NAMES))]
    promise = promise_of(part, customer, PACK, BOOK)
    assert promise.weighed + promise.refused == len(set(combinations)) == len(combinations)
    assert promise.weighed > 10
    assert promise.refused > 10


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(engagements(2))
def test_fronts_of_random_workloads(engagement):
    base = decided(AnswerTree(load_questionnaire(), engagement), PACK, BOOK)
    for part, bills in zip(base.parts, base.bills, strict=True):
        promise = promise_of(part, base.customer, PACK, BOOK)
        if promise.unknown:
            assert promise.points == ()
            continue
        figures = [(p.monthly, time(p.rto), time(p.rpo)) for p in promise.points]
        assert not any(beats(a, b) for a in figures for b in figures)
        assert promise.design.monthly == bills.design.total()
        entries = recovery_of(part.facts, base.customer, part.decisions)
        assert [(o.disruption, o.rpo_met, o.rto_met) for o in promise.design.outcomes] == [
            (e["disruption"], e["rpo_met"], e["rto_met"]) for e in entries
        ]
        design = (promise.design.monthly, time(promise.design.rto), time(promise.design.rpo))
        assert any(one == design or beats(one, design) for one in figures)


def test_fast_snapshot_restore_costs_what_the_remedies_say_and_takes_the_loading_away():
    part, customer, monthly = decided_case("volumes")
    scale = Scale(part, customer, PACK, BOOK)
    plain, fast = scale.weigh(scale.now), scale.weigh(replace(scale.now, fast=True))
    assert plain.monthly == monthly
    # In two zones, since the loss of one counts.
    assert fast.monthly - plain.monthly == Decimal("0.75") * 730 * 2
    waits = {a.disruption: a.rto - b.rto for a, b in zip(plain.outcomes, fast.outcomes, strict=True) if a.rto is not None}
    near = {one for one in waits if one in ("deletion", "hardware", "site-loss")}
    assert near
    # Copies in another Region or account are not kept ready.
    assert all((wait > timedelta(minutes=30)) is (one in near) for one, wait in waits.items())


def test_nothing_that_was_promised_is_sold():
    part, customer, _ = decided_case("rds")
    now = space.designed(part, customer)
    assert now.lock == "governance"
    assert space.broken(replace(now, lock="none"), part, customer) == "a lock is not weakened"
    assert space.broken(replace(now, plan="none", other_account=False), part, customer) == "the retention asks for copies"
    assert "Replication Time Control" in space.broken(replace(now, replication="crr-rtc"), part, customer)
    assert space.broken(replace(now, fast=True), part, customer) == "fast snapshot restore needs EBS snapshots"
    alone = decided(case("object-data", {"aws_dr": []}).tree, PACK, BOOK)
    copied = replace(space.designed(alone.parts[0], alone.customer), replication="crr")
    assert "no second Region" in space.broken(copied, alone.parts[0], alone.customer)


def test_what_nothing_survives_is_named_and_left_out_of_the_worst_figures():
    made = case("object-data", {"sec_separate_acct": "none"})
    base = decided(made.tree, PACK, BOOK)
    promise = promise_of(base.parts[0], base.customer, PACK, BOOK)
    assert promise.lost == ("account-loss",)
    assert promise.design.rpo is not None
    assert promise.points[0].monthly < promise.design.monthly
