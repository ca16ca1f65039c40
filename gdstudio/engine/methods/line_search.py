"""How far to go along a direction: backtracking, and the strong Wolfe conditions.

A loss or slope that is not finite counts as infinitely high, so that every search draws back from it.

References
----------
J. Nocedal and S. J. Wright, Numerical Optimization, 2nd edition, Springer, 2006, section 3.5: algorithms 3.5 and
3.6, the cubic of (3.59), conditions (3.7). The safeguards of the bracket are those of J. J. Moré and
D. J. Thuente, Line search algorithms with guaranteed sufficient decrease, 1994, doi:10.1145/192115.192132.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from gdstudio.engine.methods.method import NoStep, dot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.engine.methods.method import Iterate, Measure

    Floats = NDArray[np.float64]

MOST_TRIALS = 60
# Backtracking gives up at this share of its first trial: at zero, steps would else shrink to the last denormal number.
_SHORTEST = 1e-40
# Of the way from one end of a bracket to the other, no trial comes nearer to an end than this.
_MARGIN = 0.1
# Where nothing is known of an end but that it is too far, the trial lies this far towards it.
_DRAW_BACK = 0.2
# How many times the last stretch the next trial of an open search may lie ahead of it.
_LEAST_AHEAD, _MOST_AHEAD = 1.1, 9.0


class LinePoint(NamedTuple):
    """A point of a line: its multiple of the direction, loss and slope there (loss inf where not finite)."""

    length: float
    loss: float
    slope: float
    iterate: Iterate


class Line:
    """The objective along ``origin.theta + length * direction``.

    Raises
    ------
    NoStep
        Where the direction does not go down.
    """

    def __init__(self, measure: Measure, origin: Iterate, direction: Floats) -> None:
        self._measure = measure
        self._direction = direction
        self.origin = LinePoint(0.0, origin.loss, dot(origin.gradient, direction), origin)
        if not -math.inf < self.origin.slope < 0.0:
            raise NoStep("no_step")
        # How much the parameter that changes most changes along the line.
        self.widest = float(np.max(np.abs(direction)))
        # Any step beyond this one has diverged.
        self.farthest = 3.0 * measure.limits.theta_bound / self.widest

    def at(self, length: float) -> LinePoint:
        """Evaluate the point at `length`."""
        iterate = self._measure.at(self.origin.iterate.theta + length * self._direction)
        slope = dot(iterate.gradient, self._direction)
        sound = math.isfinite(iterate.loss) and math.isfinite(slope)
        return LinePoint(length, iterate.loss if sound else math.inf, slope, iterate)

    def moves(self, length: float) -> bool:
        """Whether a step of `length` changes a parameter at all."""
        theta = self.origin.iterate.theta
        return bool(np.any(theta + length * self._direction != theta))

    def lowest(self) -> float:
        """Return the loss below which a run has diverged."""
        return -self._measure.limits.loss_bound


def backtrack(line: Line, first: float, c1: float, shrink: float) -> LinePoint:
    """Return the first of ``first * shrink^k`` that decreases the loss enough (Armijo).

    Raises
    ------
    NoStep
        Where none does before the steps get too small to change anything.
    """
    length = min(first, line.farthest)
    shortest = _SHORTEST * length
    while length >= shortest and line.moves(length):
        point = line.at(length)
        if point.loss <= line.origin.loss + c1 * length * line.origin.slope:
            return point
        length *= shrink
    raise NoStep("no_step")


def strong_wolfe(line: Line, first: float, c1: float, c2: float) -> LinePoint:
    """Return a point with enough decrease and a slope at most `c2` times as steep as at the origin.

    Where the bracket closes at a kink, at which no slope is flat enough, the point is its lowest with enough
    decrease; where the loss falls for ever, it is one at which the run has diverged.

    Parameters
    ----------
    line : Line
        Along a direction of descent.
    first : float
        The first trial.
    c1, c2 : float
        Constants of sufficient decrease and of curvature, ``0 < c1 < c2 < 1``.

    Raises
    ------
    NoStep
        Where no point with enough decrease is found.
    """
    before, length = line.origin, min(first, line.farthest)
    for trial in range(MOST_TRIALS):
        if not line.moves(length):
            raise NoStep("no_step")
        point = line.at(length)
        if not decreases(line, point, c1) or (trial and point.loss >= before.loss):
            return _zoom(line, before, point, c1, c2)
        if abs(point.slope) <= -c2 * line.origin.slope:
            return point
        if point.slope >= 0.0:
            return _zoom(line, point, before, c1, c2)
        if length >= line.farthest or point.loss < line.lowest():
            return point
        length = min(_ahead(before, point), line.farthest)
        before = point
    return before


def decreases(line: Line, point: LinePoint, c1: float) -> bool:
    """Whether the loss has decreased enough at `point` (Armijo)."""
    return point.loss <= line.origin.loss + c1 * point.length * line.origin.slope


def _zoom(line: Line, low: LinePoint, high: LinePoint, c1: float, c2: float) -> LinePoint:
    """Narrow a bracket; `low` is the end with enough decrease and the lower loss, and it slopes towards `high`."""
    widths = (math.inf, math.inf)
    for _ in range(MOST_TRIALS):
        width = abs(high.length - low.length)
        length = _between(low, high, bisect=width > 0.66 * widths[0])
        if length in (low.length, high.length) or not line.moves(length):
            break
        widths = (widths[1], width)
        point = line.at(length)
        if not decreases(line, point, c1) or point.loss >= low.loss:
            high = point
            continue
        if abs(point.slope) <= -c2 * line.origin.slope:
            return point
        if point.slope * (high.length - low.length) >= 0.0:
            high = low
        low = point
    if low.length == 0.0:
        raise NoStep("no_step")
    return low


def cubic_minimizer(one: LinePoint, other: LinePoint) -> float:
    """Return where the cubic through two losses and slopes is lowest; not a number where it has no minimum.

    Nocedal and Wright, (3.59).
    """
    width = other.length - one.length
    d1 = one.slope + other.slope - 3.0 * (one.loss - other.loss) / (one.length - other.length)
    square = d1 * d1 - one.slope * other.slope
    if not 0.0 <= square < math.inf:
        return math.nan
    d2 = math.copysign(math.sqrt(square), width)
    below = other.slope - one.slope + 2.0 * d2
    return other.length - width * ((other.slope + d2 - d1) / below) if below else math.nan


def _between(low: LinePoint, high: LinePoint, *, bisect: bool) -> float:
    """Return the next trial inside a bracket."""
    width = high.length - low.length
    if high.loss == math.inf:
        return low.length + _DRAW_BACK * width
    share = math.nan if bisect else (cubic_minimizer(low, high) - low.length) / width
    if math.isnan(share):
        share = 0.5
    return low.length + min(max(share, _MARGIN), 1.0 - _MARGIN) * width


def _ahead(before: LinePoint, point: LinePoint) -> float:
    """Return the next trial of a search that still goes down."""
    stretch = point.length - before.length
    length = cubic_minimizer(before, point)
    if not length > point.length:
        length = math.inf
    return min(max(length, point.length + _LEAST_AHEAD * stretch), point.length + _MOST_AHEAD * stretch)
