"""Marks of many points: the pictures of them look like the shapes, and dense dots like what they count."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QPainter, QPicture

from gdstudio.scene.point_marks import DOT, MOST_MARKS, Marks, MarksLayer, draw_marks, radius_for
from gdstudio.scene.theme import LIGHT, MARKERS
from tests.scene.pixels import difference, near, painted

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = 200.0, 150.0


def places(count: int = 40) -> np.ndarray:
    return np.random.default_rng(1).uniform((10, 10), (190, 140), (count, 2))


def replayed(paint: Callable[[QPainter], None]) -> Callable[[QPainter], None]:
    """Return what paints as shapes, as on paper, what a function paints."""
    picture = QPicture()
    painter = QPainter(picture)
    paint(painter)
    painter.end()

    def replay(other: QPainter) -> None:
        other.setRenderHint(QPainter.RenderHint.Antialiasing)
        other.drawPicture(0, 0, picture)

    return replay


@pytest.mark.parametrize("hollow", [False, True])
@pytest.mark.parametrize("marker", MARKERS)
def test_screen_and_paper_show_the_same_marks(marker: str, hollow: bool) -> None:
    marks = [Marks(places(), LIGHT.run_colour(0), marker, hollow)]
    paint = partial(draw_marks, size=SIZE, marks=marks, rim="#ffffff")
    for ratio in (1.0, 2.0):
        screen, paper = painted(paint, 200, 150, ratio), painted(replayed(paint), 200, 150, ratio)
        assert difference(screen, np.zeros_like(screen)) > 2.0
        assert difference(screen, paper) < 1.0


def test_a_mark_is_where_its_point_is() -> None:
    for x, y in ((50.0, 60.0), (50.24, 60.0), (50.5, 60.77)):
        marks = [Marks(np.array([[x, y]]), "#ffffff")]
        pixels = painted(partial(draw_marks, size=SIZE, marks=marks, rim="#ffffff"), 200, 150).sum(axis=2)
        rows, columns = np.mgrid[:150, :200] + 0.5
        centre = [float((pixels * each).sum() / pixels.sum()) for each in (columns, rows)]
        assert centre == pytest.approx([x, y], abs=0.15)


def test_more_points_have_smaller_marks() -> None:
    radii = [radius_for(count) for count in (1, 400, 1000, 3000, 10**6)]
    assert radii == sorted(radii, reverse=True)
    assert radii[0] == DOT
    assert radii[-1] > 1


def test_dots_are_darker_where_there_are_more_and_in_the_colour_that_prevails() -> None:
    many = np.repeat([[50.0, 50.0]], MOST_MARKS, axis=0)
    one = np.array([[120.0, 50.0], [np.nan, 1.0], [1e9, 3.0], [-4.0, 2.0]])
    other = np.repeat([[50.0, 50.0], [80.0, 50.0]], 5, axis=0)
    marks = [Marks(np.concatenate([many, one]), "#ff0000"), Marks(other, "#0000ff")]
    pixels = painted(partial(draw_marks, size=SIZE, marks=marks, rim="#ffffff"), 200, 150)
    assert near(pixels, "#ff0000")[50, 50]
    assert pixels[50, 80, 2] > 0 == pixels[50, 80, 0]
    assert 0 < pixels[50, 120, 0] < pixels[50, 50, 0]
    assert pixels[100:].sum() == 0


def test_marks_that_are_kept_look_the_same_at_any_ratio() -> None:
    marks = [Marks(places(), LIGHT.run_colour(1), "square"), Marks(places(7), "#000000", edge="#ff0000")]
    layer = MarksLayer(SIZE, marks, "#ffffff")
    for ratio in (1.0, 2.0, 1.0):
        straight = painted(partial(draw_marks, size=SIZE, marks=marks, rim="#ffffff"), 200, 150, ratio)
        assert difference(painted(layer.draw, 200, 150, ratio), straight) < 0.5
    assert difference(painted(replayed(layer.draw), 200, 150), painted(layer.draw, 200, 150)) < 1.5
