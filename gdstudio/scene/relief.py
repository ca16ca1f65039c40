"""The landscape as a body in space: where things lie on it, what hides them, what a ray meets.

In the world of the camera the floor is the square from -1 to 1 and heights span `HEIGHT`, whatever the
variables and losses are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from gdstudio.scene.landscape import bilinear
from gdstudio.scene.occlusion import Occlusion
from gdstudio.scene.polylines import MOST, Lines, clipped, lines_between, thinned

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from gdstudio.scene.camera import Camera
    from gdstudio.scene.landscape import Landscape
    from gdstudio.scene.runs import RunPath
    from gdstudio.scene.theme import Theme

HEIGHT = 1.0
FLOOR = -HEIGHT / 2
_HAIR = 0.012
_APART = 0.0025
_PIECE = 0.03
_COARSE = 97
_SUN = np.array([-0.42, -0.30, 0.86]) / np.linalg.norm([-0.42, -0.30, 0.86])


@dataclass(frozen=True, eq=False)
class Draped:
    """A path laid over the relief.

    Parameters
    ----------
    ends : ndarray, (m, 2, 3)
        Both ends of every line.
    iterates : ndarray, (m,)
        The iterate (whole or between two) at each line's second end.
    chosen : ndarray, (k,)
        The iterates that the path goes through.
    """

    ends: NDArray[np.float64]
    iterates: NDArray[np.float64]
    chosen: NDArray[np.intp]

    def drawn_before(self, row: int) -> int:
        """Return the last iterate up to `row` that the path goes through."""
        return int(self.chosen[np.searchsorted(self.chosen, row, side="right") - 1])


class Relief:
    """A landscape in space.

    Parameters
    ----------
    landscape : Landscape
        The heights.
    """

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self._draped: WeakKeyDictionary[RunPath, Draped] = WeakKeyDictionary()
        self._occlusion: Occlusion | None = None

    @cached_property
    def axes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The grid's axes in space, (nx,) and (ny,)."""
        x0, x1, y0, y1 = self.landscape.extent
        return (self.landscape.xs - x0) / (x1 - x0) * 2 - 1, (self.landscape.ys - y0) / (y1 - y0) * 2 - 1

    @cached_property
    def heights(self) -> NDArray[np.float64]:
        """The grid's heights in space, (ny, nx); holes are NaN."""
        return (self.landscape.fraction(self.landscape.shown) - 0.5) * HEIGHT

    def grid(self, cells: int | None = None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Vertices (rows, columns, 3) and their normals (rows, columns, 3).

        Parameters
        ----------
        cells : int or None
            Cells along each axis; as the landscape has them where None.
        """
        if cells is None:
            (xs, ys), heights = self.axes, self.heights
        else:
            xs = ys = np.linspace(-1.0, 1.0, cells + 1)
            heights = bilinear(*self.axes, self.heights, *np.meshgrid(xs, ys))
        with np.errstate(invalid="ignore"):
            down, across = np.gradient(heights, ys, xs)
        normals = np.stack([-across, -down, np.ones_like(heights)], axis=-1)
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        return np.stack([*np.meshgrid(xs, ys), heights], axis=-1), np.nan_to_num(normals)

    def colours(
        self, vertices: NDArray[np.float64], normals: NDArray[np.float64], theme: Theme,
    ) -> NDArray[np.float64]:
        """Colours (..., 3) in 0 to 1 of points on the relief, with the light on them."""
        base = theme.terrain.at(vertices[..., 2] / HEIGHT + 0.5)
        light = np.clip(normals @ _SUN, 0.0, 1.0)
        return np.asarray(np.clip(base * (0.66 + 0.44 * light)[..., None], 0.0, 1.0))

    def place(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Points (..., 3) on the relief over values (...) of the variables; NaN outside."""
        across, down = self._foot(x, y)
        return np.stack([across, down, self.lift(across, down)], axis=-1)

    def _foot(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Points of the floor (...) for values (...) of the variables."""
        x0, x1, y0, y1 = self.landscape.extent
        across = (np.asarray(x, dtype=np.float64) - x0) / (x1 - x0) * 2 - 1
        down = (np.asarray(y, dtype=np.float64) - y0) / (y1 - y0) * 2 - 1
        return across, down

    def lift(self, across: ArrayLike, down: ArrayLike) -> NDArray[np.float64]:
        """Height a hair above the relief over points (...) of the floor; NaN outside."""
        return bilinear(*self.axes, self.heights, across, down) + _HAIR

    def variables(self, across: float, down: float) -> tuple[float, float]:
        """Return the values of the variables at a point of the floor."""
        x0, x1, y0, y1 = self.landscape.extent
        return x0 + (across + 1) / 2 * (x1 - x0), y0 + (down + 1) / 2 * (y1 - y0)

    def draped(self, run: RunPath) -> Draped:
        """Return a run's path laid over the relief, cut at its edge."""
        if run not in self._draped:
            self._draped[run] = self._drape(run)
        return self._draped[run]

    def _drape(self, run: RunPath) -> Draped:
        with np.errstate(over="ignore", invalid="ignore"):
            places = np.stack(self._foot(run.points[:, 0], run.points[:, 1]))
        finite = np.isfinite(places)
        if not finite.all():
            places[~finite] = np.nan
        flat = np.clip(places, -1e7, 1e7, out=places).T
        chosen = thinned(flat, _APART)
        lines = clipped(lines_between(flat[chosen], np.arange(len(chosen))), -1.0, -1.0, 1.0, 1.0)
        return self._lifted(lines, chosen)

    def rest(self, run: RunPath, row: int) -> Draped:
        """Return the path from the last iterate that is drawn to iterate `row`."""
        ends = np.array([self.draped(run).drawn_before(row), row])
        flat = np.stack(self._foot(run.points[ends, 0], run.points[ends, 1]), axis=-1)
        return self._lifted(clipped(lines_between(flat, np.arange(2)), -1.0, -1.0, 1.0, 1.0), ends)

    def _lifted(self, lines: Lines, chosen: NDArray[np.intp]) -> Draped:
        """Cut lines on the floor into pieces that follow the ground and lift them."""
        starts, steps = lines.ends[:, :2], lines.ends[:, 2:] - lines.ends[:, :2]
        lengths = np.hypot(steps[:, 0], steps[:, 1])
        piece = max(_PIECE, float(lengths.sum()) / MOST)
        counts = np.maximum(np.ceil(lengths / piece).astype(np.intp), 1)
        owner = np.repeat(np.arange(len(counts)), counts)
        number = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
        before, after = number / counts[owner], (number + 1) / counts[owner]
        origins, ways = starts[owner], steps[owner]
        ends = np.empty((len(owner), 2, 3))
        ends[:, 0, :2], ends[:, 1, :2] = origins + before[:, None] * ways, origins + after[:, None] * ways
        ends[:, 1, 2] = self.lift(ends[:, 1, 0], ends[:, 1, 1])
        # most pieces begin where the one before ends
        ends[1:, 0, 2] = ends[:-1, 1, 2]
        apart = np.flatnonzero(number == 0)
        apart = apart[lines.breaks[owner[apart]]]
        ends[apart, 0, 2] = self.lift(ends[apart, 0, 0], ends[apart, 0, 1])
        index = lines.iterates.astype(np.intp)[owner]
        first, last = chosen[np.maximum(index - 1, 0)], chosen[index]
        iterates = np.where(after == 1.0, last, first + after * (last - first))
        whole = np.isfinite(ends).all(axis=(1, 2))
        return Draped(ends[whole], iterates[whole], chosen)

    @cached_property
    def _coarse(self) -> NDArray[np.float64]:
        """Heights on an even grid, for what needs many look-ups; a hole hides nothing."""
        even = np.linspace(-1.0, 1.0, _COARSE)
        return np.nan_to_num(bilinear(*self.axes, self.heights, *np.meshgrid(even, even)), nan=-9.0)

    def _height(self, across: NDArray[np.float64], down: NDArray[np.float64]) -> NDArray[np.float64]:
        column = np.clip((across + 1) * ((_COARSE - 1) / 2), 0, _COARSE - 1.001)
        row = np.clip((down + 1) * ((_COARSE - 1) / 2), 0, _COARSE - 1.001)
        left, lower = column.astype(np.intp), row.astype(np.intp)
        u, v, grid = column - left, row - lower, self._coarse
        near = grid[lower, left] * (1 - u) + grid[lower, left + 1] * u
        far = grid[lower + 1, left] * (1 - u) + grid[lower + 1, left + 1] * u
        return np.asarray(near * (1 - v) + far * v)

    def hidden(self, points: NDArray[np.float64], camera: Camera, steps: int = 40) -> NDArray[np.bool_]:
        """Whether the relief stands between points (n, 3) and the camera, (n,); a point in a hole is not hidden."""
        if not len(points):
            return np.zeros(0, dtype=bool)
        finite = np.isfinite(points).all(axis=1)
        if not finite.all():
            hidden = np.zeros(len(points), dtype=bool)
            hidden[finite] = self.hidden(points[finite], camera, steps)
            return hidden
        toward = camera.position() - points
        toward /= np.linalg.norm(toward, axis=1, keepdims=True)
        with np.errstate(divide="ignore", invalid="ignore"):
            walls = np.where(toward > 0, 1.0 - points, -1.0 - points) / toward
        walls[:, 2] = np.where(toward[:, 2] > 1e-9, (HEIGHT / 2 - points[:, 2]) / toward[:, 2], np.inf)
        reach = np.maximum(np.nan_to_num(np.min(walls, axis=1), nan=0.0, posinf=3.0), 0.0)
        parts = (np.arange(1, steps + 1) / steps) ** 1.5
        walked = points[:, None, :] + (reach[:, None] * parts)[..., None] * toward[:, None, :]
        blocked = self._height(walked[..., 0], walked[..., 1]) > walked[..., 2]
        return np.asarray(blocked.any(axis=1))

    def occlusion(self, camera: Camera) -> Occlusion:
        """Return what the relief hides from a camera; kept for the last camera that was asked for."""
        known = self._occlusion
        if known is None or known.camera != camera:
            known = self._occlusion = Occlusion(self, camera)
        return known

    def met_by(self, origin: NDArray[np.float64], direction: NDArray[np.float64]) -> tuple[float, float] | None:
        """Return the values of the variables where a ray first meets the relief; None where it does not."""
        with np.errstate(divide="ignore", invalid="ignore"):
            walls = np.sort(np.stack([(-1.0 - origin) / direction, (1.0 - origin) / direction]), axis=0)[:, :2]
        enter, leave = float(np.nanmax(walls[0])), float(np.nanmin(walls[1]))
        if not enter < leave:
            return None
        walked = np.linspace(max(enter, 0.0) + 1e-9, leave - 1e-9, 600)
        above = self._above(origin, direction, walked)
        with np.errstate(invalid="ignore"):
            crossings = np.flatnonzero((above[:-1] > 0) & (above[1:] <= 0))
        if not len(crossings):
            return None
        low, high = walked[crossings[0]], walked[crossings[0] + 1]
        for _ in range(16):
            middle = (low + high) / 2
            if self._above(origin, direction, np.array([middle]))[0] > 0:
                low = middle
            else:
                high = middle
        x, y, _ = origin + (low + high) / 2 * direction
        return self.variables(float(x), float(y))

    def _above(
        self, origin: NDArray[np.float64], direction: NDArray[np.float64], walked: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        points = origin + walked[:, None] * direction
        return np.asarray(points[:, 2] - self.lift(points[:, 0], points[:, 1]))
