"""What the worker prepares is what the views would have made, to the pixel."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QImage, QPainter

from gdstudio.controllers.content import landscape_of
from gdstudio.controllers.preparation import Preparation, prepared
from gdstudio.experiment.build import descent_of, row_of
from gdstudio.experiment.greeting import greeting
from gdstudio.runner.worker import RunView
from gdstudio.scene.camera import Camera, Viewport
from gdstudio.scene.contour import ContourDrawing, MapScene
from gdstudio.scene.curves import CurvesDrawing, CurvesScene
from gdstudio.scene.surface import SurfaceDrawing
from gdstudio.scene.terrain import Laid, laid
from gdstudio.scene.theme import DARK

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdstudio.experiment.document import Experiment
    from gdstudio.scene.runs import Series

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = (420.0, 360.0)


def _runs(experiment: Experiment) -> list[RunView]:
    views = []
    for index in range(len(experiment.runs)):
        descent = descent_of(experiment, index)
        descent.advance(300)
        views.append(RunView(descent.trajectory, descent.outcome, {}, None))
    return views


def _image(drawing: Any, cursor: int) -> QImage:
    image = QImage(int(SIZE[0]), int(SIZE[1]), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    drawing.ground(painter)
    drawing.live(painter, cursor)
    painter.end()
    return image


def _curves(drawing: CurvesDrawing) -> Callable[[tuple[Series, ...], int], Laid[CurvesDrawing]]:
    return lambda series, end: laid(drawing.with_series(series, end), 1.0)


def _drawings(experiment: Experiment, runs: list[RunView]) -> tuple[SurfaceDrawing, ContourDrawing, CurvesDrawing]:
    row = row_of(experiment.problem)
    assert row is not None
    ground = landscape_of(experiment.problem, (0.0, 0.0), (0, 1), (row.domain[0], row.domain[1]), "log")
    found = prepared(experiment, runs)
    scene = MapScene(ground, found.paths, 0, (experiment.start[0], experiment.start[1]))
    return (
        SurfaceDrawing(scene, DARK, Viewport(*SIZE), Camera()), ContourDrawing(scene, DARK, SIZE),
        CurvesDrawing(CurvesScene(found.series, 0, experiment.stopping.iterations), DARK, SIZE),
    )


@pytest.mark.parametrize("cursor", [0, 137, 300])
def test_prepared_drawings_are_those_made_afresh(cursor: int) -> None:
    before, after = greeting(), replace(greeting(), start=(0.4, -0.3))
    surface, contour, curves = _drawings(before, _runs(before))
    runs = _runs(after)
    found = Preparation(after, surface, contour, _curves(curves))(runs)
    afresh = _drawings(after, runs)
    start = (after.start[0], after.start[1])
    assert found.surface is not None
    assert found.contour is not None
    assert found.curves is not None
    scene = replace(found.surface.scene, start=start)
    drawn = (
        SurfaceDrawing(scene, DARK, Viewport(*SIZE), Camera(), earlier=found.surface),
        ContourDrawing(scene, DARK, SIZE, earlier=found.contour),
        found.curves.drawing,
    )
    for ours, theirs in zip(drawn, afresh, strict=True):
        assert _image(ours, cursor) == _image(theirs, cursor)


def test_the_length_of_the_curves_is_that_of_the_timeline() -> None:
    experiment = greeting()
    runs = _runs(experiment)
    found = Preparation(experiment, None, None, _curves(_drawings(experiment, runs)[2]))(runs)
    assert found.curves is not None
    assert found.curves.drawing.scene.iterations == experiment.stopping.iterations
    ended = [replace(run, outcome="converged") for run in runs]
    again = Preparation(experiment, None, None, _curves(found.curves.drawing))(ended)
    assert again.curves is not None
    assert again.curves.drawing.scene.iterations == 300


def test_without_runs_there_is_nothing() -> None:
    found = prepared(greeting(), [])
    assert (found.paths, found.series, found.surface) == ((), (), None)
