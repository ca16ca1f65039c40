"""What the runs descend on, as the views show it: landscapes and curves, evaluated in a thread of their own.

Until a new one has come the old one stays, so that nothing flickers while a person drags.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from gdstudio.controllers.content import (
    CurveContent,
    curve_of,
    is_quick,
    landscape_of,
    scale_of,
)
from gdstudio.controllers.frames import Frame
from gdstudio.experiment.suited import unedited
from gdstudio.scene.landscape import Landscape

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from gdstudio.controllers.content import Range, Scale
    from gdstudio.experiment.document import Experiment, Problem
    from gdstudio.runner.worker import RunView

    Floats = NDArray[np.float64]
    Loss = tuple[Problem, tuple[int, int]]

# Seconds between two slices of a loss of more than two variables while a run plays.
_FOLLOWING_SECONDS = 0.25
# Names of the tasks: the whole of what is shown at first, and the part that the contour map was moved to.
HOME, ZOOMED = "ground", "zoomed ground"


@dataclass(frozen=True)
class _Request:
    """What a landscape or a curve depends on."""

    problem: Problem
    rest: tuple[float, ...]
    shown: tuple[int, int]
    ranges: tuple[Range, ...]
    scale: str | None


def loss_of(experiment: Experiment) -> Loss:
    """Return what tells apart the losses that landscapes and runs are of: the problem, and the variables shown."""
    return experiment.problem, experiment.shown


class Ground:
    """A landscape that two threads ask for: the first evaluates it, the other waits for it.

    Parameters
    ----------
    request : _Request
        What it was asked for with.
    make : callable
        Evaluates it.
    """

    def __init__(self, request: _Request, make: Callable[[], Landscape]) -> None:
        self.request = request
        self._make = make
        self._lock = threading.Lock()

    def __call__(self) -> Landscape:
        """Return it."""
        with self._lock:
            return self._landscape

    @cached_property
    def _landscape(self) -> Landscape:
        return self._make()


class Grounds(QObject):
    """Asks for landscapes and curves and keeps the newest.

    Attributes
    ----------
    landscape : Landscape or None
        The whole of what is shown of two variables.
    zoomed : Landscape or None
        The part that the contour map was moved to, where it was.
    curve : CurveContent or None
        For one variable.

    Signals
    -------
    arrived()
        One of them is new.
    """

    arrived = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.submit: Callable[[str, Any, Callable[[], Any]], None] = lambda *_: None
        self.landscape: Landscape | None = None
        self.zoomed: Landscape | None = None
        self.curve: CurveContent | None = None
        self._experiment: Experiment | None = None
        self._runs: tuple[RunView, ...] = ()
        self._cursor = 0
        self._followed_at = 0.0
        self._request: _Request | None = None
        self._answered: _Request | None = None
        self._ground: Ground | None = None
        # What the landscape was asked for with.
        self._told: _Request | None = None
        # Of which loss the newest answer to each task is.
        self._losses: dict[str, Loss] = {}
        self._frame = Frame()
        # Whether the runs are all that come for now; None where they are another experiment's.
        self._complete: bool | None = None

    @property
    def single(self) -> bool:
        """Whether there is one variable, so that there are curves in place of landscapes."""
        return self._experiment is not None and len(self._experiment.start) == 1

    @property
    def settled(self) -> bool:
        """Whether what is there is what was asked for last."""
        return self._request is not None and self._request == self._answered

    @property
    def due(self) -> Ground | None:
        """The landscape that is on its way, where it is over data and quick enough for runs to wait for it."""
        experiment = self._experiment
        if experiment is None or self.single or self.settled or self.zoomed is not None:
            return None
        return self._ground if is_quick(experiment.problem) else None

    def take(self, ground: Ground) -> None:
        """Take in a landscape that runs have waited for, whatever has been asked for since; nobody is told."""
        request = ground.request
        self.landscape, self._losses[HOME], self._told = ground(), (request.problem, request.shown), request
        if request == self._request:
            self._answered = request

    def home_of(self, experiment: Experiment) -> Landscape | None:
        """Return the whole of what is shown of two variables; None until it is that of the experiment's loss."""
        return self.landscape if self._losses.get(HOME) == loss_of(experiment) else None

    def part_of(self, experiment: Experiment) -> Landscape | None:
        """Return the part that the contour map was moved to, the whole where it was not; None until it has come."""
        if self.zoomed is None:
            return self.home_of(experiment)
        return self.zoomed if self._losses.get(ZOOMED) == loss_of(experiment) else None

    def show(self, experiment: Experiment, runs: tuple[RunView, ...], *, complete: bool | None = None) -> None:
        """Ask for what `experiment` with `runs` descends on, unless it is there or on its way.

        `complete` tells whether these are all its iterates that come before more is wanted; None says that the runs are
        those of an experiment before it.
        """
        self._experiment, self._runs, self._complete = experiment, runs, complete
        problem, shown, scale = experiment.problem, experiment.shown, scale_of(experiment)
        rest = self._rest(experiment)
        ranges = self._frame.of(experiment, self._paths, complete=bool(complete))
        request = _Request(problem, rest, shown, ranges, scale)
        if request == self._request:
            return
        self._request = request
        if self.single:
            self.submit(HOME, request, lambda: curve_of(problem, ranges[0]))
            return
        pair, scale = (ranges[shown[0]], ranges[shown[1]]), scale or self._kept_scale(experiment)
        self._ground = Ground(request, lambda: landscape_of(problem, rest, shown, pair, scale))
        self.submit(HOME, request, self._ground)
        if self.zoomed is not None:
            self.look_at(*self.zoomed.extent)

    def follow(self, cursor: int, *, playing: bool) -> None:
        """Hold the variables that are not shown where the first run is at an iteration; not at each while it plays."""
        moved, self._cursor = cursor != self._cursor, cursor
        experiment = self._experiment
        if experiment is None or len(experiment.start) <= 2 or not moved:
            return
        now = time.monotonic()
        if playing and now - self._followed_at < _FOLLOWING_SECONDS:
            return
        self._followed_at = now
        self.show(experiment, self._runs, complete=self._complete)

    def look_at(self, x0: float, x1: float, y0: float, y1: float) -> None:
        """Ask for the part of the landscape that the contour map shows."""
        experiment = self._experiment
        if experiment is None or self.single:
            return
        rest, shown, problem = self._rest(experiment), experiment.shown, experiment.problem
        scale = scale_of(experiment) or (self.landscape.scale if self.landscape is not None else None)
        self.submit(ZOOMED, self._request, lambda: landscape_of(problem, rest, shown, ((x0, x1), (y0, y1)), scale))

    def look_along(self, low: float, high: float) -> None:
        """Ask for the part of the curve that is shown."""
        if self._experiment is not None and self.single:
            problem = self._experiment.problem
            self.submit(HOME, self._request, lambda: curve_of(problem, (low, high)))

    def look_home(self) -> None:
        """Forget which part was looked at."""
        self.zoomed = None
        self._request = None
        self._frame.forget()
        self._told = None
        if self._experiment is not None:
            self.show(self._experiment, self._runs, complete=self._complete)

    def forget_zoom(self) -> None:
        """Show the whole again: another problem, or other variables of it."""
        self.zoomed = None

    def answered(self, name: str, token: object, result: object) -> None:
        """Take in what the worker has evaluated, if it is still wanted."""
        if not isinstance(token, _Request) or token != self._request or (result is self.landscape and self.settled):
            return
        self._losses[name] = token.problem, token.shown
        if name == ZOOMED and isinstance(result, Landscape):
            self.zoomed = result
        elif isinstance(result, CurveContent):
            self.curve = result
        elif isinstance(result, Landscape):
            self.landscape, self._told = result, token
        self._answered = self._request
        self.arrived.emit()

    def waits(self, experiment: Experiment) -> bool:
        """Whether what is shown of the variables of `experiment` is not known before its runs are there."""
        return self._frame.waits(experiment)

    @property
    def _paths(self) -> list[Floats] | None:
        """The iterates of the runs that say what to show; None where those of the experiment are not known."""
        experiment = self._experiment
        if experiment is None or self._complete is None:
            return None
        return [
            run.theta[:run.iterations + 1] for run, described in zip(self._runs, experiment.runs, strict=False)
            if described.visible and run.refusal is None and run.outcome != "diverged"
        ]

    def _kept_scale(self, experiment: Experiment) -> Scale | None:
        """Return how heights are shown while samples are edited by hand: as before; None where that is to be found."""
        told, landscape, problem = self._told, self.landscape, experiment.problem
        if told is None or landscape is None or told.scale is not None or problem.data is None:
            return None
        same = told.shown == experiment.shown and unedited(told.problem) == unedited(problem)
        return landscape.scale if same else None

    def _rest(self, experiment: Experiment) -> tuple[float, ...]:
        """Return where the variables that are not shown are held: where the first run that is shown is now."""
        start = experiment.start
        if len(start) <= 2:
            return (0.0,) * len(start)
        for run, described in zip(self._runs, experiment.runs, strict=False):
            if run.refusal is not None:
                continue
            place = run.theta[min(self._cursor, run.iterations)]
            if described.visible and len(place) == len(start) and np.all(np.isfinite(place)):
                return tuple(float(value) for value in place)
        return start
