"""The pane of data in the window: its tabs, its hint, and when it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gdstudio.views.data_pane import DataPane
from gdstudio.views.main_window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.panes import TabbedPane


@pytest.fixture
def pane(qtbot: QtBot) -> DataPane:
    pane = DataPane()
    qtbot.addWidget(pane)
    pane.resize(900, 360)
    pane.show()
    qtbot.waitExposed(pane)
    return pane


def offered(pane: TabbedPane) -> list[str]:
    return [pane.tabs.tabData(index) for index in range(pane.tabs.count()) if pane.tabs.isTabVisible(index)]


def test_the_tabs_suit_the_task(pane: DataPane) -> None:
    assert offered(pane) == ["data", "residuals", "actual"]
    pane.setCurrent("actual")
    assert pane.stack.currentWidget() is pane.actual
    pane.setTask("classes")
    assert offered(pane) == ["data", "confusion"]
    assert pane.current() == "data"
    assert pane.stack.currentWidget() is pane.data
    pane.setCurrent("confusion")
    pane.setTask("regression")
    assert pane.current() == "data"


def test_the_hint_is_there_while_the_data_are_in_front_and_there_is_room(pane: DataPane, qtbot: QtBot) -> None:
    assert pane.hint.isVisible()
    assert "Shift" in pane.hint.text()
    QTest.mouseClick(pane.tabs, Qt.MouseButton.LeftButton, pos=pane.tabs.tabRect(1).center())
    assert pane.current() == "residuals"
    assert not pane.hint.isVisible()
    pane.setCurrent("data")
    pane.resize(420, 360)
    qtbot.waitUntil(lambda: not pane.hint.isVisible())
    pane.resize(900, 360)
    qtbot.waitUntil(pane.hint.isVisible)


def test_the_window_shows_it_where_there_is_data(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.setViews(QWidget(), QWidget(), QWidget())
    window.setDataViews(QWidget(), QWidget(), QWidget())
    window.show()
    qtbot.waitExposed(window)
    assert not window.data_pane.isVisible()
    assert offered(window.contour_pane) == ["contour"]
    window.setDataShown(True)
    qtbot.waitUntil(window.data_pane.isVisible)
    assert offered(window.contour_pane) == ["contour", "batch", "cloud"]
    assert offered(window.curves_pane) == ["loss", "metrics"]
    qtbot.waitUntil(lambda: abs(window.data_pane.height() - window.centre.height()) < 40)
    window.contour_pane.setCurrent("cloud")
    window.curves_pane.setCurrent("metrics")
    window.setDataShown(False)
    assert window.contour_pane.current() == "contour"
    assert window.curves_pane.current() == "loss"
    assert not window.data_pane.isVisible()
