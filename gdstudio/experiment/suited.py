"""What suits a loss over data that nobody has tried before: learning rates, and where to look at it.

A listed problem says these in its row. For data they follow from how steep the loss is at its start.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.analysis.steepness import largest_curvature, lowest_nearby
from gdstudio.data.edits import Edits
from gdstudio.experiment.data_file import remember_digest
from gdstudio.experiment.recent import Recent
from gdstudio.experiment.sampled import is_loaded, sampled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.objective import Objective
    from gdstudio.experiment.document import Problem

Range = tuple[float, float]

# Enough to know how a loss lies; more would only take longer.
_ROWS = 2048
_KEPT = 6
# Shares of 1 / the largest curvature with which the first run visibly descends and does not swing.
_SHARES = {"gd": 0.2, "momentum": 0.04, "momentum_ema": 0.4, "nesterov": 0.04}
_OF_ADAPTIVE = {"rmsprop": 0.01, "adam": 0.05}
# What is seen on every side of the minimum, in distances from it to the start; that distance is at least 1.
_AROUND = 1.25


def make_ready(problem: Problem) -> Problem:
    """Do all that takes long before a problem can be shown, and return it; raises as `sampled`."""
    if problem.data is not None:
        sampled(problem)
        remember_digest(problem.data.source)
        learning_rates_over_data(problem)
        ranges_over_data(problem)
    return problem


def is_ready(problem: Problem) -> bool:
    """Whether `make_ready` has been called for a problem, and what it did is still there."""
    plain = unedited(problem)
    return problem.data is None or (is_loaded(problem) and _rates.knows(plain) and _ranges.knows(plain))


def learning_rates_over_data(problem: Problem) -> Mapping[str, float]:
    """Return rates with which runs on a loss over data visibly descend, as `ProblemRow.learning_rates`.

    Empty where nothing can be said: the loss is flat at its start, or not finite around it.
    """
    return _rates(unedited(problem))


def ranges_over_data(problem: Problem) -> tuple[Range, ...]:
    """Return what to look at of each parameter: as much of all, so that a narrow valley is seen to be narrow."""
    return _ranges(unedited(problem))


def unedited(problem: Problem) -> Problem:
    """Return the problem without what was changed by hand, so that nothing jumps while a sample is dragged."""
    data = problem.data
    return problem if data is None or data.edits == Edits() else replace(problem, data=replace(data, edits=Edits()))


def _objective(problem: Problem) -> Objective:
    """Return the loss over some of the samples."""
    loss = sampled(problem)
    rows = loss.samples.train
    return loss.over(rows[::-(-len(rows) // _ROWS)])


def _make_rates(problem: Problem) -> Mapping[str, float]:
    steepest = largest_curvature(_objective(problem), sampled(problem).start)
    if not steepest:
        return {}
    return {**{key: _rounded(share / steepest) for key, share in _SHARES.items()}, **_OF_ADAPTIVE}


def _rounded(value: float) -> float:
    """Return 1, 2 or 5 times a power of ten, at most `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    return float(f"{max(factor for factor in (1.0, 2.0, 5.0) if factor * power <= value * (1 + 1e-9)) * power:.1g}")


def _make_ranges(problem: Problem) -> tuple[Range, ...]:
    start = sampled(problem).start
    lowest = lowest_nearby(_objective(problem), start)
    reach = _AROUND * max(1.0, float(np.max(np.abs(lowest - np.array(start)))))
    return tuple((float(value) - reach, float(value) + reach) for value in lowest)


_rates: Recent[Problem, Mapping[str, float]] = Recent(_make_rates, _KEPT)
_ranges: Recent[Problem, tuple[Range, ...]] = Recent(_make_ranges, _KEPT)
