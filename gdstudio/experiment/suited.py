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
from gdstudio.data.progress import go_on
from gdstudio.engine.functions import PROBLEMS
from gdstudio.experiment.build import data_of, row_of
from gdstudio.experiment.data_file import remember_digest
from gdstudio.experiment.document import Problem
from gdstudio.experiment.offers import are_known, columns_of, suitable_models
from gdstudio.experiment.recent import Recent
from gdstudio.experiment.sampled import is_loaded, sampled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdstudio.engine.objective import Objective
    from gdstudio.engine.problems import ProblemRow

Range = tuple[float, float]

# Enough to know how a loss lies; more would only take longer.
_ROWS = 2048
_KEPT = 6
# Shares of 1 / the largest curvature with which the first run visibly descends and does not swing.
_SHARES = {"gd": 0.2, "momentum": 0.04, "momentum_ema": 0.4, "nesterov": 0.04}
_OF_ADAPTIVE = {"rmsprop": 0.01, "adam": 0.05}
# What is seen on every side of the minimum, in distances from it to the start; of each parameter at least this share of
# the greatest distance of a weight, so that a narrow valley is seen to be narrow.
_AROUND, _LEAST = 1.25, 0.6
# Shares of the descent that the search for it may leave: classes that can be told apart have no minimum.
_LEFT, _LEFT_OF_CLASSES = 0.001, 0.1
# Slopes of single samples that are worked out to find which parameters to show.
_SLOPES = 1 << 18


def make_ready(problem: Problem) -> Problem:
    """Do all that takes long before a problem can be shown, and return it; raises as `sampled`."""
    if problem.data is not None:
        sampled(problem)
        remember_digest(problem.data.source)
        suitable_models(problem)
        columns_of(problem.data)
        go_on()
        learning_rates_over_data(problem)
        ranges_over_data(problem)
    return problem


def is_ready(problem: Problem) -> bool:
    """Whether `make_ready` has been called for a problem, and what it did is still there."""
    plain = unedited(problem)
    if problem.data is None:
        return True
    return is_loaded(problem) and are_known(problem) and _rates.knows(plain) and _ranges.knows(plain)


def learning_rates_over_data(problem: Problem) -> Mapping[str, float]:
    """Return rates with which runs on a loss over data visibly descend, as `ProblemRow.learning_rates`.

    Empty where nothing can be said: the loss is flat at its start, or not finite around it.
    """
    return _rates(unedited(problem))


def ranges_over_data(problem: Problem) -> tuple[Range, ...]:
    """Return what to look at of each parameter."""
    ranges = _ranges(unedited(problem))
    # a class that came or went with a sample has taken its parameters with it
    return ranges if len(ranges) == len(sampled(problem).start) else _ranges(problem)


def unedited(problem: Problem) -> Problem:
    """Return the problem without what was changed by hand, so that nothing jumps while a sample is dragged."""
    data = problem.data
    return problem if data is None or data.edits == Edits() else replace(problem, data=replace(data, edits=Edits()))


def listed_as(problem: Problem) -> ProblemRow | None:
    """Return the row of a problem, or that whose loss it is over samples that were changed by hand; None without one.

    Where to look at it and how heights are shown stay those of the row while a person moves its samples.
    """
    if problem.key is not None or problem.text is None or problem.data is None:
        return row_of(problem)
    plain = unedited(problem)
    return next(
        (
            row for row in PROBLEMS.values()
            if row.dataset is not None and plain == Problem(text=row.text, data=data_of(Problem(key=row.key)))
        ), None,
    )


def shown_over_data(problem: Problem) -> tuple[int, int]:
    """Return which two parameters to look at first, as indices in ascending order.

    Those of two; of several the two weights along which the loss is steepest, by the mean square of its slopes at the
    single samples, at the start. That of a weight is the mean square of its feature where all samples are missed alike:
    a feature that is always zero is never chosen, and one that is much larger than the others always is. Of those that
    are about as steep it is those along which the loss falls most.
    """
    loss = sampled(problem)
    names = loss.objective.variables
    weights = [place for place, name in enumerate(names) if name not in loss.model.unpenalized]
    if len(names) <= 2 or len(weights) < 2:
        return 0, 1
    goal = _objective(problem)
    some = np.arange(goal.samples or 0)
    with np.errstate(all="ignore"):
        slopes = goal.sample_gradients(loss.start, some[::max(len(some) * len(names) // _SLOPES, 1)])[:, weights]
        steepness = np.nan_to_num(np.mean(slopes**2, axis=0), nan=0.0, posinf=0.0)
        times = np.nan_to_num(np.floor(np.max(steepness) / steepness), nan=1.0)
    falls = np.nan_to_num(np.abs(np.mean(slopes, axis=0)))
    first, second = sorted(weights[place] for place in np.lexsort((-falls, times))[:2])
    return first, second


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
    loss = sampled(problem)
    start = loss.start
    left = _LEFT_OF_CLASSES if loss.task in ("binary", "classes") else _LEFT
    lowest = lowest_nearby(_objective(problem), start, left)
    away = np.abs(lowest - np.array(start))
    weights = [name not in loss.model.unpenalized for name in loss.objective.variables]
    farthest = float(np.max(away[weights], initial=0.0)) or float(np.max(away)) or 1.0
    reaches = _AROUND * np.maximum(away, _LEAST * farthest)
    return tuple(
        (float(value - reach), float(value + reach)) for value, reach in zip(lowest, reaches, strict=True)
    )


_rates: Recent[Problem, Mapping[str, float]] = Recent(_make_rates, _KEPT)
_ranges: Recent[Problem, tuple[Range, ...]] = Recent(_make_ranges, _KEPT)
