"""Fields in which numbers are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gdstudio.views.panel.fields import NumberField
from tests.views.conftest import BETA, RATE, activate

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Form(QWidget):
    """A field, one that may be off, and what they said."""

    def __init__(self) -> None:
        super().__init__()
        self.field = NumberField(BETA.check)
        self.optional = NumberField(RATE.check, off=None)
        self.said: list[object] = []
        self.refused: list[str] = []
        column = QVBoxLayout(self)
        for each in (self.field, self.optional):
            column.addWidget(each)
            each.committed.connect(self.said.append)
            each.rejected.connect(self.refused.append)
        self.field.setValue(0.9)
        self.optional.setValue(0.02)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    widget = Form()
    qtbot.addWidget(widget)
    activate(widget, qtbot)
    widget.optional.setFocus()
    return widget


def _type(field: NumberField, text: str) -> None:
    field.setFocus()
    field.selectAll()
    if text:
        QTest.keyClicks(field, text)
    else:
        QTest.keyClick(field, Qt.Key.Key_Backspace)


def test_enter_takes_what_was_typed(form: Form) -> None:
    _type(form.field, "0.95")
    assert form.said == []
    QTest.keyClick(form.field, Qt.Key.Key_Return)
    assert form.said == [0.95]
    assert form.field.value() == 0.95


def test_leaving_takes_what_was_typed_once(form: Form) -> None:
    _type(form.field, "0.5")
    QTest.keyClick(form.field, Qt.Key.Key_Return)
    form.optional.setFocus()
    assert form.said == [0.5]
    assert form.field.text() == "0.500"


def test_escape_brings_the_value_back(form: Form) -> None:
    _type(form.field, "0.1")
    QTest.keyClick(form.field, Qt.Key.Key_Escape)
    form.optional.setFocus()
    assert form.said == []
    assert form.field.text() == "0.900"


@pytest.mark.parametrize("typed", ["1.5", "1", "abc", "nan", "-0.1", ""])
def test_a_wrong_value_is_refused_with_a_sentence_and_the_old_one_stays(form: Form, typed: str) -> None:
    _type(form.field, typed)
    QTest.keyClick(form.field, Qt.Key.Key_Return)
    assert form.said == []
    assert form.refused[-1].endswith(".")
    assert form.field.value() == 0.9
    assert form.field.property("invalid") is True
    form.optional.setFocus()
    assert form.field.text() == "0.900"
    assert form.field.property("invalid") is False


def test_typing_on_clears_the_sentence(form: Form) -> None:
    _type(form.field, "7")
    QTest.keyClick(form.field, Qt.Key.Key_Return)
    QTest.keyClicks(form.field, "0.3")
    assert form.refused[-1] == ""


def test_an_unchanged_number_is_no_change(form: Form) -> None:
    _type(form.field, "0.90")
    QTest.keyClick(form.field, Qt.Key.Key_Return)
    assert form.said == []


@pytest.mark.parametrize("typed", ["", "off", "OFF"])
def test_off_can_be_typed_or_left_empty(form: Form, typed: str) -> None:
    _type(form.optional, typed)
    QTest.keyClick(form.optional, Qt.Key.Key_Return)
    assert form.said == [None]
    assert form.optional.text() == ""


def test_every_digit_shows_in_focus_and_none_is_lost(form: Form) -> None:
    form.optional.setValue(0.123456789012345)
    form.optional.setFocus()
    form.field.setFocus()
    assert form.optional.text() == "0.1235"
    form.optional.setFocus()
    assert form.optional.text() == "0.123456789012345"
    form.field.setFocus()
    assert form.said == []


def test_a_value_set_while_one_types_leaves_the_typing_alone(form: Form) -> None:
    _type(form.field, "0.12")
    form.field.setValue(0.7)
    assert form.field.text() == "0.12"
    assert form.said == []


def _takes_undo(field: NumberField) -> bool:
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "z")
    event.ignore()
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def test_undo_belongs_to_the_window_unless_something_is_typed(form: Form) -> None:
    form.field.setFocus()
    assert not _takes_undo(form.field)
    QTest.keyClicks(form.field, "0.4")
    assert _takes_undo(form.field)
