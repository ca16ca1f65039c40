"""What is shown of each variable: a row's domain, or what is worth looking at, widened to where the runs go.

The frame rests while the start, a slider or a sample is moved: a person sees the landscape deform in it. Where the runs
go is found from the first of them, once for a problem, methods and variables shown, and when all is to be seen again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdstudio.controllers.content import home_ranges, widened
from gdstudio.experiment.build import data_of, variables_of
from gdstudio.experiment.suited import listed_as, unedited

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from gdstudio.controllers.content import Range
    from gdstudio.experiment.document import Data, Experiment, Problem, Run

    Floats = NDArray[np.float64]

# Of the iterates of a run so many count, evenly over the logarithm of their number: its way there as much as its end.
_ITERATES = 512
# The middle part of them is in sight, where it is not farther off than so many times the width of what is shown anyway.
_MIDDLE, _FARTHEST = 0.98, 4.0


class _Known(NamedTuple):
    """Of what a frame is: the row's key or the data, and the variables."""

    key: str | None
    variables: tuple[str, ...]
    data: Data | None


class _Asked(NamedTuple):
    """What decides where runs go, but for numbers that sliders change."""

    problem: Problem
    shown: tuple[int, int]
    methods: tuple[tuple[object, ...], ...]


def reached(
    ranges: Sequence[Range], home: Sequence[Range], paths: Iterable[Floats], shown: tuple[int, int]
) -> tuple[Range, ...]:
    """Return ranges that are widened, in the variables shown, to where runs go.

    Parameters
    ----------
    ranges : sequence of (float, float)
        What is shown of each variable now.
    home : sequence of (float, float)
        What would be shown of each if nobody knew of runs. Iterates that are farther from it than four times its width,
        or not finite, are left out, and of the others the outermost 2 %.
    paths : iterable of ndarray, (rows, n)
        Iterates of each run.
    shown : tuple of int
        Indices of the variables shown; of one variable the first.
    """
    places = [place for place in shown if place < len(home)]
    low, high = np.array([home[place] for place in places]).T
    farthest = _FARTHEST * (high - low)
    found = tuple(ranges)
    for path in paths:
        rows = np.unique(np.geomspace(1, max(len(path), 1), _ITERATES).astype(np.int64))[:len(path)] - 1
        points = path[rows[:, None], places]
        points = points[np.all((points >= low - farthest) & (points <= high + farthest), axis=1)]
        if not len(points):
            continue
        for corner in np.quantile(points, [0.5 - _MIDDLE / 2, 0.5 + _MIDDLE / 2], axis=0, method="nearest"):
            inside = [begin for begin, _ in found]
            for place, value in zip(places, corner, strict=True):
                inside[place] = float(value)
            found = widened(found, inside)
    return found


def ranges_with_runs(experiment: Experiment, paths: Iterable[Floats]) -> tuple[Range, ...]:
    """Return what is shown of each variable of an experiment whose runs went along `paths`."""
    home = home_ranges(experiment.problem, experiment.start)
    return home if listed_as(experiment.problem) is not None else reached(home, home, paths, experiment.shown)


def looks_new(before: Experiment, after: Experiment) -> bool:
    """Whether views that were moved are to show all again: another problem or other data, or other variables of it."""
    first, second = _known(before.problem), _known(after.problem)
    return (first.key, first.data, before.shown) != (second.key, second.data, after.shown)


class Frame:
    """What is shown of each variable of the experiment on show."""

    def __init__(self) -> None:
        self._known: _Known | None = None
        # Without regard to runs, and as it is.
        self._home: tuple[Range, ...] = ()
        self._ranges: tuple[Range, ...] = ()
        self._asked: _Asked | None = None
        self._settled = False

    def forget(self) -> None:
        """Begin anew with what is shown next."""
        self._known = None

    def waits(self, experiment: Experiment) -> bool:
        """Whether the frame of an experiment is found when its runs are there, and they are not yet."""
        return listed_as(experiment.problem) is None and not self._fits(_known(experiment.problem), experiment)

    def of(
        self, experiment: Experiment, paths: Sequence[Floats] | None, *, complete: bool
    ) -> tuple[Range, ...]:
        """Return what is shown of each variable: the start always is.

        Parameters
        ----------
        experiment : Experiment
            The document.
        paths : sequence of ndarray, (rows, n), or None
            The iterates of each of its runs that is visible and has not diverged; None where they are not known.
        complete : bool
            Whether these are all that will come before more is wanted: later ones change nothing.
        """
        problem, start = experiment.problem, experiment.start
        row, known = listed_as(problem), _known(problem)
        if not self._fits(known, experiment):
            self._home = self._ranges = home_ranges(problem, start)
            self._asked = None
        elif not all(low <= value <= high for value, (low, high) in zip(start, self._ranges, strict=True)):
            # a formula begins anew about its start; what a row's domain shows stays in sight
            self._home = self._ranges = (
                home_ranges(problem, start) if row is None else widened(self._ranges, start)
            )
        self._known = known
        if row is None and paths is not None:
            self._reach(_asked(experiment), paths, complete=complete)
        return self._ranges

    def _reach(self, asked: _Asked, paths: Sequence[Floats], *, complete: bool) -> None:
        """Widen what is shown to where runs go, unless that has been done."""
        before = self._asked
        if asked == before and self._settled:
            return
        if before is not None and asked.problem != before.problem:
            self._ranges = self._home
        self._ranges = reached(self._ranges, self._home, paths, asked.shown)
        self._asked, self._settled = asked, complete

    def _fits(self, known: _Known, experiment: Experiment) -> bool:
        before = self._known
        if before is None or len(self._ranges) != len(experiment.start):
            return False
        # a row's text that is typed on keeps what was shown of it
        return before == known or (known.key is None and before[1:] == known[1:])


def _known(problem: Problem) -> _Known:
    row = listed_as(problem)
    data = data_of(unedited(problem))
    return _Known(None if row is None else row.key, variables_of(problem), data)


def _asked(experiment: Experiment) -> _Asked:
    problem = replace(unedited(experiment.problem), parameters={})
    return _Asked(problem, experiment.shown, tuple(_method(run) for run in experiment.runs))


def _method(run: Run) -> tuple[object, ...]:
    return run.optimizer, run.convention, run.equations, run.additions, run.batch, run.visible
