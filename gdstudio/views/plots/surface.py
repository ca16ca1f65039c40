"""The loss surface as a widget, with OpenGL or without: the same camera, the same drawing over it.

The widget itself takes the mouse. With OpenGL a canvas below draws mesh and floor, and a transparent sheet
above it everything else; without, the widget paints both.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter

from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import MapScene
from gdstudio.scene.surface import CELLS, PAPER_CELLS, SurfaceDrawing
from gdstudio.scene.surface_legend import both, viewport_of
from gdstudio.scene.terrain import Laid, laid
from gdstudio.scene.viewpoint import camera_for
from gdstudio.views.plots.canvas import ZOOM_STEP, PlotCanvas
from gdstudio.views.plots.layers import OpenGLLayers

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.theme import Theme

_GRIP, _DEGREES, _MOVING_CELLS = 13.0, 0.4, 44
_TURNS = {
    Qt.Key.Key_Left: (-5.0, 0.0), Qt.Key.Key_Right: (5.0, 0.0), Qt.Key.Key_Up: (0.0, 4.0), Qt.Key.Key_Down: (0.0, -4.0),
}


class SurfaceView(PlotCanvas):
    """Shows a `MapScene` in three dimensions.

    Parameters
    ----------
    opengl : bool
        Whether to draw the mesh with OpenGL; the caller knows whether there is any.
    parent : QWidget or None
        As for every widget.

    Signals
    -------
    startMoved(x, y)
        The start was set: its ring is dragged, or the surface was double clicked.
    startReleased()
        The left button was let go after it set the start.
    hovered(x, y)
        The pointer is over this point of the surface.
    runToggled(index)
        A row of the legend was clicked.
    """

    startMoved = Signal(float, float)
    startReleased = Signal()
    hovered = Signal(float, float)
    runToggled = Signal(int)

    def __init__(self, opengl: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = MapScene()
        self._camera = Camera()
        self._drawing: SurfaceDrawing | None = None
        # Of the corner, how much is left to the legend: the surface must not jump whenever a name gets longer.
        self._covered = (0.0, 0.0)
        self._drag = ""
        self._from = QPointF()
        self._layers = OpenGLLayers(self)
        if opengl:
            self.useOpenGL()
        self.retranslate()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Loss surface"))
        self.setAccessibleDescription(self.tr("The loss over two variables as a landscape with the path of every run"))
        self.setToolTip(self.tr(
            "Loss surface: drag to turn, wheel to zoom, right button to move, "
            "double click or drag the ring to set the start"
        ))
        self._layers.update()

    def reserveOpenGL(self) -> None:
        """Make sure that `useOpenGL` can be called when the window is on screen without it being made anew."""
        self._layers.reserve()

    def useOpenGL(self) -> None:
        """Draw the mesh by OpenGL from now on."""
        if self._layers:
            return
        self._layers.make(self.paint_sheet)
        # what was painted without it is of no use any more
        self.refresh()
        self._prepare()
        self._layers.show()

    @property
    def opengl(self) -> bool:
        """Whether OpenGL draws the mesh."""
        return bool(self._layers)

    def sizeHint(self) -> QSize:
        """Return the size that suits best."""
        return QSize(720, 640)

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Choose a problem of two or more variables to see its surface")

    def setContent(self, scene: MapScene, prepared: SurfaceDrawing | None = None) -> None:
        """Show a scene; what has not changed, or lies in `prepared`, is not computed again."""
        self._covered = self._covered if scene.landscape is self._scene.landscape else self._wanted(scene)
        self._scene = scene
        self.cursor_iteration = scene.cursor
        self._prepare(prepared)

    def plan(self, scene: MapScene, *, home: bool) -> Callable[[], Laid[SurfaceDrawing]]:
        """Return the work, for any thread, whose result `setLaid` takes: another landscape, or one that `needsRoom`.

        Parameters
        ----------
        scene : MapScene
            What to show.
        home : bool
            Whether from where most of what matters is seen, and not from where this view looks.
        """
        wanted = self._wanted(scene)
        covered = wanted if home else both(self._covered, wanted)
        viewport = Viewport(self.width(), self.height(), covered)
        drawing = SurfaceDrawing(scene, self.theme, viewport, self._camera, cells=self._cells())
        ratio, layers, theme = None if self._layers else self.devicePixelRatioF(), self._layers, self.theme

        def work() -> Laid[SurfaceDrawing]:
            layers.prepare(drawing.relief, theme)
            return laid(_at_home(drawing) if home else drawing, ratio)

        return work

    def setLaid(self, done: Laid[SurfaceDrawing], *, home: bool) -> None:
        """Show what was planned, from its camera if `home`; if the view looks otherwise by now, it is drawn anew."""
        drawing = self._drawing = done.drawing
        self._scene = drawing.scene
        if drawing.size == (self.width(), self.height()):
            self._covered = drawing.viewport.covered
        if home:
            self._camera = drawing.camera
        self.refresh()
        if done.terrain is not None and not self._layers:
            self.layGround(drawing, done.terrain)
        self._prepare()

    def content(self) -> MapScene:
        """Return what is shown."""
        return self._scene

    def camera(self) -> Camera:
        """Return the camera."""
        return self._camera

    def setCamera(self, camera: Camera) -> None:
        """Look from another camera."""
        if camera != self._camera:
            self._camera = camera
            self._prepare()

    def resetCamera(self) -> None:
        """Look from where most of what matters is seen."""
        drawing = self.drawing()
        relief = drawing.relief if drawing is not None else None
        self._covered = self._wanted(self._scene)
        self._camera = Camera() if relief is None else camera_for(relief, self._scene)
        self._prepare()

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        super().setTheme(theme)
        self._prepare()

    def setIteration(self, cursor: int) -> None:
        """Move to an iteration; only what the cursor moves is painted anew."""
        super().setIteration(cursor)
        self._layers.update()

    def drawing(self) -> SurfaceDrawing | None:
        """Return what is on screen; None where there is nothing to show."""
        if self._scene.landscape is None:
            return None
        if self._drawing is None or self._drawing.size != (self.width(), self.height()):
            self._prepare()
        return self._drawing

    def picture(self, size: tuple[float, float], theme: Theme) -> SurfaceDrawing:
        """Return what is shown as a picture of its own, with a finer mesh."""
        scene = replace(self._scene, cursor=self.cursor_iteration)
        return SurfaceDrawing(scene, theme, viewport_of(scene, size), self._camera, cells=PAPER_CELLS)

    def _prepare(self, prepared: SurfaceDrawing | None = None) -> None:
        before = self._drawing
        usable = prepared is not None and before is not None and prepared.relief is before.relief
        drawing = SurfaceDrawing(
            self._scene, self.theme, Viewport(self.width(), self.height(), self._covered), self._camera,
            cells=self._cells(), earlier=prepared if usable else before,
        )
        self._drawing = drawing
        if self._layers:
            self._layers.look(drawing.relief, self.theme, self._camera, drawing.viewport)
        else:
            self.refresh(ground=before is None or not drawing.same_ground(before))

    def needsRoom(self) -> bool:
        """Whether the legend covers more than the surface leaves to it, so that it has to be drawn anew."""
        return self._drawing is not None and self._covered != both(self._covered, self._drawing.covered)

    def _wanted(self, scene: MapScene) -> tuple[float, float]:
        """Return width and height of the corner that the legend of a scene covers."""
        return viewport_of(scene, (self.width(), self.height())).covered

    def _cells(self) -> int:
        return _MOVING_CELLS if self._drag == "orbit" and not self._layers else CELLS

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint everything, or with OpenGL only what shows before the canvas does."""
        if self._layers:
            QPainter(self).fillRect(self.rect(), QColor(self.theme.window))
        else:
            super().paintEvent(event)

    def paint_sheet(self, painter: QPainter) -> None:
        """Paint what lies over the OpenGL canvas."""
        drawing = self.drawing()
        if drawing is None:
            self.paint_empty(painter)
            return
        drawing.labels(painter)
        drawing.live(painter, self.cursor_iteration)
        self.paint_focus(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the widget with the canvas and the sheet."""
        self._layers.fit(self.rect())
        super().resizeEvent(event)
        self._covered = self._wanted(self._scene)
        self._prepare()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Toggle a run, take the ring, or begin to turn or to move the view."""
        drawing, place = self.drawing(), event.position()
        if drawing is None:
            return
        self._from = place
        if event.button() != Qt.MouseButton.LeftButton:
            self._drag = "pan"
        elif (row := drawing.legend_row_at(place.x(), place.y())) is not None:
            self.runToggled.emit(row)
        elif self._on_start(place):
            self._drag = "start"
        else:
            self._drag = "orbit"
        if self._drag:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn or move the view, move the start, or tell where the pointer is."""
        drawing, place = self.drawing(), event.position()
        if drawing is None:
            return
        step, self._from = place - self._from, place
        if self._drag == "orbit":
            self.setCamera(self._camera.orbited(-_DEGREES * step.x(), _DEGREES * step.y()))
        elif self._drag == "pan":
            self.setCamera(self._camera.panned(step.x(), -step.y(), drawing.viewport))
        else:
            self._hover(drawing, place)

    def _hover(self, drawing: SurfaceDrawing, place: QPointF) -> None:
        point = drawing.variables_at(place.x(), place.y())
        if self._drag == "start":
            if point is not None:
                self.startMoved.emit(*point)
            return
        in_legend = drawing.legend_row_at(place.x(), place.y()) is not None
        if in_legend or self._on_start(place):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()
        if point is not None and not in_legend:
            self.hovered.emit(*point)
        else:
            self.hoverEnded.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        del event
        ended, self._drag = self._drag, ""
        self.unsetCursor()
        if ended == "start":
            self.startReleased.emit()
        if ended == "orbit" and not self._layers:
            self._prepare()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Set the start at the point under the pointer."""
        drawing, place = self.drawing(), event.position()
        if drawing is None or event.button() != Qt.MouseButton.LeftButton:
            return
        row = drawing.legend_row_at(place.x(), place.y())
        point = drawing.variables_at(place.x(), place.y())
        if row is not None:
            self.runToggled.emit(row)
        elif point is not None:
            self.startMoved.emit(*point)
            self.startReleased.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Go nearer or farther away."""
        self.setCamera(self._camera.zoomed(ZOOM_STEP ** -event.angleDelta().y()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn with the arrows, zoom with plus and minus, see everything with Home."""
        key = Qt.Key(event.key())
        if key in _TURNS:
            self.setCamera(self._camera.orbited(*_TURNS[key]))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.setCamera(self._camera.zoomed(1.15 if key == Qt.Key.Key_Minus else 1 / 1.15))
        elif key == Qt.Key.Key_Home:
            self.resetCamera()
        else:
            super().keyPressEvent(event)

    def _on_start(self, place: QPointF) -> bool:
        pixel = self._drawing.start_pixel() if self._drawing is not None else None
        return pixel is not None and math.dist((place.x(), place.y()), pixel) <= _GRIP


def _at_home(drawing: SurfaceDrawing) -> SurfaceDrawing:
    """Return a drawing from where most of what matters is seen."""
    if drawing.relief is None:
        return drawing
    camera = camera_for(drawing.relief, drawing.scene)
    return SurfaceDrawing(
        drawing.scene, drawing.theme, drawing.viewport, camera, cells=drawing.cells, earlier=drawing
    )
