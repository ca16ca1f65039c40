"""Numbers from anywhere, and what messages show of what is none."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import shown, unknown
from gdstudio.experiment.numbers import number, real, whole, whole_between


class Rude:
    """Fails when it is asked what it is."""

    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("value", [1.5, np.float64(1.5), np.float32(1.5), Fraction(3, 2)])
def test_every_kind_of_real_number_is_one(value: object) -> None:
    assert number("x", value) == 1.5
    assert type(number("x", value)) is float


@pytest.mark.parametrize(
    "value", [True, np.bool_(True), None, "1.5", "nan", 1j, [1.0], np.array([1.0]), Rude(), object]
)
def test_what_is_no_number_is_said(value: object) -> None:
    with pytest.raises(StudioError, match="rate must be a number, not "):
        number("rate", value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, np.float32(np.inf), 10**400, -(10**400)])
def test_what_is_not_finite_is_said(value: object) -> None:
    assert not math.isfinite(real("rate", value))
    with pytest.raises(StudioError, match=r"rate must be a finite number, not (nan|inf|-inf)"):
        number("rate", value)


def test_a_number_too_long_to_be_written_is_still_refused_with_a_sentence() -> None:
    with pytest.raises(StudioError, match="must be a finite number"):
        number("rate", 10**5000)


@pytest.mark.parametrize("value", [7, 7.0, np.int32(7), np.uint64(7), np.float64(7)])
def test_whole_numbers(value: object) -> None:
    assert whole("n", value) == 7
    assert type(whole("n", value)) is int


def test_large_whole_numbers_are_exact() -> None:
    assert whole("n", 2**63 - 1) == 2**63 - 1


@pytest.mark.parametrize("value", [1.5, np.float64(-0.1), Fraction(1, 3)])
def test_what_is_not_whole_is_said(value: object) -> None:
    with pytest.raises(StudioError, match="n must be a whole number"):
        whole("n", value)


def test_the_range_is_said() -> None:
    assert whole_between("n", 10, 0, 10) == 10
    with pytest.raises(StudioError, match="n must lie between 0 and 10, not 11"):
        whole_between("n", 11, 0, 10)
    with pytest.raises(StudioError, match=r"not -1e\+200"):
        whole_between("n", -(10**200), 0, 10)


@given(st.text(max_size=200) | st.binary(max_size=200) | st.integers() | st.none())
def test_what_is_shown_is_short_and_on_one_printable_line(value: object) -> None:
    text = shown(value)
    assert text
    assert text.isprintable()
    assert len(text) <= 480


def test_a_name_with_relatives_is_told_of_them_and_another_of_all() -> None:
    template = "no {name}; try {known}."
    assert str(unknown(template, "lerning_rate", ["learning_rate", "beta"])) == "no lerning_rate; try learning_rate."
    assert str(unknown(template, "zzz", ["learning_rate", "beta"])) == "no zzz; try learning_rate, beta."
