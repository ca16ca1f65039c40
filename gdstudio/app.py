"""Composition root: makes the application, the window and what stands behind it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")

from PySide6.QtCore import QCoreApplication, QEventLoop, Qt
from PySide6.QtWidgets import QApplication

from gdstudio.controllers.files import kept_session
from gdstudio.controllers.housekeeping import Housekeeping
from gdstudio.controllers.language import Language
from gdstudio.controllers.preferences import Preferences
from gdstudio.controllers.screen import Screen
from gdstudio.controllers.studio import Studio
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.file import open_experiment
from gdstudio.experiment.greeting import greeting
from gdstudio.exporters.pictures import export_image
from gdstudio.views import style
from gdstudio.views.main_window import MainWindow

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from gdstudio.experiment.document import Experiment

# Platforms of Qt on which a widget of OpenGL crashes or stays empty.
_PLATFORMS_WITHOUT_OPENGL = ("offscreen", "minimal", "vnc", "linuxfb")


def opengl_works() -> bool:
    """Return whether a context of OpenGL can be made on this display."""
    from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

    if QGuiApplication.platformName() in _PLATFORMS_WITHOUT_OPENGL:
        return False
    surface = QOffscreenSurface()
    surface.create()
    context = QOpenGLContext()
    works = bool(context.create()) and context.makeCurrent(surface)
    if works:
        context.doneCurrent()
    surface.destroy()
    return works


def create_application(arguments: list[str] | None = None) -> QApplication:
    """Return the QApplication, made and set up as the program needs it unless there is one already."""
    existing = QCoreApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    application = QApplication(arguments or sys.argv[:1])
    application.setApplicationName("gdstudio")
    application.setApplicationDisplayName("Gradient Descent Studio")
    return application


def create_window(experiment: Experiment | None = None, *, opengl: bool | None = None) -> MainWindow:
    """Return the main window, not yet shown; needs a QApplication with ``AA_ShareOpenGLContexts``.

    Parameters
    ----------
    experiment : Experiment or None
        What it shows; None takes up the unsaved work of the last session, else what greets a newcomer.
    opengl : bool or None
        Whether the surface is drawn by OpenGL from the first; None takes it where it works, once all else is shown.
    """
    application = create_application()
    _dress(application)
    kept = kept_session() if experiment is None else None
    window = MainWindow()
    screen = Screen(window, opengl=opengl_works() if opengl is None else opengl, later=opengl is None)
    first = experiment or (kept[0] if kept else greeting())
    studio = Studio(window, screen, first)
    Language(studio)
    if kept is not None:
        studio.files.restored(kept[1])
        window.status.showMessage(QCoreApplication.translate("Studio", "Your unsaved experiment is back"))
    application.aboutToQuit.connect(studio.close)
    return window


def _dress(application: QApplication) -> None:
    """Give the application its style and font, once: it would keep every further style as long as it lives."""
    if not application.property("dressed"):
        style.dress_application(application)
        application.setProperty("dressed", True)


def studio_of(window: MainWindow) -> Studio:
    """Return what stands behind a window."""
    studio = window.findChild(Studio)
    if studio is None:
        raise LookupError("this window was not made by create_window")
    return studio


def render_window(experiment: Experiment, path: str | Path, size: tuple[int, int], theme: str) -> None:
    """Write a picture of the whole window with `experiment` played to its end.

    Parameters
    ----------
    experiment : Experiment
        What is shown.
    path : path-like
        Ends in .png.
    size : tuple of int
        Width and height of the picture in pixels, and of the window as it would be on a screen that does not enlarge:
        the picture is the same on every screen.
    theme : {"dark", "light"}
        Its colours.

    Raises
    ------
    StudioError
        Where the size is too small for what the window shows, the experiment does not fit, or the file cannot be
        written.
    """
    application = create_application()
    window = create_window(experiment)
    window.setThemeChoice("light" if theme == "light" else "dark")
    _refuse_smaller(window, size)
    window.resize(*size)
    studio = studio_of(window)
    window.show()
    try:
        while not (studio.player.ended and studio.screen.complete):
            if studio.player.snapshot is not None and studio.player.snapshot.error is not None:
                break
            application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        if studio.player.snapshot is not None and studio.player.snapshot.refusal is not None:
            raise studio.player.snapshot.refusal
        studio.player.run_to_end()
        application.processEvents()
        export_image(_in_pixels(window.grab().toImage(), size), path)
    finally:
        studio.discard()
        window.close()


def _in_pixels(image: QImage, size: tuple[int, int]) -> QImage:
    """Return what was grabbed in so many pixels, however many the screen has for each of them."""
    image.setDevicePixelRatio(1.0)
    if (image.width(), image.height()) == size:
        return image
    smooth = Qt.TransformationMode.SmoothTransformation
    return image.scaled(*size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)


def _refuse_smaller(window: MainWindow, size: tuple[int, int]) -> None:
    """Raise where a window would have to overlap or cut off what is in it."""
    smallest = window.minimumSize().expandedTo(window.minimumSizeHint())
    if size[0] < smallest.width() or size[1] < smallest.height():
        studio_of(window).discard()
        window.close()
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "The window needs at least {least_width}x{least_height} pixels, not {width}x{height}."
            ),
            least_width=smallest.width(), least_height=smallest.height(), width=size[0], height=size[1],
        )


def main(file: str | None = None) -> int:
    """Open the window, with the experiment in `file` where one is given; return the exit code.

    Raises
    ------
    StudioError
        Where the file cannot be opened.
    """
    experiment = open_experiment(file) if file is not None else None
    application = create_application()
    window = create_window(experiment)
    studio = studio_of(window)
    Preferences(studio).put_back()
    Housekeeping(studio)
    if file is not None:
        studio.files.came_from(Path(file))
    window.show()
    return application.exec()
