"""A combo box in which people find a row of a table by a part of its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QCompleter, QLineEdit, QWidget

from gdstudio.views.controls import ChevronCombo

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QMouseEvent

    from gdstudio.views.panel.model import Choice


class _SearchField(QLineEdit):
    """A field in which what is typed takes the place of the name that stands there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._by_mouse = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_mouse = event.reason() == Qt.FocusReason.MouseFocusReason
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        # the press that brought the focus has put the cursor where it was
        if self._by_mouse and not self.hasSelectedText():
            self.selectAll()
        self._by_mouse = False


class SearchCombo(ChevronCombo):
    """A combo box in which a part of a name may be typed to find it.

    `picked` carries the key of the row that a person took.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._found: QAbstractItemView | None = None
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = ()
        self._current: str | None = None
        self.search = _SearchField(self)
        self.setLineEdit(self.search)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self._found = completer.popup()
        completer.activated.connect(self._completed)
        self.activated.connect(self._activated)
        self.search.returnPressed.connect(self._take_first)
        self.search.editingFinished.connect(self._restore)

    def changeEvent(self, event: QEvent) -> None:
        """Give the list of names found, which is a window of its own, the look of this one."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self._found is not None:
            self._found.setStyleSheet(self.window().styleSheet())

    def setChoices(self, choices: tuple[Choice, ...]) -> None:
        """Offer `choices`."""
        if choices == self._choices:
            return
        self._choices = choices
        self.clear()
        for choice in choices:
            self.addItem(choice.name, choice.key)
        self._restore()

    def current(self) -> str | None:
        """Return the key of the row shown."""
        return self._current

    def setCurrent(self, key: str | None) -> None:
        """Show the row `key`, without a signal."""
        if key != self._current:
            self._current = key
            self._restore()

    def _restore(self) -> None:
        index = self.findData(self._current)
        self.setCurrentIndex(index)
        self.setEditText(self.itemText(index) if index >= 0 else "")
        self.search.setCursorPosition(0)

    def _take(self, key: str) -> None:
        changed = key != self._current
        self._current = key
        self._restore()
        if changed:
            self.picked.emit(key)

    def _activated(self, index: int) -> None:
        self._take(self.itemData(index))

    def _completed(self, text: str) -> None:
        index = self.findText(text, Qt.MatchFlag.MatchExactly)
        if index >= 0:
            self._take(self.itemData(index))

    def _take_first(self) -> None:
        index = self.findText(self.currentText(), Qt.MatchFlag.MatchContains)
        if self.currentText() and index >= 0:
            self._take(self.itemData(index))
        else:
            self._restore()
