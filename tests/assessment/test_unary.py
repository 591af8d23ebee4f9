"""Unary tests: what they say, what they mean for a value and for none, and what is refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.unary import UnaryError, holds, literals, parse_test
from assessment.values import parse_literal


def parsed(text, kind):
    return parse_test(text, kind, parse_literal(kind))


def check(text, kind, value):
    return holds(parsed(text, kind), value)


@pytest.mark.parametrize(
    ("text", "kind", "yes", "no"),
    [
        ('"a"', "single", ["a"], ["b", "", None]),
        ('"a", "b"', "single", ["a", "b"], ["c", None]),
        ('not("a","b")', "single", ["c", None], ["a", "b"]),
        ("< 1h", "duration", [timedelta(minutes=59)], [timedelta(hours=1), None]),
        ("<= 1h", "duration", [timedelta(hours=1)], [timedelta(hours=1, minutes=1)]),
        ("> 3", "integer", [4], [3, None]),
        (">= 3", "integer", [3], [2]),
        ("[1h..4h)", "duration", [timedelta(hours=1)], [timedelta(hours=4), timedelta(0), None]),
        ("(1..3]", "integer", [2, 3], [1, 4]),
        ("]1..3[", "integer", [2], [1, 3]),
        ("[1..1]", "integer", [1], [0, 2]),
        ("1, 3, > 10", "integer", [1, 3, 11], [2, 10]),
        ("true", "boolean", [True], [False, None]),
        ("2.5", "percent", [Decimal("2.5")], [Decimal(2)]),
        ("< 1 TiB", "size", [2**40 - 1], [2**40]),
        (">= 2027-01-01", "date", [], [None]),
        ('contains("a","b")', "multi", [("b", "x"), ("a",)], [("x",), (), None]),
        ('not(contains("a"))', "multi", [("x",), None], [("a",)]),
        ("null", "text", [None, "", (), {}], ["x", ("x",)]),
        ("not(null)", "table", [({"a": 1},)], [None, (), {}]),
        ("-", "text", [None, "x"], []),
        ('not(not("a"))', "single", ["a"], ["b", None]),
        ('"a,b"', "text", ["a,b"], ["a"]),
        ("not([1..3))", "integer", [3, 0], [1, 2]),
        ("(0..1), [5..6)", "integer", [5], [0, 1, 6]),
    ],
)
def test_meaning(text, kind, yes, no):
    assert all(check(text, kind, value) for value in yes)
    assert not any(check(text, kind, value) for value in no)


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("a", "single", "double quotes"),
        ('"a', "single", "not closed"),
        ('not("a"', "single", "not closed"),
        ('"a",', "single", "missing beside a comma"),
        ("", "single", "missing beside a comma"),
        ('< "a"', "single", "no order"),
        ("< yes", "integer", "is no integer"),
        ("< 1", "duration", "is no duration"),
        ("[4h..1h]", "duration", "ends before it begins"),
        ('"1"', "integer", "is a word"),
        ('"never", > 1d', "duration", "is a word"),
        ("contains(1)", "integer", "asks about a list"),
        ("TRUE", "boolean", "is no boolean"),
        ("contains(a)", "multi", "double quotes"),
        ("1 2", "integer", "is no integer"),
    ],
)
def test_what_is_refused(text, kind, words):
    with pytest.raises(UnaryError, match=words):
        parsed(text, kind)


def test_literals_are_all_that_is_named():
    assert literals(parsed('not("a", "b")', "single")) == ("a", "b")
    assert literals(parsed("1, [2..3], > 4", "integer")) == (1, 2, 3, 4)
    assert literals(parsed("-", "integer")) == ()


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_intervals_are_the_inequalities(low, high, value):
    low, high = sorted((low, high))
    assert check(f"[{low}..{high}]", "integer", value) == (low <= value <= high)
    assert check(f"({low}..{high})", "integer", value) == (low < value < high)
    assert check(f"< {low}, > {high}", "integer", value) == (value < low or value > high)
    assert check(f"not([{low}..{high}])", "integer", value) == (not low <= value <= high)


@given(st.text(alphabet='"abc,()[].<>=-not null1h', max_size=25), st.sampled_from(["single", "integer", "duration", "multi", "boolean"]))
def test_any_text_is_a_test_or_refused_in_words(text, kind):
    found = None
    try:
        test = parsed(text, kind)
    except UnaryError as error:
        found = str(error)
    assert found or holds(test, None) in (True, False)
