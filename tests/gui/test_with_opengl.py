"""The window with a surface drawn by OpenGL: the same by mouse, key and pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from gdstudio.controllers.playback import PlayState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.gui.conftest import Bench

pytestmark = pytest.mark.opengl
Key = Qt.Key


@pytest.fixture
def bench(open_window: Callable[..., Bench]) -> Bench:
    """Return a window that greets a newcomer, drawn with OpenGL."""
    return open_window(opengl=True)


def _pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).astype(np.int16)


def test_the_surface_is_drawn(bench: Bench) -> None:
    assert bench.surface.opengl
    pixels = _pixels(bench.surface.grab().toImage())
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 500
    middle = pixels[pixels.shape[0] // 3: 2 * pixels.shape[0] // 3, pixels.shape[1] // 3: 2 * pixels.shape[1] // 3]
    assert middle.std() > 5


def test_it_looks_as_without_opengl(bench: Bench, open_window: Callable[..., Bench]) -> None:
    painted = open_window(opengl=False)
    assert painted.surface.size() == bench.surface.size()
    one, other = (_pixels(each.surface.grab().toImage()) for each in (bench, painted))
    assert np.mean(np.abs(one - other).max(axis=2) > 48) < 0.06


def test_paused_no_pixel_changes(bench: Bench) -> None:
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 10)
    before = _pixels(bench.surface.grab().toImage())
    bench.until(lambda: bench.position > 40)
    bench.press(Key.Key_F5)
    assert not np.array_equal(before, _pixels(bench.surface.grab().toImage()))
    bench.stays_still()


def test_paused_flat_out_no_pixel_changes(bench: Bench) -> None:
    bench.limit(1_000_000)
    bench.enter(bench.window.panel.stopping.tolerance, "0")
    bench.settled()
    bench.window.transport.speed_slider.setFocus()
    bench.press(Key.Key_End)
    bench.press(Key.Key_F5)
    bench.until(lambda: bench.position > 0)
    bench.press(Key.Key_F5)
    bench.stays_still()


def test_orbit_drag_and_double_click(bench: Bench) -> None:
    experiment, camera = bench.experiment, bench.surface.camera()
    before = _pixels(bench.surface.grab().toImage())
    middle = QPointF(bench.surface.rect().center()) + QPointF(60.0, 60.0)
    bench.move(bench.surface, [middle, middle + QPointF(50.0, 10.0), middle + QPointF(90.0, 20.0)])
    assert bench.surface.camera() != camera
    assert bench.experiment is experiment
    assert not np.array_equal(before, _pixels(bench.surface.grab().toImage()))
    drawing = bench.surface.drawing()
    assert drawing is not None
    ring = drawing.start_pixel()
    assert ring is not None
    bench.move(bench.surface, [QPointF(*ring) + QPointF(5.0 * step, 5.0 * step) for step in range(6)])
    bench.settled()
    dragged = bench.experiment.start
    assert dragged != experiment.start
    place = bench.surface.rect().center()
    point = drawing.variables_at(place.x(), place.y())
    QTest.mouseDClick(bench.surface, Qt.MouseButton.LeftButton, pos=place)
    bench.settled()
    assert bench.experiment.start == pytest.approx(point)
    assert bench.snapshot.runs[0].theta[0].tolist() == list(bench.experiment.start)


def test_problems_come_and_go(bench: Bench) -> None:
    first = _pixels(bench.surface.grab().toImage())
    for name in ("Himmelblau", "parabola", "three variables", "Rosenbrock"):
        bench.choose(name)
    bench.action("actionUndo").trigger()
    bench.action("actionThemeLight").trigger()
    bench.action("actionToEnd").trigger()
    bench.rests(PlayState.FINISHED)
    assert _pixels(bench.surface.grab().toImage()).mean() > first.mean() + 60


def test_pictures(bench: Bench, tmp_path: Path) -> None:
    bench.studio.exports.export_picture(tmp_path / "surface.png", "surface", 2)
    bench.studio.exports.export_picture(tmp_path / "surface.svg", "surface")
    bench.studio.exports.export_picture(tmp_path / "window.png", "window", 2)
    bench.until(lambda: not bench.studio.exports.busy)
    assert QImage(str(tmp_path / "surface.png")).size() == bench.surface.size() * 2
    assert "<image" not in (tmp_path / "surface.svg").read_text()
    window = QImage(str(tmp_path / "window.png"))
    assert window.size() == bench.window.size() * 2
    screen = _pixels(bench.window.grab().toImage())
    assert np.mean(np.abs(screen - _pixels(window)[::2, ::2]).max(axis=2) > 60) < 0.1


def test_two_windows_at_once(bench: Bench, open_window: Callable[..., Bench]) -> None:
    other = open_window(opengl=True)
    other.press(Key.Key_F5)
    other.until(lambda: other.position > 5)
    for each in (bench, other):
        pixels = _pixels(each.surface.grab().toImage())
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 500
    assert bench.position == 0
