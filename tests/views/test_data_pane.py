"""The pane of data in the window: its tabs, the gestures it names, and when it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gdstudio.views.data_pane import DataPane
from gdstudio.views.main_window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def pane(qtbot: QtBot) -> DataPane:
    pane = DataPane()
    qtbot.addWidget(pane)
    pane.resize(900, 360)
    pane.show()
    qtbot.waitExposed(pane)
    return pane


def test_the_tabs_suit_the_task(pane: DataPane) -> None:
    assert pane.offered() == ("data", "residuals", "actual")
    pane.setCurrent("actual")
    assert pane.stack.currentWidget() is pane.actual
    pane.setTask("classes")
    assert pane.offered() == ("data", "confusion")
    assert pane.current() == "data"
    assert pane.stack.currentWidget() is pane.data
    pane.setCurrent("confusion")
    pane.setTask("regression")
    assert pane.current() == "data"


@pytest.mark.parametrize("task", ["regression", "classes"])
@pytest.mark.parametrize("width", [364 + 26, 473, 720, 1100])
def test_all_gestures_are_said_below_the_data(
    pane: DataPane, qtbot: QtBot, width: int, task: Literal["regression", "classes"]
) -> None:
    pane.setTask(task)
    pane.resize(width, 360)
    qtbot.waitUntil(lambda: pane.remark.width() == width - 26)
    words = pane.remark.text()
    assert pane.remark.isVisible()
    assert not words.endswith("…")
    for gesture in ("drag", "Shift-click", "Alt-click", "Ctrl-drag", "Ctrl+Z"):
        assert gesture in words
    assert ("legend" in words) == (task == "classes" and width >= 720)
    assert "rectangle" in pane.remark.toolTip()
    assert "arrow keys" in pane.remark.toolTip()


def test_gestures_are_said_while_the_data_are_in_front(pane: DataPane) -> None:
    QTest.mouseClick(pane.tabs, Qt.MouseButton.LeftButton, pos=pane.tabs.tabRect(1).center())
    assert pane.current() == "residuals"
    assert not pane.remark.isVisible()
    pane.setCurrent("data")
    assert pane.remark.isVisible()


def test_the_window_shows_it_where_there_is_data(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.setViews(QWidget(), QWidget(), QWidget())
    window.setDataViews(QWidget(), QWidget(), QWidget())
    window.show()
    qtbot.waitExposed(window)
    assert not window.data_pane.isVisible()
    assert window.contour_pane.offered() == ("contour",)
    window.setDataShown(True)
    qtbot.waitUntil(window.data_pane.isVisible)
    assert window.contour_pane.offered() == ("contour", "batch", "cloud")
    assert window.curves_pane.offered() == ("loss", "metrics")
    qtbot.waitUntil(lambda: abs(window.data_pane.height() - window.centre.height()) < 40)
    window.contour_pane.setCurrent("cloud")
    window.curves_pane.setCurrent("metrics")
    window.setDataShown(False)
    assert window.contour_pane.current() == "contour"
    assert window.curves_pane.current() == "loss"
    assert not window.data_pane.isVisible()


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize("batches", [False, True])
@pytest.mark.parametrize("width", [473, 720])
def test_it_is_said_which_mark_is_what_where_there_are_such_marks(
    pane: DataPane, qtbot: QtBot, width: int, batches: bool, held_out: bool
) -> None:
    pane.resize(width, 360)
    pane.setMarks(held_out=held_out, batches=batches)
    qtbot.waitUntil(lambda: pane.width() == width)
    words = pane.note.text()
    assert pane.note.isVisible() == (held_out or batches) == bool(words)
    assert ("hollow" in words) == held_out
    # where there is no room for both, the one that does not change from step to step
    assert ("large" in words) == (batches and (width > 473 or not held_out))
    qtbot.waitUntil(lambda: pane.note.width() >= pane.note.fontMetrics().horizontalAdvance(words))
    last = pane.tabs.tabRect(pane.tabs.count() - 1).right()
    assert not words or pane.note.x() > pane.tabs.x() + last
    pane.setCurrent("residuals")
    assert pane.note.text() == ("hollow: held out" if held_out else "")


@pytest.mark.parametrize("held_out", [False, True])
@pytest.mark.parametrize(("batches", "at_epochs"), [(False, False), (True, False), (True, True)])
def test_it_is_said_which_line_of_the_loss_is_what(
    window: MainWindow, batches: bool, at_epochs: bool, held_out: bool
) -> None:
    pane = window.curves_pane
    window.setDataViews(QWidget(), QWidget(), QWidget())
    window.setDataShown(True)
    assert not pane.remark.isVisible()
    pane.setLossCurves(batches=batches, held_out=held_out, at_epochs=at_epochs)
    assert pane.remark.isVisible() == (batches or held_out)
    if not pane.remark.isVisible():
        return
    # as wide as it is at 1024 and at 1440 pixels
    for width in (275, 397):
        pane.remark.resize(width, 24)
        words = pane.remark.text()
        assert not words.endswith("…")
        assert ("faint" in words, "dashed" in words, "epoch" in words) == (batches, held_out, at_epochs)
    explained = pane.remark.toolTip()
    assert ("Faint" in explained, "Dashed" in explained, "so many" in explained) == (batches, held_out, at_epochs)
    pane.setCurrent("metrics")
    assert not pane.remark.isVisible()
    pane.setCurrent("loss")
    pane.setLossCurves(batches=False, held_out=False, at_epochs=False)
    assert not pane.remark.isVisible()
