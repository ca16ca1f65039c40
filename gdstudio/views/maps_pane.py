"""The pane of contour map, loss of the batch and cloud of gradients: its tabs, and what there is to see of batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.views.panes import TabbedPane

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class MapsPane(TabbedPane):
    """Maps under tabs; below the loss of the batch stands whose it is, or why there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: str | None = None
        self._derivative = False

    def setDerivative(self, derivative: bool) -> None:
        """Call the first view derivative, of one variable, or contour."""
        self._derivative = derivative
        self.retranslate()

    def setBatchOf(self, run: str | None) -> None:
        """Say whose batch is shown: what people call the run, empty where all take full batches, None without a map."""
        if run != self._run:
            self._run = run
            self._say_batch()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.tabs.setAccessibleName(self.tr("Upper views"))
        self.setTitle("contour", self.tr("Derivative") if self._derivative else self.tr("Contour"))
        self.setTitle("batch", self.tr("This batch"))
        self.setTitle("cloud", self.tr("Gradient cloud"))
        self._say_batch()

    def _say_batch(self) -> None:
        if self._run is None:
            self.setRemark("batch", ())
        elif self._run:
            self.setRemark("batch", (
                self.tr("white dashes: the loss of this step's batch alone, of {run}").format(run=self._run),
                self.tr("dashes: loss of this step's batch, {run}").format(run=self._run),
                self.tr("dashes: this batch's loss, {run}").format(run=self._run),
                self.tr("dashes: batch loss, {run}").format(run=self._run),
                self.tr("white dashes: loss of this step's batch"), self.tr("dashes: loss of this batch"),
            ), self.tr(
                "White dashes: lines of equal loss of the batch that makes the step from here, and of it alone; it is "
                "that of {run}. Below is the loss of all training samples. Where the run has ended there is no batch."
            ).format(run=self._run))
        else:
            self.setRemark("batch", (
                self.tr("all runs take full batches, whose loss is the map itself: nothing else to see"),
                self.tr("full batches: their loss is the map itself"), self.tr("full batches: the map itself"),
            ), self.tr(
                "A run that takes all training samples in every step descends on the map itself. Give one a smaller "
                "batch, and the loss of each of its batches is drawn over the map."
            ))
