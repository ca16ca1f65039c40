"""The contour map by mouse and key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdstudio.scene.contour import MapScene
from gdstudio.scene.theme import DARK, LIGHT
from gdstudio.views.plots.contour import ContourView
from tests.scene.pixels import array_of, difference
from tests.scene.valley import map_scene, valley

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def view(qtbot: QtBot) -> ContourView:
    view = ContourView()
    qtbot.addWidget(view)
    view.resize(420, 360)
    view.setContent(map_scene())
    view.show()
    qtbot.waitExposed(view)
    return view


def wheel(view: ContourView, place: QPoint, angle: int) -> None:
    event = QWheelEvent(
        QPointF(place), QPointF(view.mapToGlobal(place)), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(view, event)


def pixel(view: ContourView, x: float, y: float) -> QPoint:
    drawing = view.drawing()
    assert drawing is not None
    return QPoint(round(drawing.frame.x(x)), round(drawing.frame.y(y)))


def test_a_press_anywhere_sets_the_start_and_a_drag_moves_it(view: ContourView, qtbot: QtBot) -> None:
    moved: list[tuple[float, float]] = []
    released: list[bool] = []
    view.startMoved.connect(lambda x, y: moved.append((x, y)))
    view.startReleased.connect(lambda: released.append(True))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=pixel(view, 0.5, 2.0))
    QTest.mouseMove(view, pixel(view, -0.5, 0.0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=pixel(view, -0.5, 0.0))
    assert moved[0] == pytest.approx((0.5, 2.0), abs=0.02)
    assert moved[-1] == pytest.approx((-0.5, 0.0), abs=0.02)
    assert released == [True]


def test_a_drag_beyond_the_edge_stays_within(view: ContourView, qtbot: QtBot) -> None:
    moved: list[tuple[float, float]] = []
    view.startMoved.connect(lambda x, y: moved.append((x, y)))
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=pixel(view, 0.0, 0.0))
    QTest.mouseMove(view, QPoint(-50, 900))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(-50, 900))
    assert moved[-1] == pytest.approx((-2.0, -1.0))


def test_a_press_beside_the_plot_does_nothing(view: ContourView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.startMoved):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))


def test_the_wheel_zooms_about_the_pointer(view: ContourView, qtbot: QtBot) -> None:
    place = pixel(view, 1.0, 1.0)
    with qtbot.waitSignal(view.rangeChanged) as changed:
        wheel(view, place, 240)
    x0, x1, y0, y1 = changed.args
    assert x1 - x0 < 4
    drawing = view.drawing()
    assert drawing is not None
    assert drawing.frame.data(place.x(), place.y()) == pytest.approx((1.0, 1.0), abs=0.02)
    view.setContent(replace(map_scene(), landscape=valley(31)))
    assert view.range() == pytest.approx((x0, x1, y0, y1))
    view.resetRange()
    assert view.range() == pytest.approx((-2, 2, -1, 3))
    whole = view.drawing()
    view.resetRange()
    assert view.drawing() is whole, "where all is shown there is nothing to draw anew"


def test_the_right_button_pans_and_sets_no_start(view: ContourView, qtbot: QtBot) -> None:
    before = pixel(view, 0.0, 1.0)
    with qtbot.assertNotEmitted(view.startMoved), qtbot.waitSignal(view.rangeChanged):
        QTest.mousePress(view, Qt.MouseButton.RightButton, pos=before)
        QTest.mouseMove(view, before + QPoint(30, -20))
        QTest.mouseRelease(view, Qt.MouseButton.RightButton, pos=before + QPoint(30, -20))
    after = pixel(view, 0.0, 1.0)
    assert abs(after.x() - before.x() - 30) <= 1
    assert abs(after.y() - before.y() + 20) <= 1


def test_zoom_ends_before_numbers_do(view: ContourView) -> None:
    for _ in range(300):
        wheel(view, pixel_of_centre(view), 960)
    found = view.range()
    assert found is not None
    assert found[1] > found[0]
    for _ in range(300):
        wheel(view, pixel_of_centre(view), -960)
    found = view.range()
    assert found is not None
    assert found[1] - found[0] < 1e10
    view.grab()


def pixel_of_centre(view: ContourView) -> QPoint:
    drawing = view.drawing()
    assert drawing is not None
    return drawing.frame.rectangle.center().toPoint()


def test_hovering_tells_where(view: ContourView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.hovered) as hovered:
        QTest.mouseMove(view, pixel(view, 0.0, 0.0))
        QTest.mouseMove(view, pixel(view, 1.0, 2.0))
    assert hovered.args[0] == pytest.approx(1.0, abs=0.02) or hovered.args[0] == pytest.approx(0.0, abs=0.02)


def test_arrow_keys_nudge_the_start(view: ContourView, qtbot: QtBot) -> None:
    with qtbot.waitSignals([view.startMoved, view.startReleased]):
        QTest.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.startMoved) as moved:
        QTest.keyClick(view, Qt.Key.Key_Up)
    assert moved.args == pytest.approx([-1.2, 1.04])


def test_no_pixel_changes_when_nothing_does(view: ContourView) -> None:
    before = array_of(view.grab().toImage())
    view.setContent(view.content())
    view.setIteration(view.cursor_iteration)
    view.setTheme(DARK)
    assert difference(before, array_of(view.grab().toImage())) == 0.0


def test_the_screen_is_the_drawing(view: ContourView) -> None:
    view.setTheme(LIGHT)
    view.setIteration(120)
    from tests.scene.pixels import painted

    picture = view.picture((420.0, 360.0), LIGHT)
    assert difference(array_of(view.grab().toImage()), painted(picture.paint, 420, 360)) < 0.05


def test_without_content_it_says_what_to_do(qtbot: QtBot) -> None:
    view = ContourView()
    qtbot.addWidget(view)
    view.resize(420, 360)
    assert view.drawing() is None
    assert view.empty_text()
    shades = array_of(view.grab().toImage())
    assert len(set(shades.reshape(-1, 3).sum(axis=1).tolist())) > 3
    for event in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
        QTest.mouseClick(view, event)
    QTest.keyClick(view, Qt.Key.Key_Up)
    view.setContent(MapScene())


def test_it_has_a_name_and_a_tooltip(view: ContourView) -> None:
    assert view.accessibleName()
    assert view.accessibleDescription()
    assert view.toolTip()
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
