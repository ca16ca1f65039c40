"""Sliders over linear and logarithmic scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdstudio.engine.parameters import Parameter
from gdstudio.views.panel.sliders import STEPS, ScaleSlider
from tests.views.conftest import ANGLE, BETA, RATE, activate

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SIZE = Parameter("size", "", "A size.", 16, 1, 60, (2, 60), logarithmic=True, integer=True)


@pytest.fixture
def slider(qtbot: QtBot) -> ScaleSlider:
    widget = ScaleSlider(RATE)
    qtbot.addWidget(widget)
    widget.resize(212, 22)
    widget.setValueShown(0.01)
    activate(widget, qtbot)
    return widget


def _said(slider: ScaleSlider) -> list[tuple[float, bool]]:
    said: list[tuple[float, bool]] = []
    slider.changed.connect(lambda value, final: said.append((value, final)))
    return said


@pytest.mark.parametrize("parameter", [RATE, BETA, ANGLE, SIZE], ids=lambda each: each.key)
def test_values_grow_with_the_position_and_are_allowed(qapp: QApplication, parameter: Parameter) -> None:
    scale = ScaleSlider(parameter)
    values = [scale.value_at(position) for position in range(STEPS + 1)]
    assert values == sorted(values)
    assert values[0] == parameter.usual[0]
    assert values[-1] == parameter.usual[1]
    assert all(parameter.check(value) == value for value in values)


@given(st.integers(0, STEPS))
def test_a_value_stands_where_it_came_from(position: int) -> None:
    for parameter in (RATE, BETA, ANGLE):
        scale = ScaleSlider(parameter)
        assert abs(scale.position_of(scale.value_at(position)) - position) <= 1


def test_values_beyond_the_scale_stand_at_its_ends(slider: ScaleSlider) -> None:
    assert slider.position_of(0.0) == 0
    assert slider.position_of(1e9) == STEPS


def test_setting_emits_nothing(slider: ScaleSlider) -> None:
    said = _said(slider)
    slider.setValueShown(0.5)
    assert slider.value() == slider.position_of(0.5)
    assert said == []


def test_a_drag_is_final_once_and_at_its_end(slider: ScaleSlider) -> None:
    said = _said(slider)
    middle = slider.height() // 2
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(40, middle))
    for x in (60, 90, 120):
        QTest.mouseMove(slider, QPoint(x, middle))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(120, middle))
    assert [final for _value, final in said] == [False, False, False, False, True]
    assert said[-1][0] == said[-2][0] == slider.value_at(slider.value())


def test_a_value_that_is_set_meanwhile_does_not_move_a_dragged_knob(slider: ScaleSlider) -> None:
    middle = slider.height() // 2
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(150, middle))
    held = slider.value()
    slider.setValueShown(1e-5)
    assert slider.value() == held
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(150, middle))


def test_a_drag_ends_when_the_slider_is_hidden(slider: ScaleSlider) -> None:
    said = _said(slider)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(30, 11))
    slider.hide()
    assert said[-1][1] is True


def test_a_key_is_a_final_change(slider: ScaleSlider) -> None:
    said = _said(slider)
    slider.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_End, Qt.Key.Key_End, Qt.Key.Key_Home):
        QTest.keyClick(slider, key)
    assert [final for _value, final in said] == [True] * 4
    assert said[-2][0] == 1.0
    assert said[-1][0] == 1e-5


@pytest.mark.parametrize("focused", [True, False])
def test_the_wheel_turns_only_a_slider_in_focus(slider: ScaleSlider, focused: bool) -> None:
    said = _said(slider)
    slider.setFocus() if focused else slider.clearFocus()
    place = QPointF(20, 10)
    event = QWheelEvent(
        place, slider.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )
    QApplication.sendEvent(slider, event)
    assert bool(said) is focused
