"""Rows of parameters that are used again: for the parameter they stand for now, with nothing left of the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gdstudio.engine.parameters import Parameter
from gdstudio.views.panel.parameter_row import ParameterRow, ParameterRows
from gdstudio.views.panel.switch_row import SwitchRow
from tests.views.conftest import ANGLE, BETA, RATE

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SWITCH = Parameter("nesterov", "", "Whether to look ahead.", 0, 0, 1, (0, 1), integer=True)


@pytest.fixture
def rows(qtbot: QtBot) -> ParameterRows:
    rows = ParameterRows()
    qtbot.addWidget(rows)
    rows.resize(260, 200)
    rows.show()
    qtbot.waitExposed(rows)
    return rows


def _seen(rows: ParameterRows) -> list[Parameter]:
    """Return the parameters of the rows that are seen, from top to bottom."""
    # a picture is laid out before
    rows.grab()
    found: list[ParameterRow | SwitchRow] = [*rows.findChildren(ParameterRow), *rows.findChildren(SwitchRow)]
    return [row.parameter() for row in sorted(found, key=lambda row: row.y()) if row.isVisible()]


def test_rows_are_used_again_and_stand_in_the_order_of_the_parameters(rows: ParameterRows) -> None:
    rows.setParameters((RATE, BETA))
    first, second = rows.row("learning_rate"), rows.row("beta1")
    for wanted in ((ANGLE, RATE), (SWITCH, ANGLE, BETA), (BETA,), (BETA, SWITCH, RATE), (RATE, BETA)):
        rows.setParameters(wanted)
        assert _seen(rows) == list(wanted)
        assert [row.parameter() for row in (
            rows.switch(each.key) if each.is_switch else rows.row(each.key) for each in wanted
        )] == list(wanted)
    assert {rows.row("learning_rate"), rows.row("beta1")} == {first, second}
    assert len(rows.controls()) == 4


def test_a_row_says_and_takes_what_its_parameter_of_now_does(rows: ParameterRows) -> None:
    said: list[tuple[str, float, bool]] = []
    rows.changed.connect(lambda key, value, final: said.append((key, value, final)))
    rows.setParameters((RATE,))
    rows.setValue("learning_rate", 0.01)
    rows.setParameters((ANGLE,))
    rows.setValue("angle", 0.0)
    row = rows.row("angle")
    assert row.label.text().startswith("angle")
    assert row.field.accessibleName() == row.label.text()
    assert "Rotation" in row.field.toolTip()
    assert row.slider.value() == 500
    QTest.keyClick(row.slider, Qt.Key.Key_End)
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, "-100")
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    assert said == [("angle", 90.0, True), ("angle", -100.0, True)]
    row.field.selectAll()
    QTest.keyClicks(row.field, "-200")
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    assert row.error.isVisible()
    rows.setParameters((RATE,))
    assert not rows.row("learning_rate").error.isVisible()
    assert said[2:] == []


def test_what_is_half_typed_or_dragged_does_not_go_over_to_another_parameter(rows: ParameterRows) -> None:
    said: list[tuple[str, float, bool]] = []
    rows.setParameters((RATE,))
    rows.setValue("learning_rate", 0.01)
    rows.changed.connect(lambda key, value, final: said.append((key, value, final)))
    row = rows.row("learning_rate")
    row.field.setFocus()
    row.field.selectAll()
    QTest.keyClicks(row.field, "0.7")
    QTest.mousePress(row.slider, Qt.MouseButton.LeftButton, pos=QPoint(row.slider.width() // 2, 8))
    assert said
    assert {key for key, _, _ in said} == {"learning_rate"}
    rows.setParameters((BETA,))
    rows.setValue("beta1", 0.01)
    assert rows.row("beta1") is row
    assert said[-1][0] == "learning_rate"
    assert said[-1][2]
    before = len(said)
    QTest.mouseMove(row.slider, QPoint(3, 8))
    QTest.mouseRelease(row.slider, Qt.MouseButton.LeftButton, pos=QPoint(3, 8))
    QTest.keyClick(row.field, Qt.Key.Key_Return)
    assert len(said) == before
    assert float(row.field.text()) == 0.01


def test_equal_parameters_leave_the_rows_alone(rows: ParameterRows) -> None:
    rows.setParameters((RATE, BETA))
    row = rows.row("learning_rate")
    row.field.setFocus()
    QTest.keyClicks(row.field, "5")
    rows.setParameters((replace(RATE), replace(BETA)))
    assert rows.row("learning_rate") is row
    assert row.field.isModified()
