"""OpenGL comes after the window, and the window is not made anew for it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from PySide6.QtCore import QCoreApplication

from gdstudio.app import create_window, opengl_works, studio_of
from gdstudio.controllers import late_opengl
from gdstudio.experiment.greeting import greeting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gdstudio.views.main_window import MainWindow


@pytest.fixture
def window(qapp: object) -> Iterator[MainWindow]:
    """Return a window that takes OpenGL where it works, not yet shown."""
    if not opengl_works():
        pytest.skip("there is no OpenGL on this display")
    made = create_window(greeting())
    yield made
    studio_of(made).discard()
    made.close()
    made.deleteLater()


@pytest.mark.opengl
def test_the_surface_is_shown_first_and_drawn_by_opengl_then(window: MainWindow, qtbot: QtBot) -> None:
    screen = studio_of(window).screen
    assert not screen.surface.opengl
    assert not screen.complete
    with qtbot.waitExposed(window):
        window.show()
    number = window.winId()
    qtbot.waitUntil(lambda: screen.complete, timeout=20_000)
    assert screen.surface.opengl
    assert window.winId() == number
    assert screen.surface.drawing() is not None


@pytest.mark.opengl
def test_where_it_cannot_be_loaded_the_surface_stays_as_it_is(window: MainWindow, qtbot: QtBot) -> None:
    screen = studio_of(window).screen
    with patch.object(late_opengl, "import_module", side_effect=ImportError("no OpenGL")):
        window.show()
        qtbot.waitUntil(lambda: screen.complete, timeout=20_000)
    assert not screen.surface.opengl
    assert screen.surface.drawing() is not None


@pytest.mark.opengl
def test_a_window_that_closes_meanwhile_waits_for_the_thread(window: MainWindow, qtbot: QtBot) -> None:
    screen = studio_of(window).screen
    window.show()
    qtbot.waitUntil(lambda: screen.surface.drawing() is not None, timeout=20_000)
    window.close()
    screen.wait()
    drawn_by_opengl = screen.surface.opengl
    QCoreApplication.processEvents()
    assert screen.surface.opengl is drawn_by_opengl
