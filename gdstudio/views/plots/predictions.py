"""Residuals, and predictions against what was measured, as widgets: hovering reads values out, the wheel zooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.scene.marks import draw_ring
from gdstudio.scene.predictions import PredictionsDrawing
from gdstudio.scene.remarks import draw_note
from gdstudio.scene.ticks import number_text
from gdstudio.views.plots.flat import Extent, FlatPlot

if TYPE_CHECKING:
    from typing import Literal

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.axes import Frame
    from gdstudio.scene.predictions import PredictionsScene
    from gdstudio.scene.theme import Theme


class PredictionsView(FlatPlot):
    """Shows a `PredictionsScene`.

    Parameters
    ----------
    kind : {"residuals", "actual"}
        Which of both plots it is.
    """

    def __init__(self, kind: Literal["residuals", "actual"], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self._scene: PredictionsScene | None = None
        self._drawing: PredictionsDrawing | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        if self._kind == "residuals":
            self.setAccessibleName(self.tr("Residuals"))
            self.setAccessibleDescription(self.tr("What was measured less what each run predicts, over the prediction"))
        else:
            self.setAccessibleName(self.tr("Predicted against actual"))
            self.setAccessibleDescription(self.tr("What each run predicts over what was measured"))
        self.setToolTip(self.tr("{name}: point to read values, wheel to zoom, right button to pan").format(
            name=self.accessibleName()))

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Fit a number to data to see how well it is predicted")

    def setContent(self, scene: PredictionsScene) -> None:
        """Show a scene."""
        if scene is self._scene:
            return
        before = self._drawing
        self._scene = scene
        self.cursor_iteration = scene.cursor
        self._drawing = None
        drawing = self.drawing()
        self.refresh(ground=before is None or drawing is None or not drawing.same_ground(before))

    def content(self) -> PredictionsScene | None:
        """Return what is shown; None before there is anything."""
        return self._scene

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        super().setTheme(theme)
        self._drawing = None

    def drawing(self) -> PredictionsDrawing | None:
        """Return what is on screen; None where there is nothing to show."""
        if self._scene is None:
            return None
        size = (float(self.width()), float(self.height()))
        if self._drawing is None or self._drawing.size != size:
            self._drawing = PredictionsDrawing(self._scene, self.theme, size, self._extent)
        return self._drawing

    def frame(self) -> Frame | None:
        """Return the frame of what is on screen; None where there is nothing to show."""
        drawing = self.drawing()
        return None if drawing is None else drawing.frame

    def home(self) -> Extent | None:
        """Return what is shown until a person pans or zooms."""
        return None if self._scene is None else self._scene.extent

    def forget(self) -> None:
        """Let go of what was prepared for another part."""
        self._drawing = None

    def reads_out(self, x: float, y: float) -> bool:
        """Whether there is a point at a pixel."""
        drawing = self.drawing()
        return drawing is not None and drawing.nearest(x, y, self.cursor_iteration) is not None

    def paint_over(self, painter: QPainter) -> None:
        """Read out the point under the pointer."""
        drawing = self.drawing()
        if drawing is None or self.pointer is None:
            return
        found = drawing.nearest(self.pointer.x(), self.pointer.y(), self.cursor_iteration)
        if found is None:
            return
        run, index = found
        pixels = next(each for one, each in drawing.places(self.cursor_iteration) if one is run)
        x, y = pixels[index].tolist()
        draw_ring(painter, x, y, self.theme, 6.0)
        scene = drawing.scene
        actual, predicted = float(scene.actual[index]), float(run.values[index])
        lines = [
            run.label,
            self.tr("actual {value}").format(value=number_text(actual)),
            self.tr("prediction {value}").format(value=number_text(predicted)),
            self.tr("residual {value}").format(value=number_text(actual - predicted)),
        ]
        if scene.held_out is not None and scene.held_out[index]:
            lines.append(self.tr("held out"))
        draw_note(painter, x, y, lines, self.theme, drawing.size)
