"""Typed values: what is read is what was written, for every question; what is wrong is named."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.quantities import (
    parse_bandwidth,
    parse_date,
    parse_duration,
    parse_money,
    parse_percent,
    parse_size,
    write_bandwidth,
    write_duration,
    write_size,
    year_days,
)
from assessment.questionnaire import load_questionnaire
from assessment.values import ValueProblems, parse_value, write_value
from tests.assessment.strategies import QUESTIONS, values


@pytest.mark.parametrize("name", [name for name, question in QUESTIONS.items() if not question.options_from])
def test_a_value_written_and_read_is_the_same_value(name):
    question = QUESTIONS[name]

    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
    @given(values(question))
    def check(value):
        plain = write_value(question, value)
        assert parse_value(question, plain) == value
        assert write_value(question, parse_value(question, plain)) == plain

    check()


def test_every_question_type_is_covered():
    kinds = {question.type for question in QUESTIONS.values()}
    assert kinds == {
        "text", "boolean", "integer", "percent", "money", "duration", "size", "bandwidth", "date", "region", "regions", "countries",
        "single", "multi", "ranking", "table", "schedule", "contact", "workloads", "tag",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("15m", timedelta(minutes=15)),
        ("1.5h", timedelta(minutes=90)),
        ("0m", timedelta(0)),
        ("1d", timedelta(hours=24)),
        ("2w", timedelta(days=14)),
        ("1y", timedelta(days=366)),
        ("4y", timedelta(days=1461)),
        ("7y", timedelta(days=2557)),
    ],
)
def test_durations(text, value):
    assert parse_duration(text) == value


@pytest.mark.parametrize("text", ["15", "1.5d", "15 m", "-1h", "1h30m", "P1D", "", "1s", "m", "1e3m", "١٥m", 15, None, True])
def test_what_is_no_duration(text):
    with pytest.raises(ValueError, match=r"15m, 4h, 35d or 7y|decimals are for hours"):
        parse_duration(text)


@given(st.integers(min_value=1, max_value=5000))
def test_years_are_never_shorter_than_the_calendars(years):
    assert year_days(years) * 4 >= years * 1461
    assert year_days(years) * 4 < years * 1461 + 4
    assert parse_duration(f"{years}y") == timedelta(days=year_days(years))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (timedelta(0), "0m"),
        (timedelta(hours=24), "24h"),
        (timedelta(days=2), "2d"),
        (timedelta(days=366), "1y"),
        (timedelta(days=365), "365d"),
    ],
)
def test_the_canonical_duration(value, text):
    assert write_duration(value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.2 TiB", 1319413953331), ("500 GB", 500 * 10**9), ("1KiB", 1024), ("0 B", 0), ("1 PiB", 2**50), ("0.001 KB", 1)],
)
def test_sizes(text, value):
    assert parse_size(text) == value
    assert parse_size(write_size(value)) == value


@pytest.mark.parametrize("text", ["1", "1 tib", "1.2345 TiB", "1,2 TiB", "-1 B", "1 EiB", "1  TiB", "NaN B", 5, ["1 B"]])
def test_what_is_no_size(text):
    with pytest.raises(ValueError, match=r"1\.2 TiB"):
        parse_size(text)


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_every_size_has_a_text(count):
    assert parse_size(write_size(count)) == count


@given(st.integers(min_value=0, max_value=10**15))
def test_every_bandwidth_has_a_text(count):
    assert parse_bandwidth(write_bandwidth(count)) == count


@pytest.mark.parametrize("text", ["200", "200 mbit/s", "1 MB/s", "-1 Gbit/s"])
def test_what_is_no_bandwidth(text):
    with pytest.raises(ValueError, match="200 Mbit/s"):
        parse_bandwidth(text)


@pytest.mark.parametrize(("raw", "value"), [(2, "2"), (Decimal("2.5"), "2.5"), ("2 %", "2"), ("2.5%", "2.5"), ("-50 %", "-50")])
def test_percents(raw, value):
    assert parse_percent(raw) == Decimal(value)


@pytest.mark.parametrize(
    "raw", [True, "two %", "2 percent", Decimal("NaN"), Decimal("Infinity"), Decimal("0.0000001"), Decimal("1e20"), None, 2.5]
)
def test_what_is_no_percent(raw):
    with pytest.raises(ValueError, match=r"2\.5 %"):
        parse_percent(raw)


@pytest.mark.parametrize("raw", ["1200", "1200 EUR", "1.234 USD", "-1 USD", "1,200 USD", 1200])
def test_what_is_no_money(raw):
    with pytest.raises(ValueError, match="USD"):
        parse_money(raw)


@pytest.mark.parametrize("raw", ["2027-02-29", "2027-3-1", "31.03.2027", "٢٠٢٧-٠٣-٣١", "20270331", 20270331, "2027-13-01", "2027-W01-1"])
def test_what_is_no_date(raw):
    with pytest.raises(ValueError, match=r"2027-03-31|no such day"):
        parse_date(raw)


FAULTS = [
    ("wl_kind", "databse", "", "did you mean database"),
    ("wl_kind", 5, "", "is not text"),
    ("aws_primary", "us-east-9", "", "us-east-9"),
    ("cmp_regimes", ["gdpr", "none"], "", "none may not stand beside another value"),
    ("cmp_regimes", ["gdpr", "gdpr"], "[1]", "stands twice"),
    ("cmp_regimes", [], "", "at least 1"),
    ("cmp_regimes", "gdpr", "", "is not a list"),
    ("eng_goal", ["cut-cost", "tidy-up", "meet-audit", "leave-tape"], "", "at most 3"),
    ("cmp_residency", ["DE", "XX"], "[1]", "country code"),
    ("cmp_residency", "everywhere", "", "the word any"),
    ("rec_tiers", {"important": {"rto": "1h", "rpo": "1h", "mtd": "2h"}}, ".mission-critical", "is missing"),
    ("wl_retain", {"dayly": 3}, ".dayly", "did you mean daily"),
    ("wl_retain", {"daily": "3"}, ".daily", "without quotes"),
    ("wl_retain", {"daily": -1}, ".daily", "below the least"),
    ("wl_retain", [3], "", "is not a map"),
    ("ops_alert", [{"channel": "email", "target": "x"}], "[0].within", "is missing"),
    ("ops_alert", [{"channel": "fax", "target": "x", "within": "1h"}], "[0].channel", "did you mean"),
    ("ops_alert", {"channel": "email"}, "", "is not a list of maps"),
    ("aws_tags", [{"key": "a", "value": "1"}, {"key": "a", "value": "2"}], "[1].key", "must be unique"),
    ("aws_accounts", [{"alias": "a", "account": "12", "role": "production", "in_organization": True}], "[0].account", "12 digits"),
    ("aws_window", {"days": ["sat"], "from": "25:00", "to": "06:00", "zone": "UTC"}, ".from", "22:00"),
    ("aws_window", {"days": ["sat"], "from": "٢٢:00", "to": "06:00", "zone": "UTC"}, ".from", "no time of day"),
    ("aws_window", {"days": ["sat"], "from": "22:00", "to": 360, "zone": "UTC"}, ".to", "in quotes"),
    ("aws_window", {"days": ["sat"], "from": "22:00", "to": "06:00", "zone": "Mars/Base"}, ".zone", "IANA"),
    ("aws_window", {"days": ["sat"], "from": "22:00", "to": "06:00"}, ".zone", "is missing"),
    ("aws_window", {"days": [], "from": "22:00", "to": "06:00", "zone": "UTC"}, ".days", "at least one day"),
    ("aws_window", {"days": ["sun", "sun"], "from": "22:00", "to": "06:00", "zone": "UTC"}, ".days[1]", "stands twice"),
    ("wl_owner", {"name": "A"}, ".email", "is missing"),
    ("wl_owner", {"name": "A", "email": "nobody"}, ".email", "no e-mail address"),
    ("wl_owner", {"name": "A", "email": "a@b.c", "fax": "1"}, ".fax", "no key"),
    ("wl_tags", "Backup", "", "key=value"),
    ("wl_tags", "=gold", "", "key=value"),
    ("wl_tags", f"{'k' * 129}=v", "", "128"),
    ("wl_tags", "aws:x=1", "", "aws:"),
    ("wl_purpose", "a\u202eb", "", "U+202E"),
    ("wl_purpose", "a\x07b", "", "U+0007"),
    ("wl_purpose", "x" * 301, "", "at most 300"),
    ("wl_purpose", 12, "", "write it in quotes"),
    ("sec_key_account", "12345", "", "12 digits"),
    ("wl_size", "1 KiB", "", "below the least allowed value, 1 MiB"),
    ("wl_size", "101 PiB", "", "above the greatest allowed value, 100 PiB"),
    ("wl_rto", "31d", "", "above the greatest allowed value, 30d"),
    ("wl_expire", "sometime", "", "or never"),
    ("wl_log_backup", "yes", "", "true or false"),
    ("wl_iops", True, "", "without quotes"),
    ("wl_iops", Decimal("3000.0"), "", "without quotes"),
]


@pytest.mark.parametrize(("name", "raw", "path", "message"), FAULTS)
def test_a_wrong_value_is_named_with_its_place(name, raw, path, message):
    with pytest.raises(ValueProblems) as caught:
        parse_value(load_questionnaire().question(name), raw)
    assert any(where == path and message in text for where, text in caught.value.problems), caught.value.problems


def test_words_stand_for_values():
    assert parse_value(QUESTIONS["wl_expire"], "never") == "never"
    assert parse_value(QUESTIONS["cmp_residency"], "any") == "any"
    assert parse_value(QUESTIONS["aws_window"], "any") == "any"


def test_all_that_is_wrong_in_a_table_is_told_at_once():
    rows = [{"channel": "fax", "target": "", "within": "1s"}, {"channel": "email"}]
    with pytest.raises(ValueProblems) as caught:
        parse_value(QUESTIONS["ops_alert"], rows)
    assert {path for path, _ in caught.value.problems} == {"[0].channel", "[0].target", "[0].within", "[1].target", "[1].within"}
