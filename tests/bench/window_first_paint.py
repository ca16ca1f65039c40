"""Says on stdout when a window is painted for the first time; used alike by ours and by the bare one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

PAINTED, SHOWN, DRAWN = "painted", "shown", "drawn"
"""What is said: the window is there; so are surface, contours and runs; so is the surface by OpenGL."""


class FirstPaint(QObject):
    """Says a word when every one of some widgets has been painted, and what was painted is on the screen."""

    def __init__(
        self, widgets: Sequence[QWidget], word: str = PAINTED, then: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__(widgets[0].window())
        self._waiting = list(widgets)
        self._word, self._then = word, then
        for widget in widgets:
            widget.installEventFilter(self)
            widget.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note of a paint event; the time is taken when the event loop goes on, after the window was flushed."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            self._waiting = [widget for widget in self._waiting if widget is not watched]
            if not self._waiting:
                QTimer.singleShot(0, self._say)
        return False

    def _say(self) -> None:
        print(self._word, flush=True)
        self._then()
