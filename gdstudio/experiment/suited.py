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
from gdstudio.experiment.data_file import remember_digest
from gdstudio.experiment.offers import are_known, columns_of, suitable_models
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
# What is seen on every side of the minimum, in distances from it to the start; of each parameter at least this share of
# the greatest distance of a weight, so that a narrow valley is seen to be narrow.
_AROUND, _LEAST = 1.25, 0.6
# Shares of the descent that the search for it may leave: classes that can be told apart have no minimum.
_LEFT, _LEFT_OF_CLASSES = 0.001, 0.1
# Of up to so many parameters the first ones are shown.
_FEW = 20


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


def shown_over_data(problem: Problem) -> tuple[int, int]:
    """Return which two parameters to look at first.

    Those of two; of several the first two that are no intercept, whose loss tells how the features lie to one another;
    of very many those by which the loss changes most at the start.
    """
    loss = sampled(problem)
    names, start = loss.objective.variables, loss.start
    if len(names) <= _FEW:
        weights = [place for place, name in enumerate(names) if name not in loss.model.unpenalized]
        first, second = weights[:2] if len(names) > 2 and len(weights) > 1 else (0, 1)
    else:
        slopes = np.abs(_objective(problem).loss_and_gradient(start)[1])
        first, second = sorted(np.argsort(-slopes, kind="stable")[:2].tolist())
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
