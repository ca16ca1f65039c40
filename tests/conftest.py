"""What every test lives in: folders of its own, an application made as the program makes it, nothing left over."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QThread
    from PySide6.QtWidgets import QApplication, QWidget

# Before anything of Qt is imported: the program looks for its folders, Qt for its platform.
_home = tempfile.TemporaryDirectory(prefix="gdstudio-tests-", ignore_cleanup_errors=True)
for _name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"):
    _folder = Path(_home.name, _name.lower())
    _folder.mkdir(mode=0o700)
    os.environ[_name] = str(_folder)
os.environ["PYQTGRAPH_QT_LIB"] = "PySide6"
os.environ.pop("WAYLAND_DISPLAY", None)
os.environ.pop("QT_SCALE_FACTOR", None)
if sys.platform.startswith("linux"):
    os.environ["QT_QPA_PLATFORM"] = "xcb"

# A shell has what it starts in the background ignore Ctrl+C, and so would every program that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("studio", deadline=None, max_examples=100)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "studio")


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    """Return the class of the application, with what must be set before the first one is made."""
    from PySide6.QtCore import QCoreApplication, Qt
    from PySide6.QtWidgets import QApplication

    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    return QApplication


@pytest.fixture(scope="session")
def opengl_renderer() -> str:
    """Return the name of the OpenGL renderer; without one, skip, or fail where tests count."""
    from gdstudio.probes import ask

    found = ask("opengl")
    if "error" not in found:
        return str(found["renderer"])
    reason = f"OpenGL does not work here: {found['error']}"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test marked ``opengl`` the fixture that asks for a renderer."""
    for item in items:
        if item.get_closest_marker("opengl") and isinstance(item, pytest.Function):
            item.fixturenames.insert(0, "opengl_renderer")


@pytest.fixture(autouse=True)
def nothing_left(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """Close and delete what a test of windows left open; fail if a widget or a thread outlives that."""
    if not _is_gui(request):
        yield
        return
    from PySide6.QtCore import QThread
    from PySide6.QtWidgets import QApplication

    before = {_address(widget) for widget in QApplication.topLevelWidgets()}
    started: list[tuple[QThread, str]] = []
    start = QThread.start

    def start_and_remember(thread: QThread, *arguments: Any) -> None:
        started.append((thread, "".join(traceback.format_stack(limit=6)[:-1])))
        start(thread, *arguments)

    monkeypatch.setattr(QThread, "start", start_and_remember)
    yield
    _close_new_windows(before)
    threads = [f"{thread}, started at\n{stack}" for thread, stack in started if _runs(thread)]
    for thread, _ in started:
        if _runs(thread):  # a thread destroyed while it runs would end the whole suite
            thread.quit()
            thread.wait(2_000)
    widgets = [_describe(widget) for widget in _new_windows(before)]
    started.clear()
    if threads or widgets:
        pytest.fail("left alive:\n" + "\n".join(threads + widgets), pytrace=False)


def _is_gui(request: pytest.FixtureRequest) -> bool:
    return bool({"qapp", "qtbot"} & set(request.fixturenames)) or "opengl_renderer" in request.fixturenames


def _close_new_windows(before: set[int]) -> None:
    """Close and delete the windows that were not there; collect garbage only where some stay."""
    from PySide6.QtCore import QCoreApplication, QEvent, Qt

    for collect in (False, True):
        windows = _new_windows(before)
        if not windows:
            return
        for widget in windows:
            widget.close()
            # a completer deletes its own popup, which has no parent all the same
            if widget.parentWidget() is None and widget.windowType() != Qt.WindowType.Popup:
                widget.deleteLater()
        del windows[:]
        if collect:
            gc.collect()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()


def _new_windows(before: set[int]) -> list[QWidget]:
    from PySide6.QtWidgets import QApplication

    return [widget for widget in QApplication.topLevelWidgets() if _address(widget) not in before]


def _address(widget: QWidget) -> int:
    import shiboken6

    return int(shiboken6.getCppPointer(widget)[0])


def _runs(thread: QThread) -> bool:
    import shiboken6

    return shiboken6.isValid(thread) and thread.isRunning()


def _describe(widget: QWidget) -> str:
    holders = sorted({type(holder).__name__ for holder in gc.get_referrers(widget)} - {"list", "frame"})
    name, title = widget.objectName(), widget.windowTitle()
    return f"{type(widget).__name__} name={name!r} title={title!r} parent={widget.parentWidget()} held by {holders}"
