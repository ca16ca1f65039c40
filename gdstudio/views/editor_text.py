"""A field for equations, one a line, with numbers of the lines and a mark where a mistake is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextEdit, QWidget

from gdstudio.views.style import mono_font

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_GUTTER = 30


class _Gutter(QWidget):
    """The numbers of the lines."""

    def __init__(self, text: EquationText) -> None:
        super().__init__(text)
        self._text = text

    def sizeHint(self) -> QSize:
        return QSize(_GUTTER, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._text.paint_numbers(self, event.rect())


class EquationText(QPlainTextEdit):
    """Several lines of monospaced text; Tab leaves it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(mono_font(13))
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._gutter = _Gutter(self)
        self._mark: tuple[int, int] | None = None
        self.setViewportMargins(_GUTTER, 0, 0, 0)
        self.updateRequest.connect(self._scrolled)

    def mark(self) -> tuple[int, int] | None:
        """Return line (from 1) and column (from 0) of the mistake that is marked."""
        return self._mark

    def setMark(self, mark: tuple[int, int] | None) -> None:
        """Mark the character at a line (from 1) and a column (from 0) as what a mistake is about."""
        self._mark = mark
        self.setProperty("invalid", mark is not None)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setExtraSelections(self._selections() if mark is not None else [])
        self._gutter.update()

    def changeEvent(self, event: QEvent) -> None:
        """Draw the mark in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._mark is not None:
            self.setExtraSelections(self._selections())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the numbers beside the text."""
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._gutter.setGeometry(QRect(inside.left(), inside.top(), _GUTTER, inside.height()))

    def paint_numbers(self, gutter: QWidget, part: QRect) -> None:
        """Paint the numbers of the lines in sight, that of the mistake in its colour."""
        painter = QPainter(gutter)
        colours = QApplication.palette()
        painter.setFont(mono_font(11))
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset)
            if place.top() > part.bottom():
                break
            number = block.blockNumber() + 1
            wrong = self._mark is not None and self._mark[0] == number
            role = QPalette.ColorRole.BrightText if wrong else QPalette.ColorRole.PlaceholderText
            painter.setPen(colours.color(role))
            line = QRect(0, round(place.top()), _GUTTER - 8, round(place.height()))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))
            block = block.next()

    def _selections(self) -> list[QTextEdit.ExtraSelection]:
        assert self._mark is not None
        line, column = self._mark
        block = self.document().findBlockByNumber(min(max(line, 1), self.blockCount()) - 1)
        red = QApplication.palette().color(QPalette.ColorRole.BrightText)
        faint = QColor(red)
        faint.setAlpha(28)
        whole = QTextEdit.ExtraSelection()
        whole.format.setBackground(faint)
        whole.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        whole.cursor = QTextCursor(block)
        letter = QTextEdit.ExtraSelection()
        waved = QTextCharFormat()
        waved.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        waved.setUnderlineColor(red)
        waved.setForeground(red)
        letter.format = waved
        length = len(block.text())
        begin = min(column, max(length - 1, 0))
        cursor = QTextCursor(block)
        cursor.setPosition(block.position() + begin)
        cursor.setPosition(block.position() + min(begin + 1, length), QTextCursor.MoveMode.KeepAnchor)
        letter.cursor = cursor
        return [whole, letter]

    def _scrolled(self, part: QRect, down: int) -> None:
        if down:
            self._gutter.scroll(0, down)
        else:
            self._gutter.update(0, part.y(), _GUTTER, part.height())
