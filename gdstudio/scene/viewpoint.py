"""Where to look from at first: the side from which the start, the minima and the valley are seen."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.scene.camera import Camera

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.scene.contour import MapScene
    from gdstudio.scene.relief import Relief

# Tried in this order; the first of those that show most wins.
_TURNS = (0.0, 40.0, -40.0, 90.0, -90.0, 140.0, -140.0, 180.0)
_RISES = (0.0, 8.0, 16.0)
_VALLEY_PART, _VALLEY_POINTS, _PATH_POINTS = 0.15, 80, 20
_STEPS = 20
# A turn must show so much more than the usual side does.
_WORTH = 0.04


def camera_for(relief: Relief, scene: MapScene) -> Camera:
    """Return the camera that shows most of what matters.

    Parameters
    ----------
    relief : Relief
        Of the scene's landscape.
    scene : MapScene
        With the start, if there is one.
    """
    usual = Camera()
    valley = _valley(relief)
    marks = [*relief.landscape.minima, *([scene.start] if scene.start is not None else [])]
    for run in scene.runs:
        marks.extend(run.points[:: max(1, len(run) // _PATH_POINTS)])
    x0, x1, y0, y1 = relief.landscape.extent
    inside = np.array([mark for mark in marks if x0 < mark[0] < x1 and y0 < mark[1] < y1]).reshape(-1, 2)
    points = relief.place(inside[:, 0], inside[:, 1]) if len(inside) else np.empty((0, 3))
    best, best_seen = usual, -1.0
    for rise, turn in product(_RISES, _TURNS):
        camera = replace(usual, azimuth=usual.azimuth + turn, elevation=usual.elevation + rise).at_home()
        seen = _seen(relief, valley, camera) + _seen(relief, points, camera)
        if seen > best_seen + (_WORTH if best_seen >= 0.0 else 0.0):
            best, best_seen = camera, seen
        if best_seen > 2.0 - _WORTH:
            break
    return best


def _seen(relief: Relief, points: NDArray[np.float64], camera: Camera) -> float:
    return 1.0 - float(relief.hidden(points, camera, _STEPS).mean()) if len(points) else 0.0


def _valley(relief: Relief) -> NDArray[np.float64]:
    """Return points (n, 3) spread over the lowest part of the relief."""
    even = np.linspace(-0.95, 0.95, 31)
    across, down = (axis.ravel() for axis in np.meshgrid(even, even))
    heights = relief.lift(across, down)
    finite = np.flatnonzero(np.isfinite(heights))
    if not len(finite):
        return np.empty((0, 3))
    low = finite[heights[finite] <= np.quantile(heights[finite], _VALLEY_PART)]
    low = low[:: max(1, len(low) // _VALLEY_POINTS)]
    return np.stack([across[low], down[low], heights[low]], axis=1)
