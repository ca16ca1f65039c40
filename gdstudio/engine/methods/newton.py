"""Newton's method, the pure step: to where the local quadratic model is stationary.

References
----------
J. Nocedal and S. J. Wright, Numerical Optimization, 2006, section 3.3.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.methods.method import NoStep, PlainMethod, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gdstudio.engine.methods.method import Iterate, Measure

    Floats = NDArray[np.float64]


class Newton(PlainMethod):
    """Goes `learning_rate` of the way (1: all of it) to the stationary point of the quadratic model.

    That may be a saddle or a maximum: nothing here makes it go down. Where the Hessian has no inverse within
    rounding there is no step.
    """

    needs_hessian: bool = True

    def step(self, at: Iterate, memory: Floats, settings: Mapping[str, float], measure: Measure) -> Step:
        """Make one step; see `method.Method`."""
        hessian = measure.hessian(at.theta)
        if is_singular(hessian):
            raise NoStep("singular")
        rate = settings["learning_rate"]
        return Step(measure.at(at.theta - rate * np.linalg.solve(hessian, at.gradient)), rate)


def is_singular(hessian: Floats) -> bool:
    """Whether a symmetric matrix has no inverse within rounding, or holds what is not finite."""
    if not np.all(np.isfinite(hessian)):
        return True
    sizes = np.abs(np.linalg.eigvalsh(hessian))
    return bool(sizes.min() <= len(hessian) * sys.float_info.epsilon * sizes.max())
