"""How a path moves towards its end: growing, to and fro, round and round. Numbers only; verdicts put them in words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

# Rows that are looked at for a motion to and fro; the fewest with which anything is said.
_TAIL = 40
_FEWEST = 8
# Two steps are the reverse of one another where the cosine between them is below this.
_REVERSED = -0.9
# To and fro lasts where it is at most this share narrower a step; one that grows by more than the second from the
# first to the second half of what is looked at is no oscillation but on its way out.
_NARROWER, _STEADY = 5e-4, 1.02
# Round and round lasts while it keeps this share of its size from one half to the next.
_LASTING = 0.8
# A growing loss grows by this factor at least from window to window.
_GROWTH = 1.05
_WINDOWS = 4
# A path that is so many times as long as the region it stays in has come back at least once.
_ROUND = 2.5
_FEWEST_ROUND, _FEWEST_KNOWN = 40, 3
# What is no wider than this share of the point's size is rounding, and no motion.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class Zigzag:
    """Steps that each undo the last: how many, the largest cosine between neighbours, and the last step's length."""

    steps: int
    cosine: float
    width: float


@dataclass(frozen=True, slots=True)
class Round:
    """A path that stays where it is: steps, length, the extent it keeps to, and the losses on it."""

    steps: int
    path: float
    extent: float
    lowest: float
    highest: float


def grows(losses: Floats) -> bool:
    """Whether the loss, shape (rows,), grows steadily over the second half of a run, to above where it began.

    A run that is thrown out but did not get beyond all bounds before it was stopped.
    """
    half = losses[len(losses) // 2:]
    if len(losses) < 2 * _FEWEST or not np.all(np.isfinite(losses)) or losses[-1] <= losses[0]:
        return False
    heights = [float(np.max(window)) for window in np.array_split(half - np.min(losses), _WINDOWS)]
    return all(later >= _GROWTH * earlier for earlier, later in itertools.pairwise(heights))


def runs_away(losses: Floats) -> bool:
    """Whether a run that diverged went down and not up: its last loss is its lowest."""
    last = float(losses[-1])
    return bool(last < 0.0 and last <= np.nanmin(losses))


def first_of_growth(sizes: Floats) -> int:
    """Return the row after which the sizes, shape (rows,), never come back to ten times the first."""
    inside = np.flatnonzero(sizes <= 10.0 * max(1.0, float(sizes[0])))
    return int(inside[-1]) if len(inside) else 0


def zigzag(theta: Floats) -> Zigzag | None:
    """Return the motion to and fro at the end of a path, shape (rows, n), if it goes on and neither dies nor grows."""
    tail = theta[-_TAIL - 1:]
    steps = np.diff(tail, axis=0)
    if len(steps) < _FEWEST or not np.all(np.isfinite(steps)):
        return None
    sizes = np.linalg.norm(steps, axis=1)
    if not np.all(sizes > _ROUNDING * _size(tail)):
        return None
    directions = steps / sizes[:, None]
    cosines = np.sum(directions[1:] * directions[:-1], axis=1)
    half = len(sizes) // 2
    kept = float(np.mean(sizes[half:]) / np.mean(sizes[:half]))
    if np.max(cosines) > _REVERSED or not (1.0 - _NARROWER) ** half <= kept <= _STEADY:
        return None
    return Zigzag(len(steps), float(np.max(cosines)), float(sizes[-1]))


def goes_round(theta: Floats, losses: Floats, known: NDArray[np.bool_] | None = None) -> Round | None:
    """Return the motion over the second half of a path if it stays in a region and makes no progress there.

    Parameters
    ----------
    theta : ndarray, shape (rows, n)
        The path.
    losses : ndarray, shape (rows,)
        Along it.
    known : ndarray of bool, shape (rows,), or None
        At which rows the loss is that of the iterate; a few of them at least are asked for. None where at all.
    """
    rows = len(losses) // 2
    if rows < _FEWEST_ROUND or not (np.all(np.isfinite(theta[-rows:])) and np.all(np.isfinite(losses[-rows:]))):
        return None
    early, late = (slice(-rows, -rows // 2), slice(-rows // 2, None))
    extents = [float(np.linalg.norm(np.ptp(theta[part], axis=0))) for part in (early, late)]
    heights = [losses[part] if known is None else losses[part][known[part]] for part in (early, late)]
    if min(len(part) for part in heights) < _FEWEST_KNOWN:
        return None
    levels = [float(np.mean(part)) for part in heights]
    spread = float(np.ptp(heights[1]))
    path = float(np.sum(np.linalg.norm(np.diff(theta[late], axis=0), axis=1)))
    lasting = _LASTING * extents[0] <= extents[1] <= extents[0] / _LASTING
    lasting = lasting and abs(levels[0] - levels[1]) <= (1.0 - _LASTING) * spread
    if not (lasting and _ROUND * extents[1] <= path and extents[1] > _ROUNDING * _size(theta[late])):
        return None
    return Round(rows - rows // 2, path, extents[1], float(np.min(heights[1])), float(np.max(heights[1])))


def _size(theta: Floats) -> float:
    return float(np.max(np.abs(theta)))
