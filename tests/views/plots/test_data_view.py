"""Data space by mouse and key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gdstudio.scene.data_space import DataSpace
from gdstudio.scene.theme import LIGHT
from gdstudio.views.plots.data import DataView
from tests.scene.pixels import array_of, difference
from tests.scene.points import class_space, line_space

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier
ALT, SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Follower:
    """What a document does: it hears what is asked of the data and shows the view the new ones."""

    def __init__(self, view: DataView) -> None:
        self.view = view
        self.said: list[tuple[Any, ...]] = []
        view.pointMoved.connect(self.move)
        view.pointAdded.connect(lambda x, y, code: self.said.append(("added", x, y, code)))
        view.pointsErased.connect(self.erase)

    def move(self, row: int, x: float, y: float, final: bool) -> None:
        self.said.append(("moved", row, x, y, final))
        scene = self.view.content()
        (index,) = scene.indices(np.array([row]))
        xs, ys = scene.xs.copy(), scene.ys.copy()
        xs[index], ys[index] = x, y
        self.view.setContent(replace(scene, xs=xs, ys=ys))

    def erase(self, rows: tuple[int, ...]) -> None:
        self.said.append(("erased", rows))
        scene = self.view.content()
        numbers = np.arange(len(scene)) if scene.rows is None else scene.rows
        kept = ~np.isin(numbers, rows)
        self.view.setContent(DataSpace(scene.names, scene.xs[kept], scene.ys[kept], rows=numbers[kept]))


def shown(qtbot: QtBot, scene: DataSpace) -> DataView:
    view = DataView()
    qtbot.addWidget(view)
    view.resize(480, 320)
    view.setContent(scene)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.fixture
def view(qtbot: QtBot) -> DataView:
    return shown(qtbot, line_space())


@pytest.fixture
def follower(view: DataView) -> Follower:
    return Follower(view)


def pixel(view: DataView, index: int) -> QPoint:
    drawing = view.drawing()
    assert drawing is not None
    x, y = drawing.pixels[index].tolist()
    return QPoint(round(x), round(y))


def alone(view: DataView) -> int:
    """Return a point that no other is near."""
    drawing = view.drawing()
    assert drawing is not None
    apart = np.linalg.norm(drawing.pixels[:, None] - drawing.pixels[None], axis=2) + 1e9 * np.eye(len(drawing.pixels))
    return int(apart.min(axis=1).argmax())


def wheel(view: DataView, place: QPoint, angle: int) -> None:
    event = QWheelEvent(
        QPointF(place), QPointF(view.mapToGlobal(place)), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
        PLAIN, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(view, event)


def test_a_dragged_point_follows_the_pointer_while_the_axes_rest(view: DataView, follower: Follower) -> None:
    row, before = alone(view), view.range()
    start = pixel(view, row)
    QTest.mousePress(view, LEFT, pos=start)
    assert view.selected() == row
    assert follower.said == []
    for step in (10, 20, 30):
        QTest.mouseMove(view, start + QPoint(step, -step))
        assert view.range() == before
        assert (pixel(view, row) - start - QPoint(step, -step)).manhattanLength() <= 1
    QTest.mouseRelease(view, LEFT, pos=start + QPoint(30, -30))
    assert [said[-1] for said in follower.said] == [False, False, False, True]
    assert {said[1] for said in follower.said} == {row}
    drawing = view.drawing()
    assert drawing is not None
    x, y = follower.said[-1][2:4]
    assert (x, y) == (view.content().xs[row], view.content().ys[row])


def test_a_press_alone_moves_nothing(view: DataView, follower: Follower) -> None:
    row = alone(view)
    QTest.mouseClick(view, LEFT, pos=pixel(view, row) + QPoint(2, 1))
    assert follower.said == []
    assert view.selected() == row
    QTest.mouseClick(view, LEFT, pos=QPoint(80, 40))
    assert view.selected() is None


def test_a_point_stays_within_the_plot(view: DataView, follower: Follower) -> None:
    row, extent = alone(view), view.range()
    assert extent is not None
    QTest.mousePress(view, LEFT, pos=pixel(view, row))
    QTest.mouseMove(view, QPoint(2_000, -2_000))
    QTest.mouseRelease(view, LEFT, pos=QPoint(2_000, -2_000))
    assert follower.said[-1][2:4] == pytest.approx((extent[1], extent[3]), rel=1e-6)
    assert view.range() != extent


def test_escape_puts_the_point_back(view: DataView, follower: Follower) -> None:
    row = alone(view)
    before = float(view.content().xs[row]), float(view.content().ys[row])
    start = pixel(view, row)
    QTest.mousePress(view, LEFT, pos=start)
    QTest.mouseMove(view, start + QPoint(40, 20))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    QTest.mouseRelease(view, LEFT, pos=start + QPoint(40, 20))
    assert follower.said[-1] == ("moved", row, *before, True)
    assert (view.content().xs[row], view.content().ys[row]) == before


def test_shift_click_adds_where_it_is(view: DataView, follower: Follower) -> None:
    QTest.mouseClick(view, LEFT, SHIFT, QPoint(200, 100))
    drawing = view.drawing()
    assert drawing is not None
    (said,) = follower.said
    assert (said[0], said[3]) == ("added", None)
    assert said[1:3] == pytest.approx(drawing.frame.data(200, 100))
    QTest.mouseClick(view, LEFT, SHIFT, QPoint(3, 3))
    assert len(follower.said) == 1


def test_alt_click_removes_the_point_under_it(view: DataView, follower: Follower) -> None:
    row = alone(view)
    QTest.mouseClick(view, LEFT, ALT, pixel(view, row))
    assert follower.said == [("erased", (row,))]
    assert len(view.content()) == 59
    QTest.mouseClick(view, LEFT, ALT, QPoint(80, 40))
    assert len(follower.said) == 1
    # what is left keeps its number
    last = len(view.content()) - 1
    QTest.mouseClick(view, LEFT, ALT, pixel(view, last))
    assert follower.said[-1] == ("erased", (59,))


def test_a_rectangle_removes_all_in_it(view: DataView, follower: Follower) -> None:
    drawing = view.drawing()
    assert drawing is not None
    before = array_of(view.grab().toImage())
    expected = tuple(int(index) for index in drawing.inside(60, 20, 250, 285))
    assert 5 < len(expected) < 55
    QTest.mousePress(view, LEFT, CONTROL, QPoint(250, 285))
    for place in (QPoint(150, 150), QPoint(60, 20)):
        QTest.mouseMove(view, place)
    assert difference(before, array_of(view.grab().toImage())) > 1.0
    assert follower.said == []
    QTest.mouseRelease(view, LEFT, CONTROL, QPoint(60, 20))
    assert follower.said == [("erased", expected)]
    QTest.mousePress(view, LEFT, CONTROL, QPoint(80, 40))
    QTest.mouseRelease(view, LEFT, CONTROL, QPoint(82, 42))
    assert len(follower.said) == 1


def test_keys_choose_move_remove_and_add(view: DataView, follower: Follower) -> None:
    scene = view.content()
    order = np.argsort(scene.xs)
    QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert follower.said == []
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.selected() == order[2]
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    assert view.selected() == order[1]
    told = view.accessibleDescription()
    QTest.keyClick(view, Qt.Key.Key_Up)
    _, row, x, y, final = follower.said[-1]
    assert (row, x, final) == (order[1], scene.xs[row], True)
    assert y > scene.ys[row]
    assert view.accessibleDescription() != told
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert follower.said[-1] == ("erased", (row,))
    assert view.selected() == order[2]
    QTest.keyClick(view, Qt.Key.Key_Insert)
    assert follower.said[-1][0] == "added"


def test_what_is_added_has_the_class_that_was_chosen(qtbot: QtBot) -> None:
    view = shown(qtbot, class_space(classes=3))
    follower, drawing = Follower(view), view.drawing()
    assert drawing is not None
    QTest.mouseClick(view, LEFT, SHIFT, QPoint(200, 200))
    left, top = drawing.legend_corner
    QTest.mouseClick(view, LEFT, pos=QPoint(round(left + 20), round(top + 30)))
    QTest.mouseClick(view, LEFT, SHIFT, QPoint(200, 200))
    QTest.keyClick(view, Qt.Key.Key_3)
    QTest.keyClick(view, Qt.Key.Key_Insert)
    QTest.keyClick(view, Qt.Key.Key_9)
    QTest.keyClick(view, Qt.Key.Key_Insert)
    assert [said[-1] for said in follower.said] == [0, 1, 2, 2]


def test_hovering_reads_a_point_out_and_no_tooltip_covers_it(view: DataView, qtbot: QtBot) -> None:
    row = alone(view)
    before = array_of(view.grab().toImage())
    with qtbot.waitSignal(view.hovered) as hovered:
        QTest.mouseMove(view, pixel(view, row))
    assert hovered.args == pytest.approx([view.content().xs[row], view.content().ys[row]], abs=0.03)
    assert difference(before, array_of(view.grab().toImage())) > 0.5
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    place = pixel(view, row)
    QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
    assert not QToolTip.isVisible()
    QTest.mouseMove(view, QPoint(80, 40))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert difference(before, array_of(view.grab().toImage())) == 0.0


def test_of_a_point_that_was_dragged_only_the_ring_stays_and_keys_tell_of_it_again(
    view: DataView, qtbot: QtBot,
) -> None:
    def beside_the_ring() -> float:
        """Tell how far the chosen point changes the picture, across."""
        row, chosen = view.selected(), array_of(view.grab().toImage())
        view.select(None)
        plain = array_of(view.grab().toImage())
        view.select(row)
        return float(np.ptp(np.flatnonzero(np.abs(chosen - plain).max(axis=(0, 2)) > 0)))

    place = pixel(view, alone(view))
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.mousePress(view, LEFT, pos=place)
    QTest.mouseMove(view, place + QPoint(20, -10))
    QTest.mouseRelease(view, LEFT, pos=place + QPoint(20, -10))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert 8 <= beside_the_ring() <= 30
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert beside_the_ring() > 60


def test_the_wheel_zooms_the_right_button_pans_and_home_shows_all(view: DataView) -> None:
    whole, middle = view.range(), QPoint(250, 150)
    drawing = view.drawing()
    assert whole is not None
    assert drawing is not None
    about = drawing.frame.data(250, 150)
    wheel(view, middle, 240)
    drawing = view.drawing()
    assert drawing is not None
    assert drawing.frame.data(250, 150) == pytest.approx(about)
    zoomed = view.range()
    assert zoomed is not None
    assert zoomed[1] - zoomed[0] < whole[1] - whole[0]
    QTest.mousePress(view, RIGHT, pos=middle)
    QTest.mouseMove(view, middle + QPoint(40, 0))
    QTest.mouseRelease(view, RIGHT, pos=middle + QPoint(40, 0))
    panned = view.range()
    assert panned is not None
    assert panned[0] < zoomed[0]
    assert panned[2:] == pytest.approx(zoomed[2:])
    QTest.keyClick(view, Qt.Key.Key_Minus)
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.range() == whole


def test_the_ground_is_kept_while_only_the_cursor_moves(view: DataView) -> None:
    view.grab()
    early = array_of(view.grab().toImage())
    drawing = view.drawing()
    view.setIteration(1)
    assert view.drawing() is drawing
    assert difference(early, array_of(view.grab().toImage())) > 0.1
    scene = view.content()
    view.setContent(replace(scene, cursor=1))
    later = view.drawing()
    assert later is not None
    assert drawing is not None
    assert later.pixels is drawing.pixels


def test_it_follows_the_theme(view: DataView) -> None:
    dark = array_of(view.grab().toImage())
    view.setTheme(LIGHT)
    drawing = view.drawing()
    assert drawing is not None
    assert drawing.theme is LIGHT
    assert array_of(view.grab().toImage()).mean() > dark.mean() + 100


def test_nothing_to_show_is_no_error(qtbot: QtBot) -> None:
    view = shown(qtbot, DataSpace())
    follower = Follower(view)
    assert view.drawing() is None
    assert view.empty_text()
    for button in (LEFT, RIGHT):
        QTest.mouseClick(view, button)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Delete, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_Insert):
        QTest.keyClick(view, key)
    view.grab()
    assert follower.said == []


def test_it_has_a_name_and_a_tooltip(view: DataView) -> None:
    assert view.accessibleName()
    assert view.accessibleDescription()
    assert "Shift" in view.toolTip()
    assert view.focusPolicy() & Qt.FocusPolicy.TabFocus
