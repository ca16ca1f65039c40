"""Fifty windows opened and closed leave nothing behind."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread

from gdstudio.app import create_window, studio_of
from gdstudio.controllers.playback import Playback
from gdstudio.experiment.greeting import greeting
from gdstudio.views.main_window import MainWindow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

MEGABYTE = 1 << 20


def _memory() -> int:
    """Return the memory that this process has in use, in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _open_and_close(qtbot: QtBot, *, opengl: bool) -> None:
    window = create_window(greeting(), opengl=opengl)
    studio = studio_of(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: studio.player.ended and studio.screen.complete, timeout=10_000)
    window.actionRun.trigger()
    qtbot.waitUntil(lambda: studio.player.playback.position > 0, timeout=10_000)
    studio.discard()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()


def _counts(application: QApplication) -> tuple[int, int, int, int]:
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    alive = gc.get_objects()
    return (
        len(application.allWidgets()),
        len(application.topLevelWidgets()),
        # Threads are counted below: the fixture that looks for those left over holds on to each.
        sum(isinstance(each, QObject | Playback) and not isinstance(each, QThread) for each in alive),
        threading.active_count() + len(os.listdir("/proc/self/task")),
    )


@pytest.mark.parametrize(("opengl", "count", "bound"), [
    pytest.param(False, 50, 24 * MEGABYTE, id="painted"),
    pytest.param(True, 6, 64 * MEGABYTE, id="opengl", marks=pytest.mark.opengl),
])
def test_windows_do_not_pile_up(qtbot: QtBot, qapp: QApplication, opengl: bool, count: int, bound: int) -> None:
    for _ in range(3):
        _open_and_close(qtbot, opengl=opengl)
    before, memory = _counts(qapp), _memory()
    for _ in range(count):
        _open_and_close(qtbot, opengl=opengl)
        gc.collect()  # what a window leaves is in cycles: memory would measure when Python last looked for them
    after = _counts(qapp)
    assert all(now <= then for now, then in zip(after, before, strict=True)), (before, after)
    assert not any(isinstance(each, MainWindow) for each in gc.get_objects())
    assert _memory() - memory < bound
