"""The contour map as a widget: the left button sets the start, the others pan, the wheel zooms."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal

from gdstudio.scene.contour import ContourDrawing, MapScene
from gdstudio.scene.terrain import Laid, laid
from gdstudio.views.plots.canvas import ZOOM_STEP, PlotCanvas

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.theme import Theme

Extent = tuple[float, float, float, float]
_STEP = 0.01
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}


class ContourView(PlotCanvas):
    """Shows a `MapScene` from above.

    Signals
    -------
    startMoved(x, y)
        The start was set: the left button is down in the plot, or an arrow key was pressed.
    startReleased()
        The left button was let go after it set the start.
    rangeChanged(x0, x1, y0, y1)
        The part shown changed by panning or zooming; heights for it may be set with `setContent`.
    hovered(x, y)
        The pointer moved over the plot.
    """

    startMoved = Signal(float, float)
    startReleased = Signal()
    rangeChanged = Signal(float, float, float, float)
    hovered = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = MapScene()
        self._extent: Extent | None = None
        self._drawing: ContourDrawing | None = None
        self._sets_start = False
        self._pans_from: QPointF | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Contour map"))
        self.setAccessibleDescription(self.tr("Bands of equal loss with the path of every run"))
        self.setToolTip(self.tr(
            "Contour map: press or drag to set the start, wheel to zoom, right button to pan, arrow keys to nudge"
        ))

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Choose a problem of two variables to see its contours")

    def setContent(self, scene: MapScene, prepared: ContourDrawing | None = None) -> None:
        """Show a scene; bands and paths that have not changed, or lie in `prepared`, are not computed again."""
        before = self._drawing
        self._scene = scene
        self.cursor_iteration = scene.cursor
        usable = prepared is not None and before is not None and prepared.same_ground(before)
        self._drawing = self._prepared(prepared if usable else before)
        same = before is not None and self._drawing is not None and self._drawing.same_ground(before)
        self.refresh(ground=not same)

    def plan(self, scene: MapScene) -> Callable[[], Laid[ContourDrawing]]:
        """Return the work whose result `setLaid` takes, for a scene on another landscape; any thread may do it."""
        drawing = ContourDrawing(scene, self.theme, self._size(), self._extent)
        # it measures text, which only the window's thread may
        _ = drawing.frame
        return partial(laid, drawing, self.devicePixelRatioF())

    def setLaid(self, done: Laid[ContourDrawing]) -> None:
        """Show what was planned; if the view looks otherwise by now, it is drawn anew."""
        drawing = done.drawing
        self._scene = drawing.scene
        alike = (drawing.theme, drawing.size, drawing.extent) == (self.theme, self._size(), self._extent)
        self._drawing = drawing if alike else self._prepared(drawing)
        self.refresh()
        if alike and done.terrain is not None:
            self.layGround(drawing, done.terrain)

    def content(self) -> MapScene:
        """Return what is shown."""
        return self._scene

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        super().setTheme(theme)
        self._drawing = None

    def range(self) -> Extent | None:
        """Return the part shown: x from, x to, y from, y to; None where there is nothing to show."""
        drawing = self.drawing()
        return None if drawing is None else drawing.frame.extent

    def setRange(self, x0: float, x1: float, y0: float, y1: float) -> None:
        """Show a part; the widget keeps to it until `resetRange`."""
        self._extent = (x0, x1, y0, y1)
        self._drawing = self._prepared(self._drawing)
        self.refresh()

    def resetRange(self) -> None:
        """Show what the landscape covers, from now on."""
        if self._extent is not None:
            self._extent = None
            self._drawing = self._prepared(self._drawing)
            self.refresh()

    def drawing(self) -> ContourDrawing | None:
        """Return what is on screen; None where there is nothing to show."""
        if self._drawing is None or self._drawing.size != (self.width(), self.height()):
            self._drawing = self._prepared(self._drawing)
        return self._drawing

    def picture(self, size: tuple[float, float], theme: Theme) -> ContourDrawing:
        """Return what is shown as a picture of its own."""
        scene = replace(self._scene, cursor=self.cursor_iteration)
        return ContourDrawing(scene, theme, size, self._extent)

    def _prepared(self, earlier: ContourDrawing | None) -> ContourDrawing | None:
        if self._scene.landscape is None:
            return None
        return ContourDrawing(self._scene, self.theme, self._size(), self._extent, earlier=earlier)

    def _size(self) -> tuple[float, float]:
        return float(self.width()), float(self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the start with the left button, begin to pan with another."""
        drawing = self.drawing()
        place = event.position()
        if drawing is None or not drawing.frame.holds(place.x(), place.y()):
            return
        if event.button() == Qt.MouseButton.LeftButton:
            self._sets_start = True
            self.startMoved.emit(*drawing.frame.data(place.x(), place.y()))
        elif event.button() in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            self._pans_from = place
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the start, pan, or tell where the pointer is."""
        drawing = self.drawing()
        if drawing is None:
            return
        place, frame = event.position(), drawing.frame
        x, y = frame.data(place.x(), place.y())
        if self._sets_start:
            x0, x1, y0, y1 = frame.extent
            self.startMoved.emit(min(max(x, x0), x1), min(max(y, y0), y1))
        elif self._pans_from is not None:
            from_x, from_y = frame.data(self._pans_from.x(), self._pans_from.y())
            self._pans_from = place
            x0, x1, y0, y1 = frame.extent
            self._show((x0 + from_x - x, x1 + from_x - x, y0 + from_y - y, y1 + from_y - y))
        if frame.holds(place.x(), place.y()):
            self.hovered.emit(x, y)
        else:
            self.hoverEnded.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        if event.button() == Qt.MouseButton.LeftButton and self._sets_start:
            self._sets_start = False
            self.startReleased.emit()
        elif self._pans_from is not None and event.button() != Qt.MouseButton.LeftButton:
            self._pans_from = None
            self.unsetCursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        drawing = self.drawing()
        place = event.position()
        if drawing is None or not drawing.frame.holds(place.x(), place.y()):
            return
        self._zoom(ZOOM_STEP ** -event.angleDelta().y(), *drawing.frame.data(place.x(), place.y()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nudge the start with the arrows, zoom with plus and minus, see all with Home."""
        drawing = self.drawing()
        key = Qt.Key(event.key())
        if drawing is None:
            super().keyPressEvent(event)
            return
        x0, x1, y0, y1 = drawing.frame.extent
        if key in _ARROWS and self._scene.start is not None:
            right, up = _ARROWS[key]
            x, y = self._scene.start
            self.startMoved.emit(x + right * _STEP * (x1 - x0), y + up * _STEP * (y1 - y0))
            self.startReleased.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(1 / 1.2, (x0 + x1) / 2, (y0 + y1) / 2)
        elif key == Qt.Key.Key_Minus:
            self._zoom(1.2, (x0 + x1) / 2, (y0 + y1) / 2)
        elif key == Qt.Key.Key_Home and self._scene.landscape is not None:
            self._extent = None
            self._drawing = self._prepared(self._drawing)
            self.refresh()
            self.rangeChanged.emit(*self._scene.landscape.extent)
        else:
            super().keyPressEvent(event)

    def _zoom(self, factor: float, x: float, y: float) -> None:
        drawing = self.drawing()
        if drawing is None:
            return
        x0, x1, y0, y1 = drawing.frame.extent
        extent = (x + (x0 - x) * factor, x + (x1 - x) * factor, y + (y0 - y) * factor, y + (y1 - y) * factor)
        for low, high in (extent[:2], extent[2:]):
            # beyond these the axes run out of digits or of range
            if not 1e-9 * max(abs(low), abs(high), 1e-6) < high - low < 1e9:
                return
        self._show(extent)

    def _show(self, extent: Extent) -> None:
        self.setRange(*extent)
        self.rangeChanged.emit(*extent)
