"""Nonlinear conjugate gradients: each direction remembers the one before it.

References
----------
R. Fletcher and C. M. Reeves, Function minimization by conjugate gradients, 1964, doi:10.1093/comjnl/7.2.149.
E. Polak and G. Ribière, Note sur la convergence de méthodes de directions conjuguées, 1969; never negative (PR+):
J. C. Gilbert and J. Nocedal, Global convergence properties of conjugate gradient methods for optimization, 1992,
doi:10.1137/0802003. M. J. D. Powell, Restart procedures for the conjugate gradient method, 1977,
doi:10.1007/BF01593790. J. Nocedal and S. J. Wright, Numerical Optimization, 2006, sections 3.5 and 5.2.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gdstudio.engine.methods.line_search import Line, strong_wolfe
from gdstudio.engine.methods.method import PlainMethod, Step, dot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.engine.methods.method import Iterate, Measure

    Floats = NDArray[np.float64]

# A little longer than what the parabola through the last decrease says, so that a step of Newton's length is tried.
_LONGER = 1.01


def fletcher_reeves(gradient: Floats, before: Floats) -> float:
    """Return beta: how the squared norm of the gradient has changed."""
    return dot(gradient, gradient) / dot(before, before)


def polak_ribiere(gradient: Floats, before: Floats) -> float:
    """Return beta of Polak and Ribière, never negative (PR+): 0 begins anew."""
    return max(0.0, dot(gradient, gradient - before) / dot(before, before))


class ConjugateGradients(PlainMethod):
    """Searches along ``-gradient + beta * direction before``, by the strong Wolfe conditions.

    Begins anew along the gradient after some steps, where the direction would not go down, and where it has lost its
    conjugacy. The first trial is the shorter one of two guesses, at most `learning_rate`: the step with the same
    first-order decrease as the last one, and the bottom of the parabola that decreases as much as the last step did.
    Remembered: the direction and the gradient it was made with; the step's length, slope and decrease; steps since it
    began anew; the rate last seen.

    Parameters
    ----------
    weight : callable
        Of the new and the old gradient; returns beta.
    rounds : int
        It begins anew after so many times n steps.
    overlap : float
        It begins anew where the scalar product of two gradients in a row, which are orthogonal on a quadratic, is
        this share of the newer one's square or more (Powell).
    """

    def __init__(
        self, weight: Callable[[Floats, Floats], float], rounds: int, overlap: float = math.inf
    ) -> None:
        self._weight = weight
        self._rounds = rounds
        self._overlap = overlap

    def state_size(self, dimension: int) -> int:
        """How many numbers it remembers."""
        return 2 * dimension + 5

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Make one step; see `method.Method`."""
        n = len(at.theta)
        before, gradient_before, numbers = memory[:n], memory[n:2 * n], memory[2 * n:]
        length, slope, change, age, rate_seen = numbers.tolist()
        direction = -at.gradient
        square = dot(at.gradient, at.gradient)
        conjugate = direction
        if 0.0 < age < self._rounds * max(n, 2) and abs(dot(at.gradient, gradient_before)) < self._overlap * square:
            conjugate = direction + self._weight(at.gradient, gradient_before) * before
        if conjugate is not direction and dot(at.gradient, conjugate) < 0.0:
            direction = conjugate
        else:
            age = 0.0
        line = Line(measure, at, direction)
        rate = settings["learning_rate"]
        if rate_seen == rate:
            first = min(length * slope / line.origin.slope, rate)
            if change < 0.0:
                first = min(_LONGER * 2.0 * change / line.origin.slope, first)
        else:
            first = rate * min(1.0, 1.0 / math.sqrt(square))
        point = strong_wolfe(line, first, settings["c1"], settings["c2"])
        memory[:n], memory[n:2 * n] = direction, at.gradient
        numbers[:] = point.length, line.origin.slope, point.loss - at.loss, age + 1.0, rate
        return Step(point.iterate, point.length)
