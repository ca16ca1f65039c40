"""A line of words below a view, in the longest wording that there is room for: what the mouse does, what to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from gdstudio.views.controls import ElidedLabel
from gdstudio.views.style import text_font

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget


class Remark(ElidedLabel):
    """Says the same in the longest of several wordings that fits; the tooltip explains it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wordings: tuple[str, ...] = ()
        self._explanation = ""
        self.setProperty("role", "muted")
        self.setFont(text_font(12))
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setWordings(self, wordings: tuple[str, ...], explanation: str = "") -> None:
        """Say one of `wordings`, the longest first; the explanation is the longest where there is none."""
        self._wordings, self._explanation = wordings, explanation
        self._choose()
        self._elide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the wording anew."""
        self._choose()
        super().resizeEvent(event)

    def _choose(self) -> None:
        metrics, room = self.fontMetrics(), self.width() - 2
        fits = (each for each in self._wordings if metrics.horizontalAdvance(each) <= room)
        self.setWhole(next(fits, "".join(self._wordings[-1:])))

    def _elide(self) -> None:
        super()._elide()
        longest = "".join(self._wordings[:1])
        self.setAccessibleName(longest)
        self.setToolTip(self._explanation or longest)
        self.setAccessibleDescription(self._explanation)
