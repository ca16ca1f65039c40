"""The pane below the surface where there is data: tabs of views, and a word on what the mouse does in the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel

from gdstudio.views.panes import TabbedPane
from gdstudio.views.plots.data import DataView
from gdstudio.views.plots.moving import ConfusionView
from gdstudio.views.plots.predictions import PredictionsView
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
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
        self.hint = QLabel(self)
        self.hint.setProperty("role", "pill")
        self.hint.setFont(text_font(12))
        self.head.addWidget(self.hint, 0, Qt.AlignmentFlag.AlignVCenter)
        self.head.setContentsMargins(14, 3, 12, 0)
        self.tabs.currentChanged.connect(self._fit)
        self.setTask("regression")
        self.retranslate()

    def setTask(self, task: Literal["regression", "classes"]) -> None:
        """Offer the views that suit a task; one that is in front and does not makes room for the data."""
        offered = _TABS[task]
        # before its tab goes: Qt would bring a neighbour to the front
        if self.current() not in offered:
            self.setCurrent("data")
        for key in self._views:
            self.setViewOffered(key, key in offered)
        self._fit()

    def retranslate(self) -> None:
        """Set all texts in the language of now."""
        self.tabs.setAccessibleName(self.tr("Views of the data"))
        self.setTitle("data", self.tr("Data"))
        self.setTitle("residuals", self.tr("Residuals"))
        self.setTitle("actual", self.tr("Predicted against actual"))
        self.setTitle("confusion", self.tr("Confusion matrix"))
        self.hint.setText(self.tr("drag a point · Shift-click adds · Alt-click removes"))
        # in its own language of now: a part of the window may hear of another one later than the whole
        self.data.retranslate()
        self.hint.setToolTip(self.data.toolTip())
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the hint where there is room for it."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - self.tabs.sizeHint().width() - 40
        self.hint.setVisible(self.current() == "data" and self.hint.sizeHint().width() <= room)
