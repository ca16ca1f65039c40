"""The learning rate over the iterations as a small widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QSizePolicy

from gdstudio.scene.rates import RatesDrawing, RatesScene
from gdstudio.scene.ticks import number_text
from gdstudio.views.plots.canvas import PlotCanvas

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QWidget

    from gdstudio.scene.theme import Theme


class RatesView(PlotCanvas):
    """Shows a `RatesScene`; the tooltip reads values out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = RatesScene()
        self._drawing: RatesDrawing | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumSize(80, 96)
        self.retranslate()

    def sizeHint(self) -> QSize:
        """Height of the plot; the width is the panel's."""
        return QSize(200, 96)

    def empty_text(self) -> str:
        """Return nothing: the plot comes as soon as it is computed."""
        return ""

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.setAccessibleName(self.tr("Learning rate over iterations"))
        self._say()

    def setContent(self, scene: RatesScene) -> None:
        """Show a scene."""
        if scene is not self._scene:
            self._scene, self._drawing = scene, None
            self._say()
            self.refresh()

    def content(self) -> RatesScene:
        """Return what is shown."""
        return self._scene

    def setTheme(self, theme: Theme) -> None:
        """Show the same in other colours."""
        self._drawing = None
        super().setTheme(theme)

    def drawing(self) -> RatesDrawing | None:
        """Return what is on screen; None where there is nothing to show."""
        if not len(self._scene.rates):
            return None
        size = (float(self.width()), float(self.height()))
        if self._drawing is None or self._drawing.size != size:
            self._drawing = RatesDrawing(self._scene, self.theme, size)
        return self._drawing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the rate under the pointer out."""
        super().mouseMoveEvent(event)
        drawing = self.drawing()
        if drawing is None:
            return
        iteration = round(drawing.frame.data(event.position().x(), 0.0)[0])
        if 0 <= iteration <= self._scene.last:
            self.setToolTip(self.tr("iteration {iteration}: learning rate {rate}").format(
                iteration=max(iteration, 1), rate=number_text(self._scene.at(iteration))))

    def leaveEvent(self, event: QEvent) -> None:
        """Say again what the plot is."""
        super().leaveEvent(event)
        self._say()

    def _say(self) -> None:
        self.setToolTip(self.tr("The learning rate of each step; the dashed line is the iteration shown"))
        if len(self._scene.rates):
            text = self.tr("from {first} at the first step to {last} at the last")
            self.setAccessibleDescription(text.format(
                first=number_text(float(self._scene.rates[0])), last=number_text(float(self._scene.rates[-1]))))
