"""The pane of loss and metrics: its tabs, and what the kinds of lines of a loss over data are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.views.panes import TabbedPane

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class CurvesPane(TabbedPane):
    """Loss and metrics under tabs; below the loss stands what is strong, faint and dashed where not all is strong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._batches = self._held_out = self._at_epochs = False

    def setLossCurves(self, *, batches: bool, held_out: bool, at_epochs: bool) -> None:
        """Say which lines there are besides the loss of all samples, and whether that is known at ends of epochs only.

        Parameters
        ----------
        batches, held_out : bool
            Whether there is the loss of batches, and that of samples held out.
        at_epochs : bool
            Whether there are so many samples that the loss of all is known at the ends of epochs only.
        """
        if (batches, held_out, at_epochs) != (self._batches, self._held_out, self._at_epochs):
            self._batches, self._held_out, self._at_epochs = batches, held_out, at_epochs
            self._say_lines()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.tabs.setAccessibleName(self.tr("Curves"))
        self.setTitle("loss", self.tr("Loss"))
        self.setTitle("metrics", self.tr("Metrics"))
        self._say_lines()

    def _say_lines(self) -> None:
        if not (self._batches or self._held_out):
            self.setRemark("loss", ())
            return
        whole = self.tr("strong: all samples")
        short = self.tr("strong: all")
        strong = (
            self.tr("strong: all samples, known at ends of epochs"), self.tr("strong: all, known at ends of epochs"),
            self.tr("strong: all, known at epoch ends"), self.tr("all: epoch ends"),
        ) if self._at_epochs else (whole, whole, short, short)
        faint = (self.tr("faint: each batch"), *[self.tr("faint: batch")] * 3)
        dashed = self.tr("dashed: held out")
        self.setRemark("loss", tuple(
            " · ".join((first, *([second] if self._batches else []), *([dashed] if self._held_out else [])))
            for first, second in zip(strong, faint, strict=True)
        ), self._explanation())

    def _explanation(self) -> str:
        sentences = [self.tr(
            "Strong: the loss of all training samples. There are so many that a run knows it, and may stop by it, only "
            "where an epoch ends; for the curve it is worked out at some iterations in between."
        ) if self._at_epochs else self.tr("Strong: the loss of all training samples.")]
        if self._batches:
            sentences.append(self.tr("Faint: the loss of the batch of each step."))
        if self._held_out:
            sentences.append(self.tr("Dashed: the loss of the samples held out, which no step looks at."))
        return " ".join(sentences)
