"""The views: what each of them shows of an experiment, its runs and the cursor."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from gdstudio.controllers.content import is_quick, loss_sign, scale_of, slope_paths
from gdstudio.controllers.data_screen import DataScreen
from gdstudio.controllers.frames import looks_new
from gdstudio.controllers.grounds import Grounds, loss_of
from gdstudio.controllers.late_opengl import LateOpenGL
from gdstudio.controllers.maps import Maps
from gdstudio.controllers.preparation import Preparation, Prepared, prepared
from gdstudio.controllers.sentences import error_text, state_text
from gdstudio.engine.errors import StudioError
from gdstudio.scene.contour import MapScene
from gdstudio.scene.curves import CurvesScene
from gdstudio.scene.profile import ProfileScene
from gdstudio.scene.ticks import number_text
from gdstudio.views.plots.contour import ContourView
from gdstudio.views.plots.curve import CurveView
from gdstudio.views.plots.loss import LossView
from gdstudio.views.plots.surface import SurfaceView

if TYPE_CHECKING:
    from gdstudio.controllers.player import Player
    from gdstudio.experiment.document import Experiment
    from gdstudio.runner.worker import RunView, Snapshot
    from gdstudio.scene.drawing import Drawing
    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme
    from gdstudio.views.main_window import MainWindow


class Screen(QObject):
    """All views of one window.

    Parameters
    ----------
    window : MainWindow
        Where they stand.
    opengl : bool
        Whether the surface is drawn by OpenGL.
    later : bool
        Whether OpenGL may be loaded when everything else is on screen.

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

    def __init__(self, window: MainWindow, *, opengl: bool, later: bool = False) -> None:
        super().__init__(window)
        self.grounds = Grounds(self)
        self._window = window
        self.surface = SurfaceView(opengl=opengl and not later)
        self._late_opengl = LateOpenGL(self.surface, self) if opengl and later else None
        self.surface.setObjectName("surfaceView")
        self.curve = CurveView()
        self.curve.setObjectName("curveView")
        self.contour = ContourView()
        self.contour.setObjectName("contourView")
        self.derivative = CurveView()
        self.derivative.setObjectName("derivativeView")
        self.maps = Maps(self.surface, self.contour, self)
        self.loss = LossView()
        self.loss.setObjectName("lossView")
        self._centre, self._upper = QStackedWidget(), QStackedWidget()
        for stack, flat, single in (
            (self._centre, self.surface, self.curve), (self._upper, self.contour, self.derivative)
        ):
            stack.addWidget(flat)
            stack.addWidget(single)
        window.setViews(self._centre, self._upper, self.loss)
        self.data = DataScreen(window)
        self._experiment: Experiment | None = None
        # Whose runs are on show: the experiment itself, or one before it while its own are computed.
        self._computed: Experiment | None = None
        # Made once for each snapshot, so that the views know what has not changed.
        self._prepared = Prepared((), ())
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
        """Whether what the runs descend on has been evaluated and is shown as it will be."""
        drawn = self.single or not self.maps.waiting
        return self._evaluated and drawn and not (self._late_opengl is not None and self._late_opengl.due)

    @property
    def _evaluated(self) -> bool:
        return (self.grounds.curve if self.single else self.grounds.landscape) is not None

    def wait(self) -> None:
        """Return when nothing is being loaded any more."""
        if self._late_opengl is not None:
            self._late_opengl.wait()

    # what comes in

    def set_theme(self, theme: Theme) -> None:
        """Show all in other colours."""
        for view in self._views:
            view.setTheme(theme)
        self.data.set_theme(theme)

    def retranslate(self) -> None:
        """Call the runs by their names in the language of now."""
        if self._computed is not None:
            self._prepared = prepared(self._computed, self._runs)
            self.data.set_runs(self._computed, self._runs, self._cursor)
            self._show_all()

    def set_experiment(self, experiment: Experiment) -> None:
        """Show `experiment`; its runs follow with `set_runs`."""
        before, self._experiment = self._experiment, experiment
        if before is None or looks_new(before, experiment):
            self.contour.resetRange()
            self.curve.resetRange()
            self.derivative.resetRange()
            self.grounds.forget_zoom()
            self.maps.camera_due = True
        self._centre.setCurrentIndex(int(self.single))
        self._upper.setCurrentIndex(int(self.single))
        if before is None or (len(before.start) == 1) != self.single:
            self._window.setContourTitle("derivative" if self.single else "contour")
        self._check_scale()
        self._window.actionLogZ.setEnabled(not self.single)
        computed = self._computed
        at_once = computed is None or loss_of(computed) == loss_of(experiment) or is_quick(experiment.problem)
        if at_once and not self.grounds.waits(experiment):
            # what another loss looks like waits for its runs: both at once would make the curves late
            self.grounds.show(experiment, self._runs)
        if before is not None and before.problem == experiment.problem and before.start != experiment.start:
            # The ring is under the pointer at once, and the next arrow key goes on from where this one led.
            self._show_all()

    def preparation(self, experiment: Experiment) -> Preparation:
        """Return what the worker is to work out with the runs of `experiment`, which is on show."""
        due = self.grounds.due
        flat = not self.single and due is None and self.grounds.home_of(experiment) is not None
        return Preparation(
            experiment, self.surface.drawing() if flat else None, self.contour.drawing() if flat else None,
            self.loss.plan(), due, self.data.preparation(),
        )

    def set_runs(self, experiment: Experiment, snapshot: Snapshot) -> None:
        """Show the runs of a snapshot, which belong to `experiment`."""
        if snapshot.error is not None:
            self._window.status.showMessage(error_text(snapshot.error), 15_000)
        self._computed, self._runs = experiment, snapshot.runs
        self._prepared = snapshot.prepared or prepared(experiment, snapshot.runs)
        if self._prepared.ground is not None:
            self.grounds.take(self._prepared.ground)
            self._check_scale()
        self._window.status.setStepsPerSecond(snapshot.steps_per_second or None)
        self.data.set_runs(experiment, snapshot.runs, self._cursor, self._prepared.data)
        if self._experiment is not None and loss_of(self._experiment) == loss_of(experiment):
            complete = snapshot.complete if self._experiment is experiment else None
            self.grounds.show(self._experiment, self._runs, complete=complete)
        self._show_all()

    def set_cursor(self, player: Player) -> None:
        """Show the iteration at the cursor and the state of play."""
        playback = player.playback
        self._cursor = playback.position
        length = player.length
        if length != self._length:
            self._length = length
            self._show_loss()
        for view in self._views:
            view.setIteration(self._cursor)
        self.data.set_iteration(self._cursor)
        self.grounds.follow(self._cursor, playing=playback.playing)
        first = next((run for run in self._runs if run.iterations_per_epoch), None)
        epoch = self._cursor / first.iterations_per_epoch if first and first.iterations_per_epoch else None
        self._window.transport.setPosition(self._cursor, length, epoch)
        self._window.setPlaying(playback.playing)
        self._window.status.setState(state_text(playback.state, self._runs, self._paths))
        if self._experiment is not None:
            marks = sorted({change.iteration for run in self._experiment.runs for change in run.changes})
            self._window.transport.timeline.setMarks(tuple(marks))

    def answered(self, name: str, token: object, result: object) -> None:
        """Show a landscape or curve that the worker has evaluated, if it is still wanted."""
        if isinstance(result, StudioError):
            self._window.status.showMessage(error_text(result), 15_000)
            return
        if name in self.maps.tasks:
            self.maps.answered(name, token, result)
        else:
            self.grounds.answered(name, token, result)

    def reset_view(self) -> None:
        """Show every view as at first: camera, ranges, zoom."""
        self.surface.resetCamera()
        self.curve.resetRange()
        self.derivative.resetRange()
        self.contour.resetRange()
        self.loss.resetSpan()
        self.data.reset_view()
        self.grounds.look_home()
        self._show_all()

    def picture_of(self, view: str) -> Drawing | None:
        """Return the drawing of a view as it is on screen, to be painted elsewhere; None where there is nothing."""
        centre = self.curve if self.single else self.surface
        upper = self.derivative if self.single else self.contour
        chosen = {"surface": centre, "contour": upper, "curves": self.loss}[view]
        return chosen.picture((float(chosen.width()), float(chosen.height())), self._window.theme())

    # showing

    def _check_scale(self) -> None:
        """Let the switch of the scale say how heights are shown, or will be as soon as they have come."""
        landscape = self.grounds.landscape
        shown = landscape.scale if landscape is not None else None
        scale = scale_of(self._experiment) if self._experiment is not None else None
        self._window.actionLogZ.setChecked((scale or shown) == "log" and not self.single)

    def _show_ground(self) -> None:
        """Show a new landscape or curve; a new experiment's only together with the runs on it."""
        self._check_scale()
        if self._computed is self._experiment:
            self._show_all()

    def _show_all(self) -> None:
        experiment = self._experiment
        if experiment is None:
            return
        if self.single:
            self._show_curve(experiment.start[0])
        elif self._computed is not None and len(self._computed.start) > 1:
            self._show_maps(experiment if loss_of(self._computed) == loss_of(experiment) else self._computed)
        self._show_loss()
        if self._late_opengl is not None and self._evaluated:
            self._late_opengl.begin()

    def _show_maps(self, experiment: Experiment) -> None:
        """Show the runs on their landscape, as soon as it is the one of their loss."""
        first, second = experiment.shown
        scene = MapScene(None, self._paths, self._cursor, (experiment.start[first], experiment.start[second]))
        home, part, loss = self.grounds.home_of(experiment), self.grounds.part_of(experiment), loss_of(experiment)
        if part is not None:
            self.maps.show_contour(replace(scene, landscape=part), loss, self._prepared.contour)
            self.data.set_map(replace(scene, landscape=part), self._prepared.contour)
        if home is not None:
            self.maps.show_surface(
                replace(scene, landscape=home), loss, self._prepared.surface, settled=self.grounds.settled
            )

    def _show_curve(self, start: float) -> None:
        curve = self.grounds.curve
        if curve is None or any(path.points.shape[1] != 1 for path in self._paths):
            return
        self.curve.setContent(
            ProfileScene(curve.name, curve.xs, curve.z, curve.minima, self._paths, self._cursor, start)
        )
        slopes = slope_paths(self._paths)
        self.derivative.setContent(
            ProfileScene(curve.name, curve.xs, curve.slope, np.empty(0), slopes, self._cursor, start, remarks=False)
        )

    def _show_loss(self) -> None:
        self.loss.setContent(CurvesScene(self._prepared.series, self._cursor, self._length), self._prepared.curves)

    @property
    def _paths(self) -> tuple[RunPath, ...]:
        return self._prepared.paths

    # reading values out

    def _hovered(self, x: float, y: float) -> None:
        landscape = self.grounds.zoomed or self.grounds.landscape
        if landscape is None:
            return
        loss = float(landscape.height_at(x, y))
        if math.isfinite(loss):
            self._window.status.setReadout(
                self.tr("{loss} at ({x}, {y}) under the pointer").format(
                    loss=self._called(loss), x=number_text(x), y=number_text(y)
                )
            )

    def _hovered_curve(self, x: float) -> None:
        curve = self.grounds.curve
        if curve is not None and len(curve.xs):
            loss = float(np.interp(x, curve.xs, curve.z))
            self._window.status.setReadout(
                self.tr("{loss} at {name} = {x} under the pointer").format(
                    loss=self._called(loss), name=curve.name, x=number_text(x)
                )
            )

    def _called(self, loss: float) -> str:
        """Return a loss as text with what it is called."""
        sign = loss_sign(self._experiment.problem) if self._experiment is not None else ""
        return sign + number_text(loss)

    def _connect(self) -> None:
        self._window.themeChanged.connect(self.set_theme)
        for flat in (self.surface, self.contour):
            flat.startMoved.connect(lambda x, y: self.startMoved.emit((x, y)))
            flat.hovered.connect(self._hovered)
        for single in (self.curve, self.derivative):
            single.startMoved.connect(lambda x: self.startMoved.emit((x,)))
            single.hovered.connect(self._hovered_curve)
            single.rangeChanged.connect(self.grounds.look_along)
        for view in (self.surface, self.contour, self.curve, self.derivative):
            view.startReleased.connect(self.startReleased)
            view.hoverEnded.connect(lambda: self._window.status.setReadout(""))
        for legend in (self.surface, self.curve):
            legend.runToggled.connect(self.runToggled)
        self.contour.rangeChanged.connect(self.grounds.look_at)
        self.grounds.arrived.connect(self._show_ground)
