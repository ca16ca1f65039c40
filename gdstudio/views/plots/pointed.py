"""What plots have in common that read out what the pointer is over: where it is, and no tooltip over what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent

from gdstudio.views.plots.canvas import PlotCanvas

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget


class PointedPlot(PlotCanvas):
    """A plot in which there is something to point to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pointer: QPointF | None = None

    def reads_out(self, x: float, y: float) -> bool:
        """Whether there is a read-out at a pixel, which no tooltip may cover."""
        del x, y
        return False

    def event(self, event: QEvent) -> bool:
        """Show no tooltip over a read-out."""
        asked = isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and event.pos()
        return bool(asked and self.reads_out(asked.x(), asked.y())) or super().event(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Keep where the pointer is."""
        self.pointer = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take away what belongs to the pointer."""
        self.pointer = None
        self.update()
        super().leaveEvent(event)
