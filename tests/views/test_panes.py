"""Panes with tabs: what is offered has a tab that is painted, whatever came before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gdstudio.scene.theme import DARK, LIGHT
from gdstudio.views import style
from gdstudio.views.panes import TabbedPane
from gdstudio.views.style_sheet import style_sheet

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.main_window import MainWindow

TITLES = {"contour": "Contour", "batch": "This batch", "cloud": "Gradient cloud"}
STEPS = st.one_of(
    st.tuples(st.just("offer"), st.sampled_from(["batch", "cloud"]), st.booleans()),
    st.tuples(st.just("front"), st.sampled_from(list(TITLES))),
    st.tuples(st.just("theme"), st.sampled_from([DARK, LIGHT])),
    st.tuples(st.just("wide"), st.sampled_from([120, 200, 460, 700])),
    st.tuples(st.just("title"), st.sampled_from(["Contour", "Derivative"])),
    st.tuples(st.just("seen"), st.booleans()),
    st.tuples(st.just("paint")),
)


class Stage(QWidget):
    """A pane in a window, and what may happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = TabbedPane(self)
        self.views = {key: QWidget() for key in TITLES}
        for key, title in TITLES.items():
            self.pane.addView(key, self.views[key], title)
        QVBoxLayout(self).addWidget(self.pane)
        self.resize(460, 300)
        self.offered = set(TITLES)

    def take(self, step: tuple) -> None:
        match step:
            case "offer", key, offered:
                self.pane.setViewOffered(key, offered)
                (self.offered.add if offered else self.offered.discard)(key)
            case "front", key if key in self.offered:
                self.pane.setCurrent(key)
            case "theme", theme:
                QApplication.setPalette(style.palette(theme))
                self.setStyleSheet(style_sheet(theme))
            case "wide", width:
                self.resize(width, 300)
            case "title", title:
                self.pane.setTitle("contour", title)
            case "seen", seen:
                self.setVisible(seen)
            case ("paint",):
                QCoreApplication.processEvents()

    def painted(self) -> list[str]:
        """Return what is on the tabs that can be seen, by what is offered in this order."""
        tabs = self.pane.tabs
        QCoreApplication.processEvents()
        image = tabs.grab().toImage()
        found, right = [], 0
        for index in range(tabs.count()):
            place = tabs.tabRect(index)
            words = tabs.fontMetrics().horizontalAdvance(tabs.tabText(index))
            colours = {image.pixel(x, y) for x in range(place.left(), place.left() + words) for y in range(5, 20)}
            if place.left() >= right and place.width() >= words and len(colours) > 4:
                found.append(tabs.tabData(index))
            right = place.right()
        return found


@settings(deadline=None, max_examples=60)
@given(steps=st.lists(STEPS, max_size=14))
def test_the_tabs_that_are_painted_are_those_that_are_offered(qapp: QApplication, steps: list[tuple]) -> None:
    stage = Stage()
    try:
        stage.show()
        for step in steps:
            stage.take(step)
        stage.resize(700, 300)
        stage.show()
        wanted = [key for key in TITLES if key in stage.offered]
        assert stage.painted() == wanted == list(stage.pane.offered())
        assert stage.pane.current() in wanted
        assert stage.pane.stack.currentWidget() is stage.views[stage.pane.current()]
    finally:
        stage.close()
        stage.deleteLater()


def test_data_that_is_said_twice_before_anything_is_painted_has_its_tabs(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.setDataViews(QWidget(), QWidget(), QWidget())
    qtbot.waitUntil(lambda: window.contour_pane.tabs.tabRect(0).width() > 0)
    for _ in range(2):
        window.setDataShown(True)
    for pane in (window.contour_pane, window.curves_pane):
        for index, key in enumerate(pane.offered()):
            assert pane.tabs.tabRect(index).width() > 20, key


def test_a_tab_that_comes_back_stands_in_its_place_with_its_title(qtbot: QtBot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.pane.setViewOffered("batch", False)
    stage.pane.setTitle("batch", "Sample")
    assert stage.pane.offered() == ("contour", "cloud")
    stage.pane.setViewOffered("batch", True)
    assert stage.pane.offered() == ("contour", "batch", "cloud")
    assert stage.pane.tabs.tabText(1) == stage.pane.tabs.tabToolTip(1) == "Sample"


@pytest.mark.parametrize("key", ["batch", "cloud"])
def test_a_view_in_front_that_goes_makes_room_for_a_neighbour(qtbot: QtBot, key: str) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.pane.setCurrent(key)
    stage.pane.setViewOffered(key, False)
    assert stage.pane.current() not in {key, ""}
    assert stage.pane.stack.currentWidget() is stage.views[stage.pane.current()]


def test_a_click_says_which_view_was_chosen(qtbot: QtBot) -> None:
    stage = Stage()
    qtbot.addWidget(stage)
    stage.pane.setViewOffered("batch", False)
    stage.show()
    qtbot.waitExposed(stage)
    said: list[str] = []
    stage.pane.chosen.connect(said.append)
    QTest.mouseClick(stage.pane.tabs, Qt.MouseButton.LeftButton, pos=stage.pane.tabs.tabRect(1).center())
    assert said == ["cloud"]
    assert stage.pane.stack.currentWidget() is stage.views["cloud"]
