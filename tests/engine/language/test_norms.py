"""The norm: what can be represented is found, whatever its squares do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.engine.language.norms import LEAST_SUM, norm


@pytest.mark.parametrize("scale", [1e-320, 1e-308, 1e-200, 1e-162, 1e-140, 1.0, 1e140, 1e154, 1e200, 1e307])
def test_the_norm_of_a_triangle_at_every_scale(scale: float) -> None:
    assert norm(np.array([3.0 * scale, 4.0 * scale])) == pytest.approx(5.0 * scale, rel=1e-15, abs=5e-324)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9))
def test_the_norm_is_that_of_exact_arithmetic(components: list[float]) -> None:
    found = float(norm(np.array(components)))
    assert found == pytest.approx(math.hypot(*components), rel=1e-14, abs=1e-322)


@given(st.floats(allow_nan=False))
def test_the_norm_of_one_number_is_its_size(component: float) -> None:
    assert float(norm(np.array([component]))) == abs(component)
    assert float(norm(component)) == abs(component)


@pytest.mark.parametrize("components", [[1.7e308, 1.7e308], [math.inf, 1.0], [-math.inf, 1e-300]])
def test_what_no_number_is_large_enough_for_is_infinite(components: list[float]) -> None:
    assert norm(np.array(components)) == math.inf


def test_what_is_no_number_stays_none() -> None:
    assert math.isnan(norm(np.array([1.0, math.nan])))
    assert math.isnan(norm(np.array([math.inf, math.nan])))


def test_each_row_has_the_norm_that_it_has_alone() -> None:
    rows = np.array([[3.0, 4.0], [3e200, 4e200], [3e-200, 4e-200], [0.0, 0.0], [math.nan, 1.0]])
    found = norm(rows)
    assert found.shape == (5, 1)
    np.testing.assert_array_equal(found[:, 0], [norm(row) for row in rows])


def test_there_is_no_step_where_scaling_begins() -> None:
    edge = math.sqrt(LEAST_SUM)
    below, above = (float(norm(np.array([edge * factor, edge]))) for factor in (1.0 - 1e-12, 1.0 + 1e-12))
    assert (above - below) / edge == pytest.approx(math.sqrt(2.0) * 1e-12, rel=1e-3)
