"""``gdstudio [FILE]``: the window; what could fail is found out before Qt, which would end the process."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import candidates, shown
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.signals import SIGNALLED, end_at_once, on_request_to_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def main(arguments: Sequence[str], commands: Iterable[str]) -> int:
    """Open the window, with the experiment in a file where one is named, and return its exit code.

    Parameters
    ----------
    arguments : sequence of str
        Nothing, or the name of a file.
    commands : iterable of str
        Names that may have been meant where there is no such file.
    """
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-")):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "gdstudio does not know {argument}; see gdstudio --help."),
            argument=shown(arguments[0] if arguments[0].startswith("-") else arguments[1]),
        )
    if arguments:
        _check_file(arguments[0], list(commands))
    check_display()
    # ziamath asks for its fonts in a way that Python 3.11 calls old, which is nothing to those who see warnings.
    warnings.filterwarnings("ignore", "path is deprecated", DeprecationWarning, r"ziamath\.")
    requests: list[int] = []
    give_qt_its_locale()
    put_back = on_request_to_end(lambda number: _close(number, requests))
    try:
        from gdstudio.app import main as open_window

        code = open_window(arguments[0] if arguments else None)
    finally:
        put_back()
    return SIGNALLED + requests[0] if requests else code


def _close(number: int, requests: list[int]) -> None:
    """Close the window as a person would, so that unsaved work is kept; where there is none yet, end at once."""
    core: Any = sys.modules.get("PySide6.QtCore")  # half of it while it is imported
    application = core.QCoreApplication.instance() if hasattr(core, "QCoreApplication") else None
    if application is None or requests:
        end_at_once(number)
    requests.append(number)
    core.QCoreApplication.postEvent(application, core.QEvent(core.QEvent.Type.Quit))


def _check_file(name: str, commands: list[str]) -> None:
    from gdstudio.experiment.file import open_experiment

    if not _exists(name):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is no command and no file called {name}; try {known}."),
            name=shown(name), known=candidates(name, commands),
        )
    open_experiment(name)


def _exists(name: str) -> bool:
    """Whether there is such a file; what no file can be called, such as a name too long for one, is none."""
    try:
        return bool(name) and Path(name).exists()
    except (OSError, ValueError):
        return False


def check_display() -> None:
    """Do nothing if a window would open.

    Raises
    ------
    StudioError
        Where there is no display, or none of the kind that QT_QPA_PLATFORM names; Qt would end the process.
    """
    from gdstudio.probes import PLATFORMS_IN_MEMORY, PLATFORMS_ON_DISPLAYS, ask, display_answers, named_platforms

    platforms = named_platforms()
    if platforms & PLATFORMS_IN_MEMORY:
        return
    on_display = platforms <= PLATFORMS_ON_DISPLAYS
    if on_display and not display_answers():
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors",
                "There is no display to open a window on; gdstudio run and gdstudio render of other views need none.",
            )
        )
    if not on_display and "error" in (found := ask("qt")):
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "Qt does not start on {name}, which QT_QPA_PLATFORM asks for: {cause}"),
            name=shown(os.environ["QT_QPA_PLATFORM"]), cause=found["error"],
        )


def give_qt_its_locale() -> None:
    """Let a locale without Unicode be one with it, as Qt would do with four lines of complaint."""
    import locale

    if sys.platform == "linux" and locale.nl_langinfo(locale.CODESET).upper() not in ("UTF-8", "UTF8"):
        os.environ["LC_ALL"] = "C.UTF-8"
