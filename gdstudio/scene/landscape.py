"""The loss over two variables on a grid: heights as they are shown, contour bands, heights anywhere.

Steep functions are shown on a logarithmic scale. The shown height is then ``log10(f - floor + offset)``:
`floor` is the lowest loss known (of the grid and the known minima) and `offset` a small part of the median
height above it, so that the valley keeps its shape and nothing is ever minus infinity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import contourpy
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BANDS = 18
_OFFSET = 1.2e-2
_LARGEST = 1e307


@dataclass(frozen=True, eq=False)
class Landscape:
    """Heights over a rectangle; compared by identity, so that drawings know what has not changed.

    Parameters
    ----------
    names : tuple of str
        The two variables shown.
    xs, ys : ndarray, (nx,) and (ny,)
        The grid's axes, strictly increasing.
    z : ndarray, (ny, nx)
        Loss at the grid's points; what is not finite is a hole.
    scale : {"linear", "log"}
        How heights are shown.
    minima : ndarray, (k, 2)
        Known minima.
    lowest : float or None
        Loss at the lowest known minimum, where it is known.
    held : tuple of (str, float)
        The other variables, and where they are held.
    """

    names: tuple[str, str]
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    z: NDArray[np.float64]
    scale: Literal["linear", "log"] = "linear"
    minima: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    lowest: float | None = None
    held: tuple[tuple[str, float], ...] = ()

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """The rectangle: x from, x to, y from, y to."""
        return float(self.xs[0]), float(self.xs[-1]), float(self.ys[0]), float(self.ys[-1])

    @cached_property
    def heights(self) -> NDArray[np.float64]:
        """The losses with holes as NaN, (ny, nx)."""
        z = np.asarray(self.z, dtype=np.float64)
        return np.where(np.isfinite(z), np.clip(z, -_LARGEST, _LARGEST), np.nan)

    @cached_property
    def floor(self) -> float:
        """The lowest loss known, which the logarithmic scale starts from."""
        found = self.heights[np.isfinite(self.heights)]
        lowest = float(found.min()) if found.size else 0.0
        return lowest if self.lowest is None else min(lowest, self.lowest)

    @cached_property
    def offset(self) -> float:
        """What keeps the logarithm finite at the floor."""
        above = self.heights[np.isfinite(self.heights)] - self.floor
        median = float(np.median(above)) if above.size else 1.0
        return max(_OFFSET * median, 1e-12 * float(above.max(initial=0.0)), 1e-300)

    def show(self, losses: ArrayLike) -> NDArray[np.float64]:
        """Shown heights (...) of losses (...); on the logarithmic scale nothing is below the floor."""
        values = np.asarray(losses, dtype=np.float64)
        if self.scale == "linear":
            return values
        with np.errstate(invalid="ignore"):
            above = np.maximum(values - self.floor, 0.0)
        return np.asarray(np.log10(above + self.offset))

    def loss_of(self, shown: ArrayLike) -> NDArray[np.float64]:
        """Losses (...) of shown heights (...): the inverse of `show`."""
        values = np.asarray(shown, dtype=np.float64)
        if self.scale == "linear":
            return values
        return np.asarray(np.maximum(10.0 ** values - self.offset, 0.0) + self.floor)

    @cached_property
    def shown(self) -> NDArray[np.float64]:
        """Shown heights, (ny, nx), holes as NaN."""
        return self.show(self.heights)

    @cached_property
    def _found(self) -> tuple[float, float, float]:
        """The least and the greatest shown height, and how far apart they are at least where they differ."""
        found = self.shown[np.isfinite(self.shown)]
        low, high = (float(found.min()), float(found.max())) if found.size else (0.0, 1.0)
        return low, high, 1e-9 * max(abs(low), abs(high), 1e-3)

    @property
    def flat(self) -> bool:
        """Whether the loss is the same everywhere, but for rounding."""
        low, high, least = self._found
        return high - low <= least

    @cached_property
    def low_high(self) -> tuple[float, float]:
        """The least and the greatest shown height, never equal."""
        low, high, least = self._found
        return (low - 0.5 * least - 0.5, high + 0.5 * least + 0.5) if self.flat else (low, high)

    def fraction(self, shown: ArrayLike) -> NDArray[np.float64]:
        """Shown heights as parts of the range, 0 to 1 on the grid."""
        low, high = self.low_high
        return (np.asarray(shown, dtype=np.float64) / 2 - low / 2) / (high / 2 - low / 2)

    @cached_property
    def bands(self) -> NDArray[np.float64]:
        """Edges of the contour bands, evenly spaced in shown height, (BANDS + 1,)."""
        low, high = self.low_high
        return low + (high - low) * np.linspace(0.0, 1.0, BANDS + 1)

    @cached_property
    def filled(self) -> list[list[tuple[NDArray[np.float64], NDArray[np.uint32]]]]:
        """For each band its areas: points (n, 2) and the offsets of their rings (outer, then holes)."""
        masked = np.ma.masked_invalid(self.shown)
        generator = contourpy.contour_generator(
            self.xs, self.ys, masked, name="serial", corner_mask=True,
            fill_type=contourpy.FillType.OuterOffset,
        )
        edges = self.bands.copy()
        span = edges[-1] - edges[0]
        edges[0], edges[-1] = edges[0] - span, edges[-1] + span
        areas = []
        for lower, upper in pairwise(edges):
            points, offsets = generator.filled(float(lower), float(upper))[:2]
            areas.append([(np.asarray(p), np.asarray(o)) for p, o in zip(points, offsets, strict=True)])
        return areas

    def height_at(self, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Losses (...) at points (...), bilinear; NaN outside the rectangle and in holes."""
        return bilinear(self.xs, self.ys, self.heights, x, y)


def bilinear(
    xs: NDArray[np.float64], ys: NDArray[np.float64], grid: NDArray[np.float64], x: ArrayLike, y: ArrayLike,
) -> NDArray[np.float64]:
    """Interpolate a grid (ny, nx) over increasing axes at points (...); NaN outside."""
    across, down = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    column = np.interp(across, xs, np.arange(len(xs)), left=np.nan, right=np.nan)
    row = np.interp(down, ys, np.arange(len(ys)), left=np.nan, right=np.nan)
    inside = np.isfinite(column) & np.isfinite(row)
    column, row = np.where(inside, column, 0.0), np.where(inside, row, 0.0)
    left = np.minimum(column.astype(np.intp), len(xs) - 2)
    lower = np.minimum(row.astype(np.intp), len(ys) - 2)
    u, v = column - left, row - lower
    values = (
        grid[lower, left] * (1 - u) * (1 - v) + grid[lower, left + 1] * u * (1 - v)
        + grid[lower + 1, left] * (1 - u) * v + grid[lower + 1, left + 1] * u * v
    )
    return np.where(inside, values, np.nan)
