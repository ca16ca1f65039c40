"""Pictures without a window: the drawings that the views would show of an experiment at the end of its runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from gdstudio.controllers.content import curve_of, landscape_of, path_of, scale_of, slope_paths
from gdstudio.controllers.data_scenes import scenes_of
from gdstudio.controllers.data_series import series_of
from gdstudio.controllers.frames import ranges_with_runs
from gdstudio.controllers.run_marks import with_marks
from gdstudio.engine.errors import StudioError
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP
from gdstudio.experiment.build import objective_of
from gdstudio.scene.camera import Camera
from gdstudio.scene.contour import ContourDrawing, MapScene
from gdstudio.scene.curves import CurvesDrawing, CurvesScene
from gdstudio.scene.data_drawing import DataDrawing
from gdstudio.scene.profile import ProfileDrawing, ProfileScene
from gdstudio.scene.surface import PAPER_CELLS, SurfaceDrawing
from gdstudio.scene.surface_legend import viewport_of
from gdstudio.scene.viewpoint import camera_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from gdstudio.experiment.document import Experiment
    from gdstudio.experiment.run import Result
    from gdstudio.scene.drawing import Drawing
    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

View = Literal["surface", "contour", "curves", "data"]
Size = tuple[float, float]


def drawing_of(
    experiment: Experiment, results: Sequence[Result], view: View, size: Size, theme: Theme
) -> Drawing:
    """Return a picture of an experiment whose runs have ended.

    A problem of one variable has its curve in place of the surface and its derivative in place of the contour
    map; of more than two variables the two shown vary, the others stand where the first run ended.

    Parameters
    ----------
    experiment : Experiment
        The document.
    results : sequence of Result
        How each of its runs went.
    view : {"surface", "contour", "curves", "data"}
        Which picture.
    size : tuple of float
        Width and height in logical pixels.
    theme : Theme
        In which colours.
    """
    goal = objective_of(experiment.problem)
    paths = tuple(
        with_marks(
            path_of(experiment, index, result.trajectory.theta, result.trajectory.loss, goal), experiment, index,
            result.trajectory,
        )
        for index, result in enumerate(results)
    )
    cursor = max((result.iterations for result in results), default=0)
    if view == "curves":
        series = (
            series_of(experiment, index, path, result.trajectory)
            for index, (path, result) in enumerate(zip(paths, results, strict=True))
        )
        scene = CurvesScene(tuple(one for each in series for one in each), cursor, cursor, legend=True)
        return CurvesDrawing(scene, theme, size)
    if view == "data":
        return _data(experiment, results, cursor, size, theme)
    if goal.dimension == 1:
        return ProfileDrawing(_profile(experiment, results, paths, cursor, view), theme, size)
    terrain = _map(experiment, results, paths, cursor)
    if view == "contour":
        return ContourDrawing(terrain, theme, size)
    viewport = viewport_of(terrain, size)
    drawing = SurfaceDrawing(terrain, theme, viewport, Camera(), cells=PAPER_CELLS)
    if drawing.relief is None:
        return drawing
    camera = camera_for(drawing.relief, terrain)
    return SurfaceDrawing(terrain, theme, viewport, camera, cells=PAPER_CELLS, earlier=drawing)


def _data(
    experiment: Experiment, results: Sequence[Result], cursor: int, size: Size, theme: Theme
) -> DataDrawing:
    scenes = scenes_of(experiment, [result.trajectory.theta for result in results])
    if scenes is None:
        raise StudioError(
            QT_TRANSLATE_NOOP("Errors", "The view data needs a loss over data: --data with --model or --loss.")
        )
    return DataDrawing(scenes.data_space(cursor), theme, size)


class Enlarged:
    """A drawing with larger letters and lines: what the screen shows of it, enlarged.

    Parameters
    ----------
    drawing : Drawing
        What to paint.
    size : tuple of float
        Width and height of the picture in pixels.
    factor : float
        By how much; `size` is that of the drawing times it.
    """

    def __init__(self, drawing: Drawing, size: Size, factor: float) -> None:
        self.size = size
        self._drawing = drawing
        self._factor = factor

    @property
    def theme(self) -> Theme:
        """The colours it is drawn with."""
        return self._drawing.theme

    def paint(self, painter: QPainter) -> None:
        """Paint the whole picture."""
        painter.scale(self._factor, self._factor)
        self._drawing.paint(painter)


def _map(
    experiment: Experiment, results: Sequence[Result], paths: tuple[RunPath, ...], cursor: int
) -> MapScene:
    first, second = experiment.shown
    ranges = _ranges(experiment, results)
    last = results[0].theta if results else np.array(experiment.start)
    held = last if np.all(np.isfinite(last)) else np.array(experiment.start)
    landscape = landscape_of(
        experiment.problem, held, experiment.shown, (ranges[first], ranges[second]), scale_of(experiment)
    )
    return MapScene(landscape, paths, cursor, (experiment.start[first], experiment.start[second]))


def _ranges(experiment: Experiment, results: Sequence[Result]) -> tuple[tuple[float, float], ...]:
    """Return what is shown of each variable."""
    shown = (
        result.trajectory.theta for result, run in zip(results, experiment.runs, strict=False)
        if run.visible and result.outcome != "diverged"
    )
    return ranges_with_runs(experiment, shown)


def _profile(
    experiment: Experiment, results: Sequence[Result], paths: tuple[RunPath, ...], cursor: int, view: View
) -> ProfileScene:
    curve = curve_of(experiment.problem, _ranges(experiment, results)[0])
    start = experiment.start[0]
    if view == "surface":
        return ProfileScene(curve.name, curve.xs, curve.z, curve.minima, paths, cursor, start)
    slopes = slope_paths(paths)
    return ProfileScene(curve.name, curve.xs, curve.slope, np.empty(0), slopes, cursor, start, remarks=False)
