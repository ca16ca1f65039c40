"""The first view shows what matters: of all sides, one from which start, minima and valley are seen."""

from __future__ import annotations

import numpy as np
import pytest

from gdstudio.controllers.content import landscape_of
from gdstudio.engine.functions import PROBLEMS
from gdstudio.experiment.document import Problem
from gdstudio.scene.camera import Camera
from gdstudio.scene.contour import MapScene
from gdstudio.scene.relief import Relief
from gdstudio.scene.viewpoint import camera_for


def _scene(key: str) -> MapScene:
    row = PROBLEMS[key]
    start = (row.start[0], row.start[1])
    landscape = landscape_of(Problem(key=key), row.start, (0, 1), (row.domain[0], row.domain[1]), row.scale)
    return MapScene(landscape, (), 0, start)


@pytest.mark.parametrize("key", ["rosenbrock", "beale", "booth", "six_hump_camel"])
def test_the_start_and_the_lowest_minimum_are_seen(key: str) -> None:
    scene = _scene(key)
    assert scene.landscape is not None
    relief = Relief(scene.landscape)
    marks = np.array([PROBLEMS[key].start, PROBLEMS[key].minima[0].theta])
    points = relief.place(marks[:, 0], marks[:, 1])
    assert not relief.hidden(points, camera_for(relief, scene)).any()


def test_where_the_usual_side_shows_all_it_is_kept() -> None:
    scene = _scene("bowl")
    assert scene.landscape is not None
    assert camera_for(Relief(scene.landscape), scene) == Camera()
