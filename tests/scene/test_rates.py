"""The small plot of the learning rate: all that is drawn of it is where the numbers are."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from gdstudio.scene.rates import MOST_POINTS, RatesDrawing, RatesScene, thinned
from gdstudio.scene.theme import DARK, LIGHT, Theme

pytestmark = pytest.mark.usefixtures("qapp")


def _drawn(drawing: RatesDrawing, cursor: int) -> QImage:
    image = QImage(250, 96, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        drawing.ground(painter)
        drawing.live(painter, cursor)
    return image


def test_few_steps_are_kept_as_they_are() -> None:
    rates = np.array([0.1, 0.2, 0.3])
    iterations, kept = thinned(rates)
    assert iterations.tolist() == [1, 2, 3]
    assert kept is rates


def test_many_steps_keep_their_extremes_and_ends() -> None:
    rates = np.full(1_000_000, 0.1)
    rates[123_456], rates[777_777] = 5.0, 0.001
    iterations, kept = thinned(rates)
    assert len(kept) <= MOST_POINTS
    assert iterations[0] == 1
    assert iterations[-1] == 1_000_000
    assert (kept.max(), kept.min()) == (5.0, 0.001)
    np.testing.assert_array_equal(rates[iterations.astype(int) - 1], kept)


def test_the_rate_at_an_iteration_is_that_of_the_step_that_led_there() -> None:
    scene = RatesScene(np.array([1.0, 2.0, 5.0]), np.array([0.5, 0.25, 0.125]), 0, 8)
    assert [scene.at(cursor) for cursor in (0, 1, 2, 4, 5, 100)] == [0.5, 0.5, 0.25, 0.25, 0.125, 0.125]


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.key)
def test_the_cursor_stands_at_its_iteration(theme: Theme) -> None:
    iterations, rates = thinned(np.array([0.1 * 0.99**step for step in range(500)]))
    drawing = RatesDrawing(RatesScene(iterations, rates, 1, 500), theme, (250.0, 96.0))
    first, later = _drawn(drawing, 0), _drawn(drawing, 400)
    changed = [
        x for x in range(250) if any(first.pixel(x, y) != later.pixel(x, y) for y in range(96))
    ]
    places = [drawing.frame.x(0), drawing.frame.x(400)]
    assert changed
    assert all(min(abs(x - place) for place in places) < 9 for x in changed)


@pytest.mark.parametrize("rates", [[0.0, 0.0], [np.nan, np.inf], [1e300, 1e-300], [5e-324]])
def test_odd_rates_are_drawn_without_an_error(rates: list[float]) -> None:
    values = np.array(rates)
    scene = RatesScene(np.arange(1.0, len(values) + 1.0), values, 0, len(values))
    _drawn(RatesDrawing(scene, DARK, (250.0, 96.0)), 1)


def test_labels_begin_at_zero_and_do_not_leave_the_frame() -> None:
    for top in (1e-7, 0.0193, 0.5, 1.0, 7e5):
        scene = RatesScene(np.arange(1.0, 3.0), np.array([top, top / 2]), 0, 2)
        drawing = RatesDrawing(scene, DARK, (250.0, 96.0))
        assert drawing.levels[0] == 0.0
        assert len(drawing.levels) >= 2
        assert all(drawing.frame.top <= drawing.frame.y(level) <= drawing.frame.bottom for level in drawing.levels)
