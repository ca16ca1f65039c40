"""A sentence in one line that can be read whole: under the pointer, by a click, and from the keyboard."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from gdstudio.views.controls import ElidedLabel
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent

_WIDTH, _GAP = 620, 6
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class SentencePopup(QFrame):
    """Shows a text whole, to be read and copied; any key that opens it closes it, and so do Escape and a click beside.

    Parameters
    ----------
    text : str
        What is shown, each of its lines as a paragraph.
    parent : QWidget
        What it belongs to; it is no wider than that one's window.
    """

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("sentencePopup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.label = QLabel(text.replace("\n", "\n\n"), self)
        self.label.setFont(text_font(12))
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setAccessibleName(text)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 9, 12, 9)
        column.addWidget(self.label)
        self.ensurePolished()
        longest = max(self.label.fontMetrics().horizontalAdvance(line) for line in text.split("\n"))
        self.setFixedWidth(min(longest + 30, _WIDTH, parent.window().width() - 2 * _GAP))
        self.setFixedHeight(column.totalHeightForWidth(self.width()))

    def open_above(self, place: QPoint) -> None:
        """Show it with its lower left corner a little above a place of the screen."""
        self.move(place.x(), max(place.y() - _GAP - self.height(), 0))
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close."""
        if event.key() in (*_OPENING, Qt.Key.Key_Escape):
            self.close()
        else:
            super().keyPressEvent(event)


class SentenceLabel(ElidedLabel):
    """A sentence in one line; where it is cut, or there is more to say, a click or Enter shows all of it above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._more = ""
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setSentence(self, text: str, more: str = "") -> None:
        """Show `text`; `more` is what can be read besides in its place, the text itself where it is empty."""
        if (text, more) != (self.whole(), self._more):
            self._more = more
            self.setWhole(text)
            self._elide()

    def open(self) -> SentencePopup | None:
        """Show all there is to read above the line; None where the line has it."""
        if self.focusPolicy() == Qt.FocusPolicy.NoFocus:
            return None
        popup = SentencePopup(self._more or self.whole(), self)
        popup.open_above(self.mapToGlobal(QPoint(0, 0)))
        return popup

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show all there is to read."""
        if event.button() == Qt.MouseButton.LeftButton and self.open() is not None:
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show all there is to read on Enter and Space."""
        if event.key() in _OPENING and self.open() is not None:
            return
        super().keyPressEvent(event)

    def _elide(self) -> None:
        super()._elide()
        whole = self._more or self.whole()
        cut = self.text() != whole
        self.setAccessibleName(whole)
        # as a paragraph, which is broken into lines
        lines = "".join(f"<p>{escape(line)}</p>" for line in whole.split("\n"))
        self.setToolTip(lines if cut else "")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if cut else Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if cut else Qt.CursorShape.ArrowCursor)
