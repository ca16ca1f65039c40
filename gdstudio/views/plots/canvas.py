"""What the plots share: the ground kept as a pixmap, the cursor, the theme, the empty state.

While a run plays only the cursor moves: the ground is painted once for its content, size, theme and screen,
and each frame paints the live part over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdstudio.scene.lettering import draw_text, load_fonts, sans
from gdstudio.scene.theme import DARK

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QImage, QPaintEvent, QResizeEvent

    from gdstudio.scene.drawing import Drawing
    from gdstudio.scene.terrain import LayeredDrawing
    from gdstudio.scene.theme import Theme

ZOOM_STEP = 1.0015
"""Zoom of one unit of a wheel's angle; a notch is 120 units."""


class PlotCanvas(QWidget):
    """A widget that shows a drawing.

    Signals
    -------
    hoverEnded()
        The pointer left the plot.
    """

    hoverEnded = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_fonts()
        self.theme: Theme = DARK
        self.cursor_iteration = 0
        self._ground: QPixmap | None = None
        self._by_keyboard = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)

    def sizeHint(self) -> QSize:
        """Return the size that suits best."""
        return QSize(420, 360)

    def retranslate(self) -> None:
        """Set all texts in the language of now; those of the drawing follow when it is painted."""

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
            self.refresh()

    def drawing(self) -> Drawing | None:
        """Return what is on screen; None where there is nothing to show."""
        return None

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return ""

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        if theme is not self.theme:
            self.theme = theme
            self.refresh()

    def setIteration(self, cursor: int) -> None:
        """Move to an iteration; only what the cursor moves is painted anew."""
        if cursor != self.cursor_iteration:
            self.cursor_iteration = cursor
            self.update()

    def refresh(self, ground: bool = True) -> None:
        """Paint anew, `ground` or only what is over it."""
        if ground:
            self._ground = None
        self.update()

    def layGround(self, drawing: LayeredDrawing, terrain: QImage) -> None:
        """Take the ground of what is shown from a terrain that was painted elsewhere, and write on it."""
        pixmap = QPixmap.fromImage(terrain)
        painter = QPainter(pixmap)
        drawing.labels(painter)
        painter.end()
        self._ground = pixmap
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground from its pixmap and the live part over it."""
        del event
        painter = QPainter(self)
        try:
            drawing = self.drawing()
            if drawing is None:
                self.paint_empty(painter)
            else:
                painter.drawPixmap(QPointF(0, 0), self._ground_of(drawing))
                drawing.live(painter, self.cursor_iteration)
                self.paint_over(painter)
            self.paint_focus(painter)
        finally:
            # what nobody foresaw costs a picture, and not the process
            painter.end()

    def paint_focus(self, painter: QPainter) -> None:
        """Paint a frame where the focus came by keyboard."""
        if self.hasFocus() and self._by_keyboard:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QColor(self.theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(0, 0, self.width() - 1, self.height() - 1)

    def paint_over(self, painter: QPainter) -> None:
        """Paint what belongs to the screen alone, such as a read-out under the pointer."""

    def _ground_of(self, drawing: Drawing) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        if self._ground is None or self._ground.size() != size or self._ground.devicePixelRatio() != ratio:
            pixmap = QPixmap(size)
            pixmap.setDevicePixelRatio(ratio)
            # the drawing fills all of it, but the last row may be a fraction of a pixel
            pixmap.fill(QColor(self.theme.window))
            painter = QPainter(pixmap)
            drawing.ground(painter)
            painter.end()
            self._ground = pixmap
        return self._ground

    def paint_empty(self, painter: QPainter) -> None:
        """Say what to do next."""
        painter.fillRect(self.rect(), QColor(self.theme.plot))
        middle = QPointF(self.rect().center())
        draw_text(painter, middle.x(), middle.y(), self.empty_text(), sans(), self.theme.muted, "centre")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Prepare the drawing anew at the next paint."""
        super().resizeEvent(event)
        self.refresh()

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the pointer is gone."""
        super().leaveEvent(event)
        self.hoverEnded.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a frame where the focus came by keyboard."""
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
        self._by_keyboard = event.reason() in reasons
        super().focusInEvent(event)
        self.update()
