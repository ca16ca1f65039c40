"""Ticks: within range, round, in order, never touching."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdstudio.scene.ticks import MINUS, fitted, linear_ticks, log_ticks, number_text

NUMBERS = st.floats(-1e12, 1e12)


@given(NUMBERS, NUMBERS, st.integers(1, 20))
def test_linear_ticks_lie_in_the_range_in_order_and_are_no_more_than_asked(low: float, high: float, count: int) -> None:
    assume(high - low > 1e-9 * max(abs(low), abs(high)))
    ticks = linear_ticks(low, high, count)
    assert len(ticks) <= count
    assert all(low <= tick.value <= high for tick in ticks)
    assert all(before.value < after.value for before, after in pairwise(ticks))


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 20))
def test_labels_say_the_values(low: float, span: float, count: int) -> None:
    ticks = linear_ticks(low, low + span, count)
    for tick in ticks:
        assert float(tick.label.replace(MINUS, "-")) == pytest.approx(tick.value, rel=1e-6, abs=span * 1e-3)
    assert len({tick.label for tick in ticks}) == len(ticks)


@given(st.floats(1e-30, 1e30), st.floats(2, 1e30), st.integers(1, 12))
def test_log_ticks_lie_in_the_range_in_order_and_are_no_more_than_asked(low: float, ratio: float, count: int) -> None:
    high = low * ratio
    ticks = log_ticks(low, high, count)
    assert len(ticks) <= count
    assert all(low <= tick.value <= high for tick in ticks)
    assert all(before.value < after.value for before, after in pairwise(ticks))


@given(NUMBERS, st.floats(1e-6, 1e12), st.floats(20, 2000), st.floats(2, 12))
def test_fitted_labels_never_touch(low: float, span: float, pixels: float, letter: float) -> None:
    high = low + span
    assume(high > low)

    def place(value: float) -> float:
        return (value - low) / (high - low) * pixels

    def size(label: str) -> float:
        return letter * len(label)

    ticks = fitted(lambda count: linear_ticks(low, high, count), place, size, 12, 6.0)
    for before, after in pairwise(ticks):
        assert place(after.value) - place(before.value) >= (size(before.label) + size(after.label)) / 2 + 6.0


def test_decades_are_written_as_in_textbooks() -> None:
    assert [tick.label for tick in log_ticks(1e-4, 1e2, 10)] == [
        f"1e{MINUS}4", f"1e{MINUS}3", f"1e{MINUS}2", f"1e{MINUS}1", "1e0", "1e1", "1e2",
    ]


def test_one_axis_is_written_with_the_same_decimals_and_a_real_minus() -> None:
    assert [tick.label for tick in linear_ticks(-2.0, 2.0, 9)] == [
        f"{MINUS}2.0", f"{MINUS}1.5", f"{MINUS}1.0", f"{MINUS}0.5", "0.0", "0.5", "1.0", "1.5", "2.0",
    ]


@pytest.mark.parametrize("low, high", [(1.0, 1.0), (2.0, 1.0), (0.0, math.inf), (math.nan, 1.0)])
def test_an_empty_range_has_no_ticks(low: float, high: float) -> None:
    assert linear_ticks(low, high, 5) == []


@pytest.mark.parametrize(
    "value, text",
    [
        (0.0831, "0.08310"), (2.731, "2.731"), (-1.5, f"{MINUS}1.500"), (0.0, "0"), (math.nan, "–"), (math.inf, "∞"),
        (-math.inf, f"{MINUS}∞"), (1.5e-9, f"1.50e{MINUS}9"), (3e12, "3.00e12"), (24210.3, "24210"),
    ],
)
def test_numbers_are_written_for_people(value: float, text: str) -> None:
    assert number_text(value) == text


def test_short_numbers_leave_zeros_out() -> None:
    assert number_text(0.5, 3, short=True) == "0.5"
    assert number_text(100.0, 3, short=True) == "100"
