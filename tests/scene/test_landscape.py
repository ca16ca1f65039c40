"""Heights, scales, bands and look-ups of a landscape."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.scene.landscape import BANDS, Landscape
from tests.scene.valley import valley


def area(parts: list[tuple[np.ndarray, np.ndarray]]) -> float:
    total = 0.0
    for points, offsets in parts:
        for first, last in pairwise(offsets):
            x, y = points[first:last].T
            total += 0.5 * float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
    return total


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_bands_cover_the_rectangle_once(scale: Literal["linear", "log"]) -> None:
    landscape = valley(61, scale)
    assert len(landscape.filled) == BANDS
    assert sum(area(parts) for parts in landscape.filled) == pytest.approx(16.0, rel=1e-9)


def test_holes_are_left_out() -> None:
    xs = np.linspace(0, 1, 11)
    z = np.add.outer(xs, xs)
    z[5, 5], z[0, 0], z[10, 10] = np.nan, np.inf, -np.inf
    landscape = Landscape(("x", "y"), xs, xs, z)
    assert 0.9 < sum(area(parts) for parts in landscape.filled) < 1.0
    assert np.isnan(landscape.height_at(0.5, 0.5))
    assert landscape.low_high == (pytest.approx(0.1), pytest.approx(1.9))


@given(st.floats(0, 1e6))
def test_the_logarithmic_scale_is_inverted(loss: float) -> None:
    landscape = valley()
    assert float(landscape.loss_of(landscape.show(loss))) == pytest.approx(loss, rel=1e-9, abs=1e-9)


def test_the_floor_is_the_known_minimum_and_nothing_is_below_it() -> None:
    landscape = valley()
    assert landscape.floor == 0.0
    assert np.isfinite(landscape.show([0.0, -1e9])).all()


@given(st.floats(-2, 2), st.floats(-1, 3))
def test_heights_between_grid_points_are_bilinear(x: float, y: float) -> None:
    xs, ys = np.linspace(-2, 2, 9), np.linspace(-1, 3, 7)
    plane = Landscape(("x", "y"), xs, ys, 2 * xs[None, :] - 3 * ys[:, None] + 1)
    assert float(plane.height_at(x, y)) == pytest.approx(2 * x - 3 * y + 1, abs=1e-9)


def test_outside_there_is_no_height() -> None:
    assert np.isnan(valley().height_at([5.0, 0.0, np.nan], [0.0, 9.0, 0.0])).all()


@pytest.mark.parametrize("height", [0.0, 1e300, np.nan, -4.0])
@pytest.mark.parametrize("scale", ["linear", "log"])
def test_flat_and_empty_landscapes_have_a_range(height: float, scale: str) -> None:
    z = np.full((5, 5), height)
    axis = np.linspace(0, 1, 5)
    landscape = Landscape(("x", "y"), axis, axis, z, "log" if scale == "log" else "linear")
    low, high = landscape.low_high
    assert low < high
    assert len(landscape.filled) == BANDS


def test_extreme_heights_do_not_overflow() -> None:
    axis = np.linspace(0, 1, 5)
    z = np.zeros((5, 5))
    z[0, 0], z[4, 4] = 1.7e308, -1.7e308
    landscape = Landscape(("x", "y"), axis, axis, z)
    assert np.isfinite(landscape.fraction(landscape.shown)).all()


def test_a_loss_that_is_the_same_everywhere_is_flat() -> None:
    xs = np.linspace(-1.0, 1.0, 9)
    assert Landscape(("x", "y"), xs, xs, np.full((9, 9), 2.5)).flat
    assert Landscape(("x", "y"), xs, xs, 2.5 + 1e-14 * np.add.outer(xs, xs)).flat
    assert not Landscape(("x", "y"), xs, xs, 2.5 + 1e-6 * np.add.outer(xs, xs)).flat
    assert not Landscape(("x", "y"), xs, xs, np.full((9, 9), np.nan)).flat
