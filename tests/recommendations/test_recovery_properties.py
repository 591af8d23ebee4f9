"""What holds for every recovery: more bandwidth or staff never makes it slower, a stricter target never makes it met."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.quantities import parse_duration
from recommendations import recovery_figures as figures
from recommendations.recovery import recovery_of
from tests.recommendations.cases import case

LINES = st.integers(min_value=0, max_value=400 * 10**9)
SIZES = st.integers(min_value=2**20, max_value=100 * 2**50)
MINUTES = st.integers(min_value=0, max_value=90 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
STAFF = ("business", "extended", "always")


@cache
def made(kind):
    """One decided case of each way back, everything lost."""
    hand = {"cur_manual_steps": ["find-copy", "build-server", "reinstall-application", "rebuild-network", "restore-keys"]}
    where = {"database": "on-premises", "file-share": "on-premises", "virtual-machine": "on-premises"}.get(kind, "aws")
    return case(kind, customer=hand, wl_where=where, wl_log_backup=kind == "database" or None, wl_restore_unit=["whole-system"])


WAYS = st.sampled_from(["database", "file-share", "virtual-machine", "ebs-volumes", "object-data"]).map(made)


def times(one, facts=None, customer=None):
    """RTO of each event in minutes; a recovery that never ends counts as longer than every other."""
    entries = recovery_of(facts or one.facts, customer or one.customer, one.decisions)
    return [timedelta.max if e["rto"] is None else parse_duration(e["rto"]) for e in entries]


@settings(max_examples=60, deadline=None)
@given(one=WAYS, narrow=LINES, wide=LINES)
def test_more_download_never_makes_recovery_slower(one, narrow, wide):
    narrow, wide = sorted((narrow, wide))
    slow = times(one, customer=replace(one.customer, download=narrow))
    fast = times(one, customer=replace(one.customer, download=wide))
    assert all(after <= before for before, after in zip(slow, fast, strict=True))


@settings(max_examples=60, deadline=None)
@given(one=WAYS, small=SIZES, large=SIZES)
def test_more_data_never_comes_back_sooner(one, small, large):
    small, large = sorted((small, large))
    less = times(one, facts=replace(one.facts, size=small))
    more = times(one, facts=replace(one.facts, size=large))
    assert all(before <= after for before, after in zip(less, more, strict=True))


@settings(max_examples=30, deadline=None)
@given(one=WAYS)
def test_more_staff_and_less_hand_work_never_make_recovery_slower(one):
    waits = [times(one, customer=replace(one.customer, staff=staff)) for staff in STAFF]
    assert all(later <= earlier for earlier, later in zip(waits[0], waits[1], strict=True))
    assert all(later <= earlier for earlier, later in zip(waits[1], waits[2], strict=True))
    by_hand, by_code = times(one), times(one, customer=replace(one.customer, manual_steps=()))
    assert all(code <= hand for hand, code in zip(by_hand, by_code, strict=True))


@settings(max_examples=100, deadline=None)
@given(one=WAYS, strict=MINUTES, loose=MINUTES)
def test_a_stricter_target_never_turns_unmet_into_met(one, strict, loose):
    strict, loose = sorted((strict, loose))

    def met(target):
        facts = replace(one.facts, rto=target, rpo=target, region_rto=target, region_rpo=target)
        return [(e["rto_met"], e["rpo_met"]) for e in recovery_of(facts, one.customer, one.decisions)]

    for tight, wide in zip(met(strict), met(loose), strict=True):
        assert tight[0] <= wide[0]
        assert tight[1] <= wide[1]


@given(count=st.integers(min_value=0, max_value=2**60), bits=st.integers(min_value=0, max_value=4 * 10**11))
def test_a_transfer_is_rounded_up_to_the_minute_or_never_ends(count, bits):
    took = figures.transfer(count, bits)
    seconds = Fraction(count * 10, bits) if bits else None  # 8 bits a byte at 80 % are 10
    if took is None:
        assert seconds is None or seconds >= 100 * 366 * 86400
    else:
        assert 0 <= took // timedelta(minutes=1) * 60 - (seconds or 0) < 60


def test_words_of_durations():
    shown = {0: "0 min", 45: "45 min", 60: "1 h", 200: "3 h 20 min", 2880: "2 d", 2881: "2 d 1 h", 2879: "47 h 59 min"}
    assert {minutes: figures.words(timedelta(minutes=minutes)) for minutes in shown} == shown
    assert figures.words(timedelta(seconds=1)) == "1 min"
