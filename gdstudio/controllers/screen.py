"""The views: what each of them shows of an experiment, its runs and the cursor.

Landscapes are evaluated in the worker thread and shown when they come; until then the old one stays, so that
nothing flickers while a person drags.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from gdstudio.controllers.content import (
    CurveContent,
    curve_of,
    home_ranges,
    landscape_of,
    path_of,
    scale_of,
)
from gdstudio.controllers.playback import PlayState
from gdstudio.controllers.sentences import error_text, outcome_text
from gdstudio.engine.errors import StudioError
from gdstudio.experiment.build import objective_of, variables_of
from gdstudio.scene.contour import MapScene
from gdstudio.scene.curves import CurvesScene
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.profile import ProfileScene
from gdstudio.scene.runs import RunPath, loss_series
from gdstudio.scene.ticks import number_text
from gdstudio.views.plots.contour import ContourView
from gdstudio.views.plots.curve import CurveView
from gdstudio.views.plots.loss import LossView
from gdstudio.views.plots.surface import SurfaceView

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.controllers.player import Player
    from gdstudio.experiment.document import Experiment
    from gdstudio.runner.worker import RunView, Snapshot
    from gdstudio.scene.drawing import Drawing
    from gdstudio.scene.theme import Theme
    from gdstudio.views.main_window import MainWindow

HOME, ZOOMED = "terrain", "zoomed terrain"


@dataclass(frozen=True)
class _Ground:
    """What a landscape or a curve depends on."""

    problem: str
    rest: tuple[float, ...]
    shown: tuple[int, int]
    ranges: tuple[tuple[float, float], ...]
    scale: str


class Screen(QObject):
    """All views of one window.

    Signals
    -------
    startMoved(tuple)
        A person set the start: values of the variables shown.
    startReleased()
        The drag that set it has ended.
    runToggled(int)
        A legend row was clicked.
    """

    startMoved = Signal(tuple)
    startReleased = Signal()
    runToggled = Signal(int)

    def __init__(self, window: MainWindow, *, opengl: bool) -> None:
        super().__init__(window)
        self.submit: Callable[[str, Any, Callable[[], Any]], None] = lambda *_: None
        self._window = window
        self.surface = SurfaceView(opengl=opengl)
        self.surface.setObjectName("surfaceView")
        self.curve = CurveView()
        self.curve.setObjectName("curveView")
        self.contour = ContourView()
        self.contour.setObjectName("contourView")
        self.derivative = CurveView()
        self.derivative.setObjectName("derivativeView")
        self.loss = LossView()
        self.loss.setObjectName("lossView")
        self._centre, self._upper = QStackedWidget(), QStackedWidget()
        for stack, flat, single in (
            (self._centre, self.surface, self.curve), (self._upper, self.contour, self.derivative)
        ):
            stack.addWidget(flat)
            stack.addWidget(single)
        window.setViews(self._centre, self._upper, self.loss)
        self._experiment: Experiment | None = None
        self._ground: _Ground | None = None
        # What is shown of each variable, and of which problem.
        self._home: tuple[tuple[str | None, tuple[str, ...]] | None, tuple[tuple[float, float], ...]] = (None, ())
        self._landscape: Landscape | None = None
        self._zoomed: Landscape | None = None
        self._curve: CurveContent | None = None
        self._paths: tuple[RunPath, ...] = ()
        self._runs: tuple[RunView, ...] = ()
        self._length: int | None = None
        self._cursor = 0
        self._connect()
        self.set_theme(window.theme())

    @property
    def _views(self) -> tuple[SurfaceView, CurveView, ContourView, CurveView, LossView]:
        return self.surface, self.curve, self.contour, self.derivative, self.loss

    @property
    def single(self) -> bool:
        """Whether the experiment has one variable, so that curves stand in place of surface and contours."""
        return self._experiment is not None and len(self._experiment.start) == 1

    @property
    def complete(self) -> bool:
        """Whether what the runs descend on has been evaluated and is shown."""
        return (self._curve if self.single else self._landscape) is not None

    # what comes in

    def set_theme(self, theme: Theme) -> None:
        """Show all in other colours."""
        for view in self._views:
            view.setTheme(theme)

    def set_experiment(self, experiment: Experiment) -> None:
        """Show `experiment`; its runs follow with `set_runs`."""
        before, self._experiment = self._experiment, experiment
        if before is None or before.problem.key != experiment.problem.key or before.shown != experiment.shown:
            self.contour.resetRange()
            self.curve.resetRange()
            self.derivative.resetRange()
            self._zoomed = None
        self._centre.setCurrentIndex(int(self.single))
        self._upper.setCurrentIndex(int(self.single))
        self._window.setContourTitle("derivative" if self.single else "contour")
        self._window.actionLogZ.setChecked(scale_of(experiment) == "log")
        self._window.actionLogZ.setEnabled(not self.single)
        self._window.actionResetView.setEnabled(True)
        self._evaluate()

    def set_runs(self, experiment: Experiment, snapshot: Snapshot) -> None:
        """Show the runs of a snapshot, which belong to `experiment`."""
        if snapshot.error is not None:
            self._window.status.showMessage(error_text(snapshot.error), 15_000)
        goal = objective_of(experiment.problem)
        self._runs = snapshot.runs
        self._paths = tuple(
            path_of(experiment, index, run.theta, run.loss, goal) for index, run in enumerate(snapshot.runs)
        )
        self._window.status.setStepsPerSecond(snapshot.steps_per_second or None)
        self._evaluate()
        self._show_all()

    def set_cursor(self, player: Player) -> None:
        """Show the iteration at the cursor and the state of play."""
        playback = player.playback
        self._cursor = playback.position
        length = player.length
        if length != self._length:
            self._length = length
            self.loss.setContent(self._curves())
        for view in self._views:
            view.setIteration(self._cursor)
        first = next((run for run in self._runs if run.iterations_per_epoch), None)
        epoch = self._cursor / first.iterations_per_epoch if first and first.iterations_per_epoch else None
        self._window.transport.setPosition(self._cursor, length, epoch)
        self._window.setPlaying(playback.playing)
        self._window.status.setState(self._state_text(playback.state))
        if self._experiment is not None:
            marks = sorted({change.iteration for run in self._experiment.runs for change in run.changes})
            self._window.transport.timeline.setMarks(tuple(marks))

    def answered(self, name: str, token: object, result: object) -> None:
        """Show a landscape or curve that the worker has evaluated, if it is still wanted."""
        if isinstance(result, StudioError):
            self._window.status.showMessage(error_text(result), 15_000)
            return
        if name == ZOOMED and isinstance(result, Landscape):
            self._zoomed = result
        elif name == HOME and token == self._ground:
            if isinstance(result, CurveContent):
                self._curve = result
            elif isinstance(result, Landscape):
                self._landscape = result
        self._show_all()

    def reset_view(self) -> None:
        """Show every view as at first: camera, ranges, zoom."""
        self._zoomed = None
        self.surface.resetCamera()
        self.curve.resetRange()
        self.derivative.resetRange()
        self.contour.resetRange()
        self.loss.resetSpan()
        self._ground = None
        self._evaluate()
        self._show_all()

    def picture_of(self, view: str) -> Drawing | None:
        """Return the drawing of a view as it is on screen, to be painted elsewhere; None where there is nothing."""
        centre = self.curve if self.single else self.surface
        upper = self.derivative if self.single else self.contour
        chosen = {"surface": centre, "contour": upper, "curves": self.loss}[view]
        return chosen.picture((float(chosen.width()), float(chosen.height())), self._window.theme())

    # evaluation in the worker thread

    def _evaluate(self) -> None:
        """Ask for the landscape or curve of the experiment unless it is there or on its way."""
        experiment = self._experiment
        if experiment is None:
            return
        problem = experiment.problem
        ranges = self._home_ranges(experiment)
        theta = self._rest()
        ground = _Ground(repr(problem), theta, experiment.shown, ranges, scale_of(experiment))
        if ground == self._ground:
            return
        self._ground = ground
        if self.single:
            self.submit(HOME, ground, lambda: curve_of(problem, ranges[0]))
            return
        shown, scale = experiment.shown, scale_of(experiment)
        pair = (ranges[shown[0]], ranges[shown[1]])
        self.submit(HOME, ground, lambda: landscape_of(problem, theta, shown, pair, scale))
        if self._zoomed is not None:
            self._evaluate_zoomed(*self._zoomed.extent)

    def _home_ranges(self, experiment: Experiment) -> tuple[tuple[float, float], ...]:
        """Return what is shown of each variable; it stays while a formula is typed or the start is dragged."""
        key = experiment.problem.key
        identity = (key, variables_of(experiment.problem))
        known, ranges = self._home
        if key is None and known is not None and known[1] == identity[1]:
            known = identity
        inside = len(ranges) == len(experiment.start) and all(
            low <= value <= high for value, (low, high) in zip(experiment.start, ranges, strict=True)
        )
        if known != identity or not (inside or key is not None):
            ranges = home_ranges(experiment.problem, experiment.start)
        self._home = (identity, ranges)
        return self._home[1]

    def _rest(self) -> tuple[float, ...]:
        """Return where the variables that are not shown are held: at the end of the first run that is shown."""
        assert self._experiment is not None
        start = self._experiment.start
        if len(start) <= 2:
            return (0.0,) * len(start)
        for run, described in zip(self._runs, self._experiment.runs, strict=False):
            last = run.theta[-1]
            if described.visible and len(last) == len(start) and np.all(np.isfinite(last)):
                return tuple(float(value) for value in last)
        return start

    def _evaluate_zoomed(self, x0: float, x1: float, y0: float, y1: float) -> None:
        """Ask for the heights of the part that the contour map shows."""
        experiment = self._experiment
        if experiment is None or self.single:
            return
        theta, shown, scale, problem = self._rest(), experiment.shown, scale_of(experiment), experiment.problem
        pair = ((x0, x1), (y0, y1))
        self.submit(ZOOMED, None, lambda: landscape_of(problem, theta, shown, pair, scale))

    def _curve_range_changed(self, low: float, high: float) -> None:
        """Ask for the curve where it is looked at."""
        if self._experiment is None or self._ground is None:
            return
        problem, ground = self._experiment.problem, self._ground
        self.submit(HOME, ground, lambda: curve_of(problem, (low, high)))

    # showing

    def _show_all(self) -> None:
        experiment = self._experiment
        if experiment is None:
            return
        if self.single:
            self._show_curve(experiment.start[0])
        elif self._landscape is not None and all(path.points.shape[1] == 2 for path in self._paths):
            first, second = experiment.shown
            start = (experiment.start[first], experiment.start[second])
            scene = MapScene(self._landscape, self._paths, self._cursor, start)
            self.surface.setContent(scene)
            if self._zoomed is not None:
                scene = MapScene(self._zoomed, self._paths, self._cursor, start)
            self.contour.setContent(scene)
        self.loss.setContent(self._curves())

    def _show_curve(self, start: float) -> None:
        curve = self._curve
        if curve is None or any(path.points.shape[1] != 1 for path in self._paths):
            return
        self.curve.setContent(
            ProfileScene(curve.name, curve.xs, curve.z, curve.minima, self._paths, self._cursor, start)
        )
        slopes = tuple(_slope_path(path) for path in self._paths if path.slopes is not None)
        self.derivative.setContent(
            ProfileScene(
                curve.name, curve.xs, curve.slope, np.empty(0), slopes, self._cursor, start, remarks=False
            )
        )

    def _curves(self) -> CurvesScene:
        return CurvesScene(tuple(loss_series(path) for path in self._paths), self._cursor, self._length)

    def _state_text(self, state: PlayState) -> str:
        if state is PlayState.PLAYING:
            return self.tr("Running")
        if state is PlayState.PAUSED:
            return self.tr("Paused")
        if state is PlayState.FINISHED:
            first = next((run for run, path in zip(self._runs, self._paths, strict=True) if path.visible), None)
            return outcome_text(first) if first is not None else self.tr("Finished")
        return self.tr("Ready: press Run, or drag the start")

    # reading values out

    def _hovered(self, x: float, y: float) -> None:
        landscape = self._zoomed or self._landscape
        if landscape is None:
            return
        loss = float(landscape.height_at(x, y))
        if math.isfinite(loss):
            self._window.status.setReadout(
                self.tr("f = {loss} at ({x}, {y}) under the pointer").format(
                    loss=number_text(loss), x=number_text(x), y=number_text(y)
                )
            )

    def _hovered_curve(self, x: float) -> None:
        if self._curve is not None and len(self._curve.xs):
            loss = float(np.interp(x, self._curve.xs, self._curve.z))
            name = variables_of(self._experiment.problem)[0] if self._experiment else "x"
            self._window.status.setReadout(
                self.tr("f = {loss} at {name} = {x} under the pointer").format(
                    loss=number_text(loss), name=name, x=number_text(x)
                )
            )

    def _connect(self) -> None:
        self._window.themeChanged.connect(self.set_theme)
        for flat in (self.surface, self.contour):
            flat.startMoved.connect(lambda x, y: self.startMoved.emit((x, y)))
            flat.hovered.connect(self._hovered)
        for single in (self.curve, self.derivative):
            single.startMoved.connect(lambda x: self.startMoved.emit((x,)))
            single.hovered.connect(self._hovered_curve)
            single.rangeChanged.connect(self._curve_range_changed)
        for view in (self.surface, self.contour, self.curve, self.derivative):
            view.startReleased.connect(self.startReleased)
            view.hoverEnded.connect(lambda: self._window.status.setReadout(""))
        for legend in (self.surface, self.curve):
            legend.runToggled.connect(self.runToggled)
        self.contour.rangeChanged.connect(self._evaluate_zoomed)


def _slope_path(path: RunPath) -> RunPath:
    """Return a run on the graph of the derivative."""
    assert path.slopes is not None
    return replace(path, losses=path.slopes, slopes=None)
