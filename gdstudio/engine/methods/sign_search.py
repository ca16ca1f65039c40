"""Search for a minimum of one variable by the sign of the derivative alone.

Steps go downhill until the sign changes; then a stationary point lies between the last two points, and halving
the bracket closes in on it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.methods.method import NoStep, PlainMethod, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.methods.method import Iterate, Measure

    Floats = NDArray[np.float64]


class SignSearch(PlainMethod):
    """Steps of `learning_rate` against the sign, each `eta_plus` times the last; then bisection.

    Remembered: whether there is a bracket, its low and its high end (the derivative is negative at the low one and
    positive at the high one, whichever of them lies left), the current step, and the rate it began from, for a new
    rate begins anew while there is no bracket.
    """

    columns: tuple[str, ...] = ("bracket_low", "bracket_high")
    only_dimension: int | None = 1

    def state_size(self, dimension: int) -> int:
        """How many numbers it remembers."""
        return 5

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Make one step; see `method.Method`."""
        if not float(at.gradient[0]):
            raise NoStep("no_step")
        iterate = self._narrow(at, memory, measure) if memory[0] else self._walk(at, memory, settings, measure)
        length = abs(float(iterate.theta[0] - at.theta[0]))
        ends = sorted(memory[1:3].tolist()) if memory[0] else (math.nan, math.nan)
        return Step(iterate, length, (ends[0], ends[1]))

    def _walk(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Iterate:
        """Step against the sign; draw back from where nothing finite is."""
        rate = settings["learning_rate"]
        size = float(memory[3]) if memory[4] == rate else rate
        memory[4] = rate
        downhill = -math.copysign(1.0, at.gradient[0])
        while True:
            theta = at.theta + downhill * size
            if theta[0] == at.theta[0]:
                raise NoStep("no_step")
            iterate = measure.at(theta)
            if math.isfinite(iterate.loss) and math.isfinite(iterate.gradient[0]):
                break
            size *= 0.5
        memory[3] = size * settings["eta_plus"]
        if iterate.gradient[0] * downhill > 0.0:
            ends = (at.theta[0], iterate.theta[0])
            memory[:3] = 1.0, *(ends if at.gradient[0] < 0.0 else ends[::-1])
        return iterate

    def _narrow(self, at: Iterate, memory: Floats, measure: Measure) -> Iterate:
        """Go to the middle of the bracket, which then is one of its ends."""
        low, high = memory[1:3].tolist()
        middle = low + 0.5 * (high - low)
        if middle in (low, high):
            raise NoStep("no_step")
        iterate = measure.at(np.array([middle]))
        if iterate.gradient[0] < 0.0:
            memory[1] = middle
        elif iterate.gradient[0] > 0.0:
            memory[2] = middle
        else:
            memory[1:3] = middle
        return iterate
