"""BFGS and L-BFGS: the curvature learnt from how the gradient changes.

References
----------
J. Nocedal and S. J. Wright, Numerical Optimization, 2006: algorithm 6.1 with the first scaling (6.20); algorithms
7.4 and 7.5. D. C. Liu and J. Nocedal, On the limited memory BFGS method for large scale optimization, 1989,
doi:10.1007/BF01589116, with the arithmetic of ``torch.optim.LBFGS``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.methods.interpolating_search import interpolating_search
from gdstudio.engine.methods.line_search import Line, LinePoint, strong_wolfe
from gdstudio.engine.methods.method import NoStep, PlainMethod, Step, dot, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.methods.method import Iterate, Measure

    Floats = NDArray[np.float64]

#: Most pairs that L-BFGS keeps; the state has room for so many, whatever the setting.
MOST_MEMORY = 100
# A change of the gradient along a step that is smaller than this share teaches nothing but rounding errors.
_LEAST_CURVATURE = sys.float_info.epsilon
# PyTorch's bound for the same, which knows nothing of scales.
_LEAST_LEARNT = 1e-10


def _search(measure: Measure, at: Iterate, direction: Floats | None, settings: Mapping[str, float]) -> LinePoint:
    """Search along a learnt direction, or along the gradient where there is none, or it leads nowhere."""
    rate, c1, c2 = settings["learning_rate"], settings["c1"], settings["c2"]
    if direction is not None:
        try:
            return strong_wolfe(Line(measure, at, direction), rate, c1, c2)
        except NoStep:
            pass
    norm = float(np.sqrt(dot(at.gradient, at.gradient)))
    return strong_wolfe(Line(measure, at, -at.gradient), rate * min(1.0, 1.0 / norm) if norm else rate, c1, c2)


def _teaches(step: Floats, change: Floats) -> bool:
    """Whether a step and the change of the gradient keep the learnt curvature positive and finite."""
    curvature, square = dot(step, change), dot(change, change)
    return bool(_LEAST_CURVATURE * square < curvature < np.inf and square < np.inf)


class Bfgs(PlainMethod):
    """Keeps an estimate of the inverse Hessian. Remembered: whether there is one, and its n times n numbers."""

    def state_size(self, dimension: int) -> int:
        """How many numbers it remembers."""
        return 1 + dimension * dimension

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Make one step; see `method.Method`."""
        n = len(at.theta)
        inverse = memory[1:].reshape(n, n)
        point = _search(measure, at, -times(inverse, at.gradient) if memory[0] else None, settings)
        step, change = point.iterate.theta - at.theta, point.iterate.gradient - at.gradient
        if _teaches(step, change):
            if not memory[0]:
                inverse[:] = dot(step, change) / dot(change, change) * np.eye(n)
                memory[0] = 1.0
            inverse[:] = updated_inverse(inverse, step, change)
        return Step(point.iterate, point.length)


def updated_inverse(inverse: Floats, step: Floats, change: Floats) -> Floats:
    """Return the BFGS update of the inverse Hessian, Nocedal and Wright (6.17), symmetric to the bit."""
    rho = 1.0 / dot(step, change)
    learnt = times(inverse, change)
    cross = np.multiply.outer(step, learnt)
    scale = rho * (1.0 + rho * dot(change, learnt))
    result: Floats = inverse - rho * (cross + cross.T) + scale * np.multiply.outer(step, step)
    return result


class LimitedMemoryBfgs(PlainMethod):
    """Keeps the last `memory` steps and changes of the gradient in place of a matrix: PyTorch's arithmetic.

    Its first search begins with a step whose parts add up to at most `learning_rate`. Remembered: how many steps were
    made, and how many pairs were ever learnt; room for `MOST_MEMORY` steps, then as many changes, in a ring.
    """

    def state_size(self, dimension: int) -> int:
        """How many numbers it remembers."""
        return 2 + 2 * MOST_MEMORY * dimension

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Make one step; see `method.Method`."""
        pairs = memory[2:].reshape(2, MOST_MEMORY, len(at.theta))
        learnt = int(memory[1])
        kept = min(learnt, int(settings["memory"]), MOST_MEMORY)
        newest_first = [(learnt - 1 - back) % MOST_MEMORY for back in range(kept)]
        direction = -inverse_times(at.gradient, pairs[0][newest_first], pairs[1][newest_first])
        line = Line(measure, at, direction)
        first = settings["learning_rate"]
        if not memory[0]:
            first *= min(1.0, 1.0 / float(np.add.accumulate(np.abs(at.gradient))[-1]))
        point = interpolating_search(line, first, settings["c1"], settings["c2"])
        if not np.any(point.iterate.theta != at.theta):
            raise NoStep("no_step")
        step, change = point.length * direction, point.iterate.gradient - at.gradient
        if dot(change, step) > _LEAST_LEARNT:
            pairs[:, learnt % MOST_MEMORY] = step, change
            memory[1] = learnt + 1.0
        memory[0] += 1.0
        return Step(point.iterate, point.length)


def inverse_times(vector: Floats, steps: Floats, changes: Floats) -> Floats:
    """Return the learnt inverse Hessian times `vector`, by the two loops of Nocedal and Wright, algorithm 7.4.

    Parameters
    ----------
    vector : ndarray, shape (n,)
        Mostly the gradient.
    steps, changes : ndarray, shape (kept, n)
        Newest first; without any it is `vector` itself.
    """
    rhos = [1.0 / dot(step, change) for step, change in zip(steps, changes, strict=True)]
    result = vector.copy()
    weights = []
    for step, change, rho in zip(steps, changes, rhos, strict=True):
        weights.append(rho * dot(step, result))
        result -= weights[-1] * change
    if len(steps):
        result *= dot(steps[0], changes[0]) / dot(changes[0], changes[0])
    for step, change, rho, weight in reversed(list(zip(steps, changes, rhos, weights, strict=True))):
        result += step * (weight - rho * dot(change, result))
    return result
