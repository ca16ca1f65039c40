"""Curves over the iterations as a widget: hovering reads values out, the wheel zooms, a double click resets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QToolButton

from gdstudio.scene.curves import CurvesDrawing, CurvesScene
from gdstudio.scene.legend import draw_legend, legend_size
from gdstudio.scene.strokes import colour, draw_line
from gdstudio.scene.terrain import laid
from gdstudio.scene.ticks import number_text
from gdstudio.views.plots.canvas import ZOOM_STEP, PlotCanvas
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.runs import Series
    from gdstudio.scene.terrain import Laid
    from gdstudio.scene.theme import Theme

_NARROWEST = 4.0


class LossView(PlotCanvas):
    """Shows a `CurvesScene`.

    Attributes
    ----------
    epochs : QToolButton
        Lets the horizontal axis count epochs; there where curves have them.

    Signals
    -------
    iterationHovered(int)
        The pointer is over this iteration.
    """

    iterationHovered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = CurvesScene()
        self._span: tuple[float, float] | None = None
        self._drawing: CurvesDrawing | None = None
        self._pans_from: QPointF | None = None
        self._pointer: QPointF | None = None
        self.epochs = QToolButton(self)
        self.epochs.setProperty("role", "chip")
        self.epochs.setFont(text_font(11))
        self.epochs.setCheckable(True)
        self.epochs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.epochs.toggled.connect(self._count)
        self.epochs.hide()
        self.retranslate()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Loss over iterations"))
        self.setAccessibleDescription(self.tr("One curve for each run; the dashed line is the iteration shown"))
        self.setToolTip(self.tr(
            "Loss over iterations: point to read values, wheel to zoom, drag to pan, double click for all"
        ))
        self.epochs.setText(self.tr("epochs"))
        self.epochs.setAccessibleName(self.epochs.text())
        self.epochs.setToolTip(self.tr("Count epochs in place of iterations"))
        self._place()

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Run an optimizer to see its loss")

    def plan(self) -> Callable[[tuple[Series, ...], int], Laid[CurvesDrawing]] | None:
        """Return the work that draws other curves and the iteration where their axis ends; any thread may do it."""
        drawing, ratio = self.drawing(), self.devicePixelRatioF()
        return None if drawing is None else lambda series, end: laid(drawing.with_series(series, end), ratio)

    def setContent(self, scene: CurvesScene, prepared: Laid[CurvesDrawing] | None = None) -> None:
        """Show a scene; `prepared` spares some work where it is a drawing of these very curves."""
        counted = any(one.epoch for one in scene.series)
        self.epochs.setVisible(counted)
        scene = replace(scene, epochs=self.epochs.isChecked() and counted)
        same = (
            self._drawing is not None and scene.series == self._scene.series and scene.scale == self._scene.scale
            and scene.iterations == self._scene.iterations and scene.epochs == self._scene.epochs
        )
        self._scene = scene
        self.cursor_iteration = scene.cursor
        if same:
            self.refresh(ground=False)
            return
        self._span = self._within(self._span)
        usable = prepared if prepared is not None and self._suits(prepared.drawing) else None
        self._drawing = usable.drawing if usable is not None else None
        self.refresh()
        if usable is not None and usable.terrain is not None:
            self.layGround(usable.drawing, usable.terrain)

    def _suits(self, drawing: CurvesDrawing) -> bool:
        theirs, mine = drawing.scene, self._scene
        return (
            (theirs.series, theirs.iterations, theirs.scale, theirs.epochs)
            == (mine.series, mine.iterations, mine.scale, mine.epochs)
            and drawing.theme is self.theme and drawing.span == self._span
            and drawing.size == (self.width(), self.height())
        )

    def content(self) -> CurvesScene:
        """Return what is shown."""
        return self._scene

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        super().setTheme(theme)
        self._drawing = None

    def span(self) -> tuple[float, float] | None:
        """Return the iterations shown, from and to; None where all are."""
        return self._span

    def resetSpan(self) -> None:
        """Show all iterations."""
        self._show(None)

    def drawing(self) -> CurvesDrawing | None:
        """Return what is on screen; None where there is nothing to show."""
        if not any(len(one.values) for one in self._scene.series):
            return None
        size = (float(self.width()), float(self.height()))
        if self._drawing is None or self._drawing.size != size:
            self._drawing = CurvesDrawing(self._scene, self.theme, size, self._span)
        return self._drawing

    def picture(self, size: tuple[float, float], theme: Theme) -> CurvesDrawing:
        """Return what is shown as a picture of its own, with a legend."""
        scene = replace(self._scene, cursor=self.cursor_iteration, legend=True)
        return CurvesDrawing(scene, theme, size, self._span)

    def _count(self, epochs: bool) -> None:
        """Count epochs or iterations from now on."""
        self._scene = replace(self._scene, epochs=epochs)
        self._show(None)

    def _place(self) -> None:
        size = self.epochs.sizeHint()
        self.epochs.setGeometry(self.width() - size.width() - 14, 1, size.width(), size.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the button at the top right."""
        super().resizeEvent(event)
        self._place()

    def iteration_at(self, x: float) -> int | None:
        """Return the iteration nearest to a pixel, where epochs are counted that of the first run; None beside."""
        place = self.place_at(x)
        if place is None or not self._drawn:
            return None
        first = self._drawn[0]
        return min(round(place * self._scene.unit(first)), first.rows.last) if self._scene.epochs else round(place)

    @property
    def _drawn(self) -> tuple[Series, ...]:
        drawing = self.drawing()
        return drawing.drawn if drawing is not None else ()

    def place_at(self, x: float) -> float | None:
        """Return the place on the horizontal axis that a pixel shows: at an iteration of the run with most of them."""
        drawing = self.drawing()
        if drawing is None or not drawing.frame.left - 4 <= x <= drawing.frame.right + 4 or not drawing.drawn:
            return None
        first, last = drawing.frame_span
        most = max(self._scene.unit(one) for one in drawing.drawn)
        ends = max(one.rows.last / self._scene.unit(one) for one in drawing.drawn)
        nearest = round(min(max(drawing.frame.data(x, 0.0)[0], first), last) * most) / most
        return min(nearest, ends)

    def paint_over(self, painter: QPainter) -> None:
        """Paint the read-out under the pointer."""
        drawing = self.drawing()
        if self._pointer is None or drawing is None or self._pans_from is not None:
            return
        place = self.place_at(self._pointer.x())
        if place is None:
            return
        frame = drawing.frame
        x = frame.x(place)
        draw_line(painter, x, frame.top, x, frame.bottom, QPen(colour(self.theme.muted, 0.7), 1))
        title = self.tr("iteration {number}").format(number=round(place))
        if self._scene.epochs:
            title = self.tr("epoch {number}").format(number=number_text(place, 3, short=True))
        rows = drawing.read_out(place)
        width, height = legend_size(rows, title)
        left = x + 12 if x + 12 + width < self.width() else max(x - 12 - width, 2.0)
        top = min(max(self._pointer.y() - height / 2, 2.0), max(self.height() - height - 2.0, 2.0))
        draw_legend(painter, left, top, rows, self.theme, title=title)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to pan, where the view is zoomed."""
        if self._span is not None and self.drawing() is not None:
            self._pans_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, or read values out."""
        drawing = self.drawing()
        if drawing is None:
            return
        self._pointer = event.position()
        if self._pans_from is not None:
            first, last = drawing.frame_span
            shift = (self._pans_from.x() - event.position().x()) / drawing.frame.width * (last - first)
            self._pans_from = event.position()
            self._show((first + shift, last + shift))
            return
        iteration = self.iteration_at(event.position().x())
        if iteration is not None:
            self.iterationHovered.emit(iteration)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a pan."""
        del event
        self._pans_from = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all iterations."""
        del event
        self.resetSpan()

    def event(self, event: QEvent) -> bool:
        """Show no tooltip over the read-out."""
        # by its own place: the pointer's may not have been told yet, or no more
        asked = isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and event.pos()
        return bool(asked and self.iteration_at(asked.x()) is not None) or super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the read-out away."""
        self._pointer = None
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom along the iterations about the pointer."""
        drawing = self.drawing()
        if drawing is not None:
            self._zoom(ZOOM_STEP ** -event.angleDelta().y(), drawing.frame.data(event.position().x(), 0.0)[0])
            event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom about the cursor with plus and minus, see all with Home."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom(1.25 if key == Qt.Key.Key_Minus else 0.8, float(self.cursor_iteration))
        elif key == Qt.Key.Key_Home:
            self.resetSpan()
        else:
            super().keyPressEvent(event)

    def _zoom(self, factor: float, about: float) -> None:
        drawing = self.drawing()
        if drawing is None:
            return
        first, last = drawing.frame_span
        about = min(max(about, first), last)
        self._show((about + (first - about) * factor, about + (last - about) * factor))

    def _show(self, span: tuple[float, float] | None) -> None:
        self._span = self._within(span)
        self._drawing = None
        self.refresh()

    def _within(self, span: tuple[float, float] | None) -> tuple[float, float] | None:
        """Return iterations kept within all there are; None where they are all."""
        if span is None:
            return None
        _, end = CurvesDrawing(self._scene, self.theme, (1.0, 1.0)).frame_span
        width = min(max(span[1] - span[0], min(_NARROWEST, end)), end)
        first = min(max(span[0], 0.0), end - width)
        return None if width >= end else (first, first + width)
