"""Data space that another thread has painted at an iteration is what it would be painted here, to the pixel."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from gdstudio.scene.data_drawing import DataDrawing
from gdstudio.scene.lettering import Face
from gdstudio.scene.point_marks import MarksLayer
from gdstudio.scene.theme import DARK
from tests.scene.pixels import array_of, difference
from tests.scene.points import class_space, line_space

if TYPE_CHECKING:
    from gdstudio.scene.data_space import DataSpace

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = (481.0, 321.0)


def space(name: str) -> DataSpace:
    return line_space(cursor=20) if name == "line" else class_space(cursor=20)


def image_of(drawing: DataDrawing, ratio: float, cursor: int) -> QImage:
    image = QImage(int(SIZE[0] * ratio), int(SIZE[1] * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(DARK.window))
    painter = QPainter(image)
    drawing.ground(painter)
    drawing.live(painter, cursor)
    painter.end()
    return image


def prepared(scene: DataSpace, ratio: float) -> DataDrawing:
    """Prepare a scene in another thread, by a drawing that has been on screen."""
    shown = DataDrawing(scene, DARK, SIZE)
    image_of(shown, 1.0, scene.cursor)
    with ThreadPoolExecutor(1) as elsewhere:
        drawing = elsewhere.submit(shown.with_scene, scene, ratio).result()
    return drawing


@pytest.mark.parametrize("name", ["line", "classes"])
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_at_its_iteration_and_at_others_it_looks_as_if_painted_here(name: str, ratio: float) -> None:
    scene = space(name)
    drawing = prepared(scene, ratio)
    for cursor in (20, 3):
        here = array_of(image_of(DataDrawing(scene, DARK, SIZE), ratio, cursor))
        assert difference(array_of(image_of(drawing, ratio, cursor)), here) == 0.0


def test_on_a_screen_of_other_pixels_it_is_painted_for_them() -> None:
    scene = line_space(cursor=20)
    here = array_of(image_of(DataDrawing(scene, DARK, SIZE), 1.5, 20))
    assert difference(array_of(image_of(prepared(scene, 1.0), 1.5, 20)), here) == 0.0


def test_what_was_painted_is_what_is_shown() -> None:
    drawing = prepared(line_space(cursor=20), 1.0)
    drawing.scene.xs[:] = np.nan
    drawing.pixels[:] = np.nan
    here = array_of(image_of(DataDrawing(line_space(cursor=20), DARK, SIZE), 1.0, 20))
    assert difference(array_of(image_of(drawing, 1.0, 20)), here) == 0.0


def test_the_other_thread_measures_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    window = threading.current_thread()

    def measured_here(face: Face) -> QFontMetricsF:
        assert threading.current_thread() is window
        return QFontMetricsF(face)

    monkeypatch.setattr(Face, "measures", property(measured_here))
    assert prepared(line_space(cursor=20), 1.0).scene.cursor == 20


def test_on_other_axes_the_points_are_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, scene = DataDrawing(line_space(cursor=20), DARK, SIZE), line_space(count=90, cursor=20)
    scene.xs[:] = 3.0 * scene.xs + 10.0
    image_of(shown, 1.0, 20)
    with ThreadPoolExecutor(1) as elsewhere:
        drawing = elsewhere.submit(shown.with_scene, scene, 1.0).result()
    here = array_of(image_of(DataDrawing(scene, DARK, SIZE), 1.0, 20))
    # what the thread has made of the points is not made again
    monkeypatch.setattr(MarksLayer, "_image", None)
    assert drawing.frame != shown.frame
    assert difference(array_of(image_of(drawing, 1.0, 20)), here) == 0.0
