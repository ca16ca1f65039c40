"""Long polylines made short enough to draw in a frame, without losing what the eye would see.

All of it is vectorised and free of Qt. A polyline becomes an array of separate lines, each knowing which
iterate it ends at, so that everything up to a cursor is a slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 3000
"""No path is drawn with more lines than this."""
INK = 24_000
"""No path is drawn longer than so many times the spacing of its points: beyond that it is a blot anyway."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Separate lines in pixels.

    Parameters
    ----------
    ends : ndarray, (m, 4)
        x and y of both ends, in order along the path.
    iterates : ndarray, (m,)
        The iterate (whole or between two) that each line's second end belongs to, not decreasing.
    """

    ends: NDArray[np.float64]
    iterates: NDArray[np.float64]

    def until(self, iterate: float) -> Lines:
        """Return the lines that end at or before an iterate."""
        count = int(np.searchsorted(self.iterates, iterate, side="right"))
        return Lines(self.ends[:count], self.iterates[:count])

    def where(self, mask: NDArray[np.bool_]) -> Lines:
        """Return the lines that a mask (m,) chooses."""
        return Lines(self.ends[mask], self.iterates[mask])

    def joined(self, other: Lines) -> Lines:
        """Return these lines and then another's."""
        ends = np.concatenate([self.ends, other.ends])
        return Lines(ends, np.concatenate([self.iterates, other.iterates]))

    @cached_property
    def breaks(self) -> NDArray[np.bool_]:
        """Whether each line starts somewhere else than the one before ends, (m,)."""
        apart = np.ones(len(self.ends), dtype=bool)
        apart[1:] = np.any(self.ends[1:, :2] != self.ends[:-1, 2:], axis=1)
        return apart


NO_LINES = Lines(np.empty((0, 4)), np.empty(0))


def thinned(pixels: NDArray[np.float64], apart: float = 0.75, most: int = MOST) -> NDArray[np.intp]:
    """Choose the points (n, 2) to draw: one for each `apart` pixels walked, the first and last always.

    Steps longer than `apart` are all kept while there are no more than `most` points and no more than
    `INK` times `apart` to draw; beyond that the spacing grows until there are not. Points that are not
    finite are kept once in a row: they break the path.
    """
    count = len(pixels)
    if count <= 2:
        return np.arange(count)
    steps = _steps(pixels)
    finite = np.isfinite(steps)
    forced = np.zeros(count, dtype=bool) if finite.all() else _breaks(np.asarray(~np.isfinite(pixels).all(axis=1)))
    broken = np.count_nonzero(forced)
    forced[[0, -1]] = True
    walked = np.concatenate([[0.0], np.cumsum(np.where(finite, np.minimum(steps, 1e6), 0.0))])
    marks, chosen, ink = (walked / apart).astype(np.int64), np.arange(count), INK * apart
    while True:
        keep = forced.copy()
        keep[1:] |= marks[1:] != marks[:-1]
        chosen, marks, forced = chosen[keep], marks[keep], forced[keep]
        if len(chosen) <= most and _length(pixels[chosen]) <= ink:
            return chosen
        if broken >= most // 2 or apart > 1e9:
            return chosen[np.linspace(0, len(chosen) - 1, min(most, len(chosen))).astype(np.intp)]
        # what has no mark at twice the spacing had none before, so only what was chosen is looked at again
        apart *= 2.0
        marks >>= 1


def _steps(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distances (n - 1,) between consecutive points (n, 2)."""
    with np.errstate(invalid="ignore", over="ignore"):
        across, down = np.diff(pixels[:, 0]), np.diff(pixels[:, 1])
        return np.asarray(np.sqrt(across * across + down * down))


def _length(pixels: NDArray[np.float64]) -> float:
    """Length of a path, the parts that are not finite left out."""
    steps = _steps(pixels)
    return float(steps[np.isfinite(steps)].sum())


def _breaks(missing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose the first of every row of missing points, and the points beside such rows."""
    broken = missing.copy()
    broken[1:] &= ~missing[:-1]
    broken[1:] |= missing[:-1] & ~missing[1:]
    broken[:-1] |= missing[1:] & ~missing[:-1]
    return broken


def lines_between(
    pixels: NDArray[np.float64], iterates: NDArray[np.float64] | NDArray[np.intp],
) -> Lines:
    """Join consecutive points (n, 2); nothing is drawn to or from a point that is not finite."""
    if len(pixels) < 2:
        return NO_LINES
    ends = np.concatenate([pixels[:-1], pixels[1:]], axis=1)
    whole = np.isfinite(ends).all(axis=1)
    return Lines(ends[whole], np.asarray(iterates[1:], dtype=np.float64)[whole])


def clipped(lines: Lines, left: float, top: float, right: float, bottom: float) -> Lines:
    """Cut lines at a rectangle (Liang and Barsky, 1984); those outside are left out."""
    if not len(lines.ends):
        return lines
    within = (lines.ends >= (left, top, left, top)) & (lines.ends <= (right, bottom, right, bottom))
    if within.all():
        return lines
    x, y = lines.ends[:, 0], lines.ends[:, 1]
    across, down = lines.ends[:, 2] - x, lines.ends[:, 3] - y
    enter, leave = np.zeros(len(x)), np.ones(len(x))
    for step, room in ((-across, x - left), (across, right - x), (-down, y - top), (down, bottom - y)):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            at = room / step
        enter = np.where(step < 0, np.maximum(enter, at), enter)
        leave = np.where(step > 0, np.minimum(leave, at), leave)
        leave = np.where((step == 0) & (room < 0), -1.0, leave)
    seen = enter <= leave
    x, y, across, down = x[seen], y[seen], across[seen], down[seen]
    enter, leave = enter[seen], leave[seen]
    cut = np.stack([x + enter * across, y + enter * down, x + leave * across, y + leave * down], axis=1)
    whole_start, whole_end = enter == 0.0, leave == 1.0
    cut[whole_start, :2] = lines.ends[seen][whole_start, :2]
    cut[whole_end, 2:] = lines.ends[seen][whole_end, 2:]
    return Lines(cut, lines.iterates[seen])


def extremes(columns: NDArray[np.intp], values: NDArray[np.float64]) -> NDArray[np.intp]:
    """Choose, of a curve's points, the least and the greatest of every pixel column, in order, and both ends.

    Parameters
    ----------
    columns : ndarray, (n,)
        The pixel column of each point, not decreasing.
    values : ndarray, (n,)
        The curve; a column that holds nothing finite keeps its first point, which breaks the curve.
    """
    count = len(values)
    if count == 0:
        return np.empty(0, dtype=np.intp)
    starts = np.flatnonzero(np.concatenate([[True], columns[1:] != columns[:-1]]))
    if len(starts) * 2 >= count:
        return np.arange(count)
    group = np.repeat(np.arange(len(starts)), np.diff(starts, append=count))
    least = np.minimum.reduceat(np.where(np.isnan(values), np.inf, values), starts)
    most = np.maximum.reduceat(np.where(np.isnan(values), -np.inf, values), starts)
    keep = np.zeros(count, dtype=bool)
    keep[[0, -1]] = True
    keep[starts[least == np.inf]] = True
    for extreme in (least, most):
        places = np.flatnonzero(values == extreme[group])
        owners = group[places]
        first = np.ones(len(places), dtype=bool)
        first[1:] = owners[1:] != owners[:-1]
        keep[places[first]] = True
    return np.flatnonzero(keep)
