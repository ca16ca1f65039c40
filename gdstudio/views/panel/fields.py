"""Fields in which formulas and numbers are typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.views.panel.numbers import compact, exact, read_number
from gdstudio.views.style import mono_font

if TYPE_CHECKING:
    from types import EllipsisType

Check = Callable[[float], float]
Display = Callable[[float], str]

NOT_A_NUMBER = QT_TRANSLATE_NOOP("Errors", "This must be a number such as 0.01 or 1e-3, not {value}.")


def sentence(error: StudioError) -> str:
    """Return what an error says, in the language of the window."""
    return QCoreApplication.translate("Errors", error.template).format(**error.details)


class MonoField(QLineEdit):
    """A line of monospaced text that hands undo and redo to the window unless it has typing of its own to undo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(mono_font())
        self.setMinimumWidth(40)

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window, and Ctrl+E, which some desktops take for the end of the line."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo)
            if (undo or event.matches(QKeySequence.StandardKey.Redo)) and not self.hasOwnUndo():
                event.ignore()
                return True
            if event.keyCombination() == QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_E):
                event.ignore()
                return True
        return super().event(event)

    def hasOwnUndo(self) -> bool:
        """Return whether undo concerns what was typed here and is not yet a change of the experiment."""
        return False

    def setTextKeepingCursor(self, text: str) -> None:
        """Show `text` and leave the cursor where it is, as far as that goes."""
        if text == self.text():
            return
        place = self.cursorPosition()
        self.setText(text)
        self.setCursorPosition(min(place, len(text)) if self.hasFocus() else 0)

    def setInvalid(self, invalid: bool) -> None:
        """Mark the field as holding something that cannot be used."""
        if bool(self.property("invalid")) != invalid:
            self.setProperty("invalid", invalid)
            self.style().unpolish(self)
            self.style().polish(self)


class NumberField(MonoField):
    """A number that may be typed.

    Enter or leaving the field takes what was typed; Escape brings the value back. A value that `check`
    refuses is not taken: `rejected` says why, in one sentence, and the old value stays.

    Parameters
    ----------
    check : callable
        Returns the number if it is allowed and raises `StudioError` otherwise.
    display : callable
        How a value is written while the field has no focus.
    off : float or None, optional
        Where given (None included), the field may be empty or say "off", which stands for this value.
    unit : str
        Stands behind the number while the field has no focus, and may be typed.
    """

    committed = Signal(object)
    rejected = Signal(str)

    def __init__(
        self, check: Check, display: Display = compact, *, off: float | EllipsisType | None = ..., unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._check = check
        self._display = display
        self._off = off
        self._unit = unit
        self._value: float | None = None
        self.editingFinished.connect(self._take)
        self.textEdited.connect(self._clear_error)

    def value(self) -> float | None:
        """Return the value shown; what is being typed is not yet one."""
        return self._value

    def setValue(self, value: float | None) -> None:
        """Show `value` unless it is shown already; typing that is not finished is left alone."""
        if value == self._value:
            return
        self._value = value
        if not (self.hasFocus() and self.isModified()):
            self._show()

    def setCheck(self, check: Check) -> None:
        """Take another number from now on: what is being typed for the one before is forgotten."""
        self._check = check
        if self.isModified():
            self._show()
        self._clear_error()

    def hasOwnUndo(self) -> bool:
        """Return whether something typed here is not taken yet."""
        return self.isModified()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show every digit, selected, ready to be typed over."""
        super().focusInEvent(event)
        if not self.isModified():
            self._show()
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the value that is in force, whatever was typed."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._show()
            self.setInvalid(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring the value back on Escape; where nothing was typed the key is for whatever is around the field."""
        if event.key() == Qt.Key.Key_Escape:
            event.setAccepted(self.isModified() or bool(self.property("invalid")))
            self._show()
            self._clear_error()
            self.selectAll()
            return
        super().keyPressEvent(event)

    def _show(self) -> None:
        if self._value is None or (self._off is not ... and self._value == self._off):
            text = ""
        elif self.hasFocus() and self.isEnabled():
            text = exact(self._value)
        else:
            text = f"{self._display(self._value)} {self._unit}".rstrip()
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)
        self.setModified(False)

    def _clear_error(self) -> None:
        self.setInvalid(False)
        self.rejected.emit("")

    def _take(self) -> None:
        if not self.isModified():
            return
        try:
            value = self._read()
        except StudioError as error:
            self.setInvalid(True)
            self.rejected.emit(sentence(error))
            self.selectAll()
            return
        self.setModified(False)
        self._clear_error()
        if value != self._value:
            self._value = value
            self.committed.emit(value)
        self._show()

    def _read(self) -> float | None:
        """Return the number that is typed, checked; raises a `StudioError` for what is none."""
        typed = self.text().strip()
        if self._off is not ... and typed.casefold() in {"", "off", self.placeholderText().casefold()}:
            return self._off
        try:
            number = read_number(typed.removesuffix(self._unit))
        except ValueError:
            shortened = typed if len(typed) <= 24 else typed[:23] + "…"
            raise StudioError(NOT_A_NUMBER, value=f"“{shortened}”") from None
        return self._check(number)


class PercentField(NumberField):
    """A share in percent; a number below 1 without the sign is taken for a fraction, ``0.2`` for 20 %.

    Parameters
    ----------
    check, display, off, parent
        As for `NumberField`, of the percentage.
    """

    def __init__(
        self, check: Check, display: Display = compact, *, off: float | EllipsisType | None = ...,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(check, display, off=off, unit="%", parent=parent)

    def _read(self) -> float | None:
        percent = super()._read()
        if percent is None or not 0.0 < percent < 1.0 or "%" in self.text():
            return percent
        # to the digits that are typed: 0.07 is 7 and not 7.000000000000001
        return self._check(float(f"{100.0 * percent:.12g}"))
