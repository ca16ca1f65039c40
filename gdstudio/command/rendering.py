"""``gdstudio render``: a picture of a descent; of what it loads, Qt comes last, after all that can be wrong."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from gdstudio.command.arguments import CommandParser, add_run_options
from gdstudio.command.values import experiment_of
from gdstudio.command.window import check_display, give_qt_its_locale
from gdstudio.engine.errors import StudioError
from gdstudio.engine.names import candidates, shown, shown_file
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.atomic import refuse_unwritable
from gdstudio.experiment.run import run_experiment

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Sequence

    from gdstudio.experiment.document import Experiment

VIEWS = ("surface", "contour", "curves", "data", "window")
THEMES = ("dark", "light")
ENDINGS = (".png", ".svg", ".pdf")
_LEAST, _MOST = 64, 16_384
SMALLEST_WINDOW = "940x620"
# A view on screen is about as large as this; larger pictures have larger letters and lines, up to a factor.
_SCREEN = (800.0, 500.0)
_LARGEST_FACTOR = 4.0


def main(tokens: Sequence[str]) -> int:
    """Draw what `tokens` describe and return the exit code."""
    parser = CommandParser("render", "Draw a descent to a file, without a display.")
    add_run_options(parser)
    parser.add_argument("--view", metavar="|".join(VIEWS), help="which view", required=True)
    size_help = f"in pixels of the file; 1600x1000 unless said, at least {SMALLEST_WINDOW} for the window"
    parser.add_argument("--size", metavar="WxH", help=size_help, default="1600x1000")
    parser.add_argument("--theme", metavar="dark|light", help="dark unless said", default="dark")
    parser.add_argument("--out", metavar="FILE", help="FILE.png, FILE.svg or FILE.pdf", required=True)
    options = parser.read(tokens)
    _check_choice("view", options.view, VIEWS)
    _check_choice("theme", options.theme, THEMES)
    size = _size(options.size)
    experiment = experiment_of(options)
    _check_file(options.out, ENDINGS if options.view != "window" else ENDINGS[:1])
    if options.view == "window":
        check_display()
        give_qt_its_locale()
        from gdstudio.app import render_window

        render_window(experiment, options.out, size, options.theme)
    else:
        _draw(experiment, options, size)
    return 0


def _draw(experiment: Experiment, options: argparse.Namespace, size: tuple[int, int]) -> None:
    result = run_experiment(experiment)
    give_qt_its_locale()
    from PySide6.QtGui import QGuiApplication

    from gdstudio.controllers.rendering import Enlarged, drawing_of
    from gdstudio.exporters.pictures import export
    from gdstudio.scene.lettering import load_fonts
    from gdstudio.scene.theme import THEMES as COLOURS

    application = QGuiApplication.instance() or QGuiApplication(["gdstudio", "-platform", "offscreen"])
    load_fonts()
    factor = min(max(min(size[0] / _SCREEN[0], size[1] / _SCREEN[1]), 1.0), _LARGEST_FACTOR)
    logical = (size[0] / factor, size[1] / factor)
    drawing = drawing_of(experiment, [result], options.view, logical, COLOURS[options.theme])
    export(Enlarged(drawing, size, factor), options.out)
    del application


def _check_choice(name: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "There is no {kind} called {name}; try {known}."),
            kind=name, name=shown(value), known=candidates(value, known),
        )


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]{1,6})[xX×]([0-9]{1,6})", text)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not (_LEAST <= width <= _MOST and _LEAST <= height <= _MOST):
        raise StudioError(
            QT_TRANSLATE_NOOP(
                "Errors", "--size takes width and height from {least} to {most} pixels, such as 1600x1000, not {value}."
            ),
            least=_LEAST, most=_MOST, value=shown(text),
        )
    return width, height


def _check_file(name: str, endings: Sequence[str]) -> None:
    if PurePath(name).suffix.lower() not in endings:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "A picture is written to a file that ends with {endings}, not {file}."),
            endings=", ".join(endings), file=shown_file(name),
        )
    refuse_unwritable(name)
