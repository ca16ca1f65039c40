"""Sentences in one line: what is cut can be read by pointer, click and key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdstudio.views.sentence import SentencePopup

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.main_window import MainWindow

LONG = "Cycling · Reached the limit of 600 iterations <with> a loss · " + "The noise of batches keeps it moving. " * 9


def _popup() -> SentencePopup | None:
    popup = QApplication.activePopupWidget()
    return popup if isinstance(popup, SentencePopup) else None


def test_what_fits_has_nothing_to_open(window: MainWindow, qtbot: QtBot) -> None:
    state = window.status.state
    window.status.setState("Paused")
    qtbot.waitUntil(lambda: state.text() == "Paused")
    assert state.toolTip() == ""
    assert state.focusPolicy() == Qt.FocusPolicy.NoFocus
    QTest.mouseClick(state, Qt.MouseButton.LeftButton)
    assert _popup() is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_what_is_cut_is_read_by_keys(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    said: list[bool] = []
    window.actionRun.triggered.connect(said.append)
    state = window.status.state
    window.status.setState(LONG)
    qtbot.waitUntil(lambda: state.text().endswith("…"))
    assert state.text().startswith("Cycling")
    assert state.accessibleName() == LONG
    assert "&lt;with&gt;" in state.toolTip()
    state.setFocus()
    assert state.hasFocus()
    QTest.keyClick(state, key)
    popup = _popup()
    assert popup is not None
    assert popup.label.text() == LONG
    assert popup.label.height() >= popup.label.heightForWidth(popup.label.width())
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: _popup() is None)
    assert said == []


def test_a_click_shows_more_than_the_line_and_the_window_has_room_for_it(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(window.minimumSize())
    window.status.setState("Adam: Minimum", f"Adam: Minimum\nMomentum: {LONG}")
    state = window.status.state
    qtbot.waitUntil(lambda: state.text() == "Adam: Minimum")
    QTest.mouseClick(state, Qt.MouseButton.LeftButton)
    popup = _popup()
    assert popup is not None
    assert popup.label.text().split("\n\n")[0] == "Adam: Minimum"
    assert popup.width() < window.width()
    assert popup.geometry().bottom() < state.mapToGlobal(state.rect().topLeft()).y()
    QTest.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _popup() is None)


def test_a_message_can_be_read_whole_and_gives_way_again(window: MainWindow, qtbot: QtBot) -> None:
    window.status.setState("Adam: Minimum", "Adam: Minimum\nMomentum: Plateau")
    window.status.showMessage(LONG, 50)
    assert window.status.state.accessibleName() == LONG
    qtbot.waitUntil(lambda: window.status.state.whole() == "Adam: Minimum")
    assert window.status.state.accessibleName().endswith("Plateau")


def test_what_is_under_the_pointer_has_room_beside_a_long_sentence(window: MainWindow, qtbot: QtBot) -> None:
    readout = "f = 4.118 at (−0.52, 1.31) under the pointer"
    window.status.setState(LONG)
    window.status.setReadout(readout)
    qtbot.waitUntil(lambda: window.status.readout.text() == readout and window.status.state.text().endswith("…"))
    assert window.status.state.width() > window.width() // 3
    window.status.setReadout("")
    qtbot.waitUntil(lambda: window.status.readout.width() < 40)
