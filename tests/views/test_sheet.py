"""A sheet that closes: all it covered is there again, bit by bit, and nothing of it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QCalendarWidget, QHBoxLayout, QLineEdit, QWidget

from gdstudio.views.plots.contour import ContourView
from gdstudio.views.plots.surface import SurfaceView
from gdstudio.views.sheet import Sheet
from tests.scene.valley import map_scene

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    for view in (SurfaceView(), ContourView()):
        view.setContent(map_scene())
        row.addWidget(view)
    window.resize(800, 420)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_what_it_covered_is_painted_again_and_nothing_is_left_over(window: QWidget, qtbot: QtBot) -> None:
    before, children = window.grab().toImage(), set(window.findChildren(QWidget))
    for end in ("accept", "reject", "close"):
        sheet = Sheet(window, QSize(300, 200))
        sheet.open()
        assert window.grab().toImage() != before
        getattr(sheet, end)()
        assert not sheet.isVisible()
        qtbot.waitUntil(lambda: set(window.findChildren(QWidget)) == children)
        assert window.grab().toImage() == before


def test_a_window_that_is_resized_while_it_closes_shows_what_is_there(window: QWidget, qtbot: QtBot) -> None:
    children = set(window.findChildren(QWidget))
    sheet = Sheet(window, QSize(300, 200))
    sheet.open()
    sheet.stillBehind()
    held = set(window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)) - children - {sheet}
    assert held
    assert all(each.isVisible() for each in held)
    window.resize(window.width() + 30, window.height() + 20)
    QApplication.sendPostedEvents()
    assert not any(each.isVisible() for each in held)
    sheet.accept()
    qtbot.waitUntil(lambda: set(window.findChildren(QWidget)) == children)
    sheet = Sheet(window, QSize(300, 200))
    sheet.open()
    sheet.reject()
    window.resize(window.width() - 30, window.height() - 20)
    sheet.accept()
    qtbot.waitUntil(lambda: set(window.findChildren(QWidget)) == children)


def test_the_mouse_reaches_what_it_covered_at_once(window: QWidget) -> None:
    (surface,) = window.findChildren(SurfaceView)
    sheet = Sheet(window, QSize(300, 200))
    sheet.open()
    middle = surface.mapTo(window, surface.rect().center())
    assert window.childAt(middle) is not surface
    sheet.reject()
    assert window.childAt(middle) is surface


@pytest.mark.parametrize("kind", [QLineEdit, QCalendarWidget])
def test_what_had_the_focus_may_be_gone_when_it_closes(kind: type[QWidget], window: QWidget, qtbot: QtBot) -> None:
    last, other = kind(window), QLineEdit(window)
    for field in (last, other):
        field.show()
    window.activateWindow()
    last.setFocus()
    qtbot.waitUntil(lambda: window.focusWidget() is not None)
    sheet = Sheet(window, QSize(300, 200))
    sheet.open()
    with qtbot.waitSignal(last.destroyed):
        last.deleteLater()
    other.setFocus()
    sheet.reject()
    assert window.focusWidget() is other


def test_a_window_may_close_while_its_sheet_does(qtbot: QtBot) -> None:
    window = QWidget()
    ContourView(window)
    window.show()
    qtbot.waitExposed(window)
    sheet = Sheet(window, QSize(300, 200))
    sheet.open()
    sheet.reject()
    with qtbot.waitSignal(window.destroyed):
        window.close()
        window.deleteLater()
