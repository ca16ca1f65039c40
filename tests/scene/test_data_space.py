"""Data space: what is lit, where the points are, and what rests while other things move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.scene.data_drawing import DataDrawing
from gdstudio.scene.data_space import MOST_RESIDUALS, DataSpace, Fit, Moment, spread
from gdstudio.scene.decision import Field, boundary_lines
from gdstudio.scene.point_marks import MOST_MARKS
from gdstudio.scene.theme import DARK, LIGHT
from tests.scene.pixels import difference, near, painted
from tests.scene.points import class_space, line_space

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = 480.0, 320.0


def pixels_of(scene: DataSpace, cursor: int = 20) -> np.ndarray:
    return painted(lambda painter: DataDrawing(scene, LIGHT, SIZE).live(painter, cursor), 480, 320)


def test_the_samples_of_the_batch_are_lit_in_the_colour_of_the_run() -> None:
    scene = line_space()
    drawing = DataDrawing(scene, LIGHT, SIZE)
    pixels = painted(drawing.paint, 480, 320)
    lit = drawing.moment(20).batch
    assert lit is not None
    for index in range(len(scene)):
        x, y = np.round(drawing.pixels[index]).astype(int)
        colour = near(pixels[y - 1:y + 2, x - 1:x + 2], LIGHT.run_colour(0), 30).all()
        if index in lit:
            assert colour
    shown = near(pixels, LIGHT.run_colour(0)).sum()
    without = replace(scene, moment=lambda at, extent: replace(scene.moment(at, extent), batch=None))
    assert near(painted(DataDrawing(without, LIGHT, SIZE).paint, 480, 320), LIGHT.run_colour(0)).sum() < shown - 100


def test_the_fit_is_drawn_where_it_is_and_asked_for_what_is_shown() -> None:
    asked: list[tuple[float, ...]] = []

    def moment(at: int, extent: tuple[float, float, float, float]) -> Moment:
        asked.append((at, *extent))
        return Moment((Fit("run", 2, np.array([[extent[0], 0.5], [extent[1], 0.5]])),))

    drawing = DataDrawing(replace(line_space(), moment=moment), DARK, SIZE, extent=(-1.0, 1.0, -2.0, 2.0))
    pixels = painted(drawing.paint, 480, 320)
    assert asked == [(20, -1.0, 1.0, -2.0, 2.0)]
    row = round(drawing.frame.y(0.5))
    found = near(pixels[row - 1:row + 1], DARK.run_colour(2))
    assert np.all(found[:, round(drawing.frame.left) + 2:round(drawing.frame.right) - 2].any(axis=0))


def test_residuals_join_points_and_predictions_while_there_are_few() -> None:
    def with_residuals(count: int, drawn: bool) -> np.ndarray:
        scene = line_space(count)

        def moment(at: int, extent: tuple[float, float, float, float]) -> Moment:
            whole = scene.moment(at, extent)
            return Moment(predicted=whole.predicted if drawn else None)

        return pixels_of(replace(scene, moment=moment))

    assert difference(with_residuals(40, True), with_residuals(40, False)) > 0.2
    many = MOST_RESIDUALS + 1
    assert difference(with_residuals(many, True), with_residuals(many, False)) == 0.0


def test_points_that_are_held_out_are_hollow() -> None:
    xs, ys = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    drawing = DataDrawing(DataSpace(("x", "y"), xs, ys, np.array([True, False])), LIGHT, SIZE)
    pixels = painted(drawing.paint, 480, 320)
    hollow, full = (pixels[round(y), round(x)] for x, y in drawing.pixels)
    assert full.mean() < hollow.mean() - 60


def test_points_are_prepared_once_whatever_moves_over_them() -> None:
    scene = line_space(MOST_MARKS + 1)
    first = DataDrawing(scene, DARK, SIZE)
    pixels = first.pixels
    second = DataDrawing(replace(scene, moment=lambda at, extent: Moment()), DARK, SIZE, earlier=first)
    assert second.pixels is pixels
    assert second.same_ground(first)
    moved = DataDrawing(replace(scene, xs=scene.xs + 0.5), DARK, SIZE, earlier=first)
    assert moved.pixels is not pixels
    assert not moved.same_ground(first)
    assert not DataDrawing(scene, LIGHT, SIZE).same_ground(first)
    assert not DataDrawing(scene, DARK, SIZE, extent=(0.0, 1.0, 0.0, 1.0)).same_ground(first)


def test_a_hundred_thousand_points_show_where_they_are_dense() -> None:
    scene = line_space(100_000)
    drawing = DataDrawing(scene, LIGHT, SIZE)
    pixels = painted(drawing.paint, 480, 320)
    middle = drawing.frame.pixels(np.array([[0.0, 0.5]]))[0].round().astype(int)
    edge = drawing.frame.pixels(np.array([[0.0, 1.55]]))[0].round().astype(int)
    dense = pixels[middle[1] - 8:middle[1] + 8, middle[0] - 8:middle[0] + 8]
    sparse = pixels[edge[1] - 8:edge[1] + 8, edge[0] - 8:edge[0] + 8]
    assert np.median(dense) < np.median(sparse) - 20


@given(st.sets(st.integers(0, 200), min_size=1), st.lists(st.integers(0, 200), max_size=30))
def test_rows_keep_their_numbers(numbers: set[int], asked: list[int]) -> None:
    rows = np.array(sorted(numbers))
    scene = DataSpace(("x", "y"), np.zeros(len(rows)), np.zeros(len(rows)), rows=rows)
    found = scene.indices(np.array(asked, dtype=np.intp))
    assert [scene.number(int(index)) for index in found] == [row for row in asked if row in numbers]


def test_without_numbers_a_point_is_its_own_row() -> None:
    scene = line_space(10)
    assert scene.indices(np.array([3, 12, 0])).tolist() == [3, 0]
    assert scene.number(7) == 7


@given(st.lists(st.floats(-1e6, 1e6), min_size=1))
def test_the_extent_holds_all_points_with_a_margin(values: list[float]) -> None:
    low, high = spread(np.array([*values, np.nan, np.inf]))
    assert low < min(values) <= max(values) < high


def test_the_nearest_point_and_those_in_a_rectangle() -> None:
    scene = class_space(30)
    drawing = DataDrawing(scene, DARK, SIZE)
    for index in (0, 11, 29):
        x, y = drawing.pixels[index]
        assert drawing.nearest(x + 0.1, y) == index
    assert drawing.nearest(drawing.frame.left + 1, drawing.frame.top + 1) is None
    frame = drawing.frame
    assert len(drawing.inside(frame.left, frame.top, frame.right, frame.bottom)) == 30
    x, y = drawing.pixels[4]
    assert 4 in drawing.inside(x - 1, y - 1, x + 1, y + 1)
    assert DataDrawing(DataSpace(), DARK, SIZE).nearest(10, 10) is None


def test_the_boundary_is_where_two_classes_have_as_much_for_them() -> None:
    xs, ys = np.linspace(0, 1, 41), np.linspace(0, 1, 31)
    across, _ = np.meshgrid(xs, ys)
    field = Field(xs, ys, np.stack([1 - across, across]))
    assert len(field.boundaries) == 1
    np.testing.assert_allclose(field.boundaries[0][:, 0], 0.5)
    drawing = DataDrawing(class_space(), DARK, SIZE, extent=(0.0, 1.0, 0.0, 1.0))
    ends = boundary_lines(drawing.frame, field).ends
    np.testing.assert_allclose(ends[:, [0, 2]], drawing.frame.x(0.5))
    three = Field(xs, ys, np.stack([1 - across, across, np.full_like(across, 0.9)]))
    assert {code for code, *_ in three.areas} == {0, 1, 2}
    assert np.isnan(Field(xs, ys, np.full((2, 31, 41), np.nan)).lead(0)).all()


def test_each_class_has_its_area_and_its_mark() -> None:
    drawing = DataDrawing(class_space(classes=3), LIGHT, SIZE)
    pixels = painted(drawing.paint, 480, 320)
    for code in range(3):
        assert near(pixels, LIGHT.class_colour(code)).sum() > 100
    assert len({drawing.look_of(code) for code in range(3)}) == 3


def test_wild_numbers_are_drawn_without_a_word() -> None:
    wild = np.array([0.0, 1e300, np.nan, -np.inf, 1.0])
    fit = Fit("run", 0, np.stack([wild, wild[::-1]], axis=1))
    scene = DataSpace(("x", "y"), wild, wild[::-1].copy(), moment=lambda *_: Moment((fit,), wild, np.arange(5)))
    assert np.isfinite(pixels_of(scene)).all()
    same = DataSpace(("x", "y"), np.ones(3), np.ones(3))
    assert near(painted(DataDrawing(same, DARK, SIZE).paint, 480, 320), DARK.plot, 20).any()
