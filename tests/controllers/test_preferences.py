"""What is remembered between starts, and that nothing unreadable in it gets into the way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from gdstudio.app import create_window, studio_of
from gdstudio.controllers.files import settings
from gdstudio.controllers.preferences import Preferences
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gdstudio.controllers.studio import Studio


@pytest.fixture
def start(qapp: QApplication) -> Iterator[Callable[[], Studio]]:
    """Return what opens a window as the program does at its start."""
    palette = QApplication.palette()
    settings().clear()
    studios = []

    def starts() -> Studio:
        studio = studio_of(create_window(greeting(), opengl=False))
        Preferences(studio).put_back()
        studios.append(studio)
        return studio

    yield starts
    for studio in studios:
        studio.discard()
        studio.window.close()
        studio.window.deleteLater()
    studios.clear()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    settings().clear()
    QApplication.setPalette(palette)


@pytest.mark.parametrize("speed", [1.0, 240.0, math.inf])
def test_theme_speed_and_size_are_as_they_were_left(start: Callable[[], Studio], speed: float) -> None:
    first = start()
    first.window.setThemeChoice("light")
    first.window.transport.setSpeed(speed)
    first.window.resize(1100, 720)
    first.window.close()
    second = start()
    assert second.window.themeChoice() == "light"
    assert second.window.transport.speed() == second.player.playback.speed == speed
    assert (second.window.width(), second.window.height()) == (1100, 720)


@pytest.mark.parametrize("rubbish", ["", "purple", "nan", "-5", "1e999x", b"\x00\x01"])
def test_rubbish_is_left_alone(start: Callable[[], Studio], rubbish: str | bytes) -> None:
    for name in ("view/theme", "transport/speed", "window/geometry"):
        settings().setValue(name, rubbish)
    studio = start()
    assert studio.window.themeChoice() == "system"
    assert studio.player.playback.speed == 60.0
    assert studio.window.width() > 900
