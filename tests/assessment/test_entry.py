"""What people type, read as they mean it; what is stored, shown so that it is read back the same."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.entry import read_entry, show_entry
from assessment.questionnaire import Question
from assessment.values import ValueProblems, parse_value, write_value

VALUES = {
    "integer": st.integers(-(10**17), 10**17),
    "percent": st.decimals(-1000, 1000, places=6),
    "money": st.decimals(0, 10**9, places=2),
    "duration": st.timedeltas(timedelta(0), timedelta(days=36525)).map(lambda value: timedelta(minutes=value // timedelta(minutes=1))),
    "size": st.integers(0, 2**60),
    "bandwidth": st.integers(0, 10**12).map(lambda value: value // 1000 * 1000),
    "date": st.dates(),
    "boolean": st.booleans(),
    "text": st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf")), min_size=1).filter(str.strip),
}


@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_what_is_stored_survives_its_field(kind: str, data: st.DataObject):
    question = Question("q", kind)
    plain = write_value(question, data.draw(VALUES[kind]))
    assert read_entry(question, show_entry(question, plain)) == plain


@given(st.sampled_from(sorted(VALUES)), st.text())
def test_anything_typed_is_read_or_explained(kind: str, text: str):
    question = Question("q", kind)
    plain = read_entry(question, text)
    problems = [] if plain is None else problems_of(question, plain)
    assert all(message.endswith(".") for _, message in problems)


def problems_of(question: Question, plain: object) -> list[tuple[str, str]]:
    try:
        parse_value(question, plain)
    except ValueProblems as error:
        return error.problems
    return []


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("duration", "4 hours", timedelta(hours=4)),
        ("duration", "15 min", timedelta(minutes=15)),
        ("duration", "1.5h", timedelta(minutes=90)),
        ("duration", "35 days", timedelta(days=35)),
        ("duration", " 7Y ", timedelta(days=2557)),
        ("size", "1.2tib", 1319413953331),
        ("size", "500 gb", 500 * 10**9),
        ("size", "1,200 GiB", 1200 * 2**30),
        ("bandwidth", "200mbps", 200 * 10**6),
        ("bandwidth", "1 Gbit/s", 10**9),
        ("money", "1,200", Decimal(1200)),
        ("money", "$ 99.50", Decimal("99.50")),
        ("money", "1 200 USD", Decimal(1200)),
        ("percent", "2.5%", Decimal("2.5")),
        ("integer", "1'200'000", 1200000),
        ("integer", "-3", -3),
    ],
)
def test_usual_spellings_are_understood(kind: str, typed: str, value: object):
    question = Question("q", kind)
    assert parse_value(question, read_entry(question, typed)) == value


@pytest.mark.parametrize(
    ("kind", "typed"), [("duration", "3 months"), ("duration", "-4h"), ("size", "much"), ("money", "5 EUR"), ("integer", "1.5")]
)
def test_what_is_not_understood_is_passed_on(kind: str, typed: str):
    question = Question("q", kind)
    with pytest.raises(ValueProblems):
        parse_value(question, read_entry(question, typed))


@pytest.mark.parametrize("kind", sorted(VALUES))
def test_blank_is_no_answer(kind: str):
    assert read_entry(Question("q", kind), " \r\n ") is None


def test_words_stand_instead_of_a_value():
    question = Question("q", "duration", words=("never",))
    assert read_entry(question, "never") == "never"
    assert show_entry(question, "never") == "never"
