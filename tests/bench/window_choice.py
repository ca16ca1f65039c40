"""Another problem or another optimizer, chosen in the window by the keyboard: how long until its curves are there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdstudio.engine.functions import PROBLEMS
from gdstudio.engine.optimizers import EQUATIONS, OPTIMIZERS
from tests.bench.measure import Figure, at_most, given
from tests.bench.window_stage import percentile, settle, single, studio_on_screen
from tests.bench.window_watch import Times, Watch, columns_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from gdstudio.controllers.studio import Studio
    from tests.bench.__main__ import Settings

_MOST = 12
_LIMIT, _GAP = 50, 10


def _problems() -> list[str]:
    """Return test functions of two variables that no window has shown yet."""
    return [key for key, row in PROBLEMS.items() if row.dataset is None and len(row.start) == 2 and key != "rosenbrock"]


def _optimizers() -> list[str]:
    """Return optimizers that no window has run yet."""
    return [key for key in EQUATIONS if key != "adam" and not OPTIMIZERS[key].needs_matrix]


def _spread(keys: list[str]) -> list[str]:
    """Return at most `_MOST` keys, evenly from the whole table: what stands together is alike."""
    count = min(_MOST, len(keys))
    return [keys[index * (len(keys) - 1) // max(count - 1, 1)] for index in range(count)]


def _seek_problem(studio: Studio, key: str) -> QWidget:
    """Type the name of a problem; Enter takes it."""
    combo = studio.window.panel.problem.combo
    combo.search.setFocus()
    combo.search.setText(PROBLEMS[key].name)
    return combo.search


def _seek_optimizer(studio: Studio, key: str) -> QWidget:
    """Open the picker on the only run and go to an optimizer; Enter takes it."""
    studio.choosing.open(0)
    picker = studio.choosing.picker
    assert picker is not None
    picker.list.setCurrent(key)
    return picker


def _chosen(seek: Callable[[Studio, str], QWidget], keys: list[str]) -> list[Times]:
    """Choose one after the other, each for the first time, and measure from the key that takes it."""
    with studio_on_screen(single(1000), opengl=False) as studio:
        watch, times = Watch(studio), []
        with watch.of_the_worker():
            for key in _spread(keys):
                place = seek(studio, key)
                settle(studio)
                times.append(watch.of_a_change(partial(QTest.keyClick, place, Qt.Key.Key_Return)))
        return times


def _figures(name: str, times: list[Times]) -> list[Figure]:
    found = columns_of(times)
    return [
        at_most(f"{name}, from the key until its curves are on screen", percentile(found["curves"], 50), _LIMIT, "ms"),
        at_most("  9 of 10", percentile(found["curves"], 90), _LIMIT, "ms"),
        at_most("  worst gap of the window's thread until its code has run: median",
                percentile(found["gap"], 50), _GAP, "ms"),
        at_most("  9 of 10", percentile(found["gap"], 90), _GAP, "ms"),
        given("  worst gap until its curves are on screen, drawn without OpenGL: median",
              percentile(found["gap_to_curves"], 50), "ms"),
        given("  until its machine code has run", percentile(found["ran"], 50), "ms"),
        given("  until surface, contours and curves have all they need", percentile(found["shown"], 50), "ms"),
    ]


def measure(settings: Settings) -> list[Figure]:
    """Return the figures of this section."""
    del settings
    return [
        *_figures("another problem of two variables", _chosen(_seek_problem, _problems())),
        *_figures("another optimizer", _chosen(_seek_optimizer, _optimizers())),
    ]
