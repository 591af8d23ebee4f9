"""DMN (S-FEEL) unary tests: the one little language of `show_if` and of the decision tables.

A test is a closed expression about one value:

    -                     anything, also nothing
    "a","b"               one of these words (any literal: numbers, 1h, 1 TiB, 2027-03-31, true)
    < 1h   >= 3   [1h..4h)  comparisons and intervals
    contains("a","b")     a list holds at least one of these words
    null                  there is no value, or an empty one
    not(…)                none of the above

Several tests separated by commas hold when one of them does. Nothing but `-`, `null` and `not(…)` holds for a missing value.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Parse = Callable[[str], Any]


class UnaryError(ValueError):
    """A unary test that cannot be read, or that compares with a value of another type."""


@dataclass(frozen=True)
class AnyTest:
    """`-`: holds for every value and for none."""


@dataclass(frozen=True)
class NullTest:
    """`null`: no value, or an empty text or list."""


@dataclass(frozen=True)
class InTest:
    """The value is one of `values`."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class IntervalTest:
    """The value lies between the bounds; None is open. `closed` says whether each end belongs."""

    low: Any
    high: Any
    low_closed: bool = False
    high_closed: bool = False


@dataclass(frozen=True)
class ContainsTest:
    """A list has at least one of `values`."""

    values: tuple[Any, ...]


@dataclass(frozen=True)
class NotTest:
    """The inner test does not hold."""

    test: "UnaryTest"


@dataclass(frozen=True)
class OrTest:
    """One of the tests holds."""

    tests: tuple["UnaryTest", ...]


UnaryTest = AnyTest | NullTest | InTest | IntervalTest | ContainsTest | NotTest | OrTest

COMPARISON = re.compile(r"(<=|>=|<|>)\s*(.+)", re.DOTALL)
INTERVAL = re.compile(r"([\[\(\]])\s*(.+?)\s*\.\.\s*(.+?)\s*([\]\)\[])", re.DOTALL)
INSIDE = re.compile(r'[\[(\]][^\[\](),"]+\.\.[^\[\](),"]+[\])\[]')
ORDERED = {"integer", "percent", "money", "duration", "size", "bandwidth", "date"}


def parse_test(text: str, kind: str, parse: Parse) -> UnaryTest:
    """The test that `text` says about values of the question type `kind`; `parse` turns a literal into a value.

    Raises UnaryError, with the reason in words.
    """
    parts = [part.strip() for part in split(text)]
    if not all(parts):
        raise UnaryError(f"{text!r} is not a test: something is missing beside a comma.")
    tests = [parse_one(part, kind, parse) for part in parts]
    literals = [test for test in tests if isinstance(test, InTest)]
    others: list[UnaryTest] = [test for test in tests if not isinstance(test, InTest)]
    if literals:
        others.insert(0, InTest(tuple(value for test in literals for value in test.values)))
    return others[0] if len(others) == 1 else OrTest(tuple(others))


def parse_one(text: str, kind: str, parse: Parse) -> UnaryTest:
    """One test without a comma outside of quotes and brackets."""
    if text == "-":
        return AnyTest()
    if text == "null":
        return NullTest()
    if inner := call(text, "not"):
        return NotTest(parse_test(inner, kind, parse))
    if inner := call(text, "contains"):
        if kind not in ("multi", "ranking", "regions", "countries", "workloads"):
            raise UnaryError(f"{text!r}: contains() asks about a list, and this is a {kind}.")
        return ContainsTest(tuple(literal(part.strip(), kind, parse) for part in split(inner)))
    if found := COMPARISON.fullmatch(text):
        sign, bound = found[1], ordered(found[2].strip(), kind, parse)
        if sign in ("<", "<="):
            return IntervalTest(None, bound, high_closed=sign == "<=")
        return IntervalTest(bound, None, low_closed=sign == ">=")
    if found := INTERVAL.fullmatch(text):
        low, high = ordered(found[2], kind, parse), ordered(found[3], kind, parse)
        if low > high:
            raise UnaryError(f"{text!r}: the interval ends before it begins.")
        return IntervalTest(low, high, found[1] == "[", found[4] == "]")
    return InTest((literal(text, kind, parse),))


def call(text: str, name: str) -> str:
    """The inside of `name(…)`, or an empty text."""
    return text[len(name) + 1 : -1].strip() if text.startswith(f"{name}(") and text.endswith(")") else ""


def split(text: str) -> list[str]:
    """Parts at commas that stand outside of quotes and brackets."""
    parts, start, depth, quoted = [], 0, 0, False
    # An interval may open with one kind of bracket and close with another; it holds no comma, so it is blanked out for the counting.
    for position, sign in enumerate(INSIDE.sub(lambda found: " " * len(found[0]), text)):
        if sign == '"':
            quoted = not quoted
        elif not quoted:
            depth += (sign in "(") - (sign in ")")
            if sign == "," and depth == 0:
                parts.append(text[start:position])
                start = position + 1
    if quoted or depth:
        raise UnaryError(f"{text!r}: a quote or bracket is not closed.")
    return [*parts, text[start:]]


def ordered(text: str, kind: str, parse: Parse) -> Any:
    if kind not in ORDERED:
        raise UnaryError(f"{text!r}: a {kind} has no order, so it cannot be compared.")
    return literal(text, kind, parse)


def literal(text: str, kind: str, parse: Parse) -> Any:
    """The value of a literal; words are quoted, everything else is written as in an engagement file."""
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        if kind in ORDERED or kind == "boolean":
            raise UnaryError(f"{text} is a word, and this is a {kind}.")
        return text[1:-1]
    if kind not in ORDERED and kind != "boolean":
        raise UnaryError(f"{text!r}: write words in double quotes.")
    try:
        return parse(text)
    except ValueError as error:
        raise UnaryError(f"{text!r} is no {kind}: {error}") from error


def is_empty(value: Any) -> bool:
    """Whether there is no value: None, an empty text, list or map."""
    return value is None or (isinstance(value, str | tuple | list | dict) and len(value) == 0)


def holds(test: UnaryTest, value: Any) -> bool:
    """Whether the test holds for a value (None: there is none)."""
    match test:
        case AnyTest():
            return True
        case NullTest():
            return is_empty(value)
        case NotTest(inner):
            return not holds(inner, value)
        case OrTest(tests):
            return any(holds(one, value) for one in tests)
    if value is None:
        return False
    match test:
        case InTest(values):
            return value in values
        case ContainsTest(values):
            return isinstance(value, tuple | list) and any(one in value for one in values)
        case IntervalTest(low, high, low_closed, high_closed):
            above = low is None or value > low or (low_closed and value == low)
            below = high is None or value < high or (high_closed and value == high)
            return above and below
    raise UnaryError(f"{test!r} is no unary test.")


def literals(test: UnaryTest) -> tuple[Any, ...]:
    """All values that a test names, for checks against a question's options."""
    match test:
        case InTest(values) | ContainsTest(values):
            return values
        case IntervalTest(low, high):
            return tuple(x for x in (low, high) if x is not None)
        case NotTest(inner):
            return literals(inner)
        case OrTest(tests):
            return tuple(value for one in tests for value in literals(one))
    return ()
