"""Our window as the command opens it; a word on stdout when it is painted, when all is there, when OpenGL draws."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.views.main_window import MainWindow


def _watched(window: MainWindow) -> None:
    from PySide6.QtCore import QTimer

    from gdstudio.app import studio_of
    from tests.bench.window_first_paint import DRAWN, SHOWN, FirstPaint

    studio = studio_of(window)
    screen, timer = studio.screen, QTimer(window)
    views = (screen.surface, screen.contour, screen.loss)

    def look_for_runs() -> None:
        if studio.player.snapshot is not None and screen.surface.drawing() is not None:
            look_for(None)
            FirstPaint(views, SHOWN, lambda: look_for(look_for_opengl))

    def look_for_opengl() -> None:
        if screen.complete:
            look_for(None)
            FirstPaint(views, DRAWN)

    def look_for(what: Callable[[], None] | None) -> None:
        timer.stop()
        if what is not None:
            timer.timeout.disconnect()
            timer.timeout.connect(what)
            timer.start(2)

    timer.timeout.connect(look_for_runs)
    FirstPaint((*views, window.panel.viewport()), then=lambda: look_for(look_for_runs))


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
