"""Figures as people read them."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import display


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("15m", "15 minutes"),
        ("1m", "1 minute"),
        ("4h", "4 hours"),
        ("48h", "2 days"),
        ("35d", "35 days"),
        ("7y", "7 years"),
        ("379m", "6 h 19 min"),
        ("5905m", "4 d 3 h"),
        ("0m", "0 minutes"),
        ("never", "never"),
        (None, "–"),
        (timedelta(seconds=5401), "1 h 31 min"),
    ],
)
def test_durations(value: Any, text: str) -> None:
    assert display.duration_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [("1234.5", "USD 1,235"), ("0.23", "USD 0.23"), ("0", "USD 0"), ("23.005", "USD 23"), (None, "–"), ("NaN", "NaN"), ("much", "much")],
)
def test_money(value: Any, text: str) -> None:
    assert display.money_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024**4 * 42 // 10, "4.2 TiB"),
        (1024**6 * 3, "3 EiB"),
        (1024**9, str(1024**9)),
        (None, "–"),
        ("x", "x"),
    ],
)
def test_sizes(value: Any, text: str) -> None:
    assert display.size_text(value) == text


def test_quantities_and_prices() -> None:
    assert display.quantity_text("86016.04") == "86,016"
    assert display.quantity_text("1.5") == "1.5"
    assert display.price_text("0.00099") == "0.00099"
    assert display.price_text("1E-7") == "0.0000001"


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.decimals(), st.timedeltas(min_value=timedelta(0))))
def test_odd_values_never_raise(value: Any) -> None:
    for show in (display.duration_text, display.money_text, display.size_text, display.quantity_text, display.price_text):
        assert isinstance(show(value), str)
