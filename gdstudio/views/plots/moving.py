"""Views that only look: what they show follows the cursor, and nothing in them is to be moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gdstudio.scene.confusion import ConfusionDrawing, ConfusionScene
from gdstudio.scene.gradient_cloud import CloudDrawing, CloudScene
from gdstudio.scene.metrics_table import MetricsDrawing, MetricsScene
from gdstudio.views.plots.canvas import PlotCanvas

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.theme import Theme

Scene = ConfusionScene | CloudScene | MetricsScene
Picture = ConfusionDrawing | CloudDrawing | MetricsDrawing


class MovingView(PlotCanvas):
    """Shows a scene all of which follows the cursor.

    Parameters
    ----------
    empty : ConfusionScene, CloudScene or MetricsScene
        What is shown before there is content.
    draw : callable
        Takes a scene of this kind, a theme and a size, gives the drawing.
    """

    def __init__(
        self, empty: Scene, draw: Callable[..., Picture], parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._scene, self._empty, self._draw = empty, empty, draw
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

    def content(self) -> Scene:
        """Return what is shown."""
        return self._scene

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        super().setTheme(theme)
        self._drawing = None

    def drawing(self) -> Picture | None:
        """Return what is on screen; None where there is nothing to show."""
        if self._scene is self._empty:
            return None
        size = (float(self.width()), float(self.height()))
        if self._drawing is None or self._drawing.size != size:
            self._drawing = self._draw(self._scene, self.theme, size)
        return self._drawing

    def picture(self, size: tuple[float, float], theme: Theme) -> Picture:
        """Return what is shown as a picture of its own."""
        return self._draw(replace(self._scene, cursor=self.cursor_iteration), theme, size)


class ConfusionView(MovingView):
    """Shows a `ConfusionScene`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(ConfusionScene(), ConfusionDrawing, parent)

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Confusion matrix"))
        self.setAccessibleDescription(self.tr("How many samples of each class are taken for which"))
        self.setToolTip(self.tr("Confusion matrix: a row for each class, a column for what its samples are taken for"))

    def empty_text(self) -> str:
        """Return what to do next, where there is nothing to show."""
        return self.tr("Fit a classifier to see what it confuses")


class MetricsView(MovingView):
    """Shows a `MetricsScene`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(MetricsScene(), MetricsDrawing, parent)

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
        super().__init__(CloudScene(), CloudDrawing, parent)

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
