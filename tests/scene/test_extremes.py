"""Axes of what ran away: labels stay short, whole and apart at 1e200 as at 1."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import ContourDrawing, MapScene
from gdstudio.scene.curves import CurvesDrawing, CurvesScene
from gdstudio.scene.floor import PlacedLabel, placed_labels
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.lettering import TICK, sans, text_width
from gdstudio.scene.profile import ProfileDrawing, ProfileScene
from gdstudio.scene.runs import Series
from gdstudio.scene.theme import DARK
from gdstudio.scene.ticks import Tick, power_of
from gdstudio.scene.value_scale import scale_for

if TYPE_CHECKING:
    from gdstudio.scene.axes import Frame

pytestmark = pytest.mark.usefixtures("qapp")

SIZES = ((424.0, 326.0), (300.0, 220.0))
REACHES = (1.0, 2.5e-7, 1.5e5, 1.5e150, 3e200, 1e300)


def bowl(reach: float) -> Landscape:
    axis = np.linspace(-reach, reach, 33)
    with np.errstate(over="ignore", under="ignore"):
        return Landscape(("x", "y"), axis, axis, np.add.outer(axis**2, 3 * axis**2))


def whole_and_apart(frame: Frame, down: list[Tick], across: list[Tick], width: float) -> None:
    font = sans(TICK)
    assert down
    for tick in down:
        assert len(tick.label) <= 9, tick.label
        assert frame.left - 8 - text_width(tick.label, font) >= 0, tick.label
    rows = sorted(frame.y(tick.value) for tick in down)
    assert all(after - before >= font.measures.height() for before, after in pairwise(rows))
    ends = sorted((frame.x(t.value) - text_width(t.label, font) / 2, frame.x(t.value)) for t in across)
    for (left, middle), (following, _) in pairwise(ends):
        assert following > 2 * middle - left
    assert frame.width > 0.4 * width


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("reach", REACHES)
def test_labels_of_a_map(size: tuple[float, float], reach: float) -> None:
    frame = ContourDrawing(MapScene(bowl(reach)), DARK, size).frame
    whole_and_apart(frame, frame.y_ticks(), frame.x_ticks(), size[0])


@pytest.mark.parametrize("size", [(472.0, 555.0), *SIZES])
@pytest.mark.parametrize("reach", REACHES)
def test_labels_of_a_curve(size: tuple[float, float], reach: float) -> None:
    xs = np.linspace(-reach, reach, 101)
    with np.errstate(over="ignore"):
        frame = ProfileDrawing(ProfileScene("x", xs, np.minimum(5 * xs**2, 1.7e308)), DARK, size).frame
    whole_and_apart(frame, frame.y_ticks(), frame.x_ticks(), size[0])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "values",
    [[4.0, 1e20, 1e120, 1e200], [4.0, np.inf], [1e300, 1e280], [-1.0, -1e200], [1e-200, 1e200, np.nan], [0.0, 1.7e308]],
)
def test_labels_of_losses(size: tuple[float, float], values: list[float]) -> None:
    drawing = CurvesDrawing(CurvesScene((Series("diverged", 0, np.array(values)),), 1), DARK, size)
    whole_and_apart(drawing.frame, drawing.y_ticks, drawing.x_ticks(), size[0])
    assert all(tick.label.lstrip("−").isdigit() for tick in drawing.x_ticks())


@pytest.mark.parametrize("size", [(720.0, 726.0), (472.0, 555.0)])
@pytest.mark.parametrize("reach", REACHES)
@pytest.mark.parametrize("azimuth", [-68.0, 20.0, 130.0])
def test_labels_of_the_floor(size: tuple[float, float], reach: float, azimuth: float) -> None:
    labels = placed_labels(bowl(reach), Camera(azimuth=azimuth).at_home(), Viewport(*size))
    ticks = [label for label in labels if not label.name]
    assert len(ticks) >= 4
    assert all(len(label.text) <= 5 for label in ticks), [label.text for label in ticks]
    boxes = [_box(label) for label in labels]
    assert not any(one.intersects(other) for one, other in combinations(boxes, 2))
    assert all(QRectF(0, 0, *size).contains(box) for box in boxes)
    names = sorted(label.text for label in labels if label.name)
    power = power_of(-reach, reach)
    assert names == ([f"{name} / 1e{power}".replace("-", "−") for name in "xy"] if power else ["x", "y"])


def _box(label: PlacedLabel) -> QRectF:
    width, height = text_width(label.text, label.font), label.font.measures.height()
    return QRectF(label.left, label.y - height / 2, width, height)


def test_where_all_run_away_nothing_is_cut_off() -> None:
    wild = np.array([4.0, 1e9, 1e20])
    scale = scale_for([wild], "log")
    assert scale.low < 4.0
    assert scale.high >= 1e20
    assert scale_for([wild, np.array([4.0, 1.0, 0.1])], "log").high < 1e4


def test_a_run_that_left_all_numbers_is_marked_where_its_curve_ends() -> None:
    from tests.scene.pixels import near, painted

    values = np.array([4.0, 40.0, 400.0, np.inf])
    drawing = CurvesDrawing(CurvesScene((Series("diverged", 0, values),), 3), DARK, (424.0, 326.0))
    x, y = drawing.frame.x(2.0), drawing.frame.y(float(drawing.scale.forward(400.0)))
    pixels = painted(drawing.paint, 424, 326)
    around = near(pixels, DARK.run_colour(0))[round(y) - 4:round(y) + 5, round(x) - 4:round(x) + 5]
    assert around.sum() > 20


def test_heights_near_the_largest_number_keep_their_shape() -> None:
    landscape = bowl(1.5e150)
    shown = landscape.fraction(landscape.shown)
    assert np.isfinite(shown).all()
    assert len(np.unique(np.round(shown, 6))) > 100
