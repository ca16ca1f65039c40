"""Garbage collected when nobody waits for the window.

The interpreter counts what is made and then looks through all there is, in whatever thread happens to make one
object more, and lets no other run meanwhile: with Qt, NumPy and LLVM loaded that is 30 to 50 ms in the middle of
typing or dragging. So the collector of the process is switched off and called from here: what is young now and
then, everything while the window rests. What the libraries made when they were loaded stays as long as the
process and is not looked through again. Cycles that hold widgets are freed in the window's thread, as Qt wants it.
"""

from __future__ import annotations

import gc
import sys
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from gdstudio.controllers.studio import Studio

_LOOK_MS = 250
# Objects made since the last look above which the young ones are looked through: a millisecond's work.
_YOUNG = 2_000
# Seconds without a change after which the window rests, and after which all is looked through though it never rests.
_REST, _LONGEST = 2.0, 120.0


class Housekeeping(QObject):
    """Takes the collector of the process over, as long as the studio lives.

    Parameters
    ----------
    studio : Studio
        Whose window must not be held up.
    """

    def __init__(self, studio: Studio) -> None:
        super().__init__(studio)
        self._studio = studio
        self._busy_at = self._cleaned_at = time.monotonic()
        self._clean = False
        self._loaded = 0
        self._before = gc.isenabled()
        gc.disable()
        studio.player.moved.connect(self._busy)
        studio.player.computed.connect(self._busy)
        studio.player.answered.connect(self._busy)
        studio.window.closing.connect(self.give_back)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def _busy(self) -> None:
        self._busy_at, self._clean = time.monotonic(), False

    def look(self) -> None:
        """Collect what is due at this moment."""
        now = time.monotonic()
        rests = now - self._busy_at > _REST and not self._studio.player.waiting
        if (rests and not self._clean) or now - self._cleaned_at > _LONGEST:
            self.clean()
        elif gc.get_count()[0] > _YOUNG:
            gc.collect(1)

    def clean(self) -> None:
        """Look through everything; what came with libraries loaded since the last time is kept for good."""
        gc.collect()
        if len(sys.modules) > self._loaded:
            self._loaded = len(sys.modules)
            gc.freeze()
        self._cleaned_at, self._clean = time.monotonic(), True

    def give_back(self) -> None:
        """Leave the collector to the interpreter again, as it was before."""
        self._timer.stop()
        if self._before:
            gc.enable()
