"""Shows in the status bar what a thread does with data, once it takes long enough to be noticed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from gdstudio.data.progress import Progress
    from gdstudio.views.main_window import MainWindow

# Seconds after which work is shown, and milliseconds after which its progress is looked at again.
_UNNOTICED = 0.25
_LOOK_MS = 60


class WorkShown(QObject):
    """The work on data of one window.

    Signals
    -------
    cancelled()
        A person has asked by Escape or the button that what is shown be given up.
    """

    cancelled = Signal()

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._progress: Progress | None = None
        self._cancellable = True
        self._begun = 0.0
        self._clock = QTimer(self)
        self._clock.setInterval(_LOOK_MS)
        self._clock.timeout.connect(self._look)
        window.status.work.cancelled.connect(self.cancelled)
        window.installEventFilter(self)

    def begin(self, progress: Progress, *, cancellable: bool = True) -> None:
        """Show some work from now on, in the place of any other; of work that goes on at once after other, at once."""
        if self._progress is None:
            self._begun = time.monotonic()
        self._progress, self._cancellable = progress, cancellable
        self._clock.start()

    def end(self) -> None:
        """Show nothing any more."""
        self._progress = None
        self._clock.stop()
        self._window.status.work.setWork(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give the work up on Escape, where nothing else in the window wanted the key."""
        can_end = self._progress is not None and self._cancellable and watched is self._window
        pressed = event.key() if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if can_end and pressed == Qt.Key.Key_Escape:
            self.cancelled.emit()
            return True
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        if self._progress is not None and time.monotonic() - self._begun >= _UNNOTICED:
            self._window.status.work.setWork(self._progress.share, cancellable=self._cancellable)
