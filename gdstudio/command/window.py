"""``gdstudio [FILE]``: the window; what could fail is found out before Qt, which would end the process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.names import candidates, shown

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
    from gdstudio.app import main as open_window

    return open_window(arguments[0] if arguments else None)


def _check_file(name: str, commands: list[str]) -> None:
    from gdstudio.experiment.file import open_experiment

    if "\0" in name or not Path(name).exists():
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is no command and no file called {name}; try {known}."),
            name=shown(name), known=candidates(name, commands),
        )
    open_experiment(name)


def check_display() -> None:
    """Do nothing if a window would open.

    Raises
    ------
    StudioError
        Where there is no display; Qt would end the process.
    """
    from gdstudio.probes import display_answers

    if "QT_QPA_PLATFORM" not in os.environ and not display_answers():
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "There is no display to open a window on; gdstudio run and gdstudio render work without one."
            )
        )
