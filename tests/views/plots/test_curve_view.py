"""The loss of one variable by mouse and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gdstudio.scene.theme import DARK
from gdstudio.views.plots.curve import CurveView
from tests.scene.pixels import array_of, difference, near
from tests.scene.valley import profile_scene

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def view(qtbot: QtBot) -> CurveView:
    view = CurveView()
    qtbot.addWidget(view)
    view.resize(600, 480)
    view.setContent(profile_scene())
    view.show()
    qtbot.waitExposed(view)
    return view


def pixel(view: CurveView, x: float) -> QPoint:
    drawing = view.drawing()
    assert drawing is not None
    return QPoint(round(drawing.frame.x(x)), round(drawing.frame.bottom - 60))


def test_the_left_button_sets_the_start(view: CurveView, qtbot: QtBot) -> None:
    moved: list[float] = []
    view.startMoved.connect(moved.append)
    with qtbot.waitSignal(view.startReleased):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=pixel(view, 1.0))
        QTest.mouseMove(view, pixel(view, -1.5))
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=pixel(view, -1.5))
    assert moved[0] == pytest.approx(1.0, abs=0.02)
    assert moved[-1] == pytest.approx(-1.5, abs=0.02)


def test_a_legend_row_toggles_its_run_and_sets_no_start(view: CurveView, qtbot: QtBot) -> None:
    drawing = view.drawing()
    assert drawing is not None
    left, top = drawing.legend_corner
    with qtbot.assertNotEmitted(view.startMoved), qtbot.waitSignal(view.runToggled) as toggled:
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(left) + 26, round(top) + 18))
    assert toggled.args == [0]


def test_the_tangent_has_the_slope_at_the_cursor(view: CurveView) -> None:
    drawing = view.drawing()
    assert drawing is not None
    run = view.content().runs[0]
    assert drawing.slope(run, 2) == pytest.approx(10 * run.points[2, 0])
    from dataclasses import replace

    assert drawing.slope(replace(run, slopes=None), 2) == pytest.approx(10 * run.points[2, 0], rel=1e-3)
    assert near(array_of(view.grab().toImage()), DARK.tangent, 40).sum() > 30


def test_panning_and_keys_change_the_range(view: CurveView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.rangeChanged) as changed:
        QTest.mousePress(view, Qt.MouseButton.RightButton, pos=pixel(view, 0.0))
        QTest.mouseMove(view, pixel(view, 0.5))
        QTest.mouseRelease(view, Qt.MouseButton.RightButton, pos=pixel(view, 0.5))
    assert changed.args == pytest.approx([-2.6, 1.6], abs=0.02)
    with qtbot.waitSignal(view.rangeChanged):
        QTest.keyClick(view, Qt.Key.Key_Plus)
    QTest.keyClick(view, Qt.Key.Key_Home)
    drawing = view.drawing()
    assert drawing is not None
    assert drawing.frame.extent[:2] == pytest.approx((-2.1, 2.1))
    with qtbot.waitSignal(view.startMoved) as moved:
        QTest.keyClick(view, Qt.Key.Key_Left)
    assert moved.args[0] < 1.8


def test_no_pixel_changes_when_nothing_does(view: CurveView) -> None:
    before = array_of(view.grab().toImage())
    view.setContent(view.content())
    assert difference(before, array_of(view.grab().toImage())) == 0.0
    view.setIteration(4)
    assert difference(before, array_of(view.grab().toImage())) > 0.05


def test_without_content_it_says_what_to_do(qtbot: QtBot) -> None:
    view = CurveView()
    qtbot.addWidget(view)
    assert view.drawing() is None
    assert view.empty_text()
    view.grab()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    QTest.keyClick(view, Qt.Key.Key_Left)


def test_it_has_a_name_and_a_tooltip(view: CurveView) -> None:
    assert view.accessibleName()
    assert view.toolTip()
