"""The line search of PyTorch's L-BFGS: strong Wolfe conditions, each trial where a cubic is lowest.

It differs from `line_search` in where it looks next and in when it is content, and so in the iterates.

References
----------
The arithmetic of ``torch.optim.LBFGS(line_search_fn="strong_wolfe")``, which is that of M. Schmidt, minFunc:
unconstrained differentiable multivariate optimization in Matlab, 2005. J. Nocedal and S. J. Wright, Numerical
Optimization, 2006, algorithms 3.5 and 3.6.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from gdstudio.engine.methods.line_search import cubic_minimizer, decreases

if TYPE_CHECKING:
    from gdstudio.engine.methods.line_search import Line, LinePoint

# All of them are PyTorch's.
_MOST_TRIALS = 25
_LEAST_AHEAD, _MOST_AHEAD = 0.01, 10.0
_MARGIN = 0.1
# A bracket in which no parameter changes by more is left as it is.
_NARROWEST = 1e-9


def interpolating_search(line: Line, first: float, c1: float, c2: float) -> LinePoint:
    """Return the accepted point; the origin itself where nothing lower was found.

    Where the trials are used up it is the lowest point so far, whether or not the conditions hold there. What is not
    finite counts as infinitely high: PyTorch's search would end there, and this one draws back.

    Parameters
    ----------
    line : Line
        Along a direction of descent.
    first : float
        The first trial.
    c1, c2 : float
        Constants of sufficient decrease and of curvature, ``0 < c1 < c2 < 1``.
    """
    before, point = line.origin, line.at(first)
    for trial in range(_MOST_TRIALS):
        if not decreases(line, point, c1) or (trial > 1 and point.loss >= before.loss):
            return _zoom(line, [before, point], c1, c2, _MOST_TRIALS - trial)
        if abs(point.slope) <= -c2 * line.origin.slope:
            return point
        if point.slope >= 0.0:
            return _zoom(line, [before, point], c1, c2, _MOST_TRIALS - trial)
        least = point.length + _LEAST_AHEAD * (point.length - before.length)
        length = _cubic(before, point, least, _MOST_AHEAD * point.length)
        before, point = point, line.at(length)
    return line.origin if line.origin.loss <= point.loss else point


def _zoom(line: Line, ends: list[LinePoint], c1: float, c2: float, trials: int) -> LinePoint:
    """Narrow a bracket; `ends` are in no order, and the lower one is returned at last."""
    low = _lower(ends)
    stuck = False
    for _ in range(trials):
        left, right = sorted(end.length for end in ends)
        if (right - left) * line.widest < _NARROWEST:
            break
        length, stuck = _kept_off(left, right, _cubic(ends[0], ends[1], left, right), stuck)
        point = line.at(length)
        if not decreases(line, point, c1) or point.loss >= ends[low].loss:
            ends[1 - low] = point
            low = _lower(ends)
            continue
        if abs(point.slope) <= -c2 * line.origin.slope:
            return point
        if point.slope * (ends[1 - low].length - ends[low].length) >= 0.0:
            ends[1 - low] = ends[low]
        ends[low] = point
    return ends[low]


def _lower(ends: list[LinePoint]) -> int:
    return 0 if ends[0].loss <= ends[1].loss else 1


def _cubic(one: LinePoint, other: LinePoint, least: float, most: float) -> float:
    """Return where the cubic through two points is lowest, within bounds; their middle where there is no such cubic."""
    first, second = (one, other) if one.length <= other.length else (other, one)
    length = cubic_minimizer(first, second)
    return (least + most) / 2.0 if isnan(length) else min(max(length, least), most)


def _kept_off(left: float, right: float, length: float, stuck: bool) -> tuple[float, bool]:
    """Return a trial that is not near an end for the second time, or at it, and whether it is near one now."""
    margin = _MARGIN * (right - left)
    if not min(right - length, length - left) < margin:
        return length, False
    if not stuck and left < length < right:
        return length, True
    return (right - margin if abs(length - right) < abs(length - left) else left + margin), False
