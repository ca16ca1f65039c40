"""Thinning and clipping lose nothing that the eye would see."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gdstudio.scene.polylines import MOST, Lines, clipped, extremes, lines_between, thinned

POINTS = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 60), st.just(2)),
    elements=st.one_of(st.floats(-1e4, 1e4), st.just(np.nan), st.just(np.inf)),
)


@given(POINTS)
def test_thinning_keeps_the_ends_in_order_and_without_repeats(points: np.ndarray) -> None:
    chosen = thinned(points)
    assert chosen[0] == 0
    assert chosen[-1] == len(points) - 1
    assert (np.diff(chosen) > 0).all()


def test_thinning_keeps_every_long_step_and_joins_short_ones() -> None:
    zigzag = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 1.0], [100.0, 1.0]])
    assert thinned(zigzag).tolist() == [0, 1, 2, 3]
    crawl = np.stack([np.linspace(0, 10, 10_000), np.zeros(10_000)], axis=1)
    assert len(thinned(crawl)) < 20


def test_no_thinned_point_is_far_from_the_path() -> None:
    angle = np.linspace(0, 30, 50_000)
    spiral = np.stack([angle * np.cos(angle), angle * np.sin(angle)], axis=1) * 10
    kept = spiral[thinned(spiral)]
    assert len(kept) <= MOST
    gaps = np.hypot(*np.diff(kept, axis=0).T)
    assert gaps.max() < 8


def test_a_blot_is_drawn_with_bounded_ink() -> None:
    noise = np.random.default_rng(0).uniform(0, 500, (2500, 2))
    kept = noise[thinned(noise)]
    assert 20 < len(kept) < 200
    assert np.hypot(*np.diff(kept, axis=0).T).sum() < 2 * 24_000 * 0.75


def test_a_path_of_long_steps_is_still_bounded() -> None:
    noise = np.random.default_rng(0).uniform(0, 500, (200_000, 2))
    noise[::2] = np.nan
    assert len(thinned(noise)) <= MOST
    assert len(thinned(np.nan_to_num(noise))) <= MOST


@given(POINTS)
def test_lines_are_finite_and_break_where_the_path_does(points: np.ndarray) -> None:
    lines = lines_between(points, np.arange(len(points)))
    assert np.isfinite(lines.ends).all()
    finite = np.isfinite(points).all(axis=1)
    assert len(lines.ends) == np.count_nonzero(finite[1:] & finite[:-1])


@given(hnp.arrays(np.float64, (20, 4), elements=st.floats(-1e6, 1e6)))
def test_clipped_lines_lie_inside_and_on_their_line(ends: np.ndarray) -> None:
    lines = Lines(ends, np.arange(20.0))
    inside = clipped(lines, 0.0, 0.0, 100.0, 60.0)
    assert (inside.ends[:, ::2] >= -1e-6).all()
    assert (inside.ends[:, ::2] <= 100 + 1e-6).all()
    assert (inside.ends[:, 1::2] >= -1e-6).all()
    assert (inside.ends[:, 1::2] <= 60 + 1e-6).all()
    for cut, number in zip(inside.ends, inside.iterates, strict=True):
        x0, y0, x1, y1 = ends[int(number)]
        length = np.hypot(x1 - x0, y1 - y0)
        for x, y in (cut[:2], cut[2:]):
            assert abs((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) <= 1e-6 * max(length, 1.0) ** 1.5


def test_lines_inside_are_kept_to_the_bit_and_lines_outside_dropped() -> None:
    lines = Lines(np.array([[1.0, 1.0, 9.0, 9.0], [-5.0, -5.0, -1.0, -2.0], [5.0, -5.0, 5.0, 15.0]]), np.arange(3.0))
    found = clipped(lines, 0.0, 0.0, 10.0, 10.0)
    assert found.iterates.tolist() == [0.0, 2.0]
    assert found.ends.tolist() == [[1.0, 1.0, 9.0, 9.0], [5.0, 0.0, 5.0, 10.0]]


def test_until_is_a_slice() -> None:
    lines = Lines(np.zeros((4, 4)), np.array([1.0, 2.0, 2.5, 7.0]))
    assert len(lines.until(2).ends) == 2
    assert len(lines.until(0).ends) == 0
    assert len(lines.until(99).ends) == 4


CURVES = hnp.arrays(np.float64, st.integers(1, 400), elements=st.one_of(st.floats(-10, 10), st.just(np.nan)))


@given(CURVES, st.integers(1, 40))
def test_extremes_keep_the_least_and_the_greatest_of_every_column(values: np.ndarray, width: int) -> None:
    columns = (np.arange(len(values)) * width // len(values)).astype(np.intp)
    chosen = extremes(columns, values)
    assert (np.diff(chosen) > 0).all()
    assert chosen[0] == 0
    assert chosen[-1] == len(values) - 1
    for column in np.unique(columns):
        here, kept = values[columns == column], values[chosen[columns[chosen] == column]]
        if np.isfinite(here).any():
            assert np.nanmin(kept) == np.nanmin(here)
            assert np.nanmax(kept) == np.nanmax(here)


def test_extremes_shorten_a_long_curve() -> None:
    values = np.random.default_rng(0).standard_normal(100_000)
    columns = np.repeat(np.arange(300), 334)[:100_000]
    assert len(extremes(columns, values)) <= 2 * 300 + 2
