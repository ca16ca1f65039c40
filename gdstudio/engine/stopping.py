"""When a descent ends, and how that is said.

Divergence wins over every other cause: a run that left for infinity is never called converged.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdstudio.engine.errors import StudioError
from gdstudio.engine.kernels import Limits
from gdstudio.engine.translatable import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAXIMUM_ITERATIONS = 10**8
# A run has diverged when a parameter or the loss is this many times as large as at the start (or as 1).
THETA_BOUND = 1e8
LOSS_BOUND = 1e15

# What a person reads for each outcome; the fields are those of `Facts`.
OUTCOMES: dict[str, str] = {
    "converged": QT_TRANSLATE_NOOP(
        "Outcomes", "Converged: the gradient norm fell to {norm:.3g}, at or below {tolerance:.3g}, "
        "after {iterations:# iteration|# iterations}."
    ),
    "stalled": QT_TRANSLATE_NOOP(
        "Outcomes", "Stalled: the best loss, {best:.6g}, has not decreased for {since_best:# iteration|# iterations}, "
        "up to iteration {iterations}."
    ),
    "bracketed": QT_TRANSLATE_NOOP(
        "Outcomes", "Bracketed: the derivative changed its sign in iteration {iterations}, so a stationary "
        "point lies between {low:.6g} and {high:.6g}."
    ),
    "diverged": QT_TRANSLATE_NOOP(
        "Outcomes", "Diverged: in iteration {iterations} the loss is {loss:.3g}, the gradient norm {norm:.3g} and "
        "the largest parameter {largest:.3g} in size, where the run began with {first_loss:.3g} and "
        "{first_largest:.3g}."
    ),
    "singular": QT_TRANSLATE_NOOP(
        "Outcomes", "Singular: after {iterations} iterations, at loss {loss:.6g}, the Hessian has no inverse, so there "
        "is no Newton step from here."
    ),
    "no_step": QT_TRANSLATE_NOOP(
        "Outcomes", "No step: after {iterations} iterations, at loss {loss:.6g} and gradient norm {norm:.3g}, no step "
        "leads farther down within the precision of the numbers."
    ),
    "iteration_limit": QT_TRANSLATE_NOOP(
        "Outcomes", "Reached the limit of {iterations:# iteration|# iterations} with loss {loss:.6g} and "
        "gradient norm {norm:.3g}."
    ),
}


@dataclass(frozen=True, slots=True)
class Stopping:
    """When to stop.

    Parameters
    ----------
    iterations : int
        Limit, 0 to `MAXIMUM_ITERATIONS`.
    tolerance : float
        Stop when the gradient norm is at or below it; 0 turns it off.
    patience : int or None
        Stop after so many iterations without a decrease of the best loss; None turns it off.
    stop_at_sign_change : bool
        For one variable: stop when the derivative changes its sign.

    Raises
    ------
    StudioError
        Where a number is outside its range.
    """

    iterations: int = 1000
    tolerance: float = 1e-6
    patience: int | None = None
    stop_at_sign_change: bool = False

    def __post_init__(self) -> None:
        """Check every number."""
        if not 0 <= self.iterations <= MAXIMUM_ITERATIONS:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "iterations must lie between 0 and {most}, not {value}."),
                most=MAXIMUM_ITERATIONS, value=self.iterations,
            )
        if not (math.isfinite(self.tolerance) and self.tolerance >= 0.0):
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "tolerance must be a finite number, 0 or above, not {value}."),
                value=self.tolerance,
            )
        if self.patience is not None and self.patience < 1:
            raise StudioError(
                QT_TRANSLATE_NOOP("Errors", "patience must be at least 1 iteration, not {value}."), value=self.patience
            )

    def limits(self, theta: NDArray[np.float64], loss: float) -> Limits:
        """Return the numbers that a kernel tests, for a run that starts at `theta` with `loss`."""
        return Limits(
            tolerance=self.tolerance,
            patience=math.inf if self.patience is None else float(self.patience),
            stop_at_sign_change=self.stop_at_sign_change,
            theta_bound=_finite(THETA_BOUND * max(1.0, float(np.max(np.abs(theta))))),
            loss_bound=_finite(LOSS_BOUND * max(1.0, abs(loss))) if math.isfinite(loss) else 0.0,
        )


def _finite(bound: float) -> float:
    """Return a bound that is never infinite, so that infinity is always beyond it."""
    return min(bound, sys.float_info.max)
