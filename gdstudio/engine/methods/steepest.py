"""Gradient descent that looks for its step length: by backtracking, or by the strong Wolfe conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdstudio.engine.methods.line_search import Line, backtrack, strong_wolfe
from gdstudio.engine.methods.method import PlainMethod, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from gdstudio.engine.methods.method import Iterate, Measure

    Floats = NDArray[np.float64]


class ArmijoDescent(PlainMethod):
    """Tries `learning_rate` and shortens it until the loss has decreased enough.

    References
    ----------
    L. Armijo, Minimization of functions having Lipschitz continuous first partial derivatives, Pacific Journal of
    Mathematics 16, 1966, doi:10.2140/pjm.1966.16.1.
    """

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Make one step; see `method.Method`."""
        line = Line(measure, at, -at.gradient)
        point = backtrack(line, settings["learning_rate"], settings["c1"], settings["shrink"])
        return Step(point.iterate, point.length)


class WolfeDescent(PlainMethod):
    """Searches along the gradient for a point where the strong Wolfe conditions hold.

    The first trial is `learning_rate`, after that the step with the same first-order decrease as the last one
    (Nocedal and Wright, 2006, section 3.5, "Initial step length"). Remembered: that decrease, and the rate it is
    based on, for a new rate begins anew.
    """

    def state_size(self, dimension: int) -> int:
        """How many numbers it remembers."""
        return 2

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Make one step; see `method.Method`."""
        line = Line(measure, at, -at.gradient)
        rate = settings["learning_rate"]
        first = float(memory[0]) / -line.origin.slope if memory[1] == rate else rate
        point = strong_wolfe(line, first, settings["c1"], settings["c2"])
        memory[:] = -point.length * line.origin.slope, rate
        return Step(point.iterate, point.length)
