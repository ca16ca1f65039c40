"""What is said of a run that reached nothing: that it is on its way, that it rests where it stays, or why it was ended.

A run rests where its steps have become rounding: a decay balances the slope, or its rate has come to nothing.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdstudio.analysis.ending import End, Run
    from gdstudio.engine.trajectory import Trajectory

    Floats = NDArray[np.float64]

# A run rests where the second half of its path stays within this share of the size of the point, and within that share
# of the whole path: slow is not at rest, unless it has become so. Within a few roundings it rests whatever came before.
_AT_POINT, _OF_PATH = 1e-9, 1e-6
_ROUNDINGS = 64.0 * sys.float_info.epsilon
# The rate has come to nothing below this share of the largest that there was.
_NOTHING = 1e-6
# The tests of outcomes that say by themselves why it goes no farther.
_OF_OUTCOMES = {"no_step": "no_way_down", "singular": "no_newton_step", "bracketed": "between"}


def unfinished(run: Run, end: End) -> tuple[str, dict[str, object]]:
    """Return the test, a key of `REASONS`, that fits a run for which no other fired, with its numbers."""
    losses, norms = run.trajectory.loss, run.trajectory.gradient_norm
    half = (len(losses) - 1) // 2
    numbers: dict[str, object] = {
        "loss": float(losses[-1]), "norm": float(norms[-1]), "loss_before": float(losses[half]),
        "norm_before": float(norms[half]),
    }
    if end.flat:
        return "flat", numbers
    if len(losses) == 1:
        return "no_step_made", numbers
    if run.outcome in _OF_OUTCOMES:
        return _OF_OUTCOMES[run.outcome], numbers
    rate = _rate_come_to_nothing(run.trajectory) if "learning_rate" in run.hyperparameters else None
    moved = _moved_at_rest(run.trajectory.theta, slow=rate is not None)
    if moved is not None:
        return _resting(run, rate, numbers | {"steps": len(losses) - 1 - half, "moved": moved})
    if run.outcome == "stalled":
        return "no_lower", numbers
    if run.known is None or run.known[half]:
        return "on_the_way", numbers
    iteration = run.trajectory.first_iteration + int(np.flatnonzero(run.known[:half])[-1])
    return "on_the_way_from", numbers | {"iteration": iteration}


def _moved_at_rest(theta: Floats, *, slow: bool) -> float | None:
    """Return how far a path, shape (rows, n), still moves in its second half; None where it is not at rest.

    One that has become `slow` is at rest whatever the size of the point.
    """
    if not np.all(np.isfinite(theta)):
        return None
    tail = theta[(len(theta) - 1) // 2:]
    moved = float(np.max(np.ptp(tail, axis=0)))
    size = float(np.max(np.abs(tail)))
    share = _OF_PATH * float(np.max(np.ptp(theta, axis=0)))
    return moved if moved <= max(_ROUNDINGS * size, share if slow else min(_AT_POINT * size, share)) else None


def _resting(run: Run, rate: float | None, numbers: dict[str, object]) -> tuple[str, dict[str, object]]:
    if rate is not None:
        return "rests_without_rate", numbers | {"rate": rate}
    decay = run.hyperparameters.get("weight_decay", 0.0)
    return ("rests_by_decay", numbers | {"decay": decay}) if decay > 0.0 else ("rests", numbers)


def _rate_come_to_nothing(trajectory: Trajectory) -> float | None:
    rates = trajectory.learning_rate[1:]
    last = float(rates[-1])
    if not math.isfinite(last) or abs(last) > _NOTHING * float(np.nanmax(np.abs(rates))):
        return None
    return last
