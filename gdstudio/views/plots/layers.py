"""The two widgets that OpenGL needs over a surface: the canvas for the mesh and a transparent sheet for the rest.

They are made late and may never come, so the view asks here and need not know whether they are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtOpenGLWidgets import QOpenGLWidget

    from gdstudio.scene.camera import Camera, Viewport
    from gdstudio.scene.relief import Relief
    from gdstudio.scene.theme import Theme
    from gdstudio.views.gl.canvas import SurfaceCanvas


class _Sheet(QWidget):
    """The transparent sheet over the OpenGL canvas."""

    def __init__(self, view: QWidget, paint: Callable[[QPainter], None]) -> None:
        super().__init__(view)
        self._paint = paint
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint labels, paths and marks."""
        del event
        painter = QPainter(self)
        self._paint(painter)
        painter.end()


class OpenGLLayers:
    """What lies over a view that draws by OpenGL, or will; until then nothing.

    Parameters
    ----------
    view : QWidget
        Whose children the layers are.
    """

    def __init__(self, view: QWidget) -> None:
        self._view = view
        self._canvas: SurfaceCanvas | None = None
        self._sheet: _Sheet | None = None
        self._reserve: QOpenGLWidget | None = None

    def __bool__(self) -> bool:
        """Return whether they are there."""
        return self._canvas is not None

    def reserve(self) -> None:
        """Make sure that `make` can be called when the window is on screen without it being made anew."""
        from PySide6.QtOpenGLWidgets import QOpenGLWidget

        if self._canvas is None:
            self._reserve = QOpenGLWidget(self._view)
            self._reserve.hide()

    def make(self, paint: Callable[[QPainter], None]) -> None:
        """Make them, not yet shown; `paint` paints what lies over the mesh."""
        from gdstudio.views.gl.canvas import SurfaceCanvas

        self._canvas, self._sheet = SurfaceCanvas(self._view), _Sheet(self._view, paint)

    def show(self) -> None:
        """Show them over all of the view."""
        self.fit(self._view.rect())
        for layer in (self._canvas, self._sheet):
            if layer is not None:
                layer.show()
        if self._reserve is not None:
            self._reserve.deleteLater()
            self._reserve = None

    def fit(self, place: QRect) -> None:
        """Fill a rectangle of the view."""
        for layer in (self._canvas, self._sheet):
            if layer is not None:
                layer.setGeometry(place)

    def update(self) -> None:
        """Paint the sheet anew."""
        if self._sheet is not None:
            self._sheet.update()

    def prepare(self, relief: Relief | None, theme: Theme) -> None:
        """Make the mesh of a relief that will be looked at; any thread may do so."""
        if self._canvas is not None and relief is not None:
            self._canvas.prepare(relief, theme)

    def look(self, relief: Relief | None, theme: Theme, camera: Camera, viewport: Viewport) -> None:
        """Draw a mesh from a camera, and what lies over it."""
        if self._canvas is not None:
            self._canvas.show_relief(relief, theme)
            self._canvas.look(camera, viewport)
        self.update()
