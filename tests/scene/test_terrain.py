"""A terrain painted elsewhere, with what is written on it here, is the ground to the pixel."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from gdstudio.scene import lettering
from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import ContourDrawing
from gdstudio.scene.curves import CurvesDrawing
from gdstudio.scene.lettering import Face
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.terrain import laid
from gdstudio.scene.theme import THEMES, Theme
from tests.scene.pixels import array_of, difference
from tests.scene.valley import curves_scene, map_scene

if TYPE_CHECKING:
    from gdstudio.scene.terrain import LayeredDrawing

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = (421.0, 359.0)
NAMES = ("contour", "surface", "curves")


def drawing_of(name: str, theme: Theme) -> LayeredDrawing:
    if name == "surface":
        return SurfaceDrawing(map_scene(), theme, Viewport(*SIZE), Camera(), cells=40)
    if name == "curves":
        return CurvesDrawing(curves_scene(), theme, SIZE)
    drawing = ContourDrawing(map_scene(), theme, SIZE)
    # known before another thread has the drawing
    assert drawing.frame.extent == (-2.0, 2.0, -1.0, 3.0)
    return drawing


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_terrain_and_labels_make_the_ground(
    name: str, ratio: float, theme: Theme, monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing = drawing_of(name, theme)
    window = threading.current_thread()

    def measured_here(face: Face) -> QFontMetricsF:
        assert threading.current_thread() is window
        return QFontMetricsF(face)

    monkeypatch.setattr(Face, "measures", property(measured_here))
    lettering.text_width.cache_clear()
    with ThreadPoolExecutor(1) as elsewhere:
        done = elsewhere.submit(laid, drawing, ratio).result()
    assert done.drawing is drawing
    assert done.terrain is not None
    whole = QImage(done.terrain.size(), QImage.Format.Format_RGB32)
    whole.setDevicePixelRatio(ratio)
    whole.fill(QColor(theme.window))
    painter = QPainter(whole)
    drawing_of(name, theme).ground(painter)
    painter.end()
    assert difference(array_of(done.terrain), array_of(whole)) > 0.01
    painter = QPainter(done.terrain)
    drawing.labels(painter)
    painter.end()
    assert difference(array_of(done.terrain), array_of(whole)) == 0.0


@pytest.mark.parametrize("name", NAMES)
def test_without_a_terrain_the_drawing_is_prepared_all_the_same(name: str) -> None:
    done = laid(drawing_of(name, THEMES["dark"]), None)
    assert done.terrain is None
