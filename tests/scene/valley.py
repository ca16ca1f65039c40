"""One landscape and a few runs that the tests of drawings, views and pictures share."""

from __future__ import annotations

from typing import Literal

import numpy as np

from gdstudio.scene.contour import MapScene
from gdstudio.scene.curves import CurvesScene
from gdstudio.scene.landscape import Landscape
from gdstudio.scene.profile import ProfileScene
from gdstudio.scene.runs import RunPath, loss_series

LABELS = ("Adam", "Momentum", "RMSProp", "Gradient descent", "Nesterov")


def rosenbrock(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return (1 - x) ** 2 + 100 * (y - x * x) ** 2


def valley(points: int = 61, scale: Literal["linear", "log"] = "log") -> Landscape:
    xs, ys = np.linspace(-2, 2, points), np.linspace(-1, 3, points)
    return Landscape(("x", "y"), xs, ys, rosenbrock(*np.meshgrid(xs, ys)), scale, np.array([[1.0, 1.0]]), 0.0)


def descent(rows: int = 200, rate: float = 0.001, start: tuple[float, float] = (-1.2, 1.0)) -> np.ndarray:
    points = np.empty((rows, 2))
    points[0] = start
    for row in range(1, rows):
        x, y = points[row - 1]
        step = np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])
        points[row] = points[row - 1] - rate * step
    return points


def runs(count: int = 2, rows: int = 200) -> tuple[RunPath, ...]:
    paths = [descent(rows, 0.001 / (slot + 1)) for slot in range(count)]
    return tuple(
        RunPath(LABELS[slot], slot, path, rosenbrock(path[:, 0], path[:, 1])) for slot, path in enumerate(paths)
    )


def map_scene(cursor: int = 80, count: int = 2, points: int = 61) -> MapScene:
    return MapScene(valley(points), runs(count), cursor, (-1.2, 1.0))


def curves_scene(cursor: int = 80, count: int = 2) -> CurvesScene:
    return CurvesScene(tuple(loss_series(run) for run in runs(count)), cursor)


def profile_scene(cursor: int = 2) -> ProfileScene:
    xs = np.linspace(-2.1, 2.1, 401)
    thetas = 1.8 * (-0.7) ** np.arange(12.0)
    run = RunPath("Gradient descent", 0, thetas[:, None], 5 * thetas**2, slopes=10 * thetas)
    return ProfileScene("x", xs, 5 * xs**2, np.array([0.0]), (run,), cursor, 1.8)
