"""Damped Newton: the quadratic model is trusted within a radius that follows how well it predicts.

References
----------
J. J. Moré and D. C. Sorensen, Computing a trust region step, 1983, doi:10.1137/0904038.
J. Nocedal and S. J. Wright, Numerical Optimization, 2006, algorithm 4.1 and section 4.3.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.methods.method import NoStep, PlainMethod, Step, dot, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.methods.method import Iterate, Measure

    Floats = NDArray[np.float64]

# Of the predicted decrease: a step with less than the first is refused, the radius shrinks below the second and
# grows above the third.
_ACCEPTED, _POOR, _GOOD = 0.15, 0.25, 0.75
# Differences of losses within so many units of rounding say nothing of a step; its gradient decides then.
_ROUNDING = 16.0 * sys.float_info.epsilon
_SECULAR_STEPS = 100
# Numbers from here to its inverse have squares, and sums and quotients of these.
_SMALL = 1e-70
# Each refused trial shortens the radius to a quarter or less.
_MOST_TRIALS = 60


class TrustNewton(PlainMethod):
    """Minimises the quadratic model within the radius exactly, from the eigenvalues of the Hessian.

    Remembered: the radius, and the setting that it began from, for a new one begins anew.
    """

    needs_hessian: bool = True
    columns: tuple[str, ...] = ("radius",)

    def state_size(self, dimension: int) -> int:
        """How many numbers it remembers."""
        return 2

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Make one accepted step; see `method.Method`."""
        hessian = measure.hessian(at.theta)
        if not np.all(np.isfinite(hessian)):
            raise NoStep("singular")
        values, vectors = np.linalg.eigh(hessian)
        slopes = times(vectors.T, at.gradient)
        if not (np.all(np.isfinite(values)) and np.all(np.isfinite(slopes))):
            raise NoStep("singular")
        radius = float(memory[0]) if memory[1] == settings["radius"] else settings["radius"]
        memory[1] = settings["radius"]
        for _ in range(_MOST_TRIALS):
            if radius == 0.0:  # it was shortened to less than the smallest number
                raise NoStep("no_step")
            model = boundary_step(values, slopes, radius)
            step = times(vectors, model)
            theta = at.theta + step
            if not (np.any(theta != at.theta) and np.all(np.isfinite(theta))):
                raise NoStep("no_step")
            predicted = -dot(slopes, model) - 0.5 * dot(values * model, model)
            trial = measure.at(theta)
            share = _agreement(at, trial, predicted)
            length = math.sqrt(dot(model, model))
            used = radius
            if not share >= _POOR:
                radius = 0.25 * length
            elif share > _GOOD and length > 0.99 * radius:
                radius = min(2.0 * radius, settings["radius_max"])
            memory[0] = radius
            if share > _ACCEPTED:
                return Step(trial, length, (used,))
        raise NoStep("no_step")


def _agreement(at: Iterate, trial: Iterate, predicted: float) -> float:
    """Return the actual decrease as a share of the predicted one; 0 where the trial is not finite."""
    if not (math.isfinite(trial.loss) and np.all(np.isfinite(trial.gradient))):
        return 0.0
    unsaid = _ROUNDING * abs(at.loss)
    if predicted <= unsaid:
        flatter = dot(trial.gradient, trial.gradient) < dot(at.gradient, at.gradient)
        return 1.0 if flatter and trial.loss - at.loss <= unsaid else 0.0
    return (at.loss - trial.loss) / predicted


def boundary_step(values: Floats, slopes: Floats, radius: float) -> Floats:
    """Return the minimum of ``slopes·p + sum(values * p^2)/2`` with ``|p| <= radius``.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Eigenvalues of the Hessian, ascending.
    slopes : ndarray, shape (n,)
        The gradient along the eigenvectors.
    radius : float
        Above 0.

    Returns
    -------
    ndarray, shape (n,)
        Along the eigenvectors. In the hard case, where the gradient has no part along the direction of most
        negative curvature, that direction is gone into in its positive sense.
    """
    values, slopes = _in_middle_range(values, slopes)
    lowest = float(values[0])
    if lowest > 0.0:
        newton: Floats = -slopes / values
        if dot(newton, newton) <= radius * radius:
            return newton
    size = math.sqrt(dot(slopes, slopes))
    least = max(0.0, -lowest)
    shift = least
    flat = values + least <= sys.float_info.epsilon * float(np.max(np.abs(values)))
    if not np.any(slopes[flat]):
        inner = np.where(flat, 0.0, -slopes / np.where(flat, 1.0, values + least))
        rest = radius * radius - dot(inner, inner)
        if rest >= 0.0:
            inner[0] = math.sqrt(rest) if lowest < 0.0 else 0.0
            return inner
    # |p(shift)| falls from above the radius at `low` to below it at `high`.
    low, high = least, least + size / radius
    shift = high
    for _ in range(_SECULAR_STEPS):
        step = -slopes / (values + shift)
        length = math.sqrt(dot(step, step))
        if abs(length - radius) <= 1e-12 * radius:
            break
        low, high = (shift, high) if length > radius else (low, shift)
        # Newton's method on 1/radius - 1/|p|, which is nearly straight (Nocedal and Wright, 4.43).
        slope = dot(step * step / (values + shift), np.ones_like(step))
        shift = shift + (length / radius - 1.0) * length * length / slope if slope > 0.0 else high
        if not low < shift < high:
            shift = 0.5 * (low + high)
        if shift in (low, high):
            break
    result: Floats = -slopes / (values + shift)
    return result


def _in_middle_range(values: Floats, slopes: Floats) -> tuple[Floats, Floats]:
    """Return both times one power of two where their squares would be beyond all numbers, which moves no minimum."""
    largest = max(float(np.max(np.abs(values))), float(np.max(np.abs(slopes))))
    if _SMALL < largest < 1.0 / _SMALL or not 0.0 < largest < math.inf:
        return values, slopes
    exponent = -math.frexp(largest)[1]
    return np.ldexp(values, exponent), np.ldexp(slopes, exponent)
