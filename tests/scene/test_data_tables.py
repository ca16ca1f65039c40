"""Confusion matrices and metrics: what fits, and what is written."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdstudio.scene.class_legend import class_at, class_legend_size
from gdstudio.scene.confusion import Confusion, ConfusionDrawing, ConfusionScene
from gdstudio.scene.metrics_table import MetricsDrawing, MetricsScene
from gdstudio.scene.theme import DARK, LIGHT
from tests.scene.pixels import difference, near, painted
from tests.scene.points import confusion, metrics

pytestmark = pytest.mark.usefixtures("qapp")


def test_as_many_matrices_are_drawn_as_there_is_room_for() -> None:
    wide, narrow, small = (
        ConfusionDrawing(confusion(), DARK, size).layout(2) for size in ((700.0, 320.0), (150.0, 320.0), (150.0, 120.0))
    )
    assert (wide.shown, wide.columns) == (2, 2)
    assert (narrow.shown, narrow.columns) == (2, 1)
    assert small.shown == 1
    digits = ConfusionScene(tuple("0123456789"), lambda at: (Confusion("run", 0, np.eye(10, dtype=np.int64)),))
    layout = ConfusionDrawing(digits, DARK, (390.0, 330.0)).layout(1)
    assert layout.shown == 1
    assert 10 * layout.cell + layout.names <= 390
    assert 10 * layout.cell <= 330 - 58


@given(st.floats(160, 1600), st.floats(120, 900), st.integers(1, 12), st.integers(2, 12))
def test_matrices_stay_within_the_picture(width: float, height: float, count: int, classes: int) -> None:
    scene = ConfusionScene(tuple(f"class {code}" for code in range(classes)))
    layout = ConfusionDrawing(scene, DARK, (width, height)).layout(count)
    assert 1 <= layout.shown <= count
    rows = -(-layout.shown // layout.columns)
    side = layout.names + layout.cell * classes
    assert layout.columns * side + (layout.columns - 1) * 28 <= width - 28 + 1e-6
    if layout.cell > 2:
        assert rows * (24 + layout.head + layout.cell * classes + 14) <= height - 14 + 1e-6
    assert layout.shown == 1 or layout.cell >= 15


def test_what_is_right_and_what_is_mistaken_differ_in_colour() -> None:
    right = ConfusionScene(("a", "b"), lambda at: (Confusion("run", 0, np.array([[9, 0], [0, 9]])),))
    wrong = replace(right, matrices=lambda at: (Confusion("run", 0, np.array([[0, 9], [9, 0]])),))
    pictures = [painted(ConfusionDrawing(each, LIGHT, (300.0, 240.0)).paint, 300, 240) for each in (right, wrong)]
    reds = [int((pixels[..., 0] > pixels[..., 2] + 60).sum()) for pixels in pictures]
    blues = [int((pixels[..., 2] > pixels[..., 0] + 60).sum()) for pixels in pictures]
    assert reds[1] > reds[0] + 1_000
    assert blues[0] > blues[1] + 1_000


def test_a_class_without_samples_is_no_error() -> None:
    scene = ConfusionScene(("a", "a name that is far too long for any cell"), lambda at: (
        Confusion("a run whose name is far too long for the matrix it stands above", 3, np.zeros((2, 2), np.int64)),))
    assert near(painted(ConfusionDrawing(scene, DARK, (200.0, 160.0)).paint, 200, 160), DARK.raised).any()


def test_rows_that_do_not_fit_are_left_out_whole() -> None:
    scene = metrics()
    for height, runs in ((130.0, 1), (160.0, 2)):
        pixels = painted(MetricsDrawing(scene, DARK, (400.0, height)).paint, 400, round(height))
        assert near(pixels, DARK.run_colour(0)).any()
        assert near(pixels, DARK.run_colour(1)).any() == (runs == 2)


def test_values_follow_the_cursor() -> None:
    drawing = MetricsDrawing(metrics(), LIGHT, (400.0, 300.0))
    pictures = [painted(partial(drawing.live, cursor=at), 400, 300) for at in (0, 0, 9)]
    assert difference(pictures[0], pictures[1]) == 0.0
    assert difference(pictures[0], pictures[2]) > 0.005
    assert near(painted(MetricsDrawing(MetricsScene(), LIGHT, (400.0, 300.0)).paint, 400, 300), LIGHT.plot).any()


def test_the_legend_tells_which_class_a_place_belongs_to() -> None:
    classes = tuple("abc")
    width, height = class_legend_size(classes)
    found = [class_at(classes, width / 2, y) for y in np.linspace(0, height, 60)]
    assert found[0] is found[-1] is None
    assert sorted({code for code in found if code is not None}) == [0, 1, 2]
    assert class_at(classes, width + 1, height / 2) is None
    many = tuple(f"a name that is not short {code}" for code in range(26))
    _, height = class_legend_size(many)
    assert max(code or 0 for code in (class_at(many, 5, y) for y in np.linspace(0, height, 300))) == 8
    assert class_legend_size(()) == (0.0, 0.0)


def test_many_short_names_stand_in_two_columns() -> None:
    digits = tuple("0123456789")
    width, height = class_legend_size(digits)
    across, down = np.meshgrid(np.linspace(0, width, 40), np.linspace(0, height, 100))
    found = [class_at(digits, x, y) for x, y in zip(across.ravel().tolist(), down.ravel().tolist(), strict=True)]
    assert sorted({code for code in found if code is not None}) == list(range(10))
    assert class_at(digits, 5, 10) == 0
    assert class_at(digits, width - 5, 10) == 5
    assert width < 110
    assert height < 110
