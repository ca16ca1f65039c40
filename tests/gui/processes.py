"""Whole processes with a window in them, started by tests to see how they end."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_BEGIN = """
import math, os, sys, traceback
from pathlib import Path
from PySide6.QtCore import QTimer
from gdstudio.app import create_application, create_window, studio_of
from gdstudio.controllers.playback import PlayState


def fail(*error):
    traceback.print_exception(*error)
    os._exit(3)


sys.excepthook = fail
application = create_application()
window = create_window()
studio = studio_of(window)
player = studio.player


def when(condition, action):
    timer = QTimer(window)
    def look():
        if condition():
            timer.stop()
            action()
    timer.timeout.connect(look)
    timer.start(5)


def ready():
    return player.ended and studio.screen.complete


def pixel(view):
    image = view.grab().toImage()
    return [image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)]


window.show()
"""


def run_window(
    script: str, folder: Path, *, environment: dict[str, str] | None = None, timeout: float = 30.0
) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own that has a window, and return how it ended.

    Parameters
    ----------
    script : str
        What happens after the window is shown; it ends with the application's loop.
    folder : Path
        The person's own folders are in it.
    environment : dict of str to str
        Further variables.
    timeout : float
        Seconds after which it is killed and the test fails.
    """
    inherited = {**os.environ, "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config")}
    inherited.update(PYTHONWARNINGS="error::RuntimeWarning", QT_LOGGING_RULES="", **(environment or {}))
    text = _BEGIN + textwrap.dedent(script) + "\nsys.exit(application.exec())\n"
    return subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", text], cwd=folder, env=inherited, capture_output=True, text=True,
        timeout=timeout, check=False,
    )
