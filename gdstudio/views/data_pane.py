"""The pane below the surface where there is data: tabs of views, and what the mouse does in the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent

from gdstudio.views.panes import TabbedPane
from gdstudio.views.plots.data import DataView
from gdstudio.views.plots.moving import ConfusionView
from gdstudio.views.plots.predictions import PredictionsView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_TABS = {"regression": ("data", "residuals", "actual"), "classes": ("data", "confusion")}


class DataPane(TabbedPane):
    """Data, residuals, predictions and confusion under tabs.

    Attributes
    ----------
    data, residuals, actual, confusion
        The views.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.data = DataView()
        self.residuals, self.actual = PredictionsView("residuals"), PredictionsView("actual")
        self.confusion = ConfusionView()
        self._views = {
            "data": self.data, "residuals": self.residuals, "actual": self.actual, "confusion": self.confusion,
        }
        for key, view in self._views.items():
            view.setObjectName(f"{key}View")
            self.addView(key, view)
        self._task: Literal["regression", "classes"] = "regression"
        self._held_out = self._batches = False
        self.setTask("regression")
        self.retranslate()

    def setTask(self, task: Literal["regression", "classes"]) -> None:
        """Offer the views that suit a task; one that is in front and does not makes room for the data."""
        self._task, offered = task, _TABS[task]
        # before its tab goes: Qt would bring a neighbour to the front
        if self.current() not in offered:
            self.setCurrent("data")
        for key in self._views:
            self.setViewOffered(key, key in offered)
        self._say_gestures()

    def setMarks(self, *, held_out: bool, batches: bool) -> None:
        """Say which marks there are besides points: of samples held out, and of those in the batch of a step."""
        if (held_out, batches) != (self._held_out, self._batches):
            self._held_out, self._batches = held_out, batches
            self._say_marks()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.tabs.setAccessibleName(self.tr("Views of the data"))
        self.setTitle("data", self.tr("Data"))
        self.setTitle("residuals", self.tr("Residuals"))
        self.setTitle("actual", self.tr("Predicted against actual"))
        self.setTitle("confusion", self.tr("Confusion matrix"))
        # in its own language of now: a part of the window may hear of another one later than the whole
        self.data.retranslate()
        self._say_gestures()
        self._say_marks()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _say_marks(self) -> None:
        hollow = (self.tr("hollow: held out"),) if self._held_out else ()
        large = (self.tr("large: the batch of this step"), self.tr("large: this batch")) if self._batches else ()
        # both in the longest words, then the shorter, at last the first alone
        self.setNote("data", (*(" · ".join((*hollow, each)) for each in large), *(hollow or large)))
        for key in ("residuals", "actual"):
            self.setNote(key, hollow)

    def _say_gestures(self) -> None:
        if self._task == "classes":
            longest: tuple[str, ...] = (
                self.tr("drag a point · Shift-click adds one, its class by a click in the legend · Alt-click removes "
                        "one · Ctrl-drag removes all in a rectangle · Ctrl+Z undoes"),
                self.tr("drag · Shift-click adds one, its class by a click in the legend · Alt-click removes · "
                        "Ctrl-drag removes many · Ctrl+Z undoes"),
            )
        else:
            longest = (self.tr("drag a point to move it · Shift-click adds one · Alt-click removes one · Ctrl-drag "
                               "removes all in a rectangle · Ctrl+Z undoes"),)
        self.setRemark("data", (
            *longest,
            self.tr("drag a point · Shift-click adds · Alt-click removes · Ctrl-drag removes many · Ctrl+Z undoes"),
            self.tr("drag a point · Shift-click adds · Alt-click, Ctrl-drag remove · Ctrl+Z undoes"),
            self.tr("drag · Shift-click adds · Alt-click, Ctrl-drag remove · Ctrl+Z"),
        ), self.data.toolTip())
