"""The loss of one variable as a widget, in place of the surface: the left button sets the start."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from gdstudio.scene.profile import ProfileDrawing, ProfileScene
from gdstudio.views.plots.canvas import ZOOM_STEP, PlotCanvas

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.theme import Theme


class CurveView(PlotCanvas):
    """Shows a `ProfileScene`.

    Signals
    -------
    startMoved(x)
        The start was set: the left button is down in the plot, or an arrow key was pressed.
    startReleased()
        The left button was let go after it set the start.
    rangeChanged(x0, x1)
        The part shown changed by panning or zooming.
    hovered(x)
        The pointer moved over the plot.
    runToggled(index)
        A row of the legend was clicked.
    """

    startMoved = Signal(float)
    startReleased = Signal()
    rangeChanged = Signal(float, float)
    hovered = Signal(float)
    runToggled = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = ProfileScene()
        self._span: tuple[float, float] | None = None
        self._drawing: ProfileDrawing | None = None
        self._sets_start = False
        self._pans_from: float | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Loss curve"))
        self.setAccessibleDescription(self.tr("The loss of one variable with the iterates, the tangent and the step"))
        self.setToolTip(self.tr("Loss curve: press or drag to set the start, wheel to zoom, right button to pan"))

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Choose a problem of one variable to see its curve")

    def setContent(self, scene: ProfileScene) -> None:
        """Show a scene."""
        same = scene.xs is self._scene.xs and scene.z is self._scene.z and scene.name == self._scene.name
        self._scene = scene
        self.cursor_iteration = scene.cursor
        self._drawing = None
        self.refresh(ground=not same)

    def content(self) -> ProfileScene:
        """Return what is shown."""
        return self._scene

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        super().setTheme(theme)
        self._drawing = None

    def resetRange(self) -> None:
        """Show all that the curve has."""
        if self._span is not None:
            self._span = None
            self._drawing = None
            self.refresh()

    def drawing(self) -> ProfileDrawing | None:
        """Return what is on screen; None where there is nothing to show."""
        if len(self._scene.xs) < 2:
            return None
        size = (float(self.width()), float(self.height()))
        if self._drawing is None or self._drawing.size != size:
            self._drawing = ProfileDrawing(self._scene, self.theme, size, span=self._span)
        return self._drawing

    def picture(self, size: tuple[float, float], theme: Theme) -> ProfileDrawing:
        """Return what is shown as a picture of its own."""
        return ProfileDrawing(replace(self._scene, cursor=self.cursor_iteration), theme, size, span=self._span)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Toggle a run in the legend, set the start, or begin to pan."""
        drawing = self.drawing()
        if drawing is None:
            return
        place, left = event.position(), event.button() == Qt.MouseButton.LeftButton
        row = drawing.legend_row_at(place.x(), place.y())
        if row is not None and left:
            self.runToggled.emit(row)
        elif drawing.frame.holds(place.x(), place.y()):
            if left:
                self._sets_start = True
                self.startMoved.emit(drawing.frame.data(place.x(), place.y())[0])
            else:
                self._pans_from = place.x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the start, pan, or tell where the pointer is."""
        drawing = self.drawing()
        if drawing is None:
            return
        place, frame = event.position(), drawing.frame
        x = frame.data(place.x(), place.y())[0]
        x0, x1, _, _ = frame.extent
        if self._sets_start:
            self.startMoved.emit(min(max(x, x0), x1))
        elif self._pans_from is not None:
            shift = frame.data(self._pans_from, 0.0)[0] - x
            self._pans_from = place.x()
            self._show(x0 + shift, x1 + shift)
        if frame.holds(place.x(), place.y()):
            self.hovered.emit(x)
        else:
            self.hoverEnded.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        if event.button() == Qt.MouseButton.LeftButton and self._sets_start:
            self._sets_start = False
            self.startReleased.emit()
        else:
            self._pans_from = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        drawing = self.drawing()
        if drawing is None:
            return
        about = drawing.frame.data(event.position().x(), 0.0)[0]
        self._zoom(ZOOM_STEP ** -event.angleDelta().y(), about)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Nudge the start with the arrows, zoom with plus and minus, see all with Home."""
        drawing, key, start = self.drawing(), Qt.Key(event.key()), self._scene.start
        if drawing is None:
            super().keyPressEvent(event)
            return
        x0, x1, _, _ = drawing.frame.extent
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and start is not None:
            self.startMoved.emit(start + (0.01 if key == Qt.Key.Key_Right else -0.01) * (x1 - x0))
            self.startReleased.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom(1.2 if key == Qt.Key.Key_Minus else 1 / 1.2, (x0 + x1) / 2)
        elif key == Qt.Key.Key_Home:
            self.resetRange()
        else:
            super().keyPressEvent(event)

    def _zoom(self, factor: float, about: float) -> None:
        drawing = self.drawing()
        if drawing is None:
            return
        x0, x1, _, _ = drawing.frame.extent
        low, high = about + (x0 - about) * factor, about + (x1 - about) * factor
        if 1e-9 * max(abs(low), abs(high), 1e-6) < high - low < 1e9:
            self._show(low, high)

    def _show(self, low: float, high: float) -> None:
        self._span = (low, high)
        self._drawing = None
        self.refresh()
        self.rangeChanged.emit(low, high)
