"""Curves over the iterations by mouse and key."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gdstudio.scene.curves import CurvesScene
from gdstudio.scene.runs import Series
from gdstudio.views.plots.loss import LossView
from tests.scene.pixels import array_of, difference
from tests.scene.valley import curves_scene

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def view(qtbot: QtBot) -> LossView:
    view = LossView()
    qtbot.addWidget(view)
    view.resize(420, 320)
    view.setContent(curves_scene())
    view.show()
    qtbot.waitExposed(view)
    return view


def pixel(view: LossView, iteration: float) -> QPoint:
    drawing = view.drawing()
    assert drawing is not None
    return QPoint(round(drawing.frame.x(iteration)), round(drawing.frame.top + drawing.frame.height / 2))


def wheel(view: LossView, place: QPoint, angle: int) -> None:
    event = QWheelEvent(
        QPointF(place), QPointF(view.mapToGlobal(place)), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(view, event)


def test_hovering_reads_values_out(view: LossView, qtbot: QtBot) -> None:
    before = array_of(view.grab().toImage())
    with qtbot.waitSignal(view.iterationHovered) as hovered:
        QTest.mouseMove(view, pixel(view, 50))
        QTest.mouseMove(view, pixel(view, 120))
    assert hovered.args[0] in range(45, 125)
    assert difference(before, array_of(view.grab().toImage())) > 0.5


def test_where_epochs_are_counted_every_run_is_read_out_to_its_end(view: LossView) -> None:
    series = tuple(
        Series(f"run {slot}", slot, np.linspace(3.0, 1.0, 61), epoch=epoch) for slot, epoch in enumerate((4.0, 1.0))
    )
    view.setContent(CurvesScene(series, 0))
    view.epochs.click()
    pictures = []
    for epoch in (7.25, 15.0, 36.0, 60.0):
        place = pixel(view, epoch)
        assert view.place_at(place.x()) == pytest.approx(epoch, abs=0.25)
        assert view.iteration_at(place.x()) == pytest.approx(min(4 * epoch, 60), abs=1)
        QTest.mouseMove(view, place)
        pictures.append(array_of(view.grab().toImage()))
    assert all(difference(earlier, later) > 0.5 for earlier, later in pairwise(pictures))


def test_no_tooltip_covers_the_read_out(view: LossView, qtbot: QtBot) -> None:
    inside, beside = pixel(view, 80), QPoint(3, 3)
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    for place, told in ((inside, False), (beside, True)):
        QTest.mouseMove(view, place)
        QApplication.sendEvent(view, QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place)))
        assert QToolTip.isVisible() is told
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_the_wheel_zooms_within_all_iterations_and_a_double_click_resets(view: LossView, qtbot: QtBot) -> None:
    wheel(view, pixel(view, 100), 480)
    span = view.span()
    assert span is not None
    assert 0 <= span[0] < 100 < span[1] <= 199
    wheel(view, pixel(view, 100), -4800)
    assert view.span() is None
    wheel(view, pixel(view, 100), 48_000)
    assert view.span() is not None
    view.grab()
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=pixel(view, 100))
    assert view.span() is None


def test_a_drag_pans_a_zoomed_view(view: LossView, qtbot: QtBot) -> None:
    wheel(view, pixel(view, 100), 960)
    before = view.span()
    assert before is not None
    place = QPoint(200, 100)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseMove(view, place - QPoint(40, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place - QPoint(40, 0))
    after = view.span()
    assert after is not None
    assert after[0] > before[0]
    assert after[1] - after[0] == pytest.approx(before[1] - before[0])


def test_a_shorter_run_leaves_no_view_beyond_its_end(view: LossView) -> None:
    wheel(view, pixel(view, 190), 960)
    scene = curves_scene()
    view.setContent(replace(scene, series=tuple(replace(one, values=one.values[:20]) for one in scene.series)))
    span = view.span()
    assert span is None or span[1] <= 19


def test_keys_zoom_and_reset(view: LossView, qtbot: QtBot) -> None:
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.span() is not None
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.span() is None


def test_no_pixel_changes_when_nothing_does_and_the_cursor_moves_the_line(view: LossView) -> None:
    before = array_of(view.grab().toImage())
    view.setContent(view.content())
    view.setIteration(80)
    assert difference(before, array_of(view.grab().toImage())) == 0.0
    view.setIteration(140)
    assert difference(before, array_of(view.grab().toImage())) > 0.05


def test_without_runs_it_says_what_to_do(qtbot: QtBot) -> None:
    view = LossView()
    qtbot.addWidget(view)
    view.resize(300, 200)
    assert view.drawing() is None
    assert view.empty_text()
    view.grab()
    QTest.keyClick(view, Qt.Key.Key_Plus)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton)
    assert view.span() is None


def test_it_has_a_name_and_a_tooltip(view: LossView) -> None:
    assert view.accessibleName()
    assert view.toolTip()
