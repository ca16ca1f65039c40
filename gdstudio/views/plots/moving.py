"""Views that only look: what they show follows the cursor, and nothing in them is to be moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt

from gdstudio.scene.confusion import ConfusionDrawing, ConfusionScene
from gdstudio.scene.gradient_cloud import CloudDrawing, CloudScene
from gdstudio.scene.metrics_table import MetricsDrawing, MetricsScene
from gdstudio.scene.remarks import draw_note
from gdstudio.scene.strokes import round_pen
from gdstudio.views.plots.pointed import PointedPlot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.confusion import Cell
    from gdstudio.scene.theme import Theme

Scene = ConfusionScene | CloudScene | MetricsScene
Picture = ConfusionDrawing | CloudDrawing | MetricsDrawing


class MovingView(PointedPlot):
    """Shows a scene all of which follows the cursor.

    Parameters
    ----------
    draw : callable
        Takes a scene, a theme and a size, gives the drawing.
    """

    def __init__(self, draw: Callable[..., Picture], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene: Scene | None = None
        self._draw = draw
        self._drawing: Picture | None = None
        self.retranslate()

    def setContent(self, scene: Scene) -> None:
        """Show a scene."""
        if scene is self._scene:
            return
        self._scene = scene
        self.cursor_iteration = scene.cursor
        self._drawing = None
        self.refresh()

    def content(self) -> Scene | None:
        """Return what is shown; None before there is anything."""
        return self._scene

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        super().setTheme(theme)
        self._drawing = None

    def drawing(self) -> Picture | None:
        """Return what is on screen; None where there is nothing to show."""
        if self._scene is None:
            return None
        size = (float(self.width()), float(self.height()))
        if self._drawing is None or self._drawing.size != size:
            self._drawing = self._draw(self._scene, self.theme, size)
        return self._drawing


class ConfusionView(MovingView):
    """Shows a `ConfusionScene`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ConfusionDrawing, parent)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setAccessibleDescription(self.tr("How many samples of each class are taken for which"))
        self.setToolTip(self.tr("Confusion matrix: a row for each class, a column for what its samples are taken for"))

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Fit a classifier to see what it confuses")

    def reads_out(self, x: float, y: float) -> bool:
        """Whether there is a cell at a pixel."""
        return self._cell(x, y) is not None

    def paint_over(self, painter: QPainter) -> None:
        """Read out the cell under the pointer."""
        drawing, cell = self.drawing(), self._cell(self.pointer.x(), self.pointer.y()) if self.pointer else None
        if cell is None or not isinstance(drawing, ConfusionDrawing):
            return
        left, top, width, height = cell.box
        painter.setPen(round_pen(self.theme.text, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(left - 1, top - 1, width + 0.5, height + 0.5), 3, 3)
        draw_note(painter, left + width / 2, top + height / 2, drawing.said_of(cell), self.theme, drawing.size)

    def _cell(self, x: float, y: float) -> Cell | None:
        drawing = self.drawing()
        return drawing.cell_at(x, y, self.cursor_iteration) if isinstance(drawing, ConfusionDrawing) else None


class MetricsView(MovingView):
    """Shows a `MetricsScene`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(MetricsDrawing, parent)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Metrics"))
        self.setAccessibleDescription(self.tr("How well each run fits the training rows and those held out"))
        self.setToolTip(self.tr("Metrics of every run at the iteration shown"))

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Fit a model to data to see its metrics")


class CloudView(MovingView):
    """Shows a `CloudScene`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(CloudDrawing, parent)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Gradient cloud"))
        self.setAccessibleDescription(self.tr("The gradient of every sample, of the batch and of all training rows"))
        self.setToolTip(self.tr(
            "Gradient cloud: a dot for the gradient of each sample; the batch's wanders about the full one"
        ))

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Fit a model of two parameters or more to see the gradients of its samples")
