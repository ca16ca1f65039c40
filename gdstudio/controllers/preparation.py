"""What the views need of new runs, worked out in the worker thread before the window hears of them.

While a person drags the start, thinning and draping ten thousand iterates of every run costs several milliseconds a
frame; here it costs the window's thread nothing. Nothing in it measures text, which only the window's thread may.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gdstudio.controllers.content import path_of
from gdstudio.controllers.data_series import series_of
from gdstudio.controllers.run_marks import with_marks
from gdstudio.experiment.build import objective_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdstudio.controllers.data_screen import PreparedData
    from gdstudio.controllers.grounds import Ground
    from gdstudio.engine.objective import Objective
    from gdstudio.experiment.document import Experiment
    from gdstudio.runner.worker import RunView
    from gdstudio.scene.contour import ContourDrawing
    from gdstudio.scene.curves import CurvesDrawing
    from gdstudio.scene.runs import RunPath, Series
    from gdstudio.scene.surface import SurfaceDrawing
    from gdstudio.scene.terrain import Laid


@dataclass(frozen=True)
class Prepared:
    """Runs as the views draw them, and drawings of them that a view may go on from if it still looks alike."""

    paths: tuple[RunPath, ...]
    series: tuple[Series, ...]
    surface: SurfaceDrawing | None = None
    contour: ContourDrawing | None = None
    curves: Laid[CurvesDrawing] | None = None
    ground: Ground | None = None
    data: PreparedData | None = None


def prepared(experiment: Experiment, runs: Sequence[RunView]) -> Prepared:
    """Return the runs of `experiment` without drawings."""
    if not runs:
        return Prepared((), ())
    goal = objective_of(experiment.problem)
    paths = tuple(_path(experiment, index, run, goal) for index, run in enumerate(runs))
    series = (
        series_of(experiment, index, path, run.trajectory)
        for index, (path, run) in enumerate(zip(paths, runs, strict=True)) if run.refusal is None
    )
    return Prepared(paths, tuple(one for each in series for one in each))


def _path(experiment: Experiment, index: int, run: RunView, goal: Objective) -> RunPath:
    """Return a run as the views draw it; one that does not fit is not drawn, and keeps its place among the others."""
    path = path_of(experiment, index, run.theta, run.loss, goal)
    if run.refusal is not None:
        return replace(path, visible=False)
    return with_marks(path, experiment, index, run.trajectory)


@dataclass(frozen=True)
class Preparation:
    """The work for one experiment, with what was on screen when it was asked for.

    Parameters
    ----------
    experiment : Experiment
        Whose runs will come.
    surface, contour
        What the views show; None where there is nothing, or where it is about to change.
    curves : callable or None
        Takes curves and where their axis ends, gives their drawing.
    ground : Ground or None
        The landscape that the runs are to be shown on, where it is on its way and worth waiting for.
    data : callable or None
        Takes an experiment and its runs, gives the drawing of its data.
    """

    experiment: Experiment
    surface: SurfaceDrawing | None
    contour: ContourDrawing | None
    curves: Callable[[tuple[Series, ...], int], Laid[CurvesDrawing]] | None
    ground: Ground | None = None
    data: Callable[[Experiment, Sequence[RunView]], PreparedData | None] | None = None

    def __call__(self, runs: Sequence[RunView]) -> Prepared:
        """Return what the views need of `runs`."""
        found = prepared(self.experiment, runs)
        ended = all(run.ended for run in runs)
        length = max((run.iterations for run in runs), default=0) if ended else self.experiment.stopping.iterations
        if self.ground:
            # the first who asks evaluates it
            self.ground()
        return replace(
            found,
            surface=self.surface.with_runs(found.paths) if self.surface else None,
            contour=self.contour.with_runs(found.paths) if self.contour else None,
            curves=self.curves(found.series, length) if self.curves else None,
            ground=self.ground,
            data=self.data(self.experiment, runs) if self.data else None,
        )
