"""Our window as the command opens it, and a word on stdout when it is painted and when its runs are on screen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from gdstudio.views.main_window import MainWindow


def _watched(window: MainWindow) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtOpenGLWidgets import QOpenGLWidget

    from gdstudio.app import studio_of
    from tests.bench.window_first_paint import SHOWN, FirstPaint

    studio = studio_of(window)
    timer = QTimer(window)

    def look() -> None:
        if studio.player.snapshot is not None and studio.screen.complete and not studio.player.waiting:
            timer.stop()
            QTimer.singleShot(0, lambda: print(SHOWN, flush=True))

    timer.timeout.connect(look)
    views = (*window.findChildren(QOpenGLWidget), studio.screen.contour, studio.screen.loss)
    FirstPaint(views, lambda: timer.start(2))


def main() -> None:
    """Do what the command does."""
    from gdstudio import app, cli

    create = app.create_window

    def created() -> MainWindow:
        window = create(None)
        _watched(window)
        return window

    with patch.object(app, "create_window", lambda *_: created()):
        sys.argv[1:] = []
        cli.process()


if __name__ == "__main__":
    main()
