"""The parameter panel is kind to whoever types, tabs or listens while models come in."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gdstudio.experiment.checking import MAXIMUM_RUNS
from gdstudio.scene.theme import DARK, LIGHT
from gdstudio.views.panel.model import Mistake, PanelModel, StartModel
from tests.views.conftest import (
    controls,
    data_model,
    formula_model,
    function_model,
    wide_model,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gdstudio.views.panel.parameter_panel import ParameterPanel

MODELS = (function_model(), formula_model(), formula_model("5*x^", Mistake("Something is missing.", 4)),
          data_model(), wide_model(), wide_model(3))


def contents(panel: ParameterPanel) -> QWidget:
    widget = panel.widget()
    assert widget is not None
    return widget


def test_focus_and_typing_survive_a_model(panel: ParameterPanel) -> None:
    field = panel.start.fields[0]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "3.2")
    field.setCursorPosition(1)
    panel.setModel(replace(function_model(), start=StartModel(("x", "y"), (5.0, 6.0))))
    assert field is panel.start.fields[0]
    assert field.hasFocus()
    assert (field.text(), field.cursorPosition()) == ("3.2", 1)
    assert panel.start.fields[1].text() == "6.0000"


def test_nothing_is_rebuilt_where_only_values_change(panel: ParameterPanel) -> None:
    before = controls(panel)
    model = function_model()
    cards = tuple(
        replace(card, parameters=tuple(replace(each, value=0.5) for each in card.parameters)) for card in model.cards
    )
    panel.setModel(replace(model, cards=cards, stopping=replace(model.stopping, iterations=7)))
    assert controls(panel) == before


def test_cards_come_and_go(panel: ParameterPanel) -> None:
    model = function_model()
    first = panel.optimizers.cards[0]
    panel.setModel(replace(model, cards=model.cards[:1]))
    assert panel.optimizers.cards == [first]
    panel.setModel(replace(model, cards=()))
    assert panel.optimizers.empty.isVisible()
    panel.setModel(model)
    assert [card.header.text() for card in panel.optimizers.cards] == ["Adam", "Momentum"]
    assert not panel.optimizers.empty.isVisible()


@pytest.mark.parametrize("model", MODELS, ids=["function", "formula", "mistake", "data", "wide", "three"])
def test_every_control_has_a_name_and_a_tooltip(panel: ParameterPanel, model: PanelModel) -> None:
    panel.setModel(model)
    found = controls(panel)
    assert len(found) > 12
    for control in found:
        assert control.accessibleName(), control
        parent = control.parentWidget()
        assert control.toolTip() or (isinstance(control, QLineEdit) and parent and parent.toolTip()), control


def test_names_of_controls_differ(panel: ParameterPanel) -> None:
    names = [each.accessibleName() for each in controls(panel) if each.parentWidget() is not None]
    cards = [name for name in names if "Adam" in name or "Momentum" in name]
    assert len(set(cards)) == len(cards)


def test_tab_goes_down_the_panel(panel: ParameterPanel) -> None:
    panel.problem.tabs.button("function").setFocus()
    seen = []
    for _ in range(60):
        focus = panel.window().focusWidget()
        if focus in seen:
            break
        seen.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    heights = [each.mapTo(contents(panel), QPoint(0, each.height() // 2)).y() for each in seen]
    assert len(seen) >= 15
    assert all(later >= earlier - 8 for earlier, later in pairwise(heights))


@pytest.mark.parametrize("width", [250, 296])
@pytest.mark.parametrize("model", MODELS, ids=["function", "formula", "mistake", "data", "wide", "three"])
def test_nothing_is_cut_at_either_width(panel: ParameterPanel, qtbot: QtBot, model: PanelModel, width: int) -> None:
    panel.setModel(model)
    panel.resize(width, 660)
    qtbot.waitUntil(lambda: panel.width() == width)
    right = panel.viewport().width()
    qtbot.waitUntil(lambda: contents(panel).width() <= right)
    for each in controls(panel) + contents(panel).findChildren(QLabel):
        if each.isVisible():
            assert each.mapTo(contents(panel), QPoint(each.width(), 0)).x() <= right, each


def test_colours_of_runs_follow_the_theme(panel: ParameterPanel) -> None:
    card = panel.optimizers.cards[0]
    edges = {}
    for theme in (DARK, LIGHT):
        panel.setTheme(replace(theme, runs=("#ff0000",) if theme is DARK else ("#00ff00",)))
        edges[theme.key] = card.grab().toImage().pixelColor(1, card.height() // 2).name()
    assert edges == {"dark": "#ff0000", "light": "#00ff00"}


def test_where_there_are_as_many_runs_as_there_can_be_none_is_added(panel: ParameterPanel) -> None:
    model = function_model()
    section = panel.optimizers
    inviting = section.add.toolTip()
    for count, room in ((MAXIMUM_RUNS, False), (MAXIMUM_RUNS - 1, True), (MAXIMUM_RUNS, False)):
        panel.setModel(replace(model, cards=(model.cards[0],) * count))
        assert len(section.cards) == count
        assert section.add.isEnabled() is room
        duplicates = [card.menu.actions()[2] for card in section.cards]
        assert all(action.text() == "&Duplicate" and action.isEnabled() is room for action in duplicates)
        for told in (section.add.toolTip(), *(action.toolTip() for action in duplicates)):
            assert (str(MAXIMUM_RUNS) in told) is not room
        assert all(card.menu.toolTipsVisible() for card in section.cards)
    panel.setModel(model)
    assert section.add.toolTip() == inviting


def test_what_is_typed_after_a_click_takes_the_place_of_the_name(panel: ParameterPanel, qtbot: QtBot) -> None:
    search = panel.problem.combo.search
    contents(panel).setFocus()
    panel.stopping.iterations.setFocus()
    QTest.mouseClick(search, Qt.MouseButton.LeftButton, pos=QPoint(60, search.height() // 2))
    assert search.selectedText() == search.text() == "Rosenbrock valley"
    # a second click puts the cursor where it is
    QTest.mouseClick(search, Qt.MouseButton.LeftButton, pos=QPoint(60, search.height() // 2))
    assert not search.hasSelectedText()
    panel.stopping.iterations.setFocus()
    QTest.mouseClick(search, Qt.MouseButton.LeftButton, pos=QPoint(60, search.height() // 2))
    QTest.keyClicks(search, "himm")
    with qtbot.waitSignal(panel.problemChosen) as chosen:
        QTest.keyClick(search, Qt.Key.Key_Return)
    assert chosen.args == ["himmelblau"]
