"""A formula that may be typed: its field, a mark under the character that is wrong, and the sentence that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPalette, QPolygonF
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gdstudio.views.panel.fields import MonoField
from gdstudio.views.panel.section import ErrorLabel

if TYPE_CHECKING:
    from gdstudio.views.panel.model import Mistake

LONGEST_FORMULA = 1000


class ColumnMark(QWidget):
    """A small mark under the character of a field that a sentence is about."""

    def __init__(self, field: MonoField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._column: int | None = None
        self.setFixedHeight(7)
        self.setVisible(False)
        field.cursorPositionChanged.connect(self.update)

    def column(self) -> int | None:
        """Return the column under which the mark stands."""
        return self._column

    def setColumn(self, column: int | None) -> None:
        """Put the mark under `column` of the field's text; None hides it."""
        self._column = column
        self.setVisible(column is not None)
        self.update()

    def sizeHint(self) -> QSize:
        """Height of the mark; the width is the panel's."""
        return QSize(20, 7)

    def markX(self) -> float:
        """Return where the mark stands, in pixels from the left: at an end where its character is scrolled away."""
        column = self._column or 0
        metrics = QFontMetricsF(self._field.font())
        text, left = self._field.text(), 9.0
        first = self._field.cursorPositionAt(QPoint(round(left) + 1, self._field.height() // 2))
        offset = metrics.horizontalAdvance(text[:column]) - metrics.horizontalAdvance(text[:first])
        middle = metrics.horizontalAdvance(text[column] if column < len(text) else " ") / 2
        return min(max(left + offset + middle, 4.0), self.width() - 5.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a triangle that points up."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QApplication.palette().color(QPalette.ColorRole.BrightText))
        x = self.markX()
        painter.drawPolygon(QPolygonF([QPointF(x, 0), QPointF(x - 4.5, 7), QPointF(x + 4.5, 7)]))


class TypedText(QWidget):
    """A field with its mark and its sentence; `edited` carries the text at every keystroke."""

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = MonoField(self)
        self.field.setMaxLength(LONGEST_FORMULA)
        self.mark = ColumnMark(self.field, self)
        self.error = ErrorLabel(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for widget in (self.field, self.mark, self.error):
            column.addWidget(widget)
        self.field.textEdited.connect(self.edited)

    def setText(self, text: str) -> None:
        """Show a text and keep the cursor; text longer than can be typed is shown whole."""
        longest = max(LONGEST_FORMULA, len(text))
        if longest != self.field.maxLength():  # which Qt would take as a new text in any case
            self.field.setMaxLength(longest)
        self.field.setTextKeepingCursor(text)

    def setMistake(self, mistake: Mistake | None) -> None:
        """Say why the text cannot be read."""
        sentence = mistake.message if mistake else ""
        self.error.setSentence(sentence)
        self.mark.setColumn(mistake.column if mistake else None)
        self.field.setInvalid(mistake is not None)
        self.field.setAccessibleDescription(sentence)
