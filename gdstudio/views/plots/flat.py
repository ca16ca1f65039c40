"""What flat plots of points share: the wheel zooms about the pointer, the right and the middle button pan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from gdstudio.views.plots.canvas import ZOOM_STEP
from gdstudio.views.plots.pointed import PointedPlot

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.axes import Frame

Extent = tuple[float, float, float, float]
_PANS = (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
_ZOOM = 1.2


class FlatPlot(PointedPlot):
    """A plot with two linear axes.

    Signals
    -------
    rangeChanged(x0, x1, y0, y1)
        The part shown changed by panning or zooming.
    hovered(x, y)
        The pointer moved over the plot.
    """

    rangeChanged = Signal(float, float, float, float)
    hovered = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._extent: Extent | None = None
        self._pans_from: QPointF | None = None

    def frame(self) -> Frame | None:
        """Return the frame of what is on screen; None where there is nothing to show."""
        return None

    def home(self) -> Extent | None:
        """Return what is shown until a person pans or zooms; None where there is nothing to show."""
        return None

    def forget(self) -> None:
        """Let go of what was prepared for another part."""

    def range(self) -> Extent | None:
        """Return the part shown: x from, x to, y from, y to; None where there is nothing to show."""
        frame = self.frame()
        return None if frame is None else frame.extent

    def setRange(self, x0: float, x1: float, y0: float, y1: float) -> None:
        """Show a part; the widget keeps to it until `resetRange`."""
        self._extent = (x0, x1, y0, y1)
        self.forget()
        self.refresh()

    def resetRange(self) -> None:
        """Show all, from now on."""
        if self._extent is not None:
            self._extent = None
            self.forget()
            self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan."""
        frame, place = self.frame(), event.position()
        if frame is not None and event.button() in _PANS and frame.holds(place.x(), place.y()):
            self._pans_from = place
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, or tell where the pointer is."""
        super().mouseMoveEvent(event)
        frame, place = self.frame(), event.position()
        if frame is None:
            return
        x, y = frame.data(place.x(), place.y())
        if self._pans_from is not None:
            from_x, from_y = frame.data(self._pans_from.x(), self._pans_from.y())
            self._pans_from = place
            x0, x1, y0, y1 = frame.extent
            self._show((x0 + from_x - x, x1 + from_x - x, y0 + from_y - y, y1 + from_y - y))
        if frame.holds(place.x(), place.y()):
            self.hovered.emit(x, y)
        else:
            self.hoverEnded.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a pan."""
        if event.button() in _PANS and self._pans_from is not None:
            self._pans_from = None
            self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        frame, place = self.frame(), event.position()
        if frame is None or not frame.holds(place.x(), place.y()):
            return
        self._zoom(ZOOM_STEP ** -event.angleDelta().y(), *frame.data(place.x(), place.y()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom with plus and minus, see all with Home."""
        key, shown = Qt.Key(event.key()), self.range()
        if shown is None or key not in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus, Qt.Key.Key_Home):
            super().keyPressEvent(event)
            return
        home = self.home()
        if key == Qt.Key.Key_Home and home is not None:
            self.resetRange()
            self.rangeChanged.emit(*home)
            return
        x0, x1, y0, y1 = shown
        self._zoom(_ZOOM if key == Qt.Key.Key_Minus else 1 / _ZOOM, (x0 + x1) / 2, (y0 + y1) / 2)

    def _zoom(self, factor: float, x: float, y: float) -> None:
        shown = self.range()
        if shown is None:
            return
        x0, x1, y0, y1 = shown
        extent = (x + (x0 - x) * factor, x + (x1 - x) * factor, y + (y0 - y) * factor, y + (y1 - y) * factor)
        for low, high in (extent[:2], extent[2:]):
            # beyond these the axes run out of digits or of range
            if not 1e-9 * max(abs(low), abs(high), 1e-6) < high - low < 1e12:
                return
        self._show(extent)

    def _show(self, extent: Extent) -> None:
        self.setRange(*extent)
        self.rangeChanged.emit(*extent)
