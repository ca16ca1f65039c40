"""The surface without OpenGL, by mouse and key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdstudio.scene.camera import Camera
from gdstudio.scene.theme import LIGHT
from gdstudio.scene.viewpoint import camera_for
from gdstudio.views.plots.surface import SurfaceView
from tests.scene.pixels import array_of, difference
from tests.scene.valley import map_scene

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def view(qtbot: QtBot) -> SurfaceView:
    view = SurfaceView()
    qtbot.addWidget(view)
    view.resize(600, 520)
    view.setContent(map_scene())
    view.show()
    qtbot.waitExposed(view)
    return view


def start_of(view: SurfaceView) -> QPoint:
    drawing = view.drawing()
    assert drawing is not None
    pixel = drawing.start_pixel()
    assert pixel is not None
    return QPoint(round(pixel[0]), round(pixel[1]))


def pixel(view: SurfaceView, x: float, y: float) -> QPoint:
    drawing = view.drawing()
    assert drawing is not None
    assert drawing.relief is not None
    place, _ = drawing.camera.project(drawing.relief.place(x, y), drawing.viewport)
    return QPoint(*np.rint(place).astype(int).tolist())


def test_a_press_on_the_ring_drags_the_start_along_the_surface(view: SurfaceView, qtbot: QtBot) -> None:
    moved: list[tuple[float, float]] = []
    view.startMoved.connect(lambda x, y: moved.append((x, y)))
    camera = view.camera()
    with qtbot.waitSignal(view.startReleased):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start_of(view))
        QTest.mouseMove(view, pixel(view, -1.5, 0.5))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=pixel(view, -1.5, 0.5))
    assert moved[-1] == pytest.approx((-1.5, 0.5), abs=0.08)
    assert view.camera() == camera


def test_elsewhere_a_drag_turns_the_view(view: SurfaceView, qtbot: QtBot) -> None:
    before = view.camera()
    with qtbot.assertNotEmitted(view.startMoved):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 480))
        QTest.mouseMove(view, QPoint(340, 470))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(340, 470))
    assert view.camera().azimuth != before.azimuth
    assert view.camera().elevation != before.elevation
    view.resetCamera()
    drawing = view.drawing()
    assert drawing is not None
    assert drawing.relief is not None
    assert view.camera() == camera_for(drawing.relief, view.content())


def test_the_right_button_moves_the_view_and_the_wheel_zooms(view: SurfaceView, qtbot: QtBot) -> None:
    QTest.mousePress(view, Qt.MouseButton.RightButton, pos=QPoint(300, 300))
    QTest.mouseMove(view, QPoint(330, 280))
    QTest.mouseRelease(view, Qt.MouseButton.RightButton, pos=QPoint(330, 280))
    assert view.camera().centre != Camera().centre
    event = QWheelEvent(
        QPointF(300, 300), QPointF(300, 300), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(view, event)
    assert view.camera().distance < Camera().distance


def test_a_double_click_sets_the_start_where_it_points(view: SurfaceView, qtbot: QtBot) -> None:
    place = pixel(view, -1.5, 0.5)
    with qtbot.waitSignals([view.startMoved, view.startReleased]):
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place)
    with qtbot.assertNotEmitted(view.startMoved):
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(590, 5))


def test_a_legend_row_toggles_its_run(view: SurfaceView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.runToggled) as toggled:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(40, 52))
    assert toggled.args == [1]


def test_hovering_tells_the_point_of_the_surface(view: SurfaceView, qtbot: QtBot) -> None:
    place = QPointF(pixel(view, -1.5, 0.5))
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, view.mapToGlobal(place), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(view.hovered) as hovered:
        QApplication.sendEvent(view, event)
    assert hovered.args == pytest.approx([-1.5, 0.5], abs=0.08)


@pytest.mark.parametrize("key", [Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_Plus, Qt.Key.Key_Minus])
def test_keys_turn_and_zoom(view: SurfaceView, qtbot: QtBot, key: Qt.Key) -> None:
    view.resetCamera()
    usual = view.camera()
    QTest.keyClick(view, key)
    assert view.camera() != usual
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.camera() == usual


def test_no_pixel_changes_when_nothing_does(view: SurfaceView) -> None:
    before = array_of(view.grab().toImage())
    view.setContent(view.content())
    view.setIteration(view.cursor_iteration)
    view.setCamera(Camera())
    assert difference(before, array_of(view.grab().toImage())) == 0.0
    view.setIteration(150)
    assert difference(before, array_of(view.grab().toImage())) > 0.005
    view.setIteration(80)
    assert difference(before, array_of(view.grab().toImage())) == 0.0


def test_after_turning_the_picture_is_as_fine_as_before(view: SurfaceView, qtbot: QtBot) -> None:
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 480))
    QTest.mouseMove(view, QPoint(360, 480))
    turned = view.camera()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(360, 480))
    after = array_of(view.grab().toImage())
    view.resetCamera()
    view.setCamera(turned)
    assert difference(after, array_of(view.grab().toImage())) == 0.0


def test_the_picture_looks_like_the_screen(view: SurfaceView) -> None:
    from tests.scene.pixels import painted

    view.setTheme(LIGHT)
    picture = view.picture((600.0, 520.0), LIGHT)
    assert difference(array_of(view.grab().toImage()), painted(picture.paint, 600, 520)) < 2.0


def test_without_content_it_says_what_to_do(qtbot: QtBot) -> None:
    view = SurfaceView()
    qtbot.addWidget(view)
    assert view.drawing() is None
    assert view.empty_text()
    view.grab()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    view.setContent(replace(map_scene(), runs=()))
    view.grab()


def test_it_has_a_name_and_a_tooltip(view: SurfaceView) -> None:
    assert view.accessibleName()
    assert view.accessibleDescription()
    assert view.toolTip()
    assert not view.opengl
