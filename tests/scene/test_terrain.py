"""A terrain painted elsewhere, with what is written on it here, is the ground to the pixel."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from gdstudio.scene import lettering
from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import ContourDrawing
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.terrain import laid
from gdstudio.scene.theme import THEMES, Theme
from tests.scene.pixels import array_of, difference
from tests.scene.valley import map_scene

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.scene.terrain import MapDrawing

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = (421.0, 359.0)
NAMES = ("contour", "surface")


def drawing_of(name: str, theme: Theme) -> MapDrawing:
    if name == "surface":
        return SurfaceDrawing(map_scene(), theme, Viewport(*SIZE), Camera(), cells=40)
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
    measure = lettering._width.__wrapped__, lettering._metrics.__wrapped__
    window = threading.current_thread()

    def here_only(function: Callable[..., object]) -> Callable[..., object]:
        def checked(*arguments: object) -> object:
            assert threading.current_thread() is window
            return function(*arguments)
        return checked

    for known, function in zip(("_width", "_metrics"), measure, strict=True):
        monkeypatch.setattr(lettering, known, here_only(function))
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
