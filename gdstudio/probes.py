"""Tries what could crash: a graphics driver, machine code, Qt without its libraries.

Each trial runs in a process of its own, so that a crash is an answer. As a program this module gives those
answers to `doctor` and to the scripts of the set-up. Nothing of Qt is imported before a trial asks for it.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PATIENCE = 60.0
"""Seconds that a probe may take; a first start from a cold disk needs several."""


PLATFORMS_ON_DISPLAYS = frozenset({"xcb", "wayland", "wayland-egl"})
"""Platforms of Qt that need what `display_answers` asks."""

PLATFORMS_IN_MEMORY = frozenset({"offscreen", "minimal"})
"""Platforms of Qt whose windows nobody sees."""


def named_platforms() -> set[str]:
    """Return the platforms of Qt that the environment asks for, without their options; none where it does not."""
    named = os.environ.get("QT_QPA_PLATFORM", "").split(";")
    return {platform.partition(":")[0] for platform in named} - {""}


def display_answers() -> bool:
    """Return whether a window would open: a display is named, and something answers there."""
    if named_platforms() & PLATFORMS_IN_MEMORY:
        return False
    if not sys.platform.startswith("linux"):
        return True
    return _wayland_answers() or _x11_answers()


def ask(probe: str) -> dict[str, Any]:
    """Run one of `PROBES` in a process of its own; where there is no display, Qt draws in memory.

    Returns
    -------
    dict
        What the probe found, or ``{"error": sentence}`` where it failed, crashed or hung.
    """
    command = [sys.executable, "-m", "gdstudio.probes", "--probe", probe]
    environment = dict(os.environ)
    if named_platforms() <= PLATFORMS_ON_DISPLAYS and not display_answers():
        environment["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        return {"error": f"no answer within {_PATIENCE:.0f} s"}
    except OSError as error:
        return {"error": f"could not be tried: {error}"}
    last = (done.stdout.splitlines() or [""])[-1]
    if done.returncode == 0 and last.startswith("{"):
        found: dict[str, Any] = json.loads(last)
        return found
    complaint = (done.stderr.strip().splitlines() or [f"ended with code {done.returncode}"])[-1]
    return {"error": complaint[:400]}


def _probe_qt() -> dict[str, Any]:
    from PySide6 import QtCore, QtOpenGLWidgets, QtSvg, QtWidgets  # noqa: F401 - that they load is the test

    application = QtWidgets.QApplication([])
    return {"platform": application.platformName(), "qt": QtCore.qVersion()}


def _probe_opengl() -> dict[str, Any]:
    from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

    application = QGuiApplication([])
    context = QOpenGLContext()
    if not context.create():
        return {"error": f"Qt's platform {application.platformName()} gives no OpenGL context"}
    surface = QOffscreenSurface()
    surface.setFormat(context.format())
    surface.create()
    if not context.makeCurrent(surface):
        return {"error": "the OpenGL context cannot be made current"}
    functions = context.functions()
    names = {"vendor": 0x1F00, "renderer": 0x1F01, "version": 0x1F02}  # GL_VENDOR, GL_RENDERER, GL_VERSION
    found = {name: str(functions.glGetString(number)) for name, number in names.items()}
    context.doneCurrent()
    return found


def _probe_machine_code() -> dict[str, Any]:
    from gdstudio.engine.machine.compiler import compile_ir

    began = time.perf_counter()
    text = "define double @square(double %x) {\n  %y = fmul double %x, %x\n  ret double %y\n}\n"
    square = compile_ir(text, "square", ctypes.c_double, [ctypes.c_double])
    if square.call(1.5) != 2.25:
        return {"error": "a compiled function gives a wrong number"}
    return {"works": True, "milliseconds": round(1000 * (time.perf_counter() - began), 1)}


PROBES: dict[str, Callable[[], dict[str, Any]]] = {
    "qt": _probe_qt,
    "opengl": _probe_opengl,
    "machine-code": _probe_machine_code,
}


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    path = Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(str(path))
        except OSError:
            return False
    return True


def _x11_answers() -> bool:
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # cannot be asked; Qt will say
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer `ask` and the scripts of the set-up; the command for people is ``gdstudio doctor``.

    Returns
    -------
    int
        0 for yes, 1 for no.
    """
    parser = argparse.ArgumentParser(prog="python -m gdstudio.probes")
    question = parser.add_mutually_exclusive_group(required=True)
    question.add_argument("--display", action="store_true", help="is there a display that answers")
    question.add_argument("--can-start", action="store_true", help="can Qt start here")
    question.add_argument("--probe", choices=sorted(PROBES))
    chosen = parser.parse_args(arguments)
    if chosen.display:
        return 0 if display_answers() else 1
    if chosen.can_start:
        return 1 if "error" in ask("qt") else 0
    print(json.dumps(PROBES[chosen.probe]()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
