"""OpenGL after the window: loading it takes longer than all the rest of the start.

Until it is there, the surface is drawn without it, which looks the same. It is loaded in a thread of its own once
the runs are on screen.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from gdstudio.runner.background import BackgroundTask

if TYPE_CHECKING:
    from gdstudio.views.plots.surface import SurfaceView

_MODULE = "gdstudio.views.gl.canvas"


class LateOpenGL(QObject):
    """Gives a surface its OpenGL canvas later.

    Parameters
    ----------
    surface : SurfaceView
        Made without OpenGL.
    parent : QObject
        Who waits for it at the end.
    """

    def __init__(self, surface: SurfaceView, parent: QObject) -> None:
        super().__init__(parent)
        self._surface = surface
        self._task: BackgroundTask | None = None
        self.due = True
        surface.reserveOpenGL()

    def begin(self) -> None:
        """Load it; a second call does nothing."""
        if self._task is not None:
            return
        self._task = BackgroundTask(lambda: import_module(_MODULE), self)
        self._task.succeeded.connect(self._loaded)
        # what cannot be loaded is not missed: the surface is drawn without it
        self._task.broke.connect(self._given_up)
        # the window is painted first
        QTimer.singleShot(0, self._start)

    def wait(self) -> None:
        """Return when no thread is at work any more; nothing is shown after that."""
        self.due = False
        if self._task is not None:
            self._task.wait()

    def _start(self) -> None:
        if self.due and self._task is not None:
            self._task.start()

    def _loaded(self) -> None:
        if self.due:
            self.due = False
            self._surface.useOpenGL()

    def _given_up(self) -> None:
        self.due = False
