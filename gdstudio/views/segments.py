"""A few choices side by side, of which one is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QResizeEvent

PADDING = 12


class _Segment(QPushButton):
    """One choice; `pointed` says that a person clicked it with the mouse, whatever was taken before."""

    pointed = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the choice."""
        inside = self.isDown() and event.button() == Qt.MouseButton.LeftButton
        super().mouseReleaseEvent(event)
        if inside:
            self.pointed.emit()


class Segments(QWidget):
    """A few choices side by side of which one is taken; arrow keys move along them.

    `chosen` carries the key of the choice that a person took, never one that was set; `pointed` the key of each that
    is clicked with the mouse, after it was taken.
    """

    chosen = Signal(str)
    pointed = Signal(str)

    def __init__(self, keys: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, QPushButton] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for index, key in enumerate(keys):
            button = _Segment(self)
            button.setCheckable(True)
            button.setProperty("role", "segment")
            button.setProperty("place", "first" if not index else "last" if index == len(keys) - 1 else "middle")
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            button.setFont(text_font(12))
            button.setMinimumWidth(24)
            button.clicked.connect(lambda _checked=False, key=key: self._take(key))
            button.pointed.connect(lambda key=key: self.pointed.emit(key))
            group.addButton(button)
            row.addWidget(button, 1)
            self._buttons[key] = button
        self._row = row
        self._current = ""

    def button(self, key: str) -> QPushButton:
        """Return the button of a choice."""
        return self._buttons[key]

    def controls(self) -> list[QWidget]:
        """Return what takes the keyboard, in order."""
        return list(self._buttons.values())

    def current(self) -> str:
        """Return the key of the choice taken."""
        return self._current

    def setCurrent(self, key: str) -> None:
        """Show `key` as taken, without a signal."""
        self._current = key
        self._buttons[key].setChecked(True)

    def say(self, key: str, text: str, tooltip: str) -> None:
        """Set the text and the tooltip of a choice."""
        button = self._buttons[key]
        button.setText(text)
        button.setToolTip(tooltip)
        button.setAccessibleName(text)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room anew."""
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        wanted = [each.fontMetrics().horizontalAdvance(each.text()) + PADDING for each in self._buttons.values()]
        crowded = max(wanted) * len(wanted) > self.width()
        for index, width in enumerate(wanted):
            self._row.setStretch(index, width if crowded else 1)

    def _take(self, key: str) -> None:
        if key != self._current:
            self._current = key
            self.chosen.emit(key)
